"""How does an interaction live: sent, acknowledged once within three seconds, then answered for a quarter of an hour?"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from standin import shapes
from standin.call import Answer, Call, Routes
from standin.faults import RefusedError, nested
from standin.world import Shape, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
"""Types of interactions."""
SAY, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, FORM = 4, 5, 6, 7, 8, 9
"""Types of answers."""
FITTING = {
    COMMAND: {SAY, DEFER, FORM},
    COMPONENT: {SAY, DEFER, DEFER_UPDATE, UPDATE, FORM},
    AUTOCOMPLETE: {SUGGEST},
    MODAL: {SAY, DEFER, DEFER_UPDATE, UPDATE},
}
WITHIN_S = 3.0
TOKEN_S = 15 * 60.0
MOST_FOLLOW_UPS = 5
"""Where only a person, and no server, has the bot installed."""
HOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = HOOK + "/messages/@original"
FOLLOW_UP = HOOK + "/messages/{message_id}"


@dataclass
class Interaction:
    """One interaction of a person."""

    ident: str
    kind: int
    user: str
    channel: str
    token: str = field(default_factory=lambda: secrets.token_hex(20))
    owners: dict[str, str] = field(default_factory=dict)
    """By which installations the bot is there."""
    name: str = ""
    menu: bool = False
    message: Shape | None = None
    """The message that the component sits on."""
    snapshot: Shape | None = None
    """That message as it was when the component was used, if it has changed since."""
    sent_at: float = field(default_factory=time.monotonic)
    answer: int | None = None
    """Type of the first answer; None: not acknowledged."""
    took_s: float = 0.0
    original: Shape | None = None
    waiting: bool = False
    """The first follow-up takes the place of the "thinking"."""
    form: Shape | None = None
    suggestions: list[Shape] | None = None
    follow_ups: list[Shape] = field(default_factory=list)
    changes: int = 0
    """How often the original was changed after it was acknowledged."""

    @property
    def late(self) -> bool:
        """Tell whether the time to acknowledge is over."""
        return time.monotonic() - self.sent_at > WITHIN_S


class Interactions:
    """Routes of answers to interactions. They need no bot token: the interaction's own is enough."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_id: dict[str, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.shown_by: dict[str, dict[str, str]] = {}
        """Message -> the installations by which it came about: a click on it goes by the same ones, whoever clicks."""

    def add(self, interaction: Interaction) -> None:
        """Take an interaction that is about to be sent."""
        self.by_id[interaction.ident] = self.by_token[interaction.token] = interaction

    def grow_old(self) -> None:
        """Let a quarter of an hour pass for all that was sent: nothing can be answered by it any more."""
        for one in self.by_id.values():
            one.sent_at -= TOKEN_S + 1

    def routes(self) -> Routes:
        """Return who answers what."""
        return [
            ("POST /interactions/{interaction_id}/{interaction_token}/callback", self.callback),
            (f"POST {HOOK}", self.follow_up),
            (f"GET {ORIGINAL}", self.read_original),
            (f"PATCH {ORIGINAL}", self.edit_original),
            (f"DELETE {ORIGINAL}", self.delete_original),
            (f"GET {FOLLOW_UP}", self.read),
            (f"PATCH {FOLLOW_UP}", self.edit),
            (f"DELETE {FOLLOW_UP}", self.delete),
        ]

    async def callback(self, call: Call) -> Answer:
        """Take the one answer that acknowledges."""
        found = self.by_id.get(call["interaction_id"])
        if found is None or found.token != call["interaction_token"]:
            raise RefusedError(10062)
        if found.answer is not None:
            raise RefusedError(40060)
        if found.late:
            raise RefusedError(10062)
        kind, data = call.body["type"], call.body.get("data") or {}
        if kind not in FITTING[found.kind] or (kind in (DEFER_UPDATE, UPDATE) and found.message is None):
            raise RefusedError(50035, errors=nested(["type: does not fit this interaction"]))
        found.answer, found.took_s = kind, time.monotonic() - found.sent_at
        self._acknowledged(found, data, call.files)
        if call.query.get("with_response") not in ("1", "true", "True"):
            return 204, None
        return 200, self._told(found)

    def _acknowledged(self, found: Interaction, data: Shape, files: tuple[tuple[str, bytes], ...]) -> None:
        match found.answer:
            case 4:
                found.original = self._say(found, data, files, first=True)
            case 5:
                found.waiting = True
                flags = (data.get("flags") or 0) & shapes.EPHEMERAL | shapes.LOADING
                found.original = self._say(found, {"flags": flags}, (), first=True)
            case 6 | 7:
                found.original = found.message
                if found.answer == UPDATE and found.message is not None:
                    self.world.change(found.message, data, files)
                    found.changes += 1
            case 8:
                found.suggestions = data["choices"]
            case 9:
                found.form = data | {"components": shapes.components(data["components"], form=True)}

    def _say(
        self, found: Interaction, data: Shape, files: tuple[tuple[str, bytes], ...], *, first: bool = False
    ) -> Shape:
        hushed = found.channel in self.world.hushed and "0" not in found.owners
        viewer = found.user if hushed or (data.get("flags") or 0) & shapes.EPHEMERAL else None
        command = found.kind == COMMAND
        kind = (23 if found.menu else 20) if first and command else 0
        told = {"id": found.ident, "type": found.kind, "user": self.world.users[found.user]}
        more: Shape = {"application_id": self.world.bot["id"], "webhook_id": self.world.bot["id"]}
        metadata = told | {"authorizing_integration_owners": found.owners}
        if command:
            more["interaction_metadata"] = metadata
            more["interaction"] = told | {"name": found.name}
        elif found.kind == COMPONENT and found.message is not None:
            more["interaction_metadata"] = metadata | {"interacted_message_id": found.message["id"]}
        message = self.world.post(
            found.channel, self.world.bot["id"], data, kind=kind, viewer=viewer, files=files, **more
        )
        self.shown_by[message["id"]] = found.owners
        return message

    def _told(self, found: Interaction) -> Shape:
        told: Shape = {"id": found.ident, "type": found.kind, "channel_id": found.channel}
        if found.original is not None:
            flags = found.original["flags"]
            told["response_message_id"] = found.original["id"]
            told["response_message_loading"] = bool(flags & shapes.LOADING)
            told["response_message_ephemeral"] = bool(flags & shapes.EPHEMERAL)
        if found.answer in (SAY, UPDATE):
            return {"interaction": told, "resource": {"type": found.answer, "message": found.original}}
        return {"interaction": told}

    async def follow_up(self, call: Call) -> Answer:
        """Say more; the first one after a "thinking" takes its place."""
        found = self._of(call)
        if found.waiting and found.original is not None:
            found.waiting = False
            found.changes += 1
            return 200, self.world.change(found.original, call.body, call.files)
        if "0" not in found.owners and len(found.follow_ups) == MOST_FOLLOW_UPS:
            raise RefusedError(40094)
        message = self._say(found, call.body, call.files)
        found.follow_ups.append(message)
        return 200, message

    async def read_original(self, call: Call) -> Answer:
        """Return the first answer."""
        return 200, self._original(self._of(call))

    async def edit_original(self, call: Call) -> Answer:
        """Change the first answer, or the message that was clicked."""
        found = self._of(call)
        message = self._original(found)
        self._in_open_thread(message)
        found.waiting = False
        found.changes += 1
        return 200, self.world.change(message, call.body, call.files)

    async def delete_original(self, call: Call) -> Answer:
        """Take the first answer back, or the message that was clicked away."""
        found = self._of(call)
        self.world.remove(self._original(found))
        found.changes += 1
        return 204, None

    async def read(self, call: Call) -> Answer:
        """Return a follow-up."""
        return 200, self._later(call)

    async def edit(self, call: Call) -> Answer:
        """Change a follow-up."""
        return 200, self.world.change(self._later(call), call.body, call.files)

    async def delete(self, call: Call) -> Answer:
        """Take a follow-up back."""
        self.world.remove(self._later(call))
        return 204, None

    def _of(self, call: Call) -> Interaction:
        found = self.by_token.get(call["webhook_token"])
        if found is None or call["webhook_id"] != self.world.bot["id"]:
            raise RefusedError(10015)
        if time.monotonic() - found.sent_at > TOKEN_S:
            raise RefusedError(50027)
        if found.answer is None:
            raise RefusedError(10015)
        return found

    def _original(self, found: Interaction) -> Shape:
        if found.original is None or self.world.find(found.original["id"]) is None:
            raise RefusedError(10008)
        return found.original

    def _later(self, call: Call) -> Shape:
        found, ident = self._of(call), call["message_id"]
        mine = [*found.follow_ups, *filter(None, [found.original])]
        message = next((one for one in mine if one["id"] == ident), None)
        if message is None or self.world.find(ident) is None:
            raise RefusedError(10008)
        return message

    def _in_open_thread(self, message: Shape) -> None:
        place: Any = self.world.channel(message["channel_id"])
        if place["type"] in shapes.THREADS and place["thread_metadata"]["archived"]:
            raise RefusedError(50083)
