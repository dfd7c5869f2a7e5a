"""Does the unmodified bot process help people in Discord, whatever Discord and the network do to it?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from e2e.bot_process import FINE, Desk, desk
from e2e.stage import Stage


@pytest.fixture
async def at(stage: Stage, tmp_path: Path) -> AsyncIterator[Desk]:
    """Return a desk with the bot online."""
    async with desk(stage, tmp_path) as place:
        await place.bot.start()
        yield place


async def test_pasted_error_leads_through_a_thread_to_solved(at: Desk) -> None:
    """Paste, card, Guide me, thread, every step, solved: and the thread is closed with the outcome."""
    card = await at.card(at.site())
    assert "502 Bad Gateway from nginx" in card.text
    thread, panel = await at.guided(card)
    panel = await at.presses(panel, "I am visiting it", "Step 1")
    panel = await at.presses(panel, "Still broken", "Step 2")
    at.stage.answer("shop", FINE)
    panel = await at.presses(panel, "Still broken", "Something changed")
    await at.presses(panel, "It works", "Good.")
    shape = at.stand.world.channels[thread]
    await at.stand.record.until(lambda: shape["thread_metadata"]["archived"], "a closed thread")
    assert shape["name"].endswith("solved")
    assert await at.bot.stop() == 0
