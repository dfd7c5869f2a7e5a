"""What does a component's custom id tell: which conversation, whose, and which choice?

Everything that a click needs stands in the id itself, so that a button works for as long as its message exists,
whatever process answers it. Discord allows 100 characters.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PREFIX = "f"
MANY = "*"
"""The choice of a select: what was picked stands in its values."""
_HEAD = PREFIX + r":(?P<key>[0-9a-z]{1,16}):(?P<owner>[0-9a-z]{1,16}):"
PATTERN = re.compile(_HEAD + r"(?P<choice>[^\s]{1,64})")
BUTTON = re.compile(_HEAD + r"(?P<choice>[^\s*]{1,64})")
SELECT = re.compile(_HEAD + r"(?P<choice>\*)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Click(NamedTuple):
    """A component's meaning."""

    key: str
    """Conversation: the snowflake of the message or interaction that it began with, in base 36."""
    owner: int
    """The person whose conversation it is."""
    choice: str


def short(snowflake: int) -> str:
    """Write a snowflake in base 36: 13 characters instead of 19."""
    digits = ""
    while snowflake:
        snowflake, digit = divmod(snowflake, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def encode(key: str, owner: int, choice: str) -> str:
    """Return the custom id of a choice."""
    return f"{PREFIX}:{key}:{short(owner)}:{choice}"


def decode(custom_id: str) -> Click | None:
    """Read a custom id; None if it is not one of ours."""
    found = PATTERN.fullmatch(custom_id)
    if found is None:
        return None
    return Click(found["key"], int(found["owner"], 36), found["choice"])
