"""What may a bot ask about a server and the people in it?"""

from __future__ import annotations

from standin import shapes
from standin.call import Answer, Call, Routes
from standin.faults import RefusedError
from standin.gateway import MEMBERS, Gateway
from standin.world import Shape, World

GUILD = "/guilds/{guild_id}"


class Guilds:
    """Routes under /guilds and /users."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway

    def routes(self) -> Routes:
        """Return who answers what."""
        return [
            (f"GET {GUILD}", self.guild),
            (f"GET {GUILD}/channels", self.channels),
            (f"GET {GUILD}/roles", self.roles),
            (f"GET {GUILD}/members", self.members),
            (f"GET {GUILD}/members/{{user_id}}", self.member),
            (f"GET {GUILD}/threads/active", self.active),
            ("GET /users/@me/guilds", self.mine),
            ("GET /users/{user_id}", self.user),
        ]

    async def guild(self, call: Call) -> Answer:
        """Return the server."""
        self._here(call)
        return 200, shapes.guild(call["guild_id"], self.world.owner, list(self.world.roles.values()))

    async def mine(self, _call: Call) -> Answer:
        """Return the servers that the bot is in."""
        value = self.world.may_in_guild(self.world.bot["id"])
        mine: Shape = {
            "name": shapes.GUILD_NAME, "icon": None, "banner": None, "owner": False, "permissions": str(value),
            "features": [],
        }  # fmt: skip
        return 200, [mine | {"id": guild} for guild in self.world.guilds]

    async def channels(self, call: Call) -> Answer:
        """Return the channels, without threads, that the bot sees."""
        self._here(call)
        return 200, [one for one in self._seen(call) if one["type"] not in shapes.THREADS]

    async def roles(self, call: Call) -> Answer:
        """Return the roles."""
        self._here(call)
        return 200, list(self.world.roles.values())

    async def members(self, call: Call) -> Answer:
        """Return all members: only for bots with the intent."""
        self._here(call)
        if not self.gateway.approved & MEMBERS:
            raise RefusedError(50001)
        after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
        there = sorted((int(ident), one) for ident, one in self.world.members.items() if int(ident) > after)
        return 200, [one for _, one in there[:limit]]

    async def member(self, call: Call) -> Answer:
        """Return one member."""
        self._here(call)
        if call["user_id"] not in self.world.members:
            raise RefusedError(10007)
        return 200, self.world.members[call["user_id"]]

    async def active(self, call: Call) -> Answer:
        """Return the threads that are open."""
        self._here(call)
        found = [one for one in self._seen(call) if one["type"] in shapes.THREADS]
        open_ = [one for one in found if not one["thread_metadata"]["archived"]]
        return 200, {"threads": open_, "members": self.world.memberships(open_), "has_more": False}

    async def user(self, call: Call) -> Answer:
        """Return an account."""
        if call["user_id"] not in self.world.users:
            raise RefusedError(10013)
        return 200, self.world.users[call["user_id"]]

    def _here(self, call: Call) -> None:
        if call["guild_id"] not in self.world.guilds:
            raise RefusedError(10004)

    def _seen(self, call: Call) -> list[Shape]:
        me = self.world.bot["id"]
        here = [one for one in self.world.channels.values() if one.get("guild_id") == call["guild_id"]]
        return [one for one in here if self.world.may(me, one["id"]).view_channel]
