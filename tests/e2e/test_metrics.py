"""Does the unmodified bot process count what it does for people?"""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from pathlib import Path

from e2e.bot_process import desk
from e2e.stage import Stage


def _told(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text: str = answer.read().decode()
    return text


async def test_card_is_counted(stage: Stage, tmp_path: Path) -> None:
    """A pasted error, its look and the end of its conversation; nothing of whom or which site it was about."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with desk(stage, tmp_path, metrics=str(port)) as at:
        await at.bot.start()
        card = await at.card(at.site())
        _, panel = await at.guided(card)
        panel = await at.presses(panel, "I am visiting it", "Step 1")
        await at.presses(panel, "It works", "Good.")
        told = await asyncio.to_thread(_told, port)
        assert await at.bot.stop() == 0
    assert 'fiveohtwo_looks_total{asker="conversation",state="down"} 1.0' in told
    assert "fiveohtwo_conversations_begun_total 2.0" in told  # the card, and the guide in its thread
    assert 'fiveohtwo_conversations_ended_total{outcome="solved"} 1.0' in told
    assert "fiveohtwo_able 1.0" in told
    assert "fiveohtwo_events_delayed_total 0.0" in told
    assert "shop" not in told
    assert at.alice.id not in told
