"""What does the rest of the program understand? The knowledge may use these names and no others.

`bot.kb` is below the code that gives these names their meaning, so whoever calls the linter passes them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.kb.model import KnowledgeBase

Named = Literal["error", "product", "family", "source"]
Kind = Literal["number", "text", "yes-no", "list"]


@dataclass(frozen=True)
class Vocabulary:
    """The names that knowledge files may use."""

    facts: frozenset[str]
    """Names of facts, for conditions and for the gaps in the texts of causes."""
    replies: Mapping[str, frozenset[str]]
    """Key of each reply -> its parameters."""
    choices: frozenset[str]
    """Ids of the choices that people can make."""
    words: frozenset[str] = frozenset()
    """Keys of the small words."""
    guides: frozenset[str] = frozenset()
    """Guides that the program falls back to when neither cause nor error names one."""
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Fact -> all values that it can have, for facts with a closed list."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """Fact -> the kind of its values."""
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Fact -> the least and the most that it can be."""
    ids: Mapping[str, Named] = field(default_factory=dict)
    """Fact -> what it names in the knowledge itself, for facts whose values are written there."""


class _Match(Protocol):
    @property
    def error(self) -> str: ...


class _Target(Protocol):
    @property
    def host(self) -> str: ...


class Recognised(Protocol):
    """What the linter needs of an identification."""

    @property
    def match(self) -> _Match | None:
        """The known error that was recognised."""

    @property
    def target(self) -> _Target | None:
        """The address that failed."""


Identify = Callable[[KnowledgeBase, str], Recognised]
"""Which known error does a text show? `bot.diagnosis.identify.identify`, or a test's own."""
