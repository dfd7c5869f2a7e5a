"""Can this text be about an error at all?

Nearly all messages of a busy channel are ordinary talk. Before anything else is done with a message, one pass looks
for traces: beginnings of status-like numbers and of addresses, runs of letters of known wordings, literals that the
patterns demand. Most messages hold none. Where there are some, those of one owner must suffice: several runs of a long
wording, everything that a pattern demands, a status-like number. A text without these is not examined further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, filterfalse, pairwise
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from bot.diagnosis.anchors import Guarded
from bot.diagnosis.chatter import COMMON
from bot.diagnosis.demands import Literals, demands
from bot.diagnosis.normalise import DROPPED, SQUASHED, normalise, readable, squash, squashed_bytes
from bot.diagnosis.scripts import UNSPACED_PAIR

_LEAST = 2
"""Shorter literals are no traces."""
SIZE = 6
"""Length of the runs of letters."""

_SPREAD = 10
"""This many runs of a wording are looked for: damage may destroy some of them."""
_FEW = 8
"""This few rare runs are close together: common ones are looked for as well."""
_PER_RUN = 20
"""A wording must leave one more run for this many letters and digits; but three are always enough."""

_HINT = re.compile(
    r"3[\doOl][\doOzZSl]|4[\doOl][\doOzZSl]|5[\doOl][\doOzZSl]|S[\doO](?:\d|[oOzZ](?![A-Za-z]))|1\d{3}|0\d{4}|0x8|"
    r"8024|80\d\d[\da-fA-F]{4}|://|\[(?:\.\]|\d{1,3}[;m])|_(?<=[A-Z]_)[A-Z]|-----BEGIN"
)
"""Status-like numbers and codes, addresses, names of codes. (Each branch begins with a letter of its own, so the
engine skips to the letters that can begin one, which is ten times faster.)"""
_HINTED = (
    *(first + second for first in "345" for second in "0123456789OL"),
    *(first + second for first in "01" for second in "0123456789"),
    *("S" + second + third for second in "0123456789O" for third in "0123456789OZ"),
    *("_" + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    *("[" + figure for figure in ".0123456789"),
    *("0X", "80", "://", "-----BEGIN"),
)
"""What each branch begins with, in upper case: where there is none of this, no branch needs to be tried."""
_HINTS = frozenset(range(len(_HINTED)))
"""Their numbers among all traces."""
_SIGNS = frozenset("0123456789_[/-=<")
"""Figures and marks. Most messages have none; statuses, codes, addresses, paths and tokens do."""
_SIGN = 3
"""A literal with one of them is as telling as one that is this many letters longer."""
_PRINTED = bytes(ord("x") if 32 < c < 127 else 32 for c in range(256))
_LONG = b"x" * 32
"""No word of ordinary talk is this long, but an address, a token or a path is."""
_STATUS = re.compile(r"\(\?P<status>[345][\\d\d\[\]-]{2,14}(?:\|[345][\\d\d\[\]-]{2,14})*\)")
"""How patterns say that a status must be there."""
_NUMBER = re.compile(r"\d{3,}")
_GAP = r"[\W_]{0,2}"
"""What may come between the words of a code's name; none of it is left in squashed letters."""
_ROOMY, _CROWD, _APART, _KEPT = 900, 110, 18, 300
"""A text of up to this many letters may have any number of traces; a longer one this many, or one per this many
letters. Of one with more, at least this much is read."""


class Known(NamedTuple):
    """A wording, as the gate needs it."""

    text: str
    squashed: str
    exact: Guarded | None
    """How it must appear in a text; None: in any way."""
    is_weak: bool
    """Does it only support?"""


