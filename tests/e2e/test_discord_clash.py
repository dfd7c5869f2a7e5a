"""What if a person is quicker than the bot, or than they meant to be?"""

from __future__ import annotations

import asyncio

import pytest

from e2e.bot_process import Desk, pause
from e2e.stage import SILENCE

pytestmark = pytest.mark.soak
LOOK_S = 6.0
"""Longer than a look at a silent site."""


async def test_stopped_look_stays_stopped(at: Desk) -> None:
    """Stop ends a look that one person sees; when the site is given up, nothing is drawn over it."""
    checked = await at.alice.uses_slash(at.channel, "check", url=at.site(SILENCE))
    await asyncio.to_thread(at.stage.wait_for_request, "shop")
    await at.presses(checked.answer, "Stop", "Stopped")
    await pause(LOOK_S)
    assert "Stopped" in checked.answer.text
    assert list(checked.answer.buttons) == ["Start over"]
