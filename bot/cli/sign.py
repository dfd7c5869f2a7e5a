"""What is in the sign of life that a process leaves, and where is it? Reading it needs none of the bot's libraries."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.settings.model import Settings
from bot.storage.address import default


class Sign(BaseModel, frozen=True):
    """What is in the file."""

    at: datetime
    able_at: datetime | None
    """When it was last able to work."""
    obstacle: str | None = None
    """What keeps it from its work."""


def place_of(settings: Settings, process: str) -> Path:
    """Return where a process leaves its sign: each kind in a different place, even with the same settings."""
    place = settings.heartbeat
    if place is None:
        return default().path.parent / f"{process}.heartbeat"
    return place if process == "run" else place.with_name(f"{place.name}.{process}")


def read(place: Path) -> Sign | None:
    """Return the newest sign, None if there is none."""
    try:
        return Sign.model_validate_json(place.read_bytes())
    except (OSError, ValidationError):
        return None
