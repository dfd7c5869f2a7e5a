"""Does a moderator's setting hold as it was answered, whatever the store is doing?"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from e2e.bot_process import desk
from e2e.stage import Stage

LOCKED_FOR_S = 3.5
"""Longer than Discord waits for an acknowledgement."""


async def test_slow_store_fails_no_setting(stage: Stage, tmp_path: Path) -> None:
    """The database is busy for longer than Discord waits: the command is answered when it is kept, and stays kept."""
    async with desk(stage, tmp_path) as at:
        await at.bot.start()
        await at.card(at.site())
        (place,) = at.bot.home.rglob("*.sqlite3")
        locking = sqlite3.connect(place, isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        setting = asyncio.ensure_future(at.mod.uses_slash(at.channel, "settings", mode="off"))
        await asyncio.sleep(LOCKED_FOR_S)
        assert not setting.done(), "it was answered before it was kept"
        locking.execute("ROLLBACK")
        locking.close()
        outcome = await setting
        assert not outcome.failed
        assert "Off: say nothing unasked" in outcome.answer.text
        await at.bot.restart()
        shown = await at.mod.uses_slash(at.channel, "settings")
        assert "Off: say nothing unasked" in shown.answer.text
