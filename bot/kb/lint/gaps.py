"""Can every gap in the texts of errors, causes and guides be filled?

Titles, meanings, intros and reasons of steps are shown as they are; the other texts of a guide may contain `{host}`,
those of a cause any fact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase
from bot.kb.placeholders import almost_gaps, gaps
from bot.kb.texts import cause_texts, error_texts, guide_texts

HOST = ("host",)
SHOWN_AS_THEY_ARE = ("title", "intro", "why")


def check(kb: KnowledgeBase, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each gap that would stay empty or be shown as it is."""
    for error in kb.errors.values():
        for key, text in error_texts(error):
            yield from _text(key, text, ())
    for cause in kb.causes.values():
        for key, text in cause_texts(cause):
            yield from _text(key, text, vocabulary.facts)
    for guide in kb.guides.values():
        for key, text in guide_texts(guide):
            yield from _text(key, text, () if key.rpartition(".")[2] in SHOWN_AS_THEY_ARE else HOST)


def _text(key: str, text: str, known: Collection[str]) -> Iterator[Fault]:
    folder, name, place = key.split(".", 2)
    yield from faults_of(f"{folder}/{name}.toml", place, text, known)


def faults_of(file: str, place: str, text: str, known: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each gap of one text that is not among the known ones."""
    for name in sorted(gaps(text) - set(known)):
        yield Fault(file, place, f"{{{name}}} cannot be filled here", _remedy(known))
    for found in almost_gaps(text):
        yield Fault(file, place, f"{found} is no placeholder", "Write its name in lower case, without spaces")


def _remedy(known: Collection[str]) -> str:
    if not known:
        return "Write it without braces: this text has no placeholders"
    if len(known) > 8:
        return "Use a fact of bot/diagnosis/facts.py"
    return f"Use {' or '.join(f'{{{name}}}' for name in sorted(known))}"
