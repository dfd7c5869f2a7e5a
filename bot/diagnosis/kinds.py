"""What kind of values does a fact have? Read from what the vocabulary says that it holds."""

from __future__ import annotations

from typing import Literal

from bot.diagnosis.facts import VOCABULARY

Kind = Literal["number", "text", "yes-no", "list"]

COUNTED = frozenset(
    {
        "port", "text.status", "tcp.port", "tls.days_left", "http.status", "http.class", "http.retry_after_s",
        "http.age_s",
    }
)  # fmt: skip
"""Numbers whose meaning does not begin with "number of"."""
STATUSES = (100, 999)
"""The lowest and the highest status that servers send; 999 is what some send to robots."""


def kinds() -> dict[str, Kind]:
    """Return the kind of each fact."""
    return {name: _kind(name, holds) for name, holds in VOCABULARY.items()}


def _kind(name: str, holds: str) -> Kind:
    if holds.startswith("true:"):
        return "yes-no"
    if holds.startswith("list of"):
        return "list"
    return "number" if name in COUNTED or holds.startswith("number of") else "text"
