"""What may a bot do with channels and messages?"""

from __future__ import annotations

from standin import shapes
from standin.call import Answer, Call, Routes
from standin.faults import RefusedError, nested
from standin.gateway import MESSAGE_CONTENT, Gateway
from standin.world import Shape, World

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"


class Channels:
    """Routes under /channels."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self._said: dict[tuple[str, str] | None, Shape] = {}

    @property
    def me(self) -> str:
        """Return the bot."""
        return str(self.world.bot["id"])

    def routes(self) -> Routes:
        """Return who answers what."""
        return [
            ("GET /channels/{channel_id}", self.get),
            ("PATCH /channels/{channel_id}", self.edit),
            ("DELETE /channels/{channel_id}", self.delete),
            (f"GET {MESSAGES}", self.history),
            (f"POST {MESSAGES}", self.send),
            (f"GET {MESSAGE}", self.read),
            (f"PATCH {MESSAGE}", self.edit_message),
            (f"DELETE {MESSAGE}", self.delete_message),
            (f"POST {MESSAGES}/bulk-delete", self.delete_many),
            ("POST /channels/{channel_id}/typing", self.typing),
            ("POST /users/@me/channels", self.direct),
        ]

    async def get(self, call: Call) -> Answer:
        """Return a channel."""
        channel = self.world.channel(call["channel_id"])
        self.world.need(call["channel_id"])
        return 200, channel

    async def edit(self, call: Call) -> Answer:
        """Change a thread: its owner may, and who manages threads; only the latter may lock it."""
        thread = self.world.channel(call["channel_id"])
        if thread["type"] not in shapes.THREADS:
            raise RefusedError(50013)
        meta, manages = thread["thread_metadata"], self.world.may(self.me, thread["id"]).manage_threads
        if not manages and (thread["owner_id"] != self.me or "locked" in call.body or meta["locked"]):
            raise RefusedError(50013)
        if meta["archived"] and call.body.get("archived") is not False:
            raise RefusedError(50083)
        return 200, self.world.change_thread(thread, call.body)

    async def delete(self, call: Call) -> Answer:
        """Delete a channel."""
        channel = self.world.channel(call["channel_id"])
        self.world.need(call["channel_id"], "manage_channels")
        self.world.remove_channel(call["channel_id"])
        return 200, channel

    async def history(self, call: Call) -> Answer:
        """Return the newest messages first; nothing to who may not read the past."""
        self.world.channel(call["channel_id"])
        self.world.need(call["channel_id"])
        if not self.world.may(self.me, call["channel_id"]).read_message_history:
            return 200, []
        there = list(self.world.messages.get(call["channel_id"], {}).values())
        before, limit = int(call.query.get("before", 1 << 63)), int(call.query.get("limit", 50))
        public = [one for one in there if one["id"] not in self.world.viewers and int(one["id"]) < before]
        public.sort(key=lambda one: -int(one["id"]))
        return 200, [self._read(one) for one in public[:limit]]

    async def read(self, call: Call) -> Answer:
        """Return one message."""
        self.world.channel(call["channel_id"])
        self.world.need(call["channel_id"], "read_message_history")
        return 200, self._read(self.world.message(call["channel_id"], call["message_id"]))

    async def send(self, call: Call) -> Answer:
        """Send a message."""
        channel, body = self.world.channel(call["channel_id"]), call.body
        inside = channel["type"] in shapes.THREADS
        needs = ["send_messages_in_threads" if inside else "send_messages"]
        needs += ["attach_files"] if call.files else []
        needs += ["read_message_history"] if body.get("message_reference") else []
        self.world.need(channel["id"], *needs)
        if not self.world.takes_messages(channel["id"]):
            raise RefusedError(50007)
        if inside and channel["thread_metadata"]["locked"]:
            raise RefusedError(50083)
        nonce = (channel["id"], str(body.get("nonce"))) if body.get("enforce_nonce") else None
        if nonce in self._said:  # Discord sends no second message with the same enforced nonce
            return 200, self._said[nonce]
        body = self._resolved(channel["id"], body)
        message = self.world.post(channel["id"], self.me, body, files=call.files)
        if nonce is not None:
            self._said[nonce] = message
        return 200, message

    async def edit_message(self, call: Call) -> Answer:
        """Edit a message of its own."""
        channel = self._open(call["channel_id"])
        message = self.world.message(channel["id"], call["message_id"])
        if message["author"]["id"] != self.me:
            raise RefusedError(50005)
        return 200, self.world.change(message, call.body, call.files)

    async def delete_message(self, call: Call) -> Answer:
        """Delete a message of its own, or of others where it may."""
        channel = self._open(call["channel_id"])
        message = self.world.message(channel["id"], call["message_id"])
        if message["author"]["id"] != self.me:
            self.world.need(channel["id"], "manage_messages")
        self.world.remove(message)
        return 204, None

    async def delete_many(self, call: Call) -> Answer:
        """Delete several messages at once."""
        self.world.need(call["channel_id"], "manage_messages")
        there = self.world.messages.get(call["channel_id"], {})
        for message in [there[ident] for ident in map(str, call.body["messages"]) if ident in there]:
            self.world.remove(message)
        return 204, None

    async def typing(self, call: Call) -> Answer:
        """Show that it is writing."""
        inside = self.world.channel(call["channel_id"])["type"] in shapes.THREADS
        self.world.need(call["channel_id"], "send_messages_in_threads" if inside else "send_messages")
        return 204, None

    async def direct(self, call: Call) -> Answer:
        """Open direct messages."""
        return 200, self.world.direct(str(call.body["recipient_id"]))

    def _open(self, ident: str) -> Shape:
        channel = self.world.channel(ident)
        self.world.need(ident)
        if channel["type"] in shapes.THREADS and channel["thread_metadata"]["archived"]:
            raise RefusedError(50083)
        return channel

    def _resolved(self, channel: str, body: Shape) -> Shape:
        """A reply to a message that is gone is an error, or (if so asked) a message of its own."""
        reference = body.get("message_reference")
        if not reference or str(reference.get("message_id")) in self.world.messages.get(channel, {}):
            return body
        if reference.get("fail_if_not_exists", True):
            raise RefusedError(50035, errors=nested(["message_reference: Unknown message"]))
        return {name: value for name, value in body.items() if name != "message_reference"}

    def _read(self, message: Shape) -> Shape:
        return message if self.gateway.approved & MESSAGE_CONTENT else self.gateway.blanked(message)
