"""Does a card that somebody shared by a command outlive the process that began it?"""

from __future__ import annotations

import pytest

from e2e.bot_process import Desk, pause
from e2e.stage import SILENCE

pytestmark = pytest.mark.soak


async def test_shared_check_is_gone_on_with_after_a_kill(at: Desk) -> None:
    """The process is killed during the look: the next one looks again and puts the verdict onto the same card."""
    await at.alice.uses_slash(at.channel, "check", url=at.site(SILENCE), share=True)
    card = await at.bob.until(at.channel, lambda one: "Looking at" in one.text, "a look")
    await pause(1.0)  # Discord shows the card a moment before the bot hears which message it is
    await at.bot.restart()
    judged = await at.bob.until(at.channel, lambda one: "Guide me" in one.buttons, "a verdict")
    assert judged.id == card.id