@dataclass(frozen=True, slots=True)
class Gate:
    """The least that errors leave in a text."""

    owners: tuple[tuple[int, ...], ...]
    """For each trace: the numbers of its owners. First come short literals with signs, in upper case; then squashed
    letters; last what an ASCII text cannot hold."""
    enough: tuple[int | Guarded, ...]
    """For each owner: how many traces it needs, or what the text must match."""
    literals: BytesAhoCorasick
    """The short literals: so few that the fastest way to look for them is small. A text without signs has none. (All
    traces are looked for in UTF-8, which costs half of what characters do: in one pass, whatever their number.)"""
    runs: BytesAhoCorasick
    """The letters that an ASCII text can hold."""
    others: BytesAhoCorasick
    """What it cannot hold."""
    plain: bytes
    """Everything that is no sign, and begins no literal without one: a text of nothing else holds none."""
    first_run: int
    first_other: int
    """The number of the first of each."""

    @classmethod
    def of(cls, wordings: Iterable[Known], patterns: Iterable[Guarded]) -> Gate:
        """Prepare the gate for these wordings and regular expressions."""
        traces: dict[str, list[int]] = {**{word: [] for word in _HINTED}, "www": [0]}
        enough: list[int | Guarded] = [Guarded(r"(?<![a-z0-9])www\.")]
        taken: set[str] = set()
        for wording in wordings:
            if any(map(_HINT.search, _NUMBER.findall(wording.text))):
                continue  # its number opens the gate already
            words, least = _of_wording(wording, taken)
            taken.update(words)
            for word in words:
                traces.setdefault(word, []).append(len(enough))
            enough.append(least)
        of_source: dict[str, Sequence[str]] = {}  # many differ only in their status
        for pattern in {(each.source, each.flags): each for each in patterns}.values():  # some have several owners
            source = _STATUS.sub("502", pattern.source.replace(_GAP, ""))
            if source not in of_source:
                of_source[source] = _of_pattern(source)
            for word in of_source[source]:
                traces.setdefault(word, []).append(len(enough))
            enough.append(pattern)
        literals = [*_HINTED, *(word for word in traces if _has_sign(word) and word not in _HINTED)]
        runs = sorted(word for word in traces.keys() - set(literals) if word.isascii())
        signs = _SIGNS.union(word[0] for word in literals[len(_HINTED) :] if _SIGNS.isdisjoint(word))
        words = [*literals, *runs, *sorted(word for word in traces if not word.isascii())]
        return cls(
            tuple(tuple(traces[word]) for word in words),
            tuple(enough),
            _marks(literals, Implementation.DFA),
            _marks(runs),
            _marks(words[len(literals) + len(runs) :]),
            bytes({*range(256)} - set(map(ord, signs))),
            len(literals),
            len(literals) + len(runs),
        )

    def opens(self, text: str) -> bool:
        """Is the text worth an examination?"""
        if text.isascii():  # most messages: every avoided call counts
            encoded = text.encode()
            runs = self.runs.find_matches_as_indexes(encoded.translate(SQUASHED, DROPPED), True)
            if not encoded.translate(None, self.plain):
                return bool(runs) and self._suffice({each[0] + self.first_run for each in runs}, text)
            literals = self.literals.find_matches_as_indexes(encoded.upper(), True)
            if (literals or runs) and self._suffice(
                {each[0] for each in literals} | {each[0] + self.first_run for each in runs}, text
            ):
                return True
        else:
            text = readable(text)
            encoded = _encoded(text)
            found = set(self._traces(text))
            if found and self._suffice(found, text):
                return True
        return encoded.translate(_PRINTED).rfind(_LONG) >= 0  # more than twice as fast as `in`

    def telling_part(self, text: str) -> str:
        """Return a text, or its ends if it is crowded with traces.

        No machine's message and no log has this many: what was put together to be expensive is read in part.
        """
        if len(text) < _ROOMY:
            return text
        traces = sum([number >= len(_HINTED) for number in self._traces(text)])  # each log has many numbers, addresses
        most = max(_CROWD, len(text) // _APART)
        if traces <= most:
            return text
        kept = max(len(text) * most**2 // traces**2, _KEPT)  # the more crowded it is, the surer it was put together
        return f"{text[: kept - kept // 3]}\n{text[-(kept // 3) :]}"

    def _traces(self, text: str) -> list[int]:
        """Return the number of each trace in a text, as often as it occurs."""
        squashed = squashed_bytes(_encoded(text.lower()))
        upper = _encoded(text.upper())
        found = [each[0] for each in self.literals.find_matches_as_indexes(upper, True)]
        found += [each[0] + self.first_run for each in self.runs.find_matches_as_indexes(squashed, True)]
        if not text.isascii():
            both = squashed + b"\n" + upper
            found += [each[0] + self.first_other for each in self.others.find_matches_as_indexes(both, True)]
        return found

    def _suffice(self, found: AbstractSet[int], text: str) -> bool:
        """Do these traces together show that something is there?"""
        if not _HINTS.isdisjoint(found) and _HINT.search(text):
            return True  # what nearly all errors have
        seen: dict[int, int] = {}
        lowered = ""
        for owner in chain.from_iterable(map(self.owners.__getitem__, found)):
            enough = self.enough[owner]
            seen[owner] = count = seen.get(owner, 0) + 1
            if isinstance(enough, int):
                if count >= enough:
                    return True
            elif count == 1:
                lowered = lowered or _as_matched(text)
                if enough.admits(lowered):
                    return True
        return False


def _as_matched(text: str) -> str:
    """Return what patterns are matched against, in lower case."""
    read = normalise(text)
    return read.lowered if read.markup is read.flat else f"{read.lowered}\n{read.markup.lower()}"


def _of_wording(wording: Known, taken: AbstractSet[str]) -> tuple[Sequence[str], int | Guarded]:
    """Return the traces of a wording, and how many of them are enough, or what the text must match."""
    squashed = wording.squashed
    if UNSPACED_PAIR.match(squashed):
        return [squashed[:2]], 1
    if len(squashed) < SIZE:
        return [_looked_for(wording.text)], wording.exact or 1
    if wording.exact or wording.is_weak:
        return [squashed], 1
    least = min(1 + len(squashed) // _PER_RUN, 3)
    runs = set(_spread(_rare(squashed), taken))
    if len(runs) < _FEW and least > 1:
        runs.update(_spread(_runs(squashed)[::2], taken))
        least += 1
    return sorted(runs), min(len(runs), least)


def _of_pattern(source: str) -> Sequence[str]:
    """Return traces, at least one of which each match leaves; none: it leaves a hint."""
    demanded = [frozenset(filterfalse(_HINT.search, literals)) for literals in demands(source, spaced=True)]
    if not all(demanded):
        return ()
    long_enough = (literals for literals in demanded if min(map(len, literals)) >= _LEAST)
    literals = max(long_enough, key=_telling, default=frozenset[str]())
    return [_looked_for(each) for each in sorted(literals)]


def _looked_for(literal: str) -> str:
    """Return a literal as it is looked for: in upper case where it is short but has a sign, else squashed."""
    squashed = squash(literal)
    is_sign = not squashed or (len(squashed) < SIZE and not _SIGNS.isdisjoint(literal))
    return literal.upper() if is_sign else squashed


def _has_sign(word: str) -> bool:
    """Is it looked for in upper case, and only where a message has such a sign?"""
    return word.isascii() and word != squash(word)


def _marks(words: Iterable[str], way: Implementation = Implementation.ContiguousNFA) -> BytesAhoCorasick:
    return BytesAhoCorasick(list(map(_encoded, words)), implementation=way)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _runs(squashed: str) -> list[str]:
    return [squashed[at : at + SIZE] for at in range(len(squashed) - SIZE + 1)]


def _rare(squashed: str) -> list[str]:
    """Return the runs of a string that ordinary talk does not have; all of them, if it has them all."""
    runs = _runs(squashed)
    return [run for run in runs if run not in COMMON] or runs


def _spread(rare: list[str], taken: AbstractSet[str]) -> list[str]:
    """Choose some runs from all over a wording, preferably those that other wordings already have."""
    if len(rare) <= _SPREAD:
        return rare
    bounds = [len(rare) * part // _SPREAD for part in range(_SPREAD + 1)]
    parts = [rare[start:end] for start, end in pairwise(bounds)]
    return [next((run for run in part if run in taken), part[len(part) // 2]) for part in parts]


def _telling(literals: Literals) -> tuple[int, int, list[str]]:
    """Prefer long literals, then few."""
    return min(map(_worth, literals)), -len(literals), sorted(literals)


def _worth(literal: str) -> int:
    return len(squash(literal)) + _SIGN * (not _SIGNS.isdisjoint(literal))
