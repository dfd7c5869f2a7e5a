"""What do all entries of the knowledge have in common?"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """Base of all knowledge: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
