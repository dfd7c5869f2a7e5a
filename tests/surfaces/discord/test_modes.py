"""Is the mode of a channel its own, else its server's, else the operator's?"""

from __future__ import annotations

import pytest

from bot.ports import StoreUnavailable
from bot.storage.memory import MemoryPreferences
from bot.surfaces.discord.modes import SERVER, Modes


async def test_channel_goes_before_server_before_operator() -> None:
    """The nearest setting counts; a thread follows its channel."""
    modes = Modes(MemoryPreferences(), "auto")
    assert modes.of(1, 10) == "auto"
    await modes.set(1, SERVER, "offer")
    assert modes.of(1, 10) == "offer"
    await modes.set(1, 10, "off")
    assert modes.of(1, 10) == "off"
    assert modes.of(1, 77, 10) == "off"
    assert modes.of(1, 11, None) == "offer"
    assert modes.of(2, 10) == "auto"


async def test_modes_are_remembered_and_forgotten() -> None:
    """Another process finds what was set; nonsense is skipped; a server that goes takes its modes along."""
    kept = MemoryPreferences()
    await Modes(kept, "auto").set(1, 10, "off")
    await kept.put("discord-mode", "1", "11", "loud")
    modes = Modes(kept, "auto")
    assert not modes.loaded
    await modes.load()
    assert modes.loaded
    assert (modes.of(1, 10), modes.of(1, 11)) == ("off", "auto")
    assert await modes.servers() == {1}
    await modes.forget(1)
    assert await modes.servers() == set()
    assert modes.of(1, 10) == "auto"
    again = Modes(kept, "auto")
    await again.load()
    assert again.of(1, 10) == "auto"


async def test_own_mode_is_taken_away() -> None:
    """A channel follows its server again, and the server its operator, also for another process."""
    kept = MemoryPreferences()
    modes = Modes(kept, "auto")
    await modes.set(1, SERVER, "offer")
    await modes.set(1, 10, "off")
    await modes.unset(1, 10)
    await modes.unset(1, 11)
    assert (modes.own(1, 10), modes.of(1, 10)) == (None, "offer")
    await modes.unset(1, SERVER)
    assert modes.of(1, 10) == "auto"
    again = Modes(kept, "auto")
    await again.load()
    assert again.of(1, 10) == "auto"


class Away(MemoryPreferences):
    """A store that takes nothing."""

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """See `ports.Preferences`."""
        raise StoreUnavailable

    async def drop(self, kind: str, scope: str, name: str) -> None:
        """See `ports.Preferences`."""
        raise StoreUnavailable


async def test_mode_that_is_not_kept_does_not_hold() -> None:
    """What a restart would take back is not in force before it either."""
    modes = Modes(Away(), "auto")
    with pytest.raises(StoreUnavailable):
        await modes.set(1, 10, "off")
    assert modes.of(1, 10) == "auto"
    modes._known[1, 10] = "off"
    with pytest.raises(StoreUnavailable):
        await modes.unset(1, 10)
    assert modes.of(1, 10) == "off"
