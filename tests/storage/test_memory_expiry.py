"""Is what is kept in memory deleted when it expires, and nothing earlier?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.cli.stores import in_memory
from bot.conversation.effects import Wake
from bot.conversation.replies import AskRole
from bot.conversation.state import State
from bot.ports import Claim, Commit, Due, Kept, KeptPlace, Line, Met, Watch
from bot.storage.lifetimes import CONVERSATIONS_LIVE_S, DAY_S, EXPIRE_EVERY_S, REPORTS_LIVE_S, WATCHES_LIVE_S
from fakes import HandClock

SHOP = "https://shop.example.com/"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def kept(clock: HandClock) -> AsyncIterator[Kept]:
    kept = in_memory(clock)
    yield kept
    await kept.close()


async def live(clock: HandClock, seconds: float) -> None:
    """Let time pass, and then the hour after it."""
    await clock.pass_time(seconds)
    await clock.pass_time(EXPIRE_EVERY_S)


async def talk(kept: Kept, clock: HandClock, key: str, expected: int = 0) -> None:
    """Say something in a conversation that has a place."""
    at = clock.now()
    due, line = Due(Wake(id="a:wake", after_s=60), at), Line("a:0", AskRole())
    await kept.store.commit(Commit(key, expected, State(), at, (due,), (line,)))
    if not expected:
        kept.book.put(KeptPlace(key, "7", "{}", "9"))


async def test_old_conversation_goes_with_its_place(kept: Kept, clock: HandClock) -> None:
    """A month after its last event nothing of it is left; one in which somebody spoke meanwhile stays whole."""
    await talk(kept, clock, "old")
    await talk(kept, clock, "new")
    await live(clock, CONVERSATIONS_LIVE_S - DAY_S)
    assert await kept.store.load("old") is not None
    await talk(kept, clock, "new", 1)
    await live(clock, DAY_S)
    assert await kept.store.load("old") is None
    assert [pending.key for pending in await kept.store.pending()] == ["new"]
    assert [place.key for place in await kept.book.all()] == ["new"]


async def test_report_goes_after_a_day(kept: Kept, clock: HandClock) -> None:
    """Nobody needs to report anything else for that."""
    await kept.incidents.note(Met("9", "example.com", "7", clock.now()))
    await live(clock, REPORTS_LIVE_S - 2 * EXPIRE_EVERY_S)
    assert await kept.privacy.export("7")
    await live(clock, EXPIRE_EVERY_S)
    assert await kept.privacy.export("7") == []


async def test_watch_that_could_not_be_told_goes(kept: Kept, clock: HandClock) -> None:
    """After a week it is gone, and with it the address, though nobody looked or told."""
    now = clock.now()
    watch = Watch("a", SHOP, "discord", "7", "{}", now, now + timedelta(hours=48), "9")
    await kept.watches.add(watch, most_user=3, most_server=5)
    await live(clock, WATCHES_LIVE_S - DAY_S)
    assert await kept.watches.of("discord", "7")
    await live(clock, DAY_S)
    assert await kept.privacy.export("7") == []
    assert (await kept.watches.claim(Claim("one", clock.now(), clock.now(), 9))).next_at is None


async def test_what_is_chosen_stays(kept: Kept, clock: HandClock) -> None:
    """Settings have no end of their own."""
    await kept.preferences.put("discord-mode", "9", "0", "off")
    await live(clock, 10 * CONVERSATIONS_LIVE_S)
    assert await kept.preferences.all("discord-mode") == (("9", "0", "off"),)
