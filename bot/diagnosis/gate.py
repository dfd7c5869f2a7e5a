"""Can this text be about an error at all?

Nearly all messages of a busy channel are ordinary talk. Before anything else is done with a message, this looks for
the least that every known error leaves in a text: a number like a status, an address, a rare run of letters of a
known wording, or a literal that one of the patterns demands. A text without any of these is not examined further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from ahocorasick_rs import BytesAhoCorasick, Implementation

from bot.diagnosis.chatter import COMMON
from bot.diagnosis.demands import Literals, best
from bot.diagnosis.normalise import squash, squashed_ascii

_WORD = 4
SIZE = 6
"""Length of the runs of letters."""

_SPREAD = 10
"""So many runs of a wording are looked for: damage may take some of them."""

_HINT = re.compile(
    r"3[\doO][\doOzZS]|4[\doO][\doOzZS]|5[\doO][\doOzZS]|S[\doO][\doOzZ](?![A-Za-z])|1\d{3}|0\d{4}|0x8|8024|"
    r"://|www\.|\[\.\]|_(?<=[A-Z]_)[A-Z]|-----BEGIN"
)
"""Numbers like statuses and codes, addresses, names of codes. (Each branch begins with a letter of its own: so the
engine skips to the letters that can begin one, which is ten times faster.)"""
_ANY_LONG = re.compile(r"\S{32}")
"""So long is no word: an address, a token, a path."""
_LONG = b"x" * 32
_SHAPE = bytes(b" x"[not chr(code).isspace()] for code in range(256))
"""The same for ASCII, three times as fast: each character becomes an x, or a blank."""
_SECRETS = ("passw", "secret", "token", "api", "cookie", "authoriz")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")

_EVERYDAY = frozenset(
    {
        "this",
        "that",
        "line",
        "error",
        "page",
        "with",
        "from",
        "code",
        "http",
        "site",
        "file",
        "long",
        "name",
        "cert",
        "auth",
    }
)


@dataclass(frozen=True, slots=True)
class Gate:
    """The least that errors leave in a text."""

    runs: frozenset[str]
    """Runs of `SIZE` squashed letters."""
    words: tuple[str, ...]
    """Shorter literals, in lower case."""
    pairs: frozenset[str]
    """First two characters of wordings in scripts without spaces."""
    marks: BytesAhoCorasick
    """All of them in UTF-8, half as dear to look for as characters are: in one pass, whatever their number."""

    @classmethod
    def of(cls, wordings: Iterable[tuple[str, str, bool]], patterns: Iterable[Sequence[Literals]]) -> Gate:
        """Prepare the gate: (wording, the same squashed, may it be damaged?), and what each pattern demands."""
        runs: set[str] = set()
        words: set[str] = set(_SECRETS)
        pairs: set[str] = set()
        for text, squashed, damaged in wordings:
            if _UNSPACED.match(squashed):
                pairs.add(squashed[:2])
            elif len(squashed) >= SIZE:
                runs.update(_spread(_rare(squashed), runs) if damaged else _rarest(squashed))
            elif not _HINT.search(text):
                words.add(text.lower())
        for demands in patterns:
            for literal in _cheapest(demands):
                if len(squash(literal)) >= SIZE:
                    runs.update(_rarest(squash(literal)))
                elif not _HINT.search(literal):
                    words.add(literal)
        needed = tuple(word for word in sorted(words) if not any(other in word for other in words - {word}))
        every = [_encoded(each) for each in (*runs, *needed, *pairs)]
        marks = BytesAhoCorasick(every, implementation=Implementation.ContiguousNFA)
        return cls(frozenset(runs), needed, frozenset(pairs), marks)

    def opens(self, text: str) -> bool:
        """Is the text worth an examination?"""
        if _HINT.search(text):
            return True
        if text.isascii():
            encoded = text.encode()
            if _LONG in encoded.translate(_SHAPE):
                return True
            looked = squashed_ascii(encoded) + b"\n" + encoded.lower()
        elif _ANY_LONG.search(text):
            return True
        else:
            looked = _encoded(f"{squash(text)}\n{text.lower()}")
        return bool(self.marks.find_matches_as_indexes(looked))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _runs(squashed: str) -> list[str]:
    return [squashed[at : at + SIZE] for at in range(len(squashed) - SIZE + 1)]


def _rare(squashed: str) -> list[str]:
    """Return the runs of a string that ordinary talk does not have; all of them, where it has all."""
    runs = _runs(squashed)
    return [run for run in runs if run not in COMMON] or runs


def _spread(rare: list[str], taken: AbstractSet[str]) -> list[str]:
    """Choose some runs from all over a wording, such as other wordings have brought already, if there are any."""
    if len(rare) <= _SPREAD:
        return rare
    bounds = [len(rare) * part // _SPREAD for part in range(_SPREAD + 1)]
    parts = [rare[start:end] for start, end in pairwise(bounds)]
    return [next((run for run in part if run in taken), part[len(part) // 2]) for part in parts]


def _rarest(squashed: str) -> list[str]:
    """Return one run that must be there when nothing is damaged, a rare one if there is any."""
    return _rare(squashed)[:1]


def _cheapest(demands: Sequence[Literals]) -> Literals:
    """Choose the demand that ordinary talk meets least often."""
    telling = [literals for literals in demands if all(_HINT.search(each) or _is_rare(each) for each in literals)]
    alone = [literals for literals in demands if len(literals) == 1 and not any(map(_is_everyday, literals))]
    short = [literals for literals in alone if all(len(squash(each)) < SIZE for each in literals)]
    return best(telling or short or alone or list(demands))


def _is_everyday(literal: str) -> bool:
    return len(literal.strip()) < _WORD or literal.strip() in _EVERYDAY


def _is_rare(literal: str) -> bool:
    return any(run not in COMMON for run in _runs(squash(literal)))
