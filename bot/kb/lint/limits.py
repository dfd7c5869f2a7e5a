"""Does everything fit into what Discord can show?

A message holds 4,000 characters in all, a button's label 80, an option's label 100. The words around a step
(its number, what is left out and why, how old the findings are) need room, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from bot.kb.faults import Fault
from bot.kb.lint.guides import BROWSERS, SHOWN_DETAILS, SYSTEMS, fits
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import Guide, GuideStep, KnowledgeBase, Locale

MESSAGE = 4000
FRAME = 1000
"""What is kept free for the words around a text."""
OPTION = 100
BUTTON = 80


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each text that would be cut off or refused."""
    for error in kb.errors.values():
        yield from _label(f"errors/{error.id}.toml", "title", error.title, BUTTON)
    for guide in kb.guides.values():
        yield from _guide(guide)
    for locale in kb.locales.values():
        yield from _locale(locale)


def _label(file: str, place: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        problem = f"has {len(text)} characters; as a choice it may have {most}"
        yield Fault(file, place, problem, "Shorten it")


def _message(file: str, place: str, length: int) -> Iterator[Fault]:
    room = MESSAGE - FRAME
    if length > room:
        problem = f"comes to {length} characters in one message; there is room for {room}"
        yield Fault(file, place, problem, "Shorten it, or make two of it")


def _guide(guide: Guide) -> Iterator[Fault]:
    file = f"guides/{guide.id}.toml"
    yield from _label(file, "title", guide.title, OPTION)
    for step in guide.steps:
        yield from _label(file, f"steps.{step.id}.title", step.title, BUTTON)
        yield from _message(file, f"steps.{step.id}", len(guide.intro) + longest(step))


def longest(step: GuideStep) -> int:
    """Return the length of a step for the reader who gets the most text."""
    own = sum(map(len, (step.title, step.do, step.why, step.verify, step.warn or "", *step.links)))
    details = [
        sum(sorted((len(one.do) for one in step.details if fits(one, *reader)), reverse=True)[:SHOWN_DETAILS])
        for reader in product(BROWSERS, SYSTEMS)
    ]
    return own + max(details)


def _locale(locale: Locale) -> Iterator[Fault]:
    file = f"locales/{locale.language}.toml"
    for key, reply in locale.replies.items():
        texts = (reply.heading, reply.text, reply.reason, reply.action, reply.aside)
        yield from _message(file, f"replies.{key}", sum(len(text or "") for text in texts))
    for key, text in locale.overlay.items():
        if key.startswith("errors.") and key.endswith(".title"):
            yield from _label(file, f"overlay.{key}", text, BUTTON)
