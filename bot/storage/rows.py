"""What does a value look like in a row? States, effects, replies and courses as JSON text, and back.

What an older or newer release wrote and this one cannot read is skipped with a line in the log: a conversation that
starts over is better than one that is stuck. The line names fields but no values: people pasted those.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, NamedTuple, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.conversation.effects import Effect
from bot.conversation.replies import Reply
from bot.conversation.state import State
from bot.diagnosis.recovery import Course
from bot.ports import Commit, Due, Line, Pending
from bot.storage.lifetimes import CONVERSATIONS_LIVE_S

log = logging.getLogger(__name__)

LINES_A_COMMIT = 1000
"""Positions that each version has for its replies."""
_LATE = ConfigDict(defer_build=True)
_EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect, config=_LATE)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="key")], config=_LATE)
Value = TypeVar("Value")


class EffectRow(NamedTuple):
    """One row of `effects`, without its key."""

    id: str
    kind: str
    body: str
    due_at: float


class ReplyRow(NamedTuple):
    """One row of `replies`, without its key."""

    id: str
    position: int
    body: str


class CommitRows(NamedTuple):
    """A commit as rows."""

    key: str
    expected: int
    state: str
    phase: str
    updated_at: float
    expires_at: float
    settles: tuple[str, ...]
    effects: tuple[EffectRow, ...]
    replies: tuple[ReplyRow, ...]
    copies: tuple[str, int] | None = None


def rows_of(commit: Commit) -> CommitRows:
    """Return a commit as rows."""
    at = commit.at.timestamp()
    first = (commit.expected + 1) * LINES_A_COMMIT
    return CommitRows(
        key=commit.key,
        expected=commit.expected,
        state=commit.state.model_dump_json(),
        phase=commit.state.phase.value,
        updated_at=at,
        expires_at=at + CONVERSATIONS_LIVE_S,
        settles=tuple(commit.settles),
        effects=tuple(
            EffectRow(due.effect.id, due.effect.kind, due.effect.model_dump_json(), due.at.timestamp())
            for due in commit.effects
        ),
        replies=tuple(
            ReplyRow(line.id, first + number, line.reply.model_dump_json())
            for number, line in enumerate(commit.replies)
        ),
        copies=commit.copies,
    )


def state_of(text: str, key: str) -> State:
    """Read a state; an unreadable one becomes an empty one."""
    try:
        return State.model_validate_json(text)
    except ValidationError as error:
        log.error(  # noqa: TRY400 - its text holds the value
            "a conversation cannot be read and starts over (%s)", _reason(error), extra={"conversation": key}
        )
        return State()


def course_of(text: str) -> Course:
    """Read the course of a watched address; an unreadable one starts afresh, and all others go on."""
    try:
        return Course.model_validate_json(text)
    except ValidationError as error:
        log.error("the course of a watched address cannot be read and begins anew (%s)", _reason(error))  # noqa: TRY400 - its text holds the value
        return Course()


def pending_of(
    effects: Iterable[tuple[str, str, float]], replies: Iterable[tuple[str, str, str]]
) -> tuple[Pending, ...]:
    """Group (key, body, due_at) and (key, id, body) by conversation, in order."""
    found: dict[str, tuple[list[Due], list[Line]]] = {}
    for key, body, due_at in effects:
        effect = _read(_EFFECT, body)
        if effect is not None:
            found.setdefault(key, ([], []))[0].append(Due(effect, datetime.fromtimestamp(due_at, UTC)))
    for key, name, body in replies:
        reply = _read(_REPLY, body)
        if reply is not None:
            found.setdefault(key, ([], []))[1].append(Line(name, reply))
    return tuple(Pending(key, tuple(due), tuple(lines)) for key, (due, lines) in found.items())


def _read(adapter: TypeAdapter[Value], text: str) -> Value | None:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        log.error("what was pending cannot be read and is passed over (%s)", _reason(error))  # noqa: TRY400 - its text holds the value
        return None


def _reason(error: ValidationError) -> str:
    """Say what is wrong with which field; deeper down a field's name may itself be data, such as a host."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return ", ".join(sorted({": ".join([*map(str, fault["loc"][:1]), fault["type"]]) for fault in faults}))
