"""Which texts can be translated, and under which key?

errors.<id>.title | meaning | note
causes.<id>.summary | reason | action | owner_action | changes | because
guides.<id>.title | intro | exit.text
guides.<id>.<step>.title | do | why | verify | warn
guides.<id>.<step>.details.<n>       the n-th detail of a step, from 0
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.model import Cause, Guide, GuideStep, KnowledgeBase, KnownError

_ERROR_FIELDS = ("title", "meaning", "note")
_CAUSE_FIELDS = ("summary", "reason", "action", "owner_action", "changes", "because")
_STEP_FIELDS = ("title", "do", "why", "verify", "warn")


def texts(kb: KnowledgeBase) -> dict[str, str]:
    """Return every translatable text of errors, causes and guides by its key."""
    found: dict[str, str] = {}
    for error in kb.errors.values():
        found.update(error_texts(error))
    for cause in kb.causes.values():
        found.update(cause_texts(cause))
    for guide in kb.guides.values():
        found.update(guide_texts(guide))
    return found


def error_texts(error: KnownError) -> Iterator[tuple[str, str]]:
    """Yield the texts of one error by their keys."""
    yield from _fields(f"errors.{error.id}", error, _ERROR_FIELDS)


def cause_texts(cause: Cause) -> Iterator[tuple[str, str]]:
    """Yield the texts of one cause by their keys."""
    yield from _fields(f"causes.{cause.id}", cause, _CAUSE_FIELDS)


def guide_texts(guide: Guide) -> Iterator[tuple[str, str]]:
    """Yield the texts of one guide and its steps by their keys."""
    yield from _fields(f"guides.{guide.id}", guide, ("title", "intro"))
    for step in guide.steps:
        yield from _fields(f"guides.{guide.id}.{step.id}", step, _STEP_FIELDS)
        for number, detail in enumerate(step.details):
            yield f"guides.{guide.id}.{step.id}.details.{number}", detail.do
    yield f"guides.{guide.id}.exit.text", guide.exit.text


def _fields(
    key: str, entry: KnownError | Cause | Guide | GuideStep, names: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for name in names:
        text = getattr(entry, name)
        if text is not None:
            yield f"{key}.{name}", text
