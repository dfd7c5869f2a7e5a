"""What do all entries of the knowledge have in common?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$", max_length=64)]
"""A stable name: lower case letters, digits, `-` and `.`."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
"""One short sentence or label."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
"""A few sentences; Discord shows at most 4,000 characters in one message, all texts together."""


_given: dict[frozenset[str], set[str]] = {}
"""Thousands of entries give the same few fields: those that do share one set, which saves a megabyte."""


class Entry(BaseModel):
    """Base of all knowledge: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: object, /) -> None:
        """Share the set of fields that were given."""
        given = self.__pydantic_fields_set__
        object.__setattr__(self, "__pydantic_fields_set__", _given.setdefault(frozenset(given), given))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Do the same in a copy."""
        copied = super().model_copy(update=update, deep=deep)
        copied.model_post_init(None)
        return copied
