"""By which words of a language does `identify` understand people? The table `[recognise]` of `locales/<lang>.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from zlib import compress, decompress

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.kb.entry import Entry

TELLING = ("figure", "plea", "now", "over", "general", "others", "past", "change", "wish", "news")
"""The lists of `Recognise` that say how a failure is described."""
PHRASES = (*TELLING, "none", "gone", "context", "numbered", "counted", "causes", "cures", "reports")
"""All its lists of phrases."""


def _by_weight(given: object) -> object:
    """Turn the names of weights (`"0.5" = ["a", "b"]`) into numbers; words with one weight each are grouped by it."""
    if not isinstance(given, dict):
        return given
    if given and all(isinstance(weight, int | float) for weight in given.values()):
        sorted_: dict[float, list[str]] = {}
        for word, weight in given.items():
            sorted_.setdefault(weight, []).append(word)
        given = sorted_
    weights: dict[float, bytes] = {}
    for weight, words in given.items():
        try:
            value = float(weight)
        except ValueError:
            raise ValueError(f'{weight!r} is no weight; write a number, such as "0.5" = ["a word"]') from None
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise ValueError(f'{weight!r} has no list of words; write "{weight}" = ["a word", "another"]')
        weights[value] = kept(words)
    return weights


def kept(words: Iterable[str]) -> bytes:
    """Return words as they are stored: tens of thousands of strings take megabytes, and are read once."""
    lines = "\n".join(words)
    return compress(lines.encode(), 1) if lines else b""


def words_in(lines: bytes) -> list[str]:
    """Return words that were stored."""
    return decompress(lines).decode().split("\n") if lines else []


def _as_lines(given: object) -> object:
    """Keep a list of phrases as lines."""
    if isinstance(given, list | tuple) and all(isinstance(each, str) for each in given):
        if not all(each.strip() for each in given):
            raise ValueError("a phrase is empty; remove it")
        return kept(given)
    raise ValueError('no list of phrases; write ["a phrase", "another"]')


def _as_words(given: object) -> object:
    """Join a list of single words in the same way."""
    for word in given if isinstance(given, list | tuple) else ():
        if isinstance(word, str) and word.split() != [word]:
            raise ValueError(f"{word!r} is not one word; write one word, without blanks")
    return _as_lines(given)


Phrases = Annotated[bytes, BeforeValidator(_as_lines), WithJsonSchema({"type": "array", "items": {"type": "string"}})]
"""Phrases; `words_in` reads them."""
SingleWords = Annotated[
    bytes,
    BeforeValidator(_as_words),
    WithJsonSchema({"type": "array", "items": {"type": "string", "pattern": r"^\S+$"}}),
]
"""Words, likewise."""
NOTHING = Field(default=b"", json_schema_extra={"default": []})

Weights = Annotated[
    dict[float, bytes],
    BeforeValidator(_by_weight),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": r"^-?\d+(\.\d+)?$"},
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        }
    ),
]
"""Words by their weight: `"0.5" = ["a", "b"]`."""


class Recognise(Entry):
    """Words of this language by which `identify` understands people. Lower case; plain words, no patterns."""

    figure: Phrases = NOTHING
    """What has it is no site, but somebody's brain, love, cake or story: "my brain", "t shirt", "in a movie"."""
    plea: Phrases = NOTHING
    """Somebody has it and needs help: "I'm getting", "doesn't load", "anyone else"."""
    now: Phrases = NOTHING
    """It is there at present: "since", "again", "keeps"."""
    over: Phrases = NOTHING
    """It is over: "solved", "works again", "never mind"."""
    general: Phrases = NOTHING
    """It is explained, for any such case: "usually means", "if you", "can return"."""
    others: Phrases = NOTHING
    """Others have it: "users", "your", "the caller"."""
    past: Phrases = NOTHING
    """It was there in the past: "yesterday", "was", "back in"."""
    change: Phrases = NOTHING
    """Something was or is changed: "adds", "instead of", "release notes"."""
    wish: Phrases = NOTHING
    """Somebody wants something to be different: "would be nice", "custom"."""
    news: Phrases = NOTHING
    """It is announced, watched or joked about: "maintenance", "incident", "lol"."""
    none: Phrases = NOTHING
    """Directly before the failure, there is none: "no", "without", "not a single"."""
    gone: Phrases = NOTHING
    """Directly after it, there no longer is one: "is gone", "disappeared"."""
    numbered: SingleWords = NOTHING
    """Directly before a number, what has it as a name: "room", "bus", "chapter"; or an amount: "costs"."""
    counted: SingleWords = NOTHING
    """Directly after a number, what it counts: "people", "euros", "steps"."""
    causes: Phrases = NOTHING
    """Headings under which a document says where an error comes from: "common causes". More words may follow."""
    cures: Phrases = NOTHING
    """Headings under which it says how to fix it: "how to fix", "solutions"."""
    reports: Phrases = NOTHING
    """Labels in a form for reporting an error: "expected", "what happened", "since"."""
    endings: SingleWords = NOTHING
    """What grammar puts at the end of a number without a blank: "er" in German "502er", "ye" in Turkish "502ye"."""
    words: Weights = Field(default_factory=dict)
    """How much a word speaks for a present failure (above 0) or for mere talk, by its place. `_` is the failure:
    "a _" directly before, "_ again" after, "got … _" near, "login" and "won't load" anywhere."""
    number: Weights = Field(default_factory=dict)
    """How much a word makes a bare number (`_`) a status (above 0) or another number; written in the same way."""
    printed: Weights = Field(default_factory=dict)
    """How much a word says that a program making a request printed the failure (`_`); written in the same way."""
    status: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Status -> this language's usual wordings of it, as browsers and servers print them."""
    loose: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Status -> what people who do not know its name call it: "gateway error". A number or a name says more."""
    failure: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Failure kind (`dns`, `tls`, `connection`) -> wordings of browsers' own pages."""
    context: Phrases = NOTHING
    """Words that make a bare number an error: "error", "page", "site"."""
