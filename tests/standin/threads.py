"""What may a bot do with threads: open, list, join, leave, and bring people in and out?"""

from __future__ import annotations

from standin import shapes
from standin.call import Answer, Call, Routes
from standin.faults import RefusedError
from standin.world import Shape, World

CHANNEL = "/channels/{channel_id}"
MEMBERS = CHANNEL + "/thread-members"
CREATE = {shapes.THREAD: "create_public_threads", shapes.PRIVATE_THREAD: "create_private_threads"}


class Threads:
    """Routes of threads."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def me(self) -> str:
        """Return the bot."""
        return str(self.world.bot["id"])

    def routes(self) -> Routes:
        """Return who answers what. `@me` comes before any other person."""
        return [
            (f"POST {CHANNEL}/messages/{{message_id}}/threads", self.at_message),
            (f"POST {CHANNEL}/threads", self.alone),
            (f"GET {CHANNEL}/threads/archived/public", self.archived),
            (f"GET {MEMBERS}", self.members),
            (f"PUT {MEMBERS}/@me", self.join),
            (f"DELETE {MEMBERS}/@me", self.leave),
            (f"GET {MEMBERS}/{{user_id}}", self.member),
            (f"PUT {MEMBERS}/{{user_id}}", self.let_in),
            (f"DELETE {MEMBERS}/{{user_id}}", self.put_out),
        ]

    async def at_message(self, call: Call) -> Answer:
        """Open a thread at a message; there is one at most."""
        self.world.channel(call["channel_id"])
        self.world.need(call["channel_id"], "create_public_threads", "read_message_history")
        message = self.world.message(call["channel_id"], call["message_id"])
        if message["flags"] & shapes.HAS_THREAD:
            raise RefusedError(160004)
        return 201, self._opened(call, call.body, message)

    async def alone(self, call: Call) -> Answer:
        """Open a thread without a message; in a forum it begins with one."""
        forum = self.world.channel(call["channel_id"])["type"] == shapes.FORUM
        if forum:
            self.world.need(call["channel_id"], "send_messages")
            told = self._opened(call, {"name": call.body["name"]}, None)
            first = self.world.post(told["id"], self.me, call.body["message"], files=call.files, ident=told["id"])
            return 201, told | {"message": first}
        kind = call.body.get("type") or shapes.PRIVATE_THREAD
        self.world.need(call["channel_id"], CREATE[kind])
        return 201, self._opened(call, call.body | {"type": kind}, None)

    async def archived(self, call: Call) -> Answer:
        """Return the threads that are closed."""
        self.world.need(call["channel_id"], "read_message_history")
        parent = self.world.channel(call["channel_id"])["id"]
        closed = [
            one for one in self.world.channels.values()
            if one.get("parent_id") == parent and one["type"] == shapes.THREAD and one["thread_metadata"]["archived"]
        ]  # fmt: skip
        return 200, {"threads": closed, "members": self.world.memberships(closed), "has_more": False}

    async def members(self, call: Call) -> Answer:
        """Return who is in a thread."""
        return 200, list(self._there(call).values())

    async def member(self, call: Call) -> Answer:
        """Tell whether somebody is in a thread."""
        there = self._there(call)
        if call["user_id"] not in there:
            raise RefusedError(10007)
        return 200, there[call["user_id"]]

    async def join(self, call: Call) -> Answer:
        """Join a thread."""
        self._open(call)
        self.world.join(call["channel_id"], self.me)
        return 204, None

    async def leave(self, call: Call) -> Answer:
        """Leave a thread."""
        self._open(call)
        self.world.leave(call["channel_id"], self.me)
        return 204, None

    async def let_in(self, call: Call) -> Answer:
        """Bring somebody into a thread; Discord notes that in it."""
        thread, user = self._open(call), call["user_id"]
        self.world.need(thread["id"], "send_messages_in_threads")
        if user not in self.world.members:
            raise RefusedError(10007)
        if user not in self.world.in_thread[thread["id"]]:
            self.world.join(thread["id"], user)
            self.world.post(thread["id"], self.me, {"content": f"<@{user}>"}, kind=1)
        return 204, None

    async def put_out(self, call: Call) -> Answer:
        """Put somebody out of a thread."""
        thread = self._open(call)
        if thread["type"] != shapes.PRIVATE_THREAD or thread["owner_id"] != self.me:
            self.world.need(thread["id"], "manage_threads")
        self.world.leave(thread["id"], call["user_id"])
        return 204, None

    def _opened(self, call: Call, body: Shape, message: Shape | None) -> Shape:
        thread = self.world.open_thread(call["channel_id"], self.me, body, message)
        return thread | {"member": self.world.in_thread[thread["id"]][self.me]}

    def _there(self, call: Call) -> dict[str, Shape]:
        self.world.need(call["channel_id"])
        if call["channel_id"] not in self.world.in_thread:
            raise RefusedError(50024)
        return self.world.in_thread[call["channel_id"]]

    def _open(self, call: Call) -> Shape:
        self._there(call)
        thread = self.world.channel(call["channel_id"])
        if thread["thread_metadata"]["archived"]:
            raise RefusedError(50083)
        return thread
