"""Does the surface find its own words?"""

from __future__ import annotations

from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.phrases import Phrases
from bot.wording import Span


def test_phrases_come_from_the_locale(kb: KnowledgeBase) -> None:
    """Labels, sentences and messages are the locale's words, with gaps filled and foreign text kept apart."""
    phrases = Phrases(kb, "en")
    assert phrases.say("dismiss") == "Not this"
    assert phrases.label("enter-address").label == "Enter the address"
    assert phrases.choice("guide").label == "Guide me"
    message = phrases.message("unknown-code", code=Span(text="x`y", foreign=True))
    assert any(span.foreign and span.text == "x`y" for span in message.blocks[0].spans)
