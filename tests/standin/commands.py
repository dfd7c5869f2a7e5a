"""What may a bot do with its commands, of all servers and of one?"""

from __future__ import annotations

from typing import Any

from standin import shapes
from standin.call import Answer, Call, Routes
from standin.faults import RefusedError
from standin.world import Shape, World

EVERYWHERE = "/applications/{application_id}/commands"
IN_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ONE = "/{command_id}"


class Commands:
    """Routes of commands."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> Routes:
        """Return who answers what."""
        return [
            (f"{method} {base}{rest}", handler)
            for base in (EVERYWHERE, IN_GUILD)
            for method, rest, handler in (
                ("GET", "", self.all),
                ("PUT", "", self.replace),
                ("POST", "", self.add),
                ("GET", ONE, self.read),
                ("PATCH", ONE, self.change),
                ("DELETE", ONE, self.remove),
            )
        ]

    async def all(self, call: Call) -> Answer:
        """Return the commands of one place."""
        return 200, self._of(self._place(call))

    async def replace(self, call: Call) -> Answer:
        """Put these commands in the place of all; whoever keeps name and type keeps its number."""
        place = self._place(call)
        given: Any = call.body
        before = {(one["name"], one["type"]): one["id"] for one in self._of(place)}
        new = [self._whole(one, place, before.get((one["name"], one.get("type") or 1))) for one in given]
        self.world.commands = [one for one in self.world.commands if one.get("guild_id") != place] + new
        return 200, new

    async def add(self, call: Call) -> Answer:
        """Add one, or replace the one with its name."""
        place, key = self._place(call), (call.body["name"], call.body.get("type") or 1)
        old = next((one for one in self._of(place) if (one["name"], one["type"]) == key), None)
        if old is not None:
            self.world.commands.remove(old)
        new = self._whole(call.body, place, old["id"] if old else None)
        self.world.commands.append(new)
        return (200 if old else 201), new

    async def read(self, call: Call) -> Answer:
        """Return one."""
        return 200, self._one(call)

    async def change(self, call: Call) -> Answer:
        """Change one."""
        one = self._one(call)
        one |= call.body | {"version": shapes.snowflake()}
        return 200, one

    async def remove(self, call: Call) -> Answer:
        """Remove one."""
        self.world.commands.remove(self._one(call))
        return 204, None

    def _place(self, call: Call) -> str | None:
        if call["application_id"] != self.world.bot["id"]:
            raise RefusedError(20012)
        guild = call.params.get("guild_id")
        if guild not in (None, *self.world.guilds):
            raise RefusedError(50001)
        return guild

    def _of(self, place: str | None) -> list[Shape]:
        return [one for one in self.world.commands if one.get("guild_id") == place]

    def _one(self, call: Call) -> Shape:
        found = [one for one in self._of(self._place(call)) if one["id"] == call["command_id"]]
        if not found:
            raise RefusedError(10063)
        return found[0]

    def _whole(self, given: Any, place: str | None, ident: str | None) -> Shape:
        """Return a command as Discord hands it back: what is left out filled in."""
        whole: Shape = {"description": "", "default_member_permissions": None, "nsfw": False, "contexts": None}
        whole |= {"integration_types": [0], "dm_permission": True} | {k: v for k, v in given.items() if v is not None}
        permissions = whole["default_member_permissions"]
        where = {} if place is None else {"guild_id": place}
        return where | whole | {
            "id": ident or shapes.snowflake(), "type": given.get("type") or 1,
            "application_id": self.world.bot["id"], "version": shapes.snowflake(),
            "default_member_permissions": None if permissions is None else str(permissions),
        }  # fmt: skip
