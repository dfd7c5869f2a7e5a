"""Who reacted to which message, and what may a bot do about it?"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from standin import shapes
from standin.call import Answer, Call, Routes
from standin.faults import RefusedError
from standin.world import Shape, World

MESSAGE = "/channels/{channel_id}/messages/{message_id}/reactions"
EMOJI = MESSAGE + "/{emoji_name}"


class Reactions:
    """All reactions, and the routes of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.of: dict[str, dict[str, list[str]]] = {}
        """Message -> emoji -> people, in the order in which they came."""

    def routes(self) -> Routes:
        """Return who answers what. `@me` comes before any other person."""
        return [
            (f"PUT {EMOJI}/@me", self.add),
            (f"DELETE {EMOJI}/@me", self.take_back),
            (f"DELETE {EMOJI}/{{user_id}}", self.take_away),
            (f"DELETE {EMOJI}", self.clear),
            (f"DELETE {MESSAGE}", self.clear),
            (f"GET {EMOJI}", self.people),
        ]

    async def add(self, call: Call) -> Answer:
        """React; whoever adds a reaction that nobody had needs a permission for it."""
        message, emoji = self._message(call), unquote(call["emoji_name"])
        if len(emoji) > 32 or (emoji.isascii() and ":" not in emoji):
            raise RefusedError(10014)
        if emoji not in self.of.get(message["id"], {}):
            self.world.need(call["channel_id"], "add_reactions")
        self.put(message, emoji, self.world.bot["id"])
        return 204, None

    async def take_back(self, call: Call) -> Answer:
        """Take the own reaction back."""
        self.drop(self._message(call), unquote(call["emoji_name"]), self.world.bot["id"])
        return 204, None

    async def take_away(self, call: Call) -> Answer:
        """Take somebody's reaction away."""
        message = self._message(call)
        self.world.need(call["channel_id"], "manage_messages")
        self.drop(message, unquote(call["emoji_name"]), call["user_id"])
        return 204, None

    async def clear(self, call: Call) -> Answer:
        """Take all reactions away, or all of one kind."""
        message = self._message(call)
        self.world.need(call["channel_id"], "manage_messages")
        wanted = unquote(call.params.get("emoji_name", ""))
        for emoji, people in list(self.of.get(message["id"], {}).items()):
            for user in list(people) if not wanted or wanted == emoji else []:
                self.drop(message, emoji, user)
        return 204, None

    async def people(self, call: Call) -> Answer:
        """Return who reacted with one emoji."""
        there = self.of.get(self._message(call)["id"], {}).get(unquote(call["emoji_name"]), [])
        return 200, [self.world.users[user] for user in there]

    def put(self, message: Shape, emoji: str, user: str) -> None:
        """Let somebody react."""
        there = self.of.setdefault(message["id"], {}).setdefault(emoji, [])
        if user not in there:
            there.append(user)
            self._told("MESSAGE_REACTION_ADD", message, emoji, user)

    def drop(self, message: Shape, emoji: str, user: str) -> None:
        """Let somebody take a reaction back."""
        there = self.of.get(message["id"], {}).get(emoji, [])
        if user not in there:
            return
        there.remove(user)
        if not there:
            del self.of[message["id"]][emoji]
        self._told("MESSAGE_REACTION_REMOVE", message, emoji, user)

    def _told(self, event: str, message: Shape, emoji: str, user: str) -> None:
        me = self.world.bot["id"]
        message["reactions"] = [
            {
                "emoji": _emoji(name), "count": len(people), "count_details": {"burst": 0, "normal": len(people)},
                "burst_colors": [], "me_burst": False, "me": me in people,
            }
            for name, people in self.of[message["id"]].items()
        ]  # fmt: skip
        where = self.world.where(message["channel_id"])
        told: dict[str, Any] = where | {
            "user_id": user, "channel_id": message["channel_id"], "message_id": message["id"], "emoji": _emoji(emoji),
            "burst": False, "type": 0,
        }  # fmt: skip
        if event.endswith("ADD"):
            told["message_author_id"] = message["author"]["id"]
            if where and user in self.world.members:
                told["member"] = self.world.members[user]
        self.world.emit(event, told, channel=message["channel_id"])

    def _message(self, call: Call) -> Shape:
        self.world.need(call["channel_id"], "read_message_history")
        place = self.world.channel(call["channel_id"])
        if place["type"] in shapes.THREADS and place["thread_metadata"]["archived"]:
            raise RefusedError(50083)
        return self.world.message(call["channel_id"], call["message_id"])


def _emoji(name: str) -> Shape:
    label, _, ident = name.partition(":")
    return {"id": ident or None, "name": label}
