"""What is prepared once for a knowledge base, so that each text is matched quickly?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.diagnosis import codes, hops, redact, roles, sources, status, telling, unreached
from bot.diagnosis.anchors import Guarded, Lookup, Present, Shelf
from bot.diagnosis.gate import Gate, Known
from bot.diagnosis.repair import Speller
from bot.diagnosis.sources import Directory
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.diagnosis.wordings import Seeds, Whole, Wording, wordings_of
from bot.kb.model import KnowledgeBase, KnownError

_MOST = 18
"""At most this many signs are looked for; a text with pieces of more is no error message."""
OWN = tuple(
    expression
    for module in (codes, hops, redact, roles, sources, status, telling, unreached)
    for expression in module.GUARDED
)
"""The regular expressions that are code."""

Key = TypeVar("Key")
Each = TypeVar("Each")

_STATUS = re.compile(r"(?<!\d)[1-5]\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Sign:
    """One regular expression of the knowledge, and the entry that it shows."""

    entry: str
    expression: Guarded


@dataclass(frozen=True, slots=True)
class Signs:
    """Many of them."""

    all: tuple[Sign, ...]
    shelf: Shelf
    demanded: tuple[int, ...]
    """How many letters each demands."""

    @classmethod
    def of(cls, signs: Iterable[Sign]) -> Signs:
        """Prepare them."""
        every = tuple(signs)
        demanded = tuple(sum(min(map(len, need)) for need in sign.expression.needs) for sign in every)
        return cls(every, Shelf.of(sign.expression for sign in every), demanded)

    def likely(self, present: Present) -> Iterable[Sign]:
        """Return those that can match a text with these literals, in their own order."""
        numbers = self.shelf.likely(present)
        if len(numbers) > _MOST:
            numbers = sorted(sorted(numbers, key=self.demanded.__getitem__, reverse=True)[:_MOST])
        return [self.all[number] for number in numbers]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that `identify` looks up."""

    gate: Gate
    errors: dict[str, KnownError]
    wordings: tuple[Wording, ...]
    whole: Whole
    seeds: Seeds
    lookup: Lookup
    """The literals of all regular expressions, ours and those of the knowledge."""
    signs: Signs
    near: Signs
    unless: dict[str, tuple[Sign, ...]]
    shown: dict[int, tuple[str, ...]]
    """Status -> entries whose weak strings spell it out: any spelling will do."""
    codes: dict[str, tuple[str, ...]]
    """Code in lower case, without 0x -> entries for it."""
    others: tuple[str, ...]
    """Entries for Windows Update codes that have none of their own."""
    failures: dict[str, str]
    """Family without a status -> the entry for a browser's own page that names only the kind of failure."""
    statuses: dict[tuple[str, int | None], tuple[str, ...]]
    """(source, status) -> entries."""
    names: Directory
    """What people call machines, programs and apps."""
    vocabulary: Vocabulary
    speller: Speller
    unseen: dict[tuple[str, int], tuple[tuple[float, str], ...]] = field(default_factory=dict)
    """What machine and status alone say for entries: computed when first needed."""


def compile_index(kb: KnowledgeBase) -> Index:
    """Prepare a knowledge base."""
    errors = list(kb.errors.values())
    wordings = tuple(wordings_of(errors, kb.locales.values()))
    signs = Signs.of(Sign(entry.id, Guarded(source)) for entry in errors for source in entry.match.patterns)
    near = Signs.of(Sign(entry.id, Guarded(source)) for entry in errors for source in entry.match.near)
    unless = _groups((entry.id, Sign(entry.id, Guarded(source))) for entry in errors for source in entry.match.unless)
    names = Directory.of(kb.names, kb.services)
    own = (*OWN, *names.machines.expressions, *names.clients.guarded)
    return Index(
        gate=Gate.of(
            (Known(each.text, each.squashed, each.exact, each.is_weak) for each in wordings),
            (
                *redact.TRACES,
                *(sign.expression for sign in (*signs.all, *near.all)),
            ),
        ),
        errors=kb.errors,
        wordings=wordings,
        whole=Whole.of(wordings),
        seeds=Seeds.of(wordings),
        lookup=Lookup.of(
            (
                *OWN,
                *names.guarded,
                *(sign.expression for each in (signs.all, near.all, *unless.values()) for sign in each),
            ),
            names.apps,
        ),
        signs=signs,
        near=near,
        unless=unless,
        shown=_groups(
            (int(each), entry.id) for entry in errors for each in set(_STATUS.findall("\n".join(entry.match.weak)))
        ),
        codes=_groups((entry.code.lower().removeprefix("0x"), entry.id) for entry in errors if entry.code),
        others=tuple(
            entry.id for entry in errors if entry.source == "windows-update" and not entry.code and entry.status is None
        ),
        failures=_failures(errors),
        statuses=_groups(((entry.source, entry.status), entry.id) for entry in errors),
        names=names,
        vocabulary=vocabulary_of(kb.locales.values()),
        speller=Speller.of(
            [*(wording.text for wording in wordings), *(entry.code for entry in errors if entry.code)],
            (each.source for each in (*own, *(sign.expression for sign in (*signs.all, *near.all)))),
        ),
    )


def _groups(pairs: Iterable[tuple[Key, Each]]) -> dict[Key, tuple[Each, ...]]:
    groups: dict[Key, list[Each]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _failures(errors: Iterable[KnownError]) -> dict[str, str]:
    return {
        entry.family: entry.id
        for entry in sorted(errors, key=lambda entry: entry.id, reverse=True)
        if entry.layer == "browser" and entry.source == "generic" and entry.status is None and entry.code is None
    }
