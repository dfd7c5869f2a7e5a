"""By which words of a language does `identify` understand people? The table `[recognise]` of `locales/<lang>.toml`."""

from __future__ import annotations

from pydantic import Field

from bot.kb.entry import Entry

TELLING = ("plea", "now", "over", "general", "others", "past", "change", "wish", "news")
"""The lists of `Recognise` that say how a failure is told."""


class Recognise(Entry):
    """Words of this language by which `identify` understands people. Lower case; plain words, no patterns."""

    plea: tuple[str, ...] = ()
    """Somebody meets it and needs help: "I'm getting", "doesn't load", "anyone else"."""
    now: tuple[str, ...] = ()
    """It is there at present: "since", "again", "keeps"."""
    over: tuple[str, ...] = ()
    """It is over: "solved", "works again", "never mind"."""
    general: tuple[str, ...] = ()
    """It is explained, for any such case: "usually means", "if you", "can return"."""
    others: tuple[str, ...] = ()
    """Others meet it: "users", "your", "the caller"."""
    past: tuple[str, ...] = ()
    """It was so then: "yesterday", "was", "back in"."""
    change: tuple[str, ...] = ()
    """Something was or is changed: "adds", "instead of", "release notes"."""
    wish: tuple[str, ...] = ()
    """Somebody wants something to be otherwise: "would be nice", "custom"."""
    news: tuple[str, ...] = ()
    """It is announced, watched or joked about: "maintenance", "incident", "lol"."""
    words: dict[str, float] = Field(default_factory=dict)
    """How much a single word, wherever it stands, speaks for a present failure (above 0) or for talk about such."""
    status: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Status -> this language's usual wordings of it, as browsers and servers print them."""
    failure: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Failure kind (`dns`, `tls`, `connection`) -> wordings of browsers' own pages."""
    context: tuple[str, ...] = ()
    """Words that make a bare number an error: "error", "page", "site"."""
