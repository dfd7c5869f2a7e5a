"""What do all entries of the knowledge have in common?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$", max_length=64)]
"""A stable name: lower case letters, digits, `-` and `.`."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
"""One short sentence or label."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
"""A few sentences; Discord shows at most 4,000 characters in one message, all texts together."""


class Entry(BaseModel):
    """Base of all knowledge: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
