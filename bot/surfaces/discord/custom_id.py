"""What does a component's custom id say: which conversation, whose, which step, which error, and which choice?

Everything that a click needs is in the id itself, so that a button works for as long as its message exists, whatever
process answers it. Discord allows 100 characters.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from bot.conversation.state import Phase, State

PREFIX = "f"
LONGEST = 100
MANY = "*"
"""The choice of a select: what was picked is in its values."""
PATTERN = re.compile(
    PREFIX + r":(?P<key>[0-9a-z]{1,16}):(?P<owner>[0-9a-z]{1,16}):(?P<mark>[0-9a-z]{1,6}):(?P<error>[0-9a-z-]{0,64}):"
    r"(?P<choice>[^\s:]{1,32}(?::[^\s:]{1,32})?)"
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MARKS = 36**4


class Tag(NamedTuple):
    """What all components of one panel carry."""

    key: str
    """Conversation: the snowflake of the message or interaction that it began with, in base 36."""
    owner: int
    """The person whose conversation it is."""
    mark: str = "0"
    """Which step the panel shows: a click on an outdated panel must not act on the current step."""
    error: str = ""
    """Entry of the recognised error: what can still be said when everything else is forgotten."""


class Click(NamedTuple):
    """A component's meaning."""

    tag: Tag
    choice: str

    @property
    def key(self) -> str:
        """Return the conversation."""
        return self.tag.key

    @property
    def owner(self) -> int:
        """Return the person whose conversation it is."""
        return self.tag.owner


def short(snowflake: int) -> str:
    """Write a number in base 36: a snowflake takes 13 characters instead of 19."""
    digits = ""
    while snowflake:
        snowflake, digit = divmod(snowflake, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def mark_of(state: State) -> str:
    """Return the mark of the step that a state is at; sleep is not a step of its own."""
    phase = state.slept_in if state.phase is Phase.ASLEEP and state.slept_in else state.phase
    text = "|".join(str(part) for part in (phase.value, state.guide, state.step, state.number, state.question))
    return short(zlib.crc32(text.encode()) % _MARKS)


def tag_of(key: str, owner: int, state: State) -> Tag:
    """Return what the components of a panel of this state carry."""
    return Tag(key, owner, mark_of(state), state.known.error if state.known else "")


def encode(tag: Tag, choice: str) -> str:
    """Return the custom id of a choice; an entry whose name is too long for it is left out."""
    head = f"{PREFIX}:{tag.key}:{short(tag.owner)}:{tag.mark}:"
    error = tag.error if len(head) + len(tag.error) + 1 + len(choice) <= LONGEST else ""
    return f"{head}{error}:{choice}"


def decode(custom_id: str) -> Click | None:
    """Read a custom id; None if it is not one of ours."""
    found = PATTERN.fullmatch(custom_id)
    if found is None:
        return None
    tag = Tag(found["key"], int(found["owner"], 36), found["mark"], found["error"])
    return Click(tag, found["choice"])
