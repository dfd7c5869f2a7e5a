"""Is the list of small words the one that the locale holds?"""

from __future__ import annotations

from bot.kb.model import KnowledgeBase
from bot.wording.vocabulary import WORDS


def test_english_has_every_word_and_no_other(kb: KnowledgeBase) -> None:
    """No word is missing, and none is left over that nobody says."""
    assert set(kb.locales["en"].words) == WORDS
