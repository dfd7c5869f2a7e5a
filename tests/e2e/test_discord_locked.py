"""What does the bot process say to a button in a thread that a moderator has locked?"""

from __future__ import annotations

import pytest

from e2e.bot_process import Desk

pytestmark = pytest.mark.soak


async def test_locked_thread_is_named_as_what_it_is(at: Desk) -> None:
    """Discord takes no change of the panel any more: the person is told so, and the panel stays as it was."""
    thread, panel = await at.guided(await at.card(at.site()))
    panel = await at.presses(panel, "I am visiting it", "Step 1")
    at.stand.world.change_thread(at.stand.world.channels[thread], {"archived": True, "locked": True})
    await at.stand.record.until(lambda: '"kind": "cancelled"' in at.bot.log, "the end of the conversation")
    told = await (await at.alice.clicks(panel, "Skip")).whispered()
    assert "This thread is locked" in told.text
    assert next(one for one in at.alice.sees(thread) if one.id == panel.id).text == panel.text
