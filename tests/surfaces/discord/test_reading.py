"""Which messages cost the bot no more than a glance? (What it makes of the others, `test_flows*.py` tell.)"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.reading import Reading, text_of

TALK = "we meet at nine, bring snacks :)"


@pytest.fixture
def reading(kb: KnowledgeBase) -> Reading:
    client: Any = SimpleNamespace()
    talk: Any = SimpleNamespace(phrases=SimpleNamespace(kb=kb))
    return Reading(client, talk)


def _message(content: str, **more: Any) -> Any:
    bare = {"embeds": [], "attachments": [], "message_snapshots": [], "guild": object(), "channel": object()}
    return SimpleNamespace(content=content, **(bare | more))


def test_ordinary_talk_in_a_channel_is_passed_over(reading: Reading) -> None:
    """Nothing more is done with a message that says nothing of errors."""
    assert reading.passes_over(_message(TALK))
    assert not reading.passes_over(_message("502 Bad Gateway"))


@pytest.mark.parametrize(
    "more", [{"embeds": [1]}, {"attachments": [1]}, {"message_snapshots": [1]}, {"guild": None}], ids=str
)
def test_what_says_more_than_its_words_is_read(reading: Reading, more: dict[str, Any]) -> None:
    """Cards, files, forwarded messages and direct messages are never judged by the words alone."""
    assert not reading.passes_over(_message(TALK, **more))


def test_call_by_name_is_read_whatever_the_name_is(reading: Reading) -> None:
    """A mention whose number looks like no status at all calls the bot nevertheless."""
    assert not reading.passes_over(_message("<@2222222222222222222> help"))


def test_alert_that_somebody_passes_on_is_read() -> None:
    """A forwarded alert says what it says in its card; the preview of a link in a forwarded message says nothing."""
    alert = discord.Embed(title="Uptime alert", description="502 Bad Gateway nginx at https://shop.example.com/")
    preview = discord.Embed.from_dict({"type": "link", "title": "What is a 504?"})
    snapshot = SimpleNamespace(content="", embeds=[alert, preview])
    author = SimpleNamespace(bot=False)
    said = text_of(_message("", message_snapshots=[snapshot], author=author, webhook_id=None))
    assert "502 Bad Gateway" in said
    assert "504" not in said
