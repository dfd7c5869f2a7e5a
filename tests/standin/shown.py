"""Which components were ever shown? Buttons, menus and forms of every message, however often it was edited since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from standin.record import Record
from standin.seen import BUTTON, SELECT, walk


@dataclass(frozen=True)
class Shown:
    """One component, as a client may still show it."""

    custom_id: str
    kind: int
    message: dict[str, Any] = field(repr=False)
    """The message that it sits on, as it was then. Discord delivers no click on what a message does not hold."""
    values: tuple[str, ...] = ()
    """What its menu offers."""


def ever_shown(record: Record) -> dict[str, Shown]:
    """Return custom id -> component, of all messages that the bot sent or edited."""
    return {one.custom_id: one for entry in record.requests() for one in _of_message(_message(entry.reply))}


def _message(reply: Any) -> dict[str, Any]:
    """Return the message in a reply, if there is one."""
    if not isinstance(reply, dict):
        return {}
    told = (reply.get("resource") or {}).get("message") or reply
    return told if isinstance(told, dict) else {}


def _of_message(message: dict[str, Any]) -> Iterator[Shown]:
    for part in (part for top in message.get("components") or () for part in walk(top)):
        if part["type"] in (BUTTON, SELECT) and "custom_id" in part:
            options = part.get("options") or ()
            values = tuple(option["value"] for option in options)[: max(part.get("min_values", 1), 1)]
            yield Shown(part["custom_id"], part["type"], message, values)
