"""What is there: a server with its channels, threads, messages and people, and who may do what?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import discord

from standin import shapes
from standin.faults import RefusedError

Shape = dict[str, Any]
EVERYBODY = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, create_public_threads=True,
    read_message_history=True, embed_links=True, attach_files=True, add_reactions=True, use_application_commands=True,
)  # fmt: skip
FIELDS = ("content", "embeds", "components", "flags")


class World:
    """All of it. What changes is announced through `emit`, for a channel where it concerns one."""

    def __init__(self, emit: Callable[..., None]) -> None:
        self.emit = emit
        self.bot = shapes.user("fiveohtwo", bot=True)
        self.guild = shapes.snowflake()
        self.users: dict[str, Shape] = {self.bot["id"]: self.bot}
        self.everyone = shapes.role("@everyone", EVERYBODY.value, self.guild)
        self.roles: dict[str, Shape] = {self.guild: self.everyone}
        self.members: dict[str, Shape] = {self.bot["id"]: shapes.member([], self.bot)}
        self.channels: dict[str, Shape] = {}
        """Text channels, threads and direct messages."""
        self.messages: dict[str, dict[str, Shape]] = {}
        """Channel -> message -> its shape; a shape is changed in place."""
        self.viewers: dict[str, str] = {}
        """Ephemeral message -> the only person who sees it."""
        self.in_thread: dict[str, dict[str, Shape]] = {}
        """Thread -> person -> membership."""
        self.commands: list[Shape] = []

    def add_channel(self, name: str) -> Shape:
        """Open a text channel."""
        channel = shapes.channel(name, self.guild)
        self.channels[channel["id"]] = channel
        self.emit("CHANNEL_CREATE", channel)
        return channel

    def add_user(self, name: str, *, member: bool = True, **permissions: bool) -> Shape:
        """Let a person come, with permissions besides everybody's."""
        account = shapes.user(name)
        self.users[account["id"]] = account
        roles = []
        if permissions:
            role = shapes.role(f"{name}s", discord.Permissions(**permissions).value)
            self.roles[role["id"]] = role
            roles.append(role["id"])
            self.emit("GUILD_ROLE_CREATE", {"guild_id": self.guild, "role": role})
        if member:
            self.members[account["id"]] = shapes.member(roles, account)
        return account

    def direct(self, user: str) -> Shape:
        """Return the direct messages of a person with the bot."""
        for channel in self.channels.values():
            if channel["type"] == shapes.DM and channel["recipients"][0]["id"] == user:
                return channel
        channel = shapes.direct(self.users[user])
        self.channels[channel["id"]] = channel
        return channel

    def forbid(self, channel: str, **permissions: bool) -> None:
        """Take permissions from the bot in a channel: `send_messages=False`."""
        denied = discord.Permissions(**{name: not value for name, value in permissions.items()})
        shape = {"id": self.bot["id"], "type": 1, "allow": "0", "deny": str(denied.value)}
        self.channels[channel]["permission_overwrites"] = [shape]
        self.emit("CHANNEL_UPDATE", self.channels[channel])

    def may(self, user: str, channel: str) -> discord.Permissions:
        """Return what somebody may do in a channel."""
        place = self.channel(channel)
        if place["type"] == shapes.DM:
            return EVERYBODY
        if place["type"] == shapes.THREAD:
            place = self.channel(place["parent_id"])
        value = int(self.everyone["permissions"])
        for role in self.members[user]["roles"] if user in self.members else []:
            value |= int(self.roles[role]["permissions"])
        for change in place["permission_overwrites"]:
            if change["id"] == user:
                value = value & ~int(change["deny"]) | int(change["allow"])
        return discord.Permissions(value)

    def need(self, channel: str, *names: str) -> None:
        """Refuse the bot what it may not do."""
        granted = self.may(self.bot["id"], channel)
        if not granted.view_channel:
            raise RefusedError(50001)
        if not all(getattr(granted, name) for name in names):
            raise RefusedError(50013)

    def channel(self, ident: str) -> Shape:
        """Return a channel or thread."""
        if ident not in self.channels:
            raise RefusedError(10003)
        return self.channels[ident]

    def message(self, channel: str, ident: str) -> Shape:
        """Return a message that all can see."""
        found = self.messages.get(channel, {}).get(ident)
        if found is None or ident in self.viewers:
            raise RefusedError(10008)
        return found

    def find(self, ident: str) -> Shape | None:
        """Return a message of any kind by its number alone."""
        return next((of[ident] for of in self.messages.values() if ident in of), None)

    def seen_by(self, user: str, channel: str) -> Iterator[Shape]:
        """Yield the messages that one person sees in a channel."""
        for message in list(self.messages.get(channel, {}).values()):
            if self.viewers.get(message["id"], user) == user:
                yield message

    def post(
        self, channel: str, author: str, body: Shape, *, kind: int = 0, viewer: str | None = None,
        files: tuple[tuple[str, bytes], ...] = (), **more: Any,
    ) -> Shape:  # fmt: skip
        """Put a message into a channel."""
        message = shapes.message(channel, self.users[author], kind=kind) | more
        if body.get("message_reference"):
            message["type"] = 19
            message["message_reference"] = {"type": 0, "channel_id": channel, "guild_id": self.guild} | {
                name: str(value) for name, value in body["message_reference"].items() if name.endswith("_id")
            }
        self._fill(message, body, files)
        self.messages.setdefault(channel, {})[message["id"]] = message
        if viewer is not None:
            self.viewers[message["id"]] = viewer
            message["flags"] |= shapes.EPHEMERAL
        else:
            self._count(channel, message)
            self.announce("MESSAGE_CREATE", message)
        return message

    def change(self, message: Shape, body: Shape, files: tuple[tuple[str, bytes], ...] = ()) -> Shape:
        """Edit a message."""
        self._fill(message, body, files)
        message["edited_timestamp"] = shapes.now()
        message["flags"] &= ~shapes.LOADING
        self.announce("MESSAGE_UPDATE", message)
        return message

    def remove(self, message: Shape) -> None:
        """Delete a message."""
        del self.messages[message["channel_id"]][message["id"]]
        if self.viewers.pop(message["id"], None) is None:
            gone = {"id": message["id"], "channel_id": message["channel_id"]}
            self.emit("MESSAGE_DELETE", gone | self._where(message["channel_id"]), channel=message["channel_id"])

    def announce(self, event: str, message: Shape) -> None:
        """Tell of a message that all can see."""
        if message["id"] in self.viewers:
            self.emit("", {})
            return
        author = self.members.get(message["author"]["id"])
        told = message | self._where(message["channel_id"])
        if author is not None and "guild_id" in told:
            told["member"] = {name: value for name, value in author.items() if name != "user"}
        self.emit(event, told, channel=message["channel_id"])

    def open_thread(self, parent: str, owner: str, body: Shape, source: Shape | None = None) -> Shape:
        """Open a thread, at a message or without one."""
        minutes = body.get("auto_archive_duration") or 1440
        ident = source["id"] if source else None
        thread = shapes.thread(body["name"], self.guild, parent, owner, minutes, ident=ident)
        self.channels[thread["id"]] = thread
        self.in_thread[thread["id"]] = {}
        self.join(thread["id"], owner)
        self.emit("THREAD_CREATE", thread | {"newly_created": True})
        if source is not None:
            source["flags"] |= shapes.HAS_THREAD
            source["thread"] = thread
            self.announce("MESSAGE_UPDATE", source)
        return thread

    def join(self, thread: str, user: str) -> None:
        """Let somebody into a thread."""
        there = self.in_thread[thread]
        there.setdefault(user, {"id": thread, "user_id": user, "join_timestamp": shapes.now(), "flags": 0})
        self.channels[thread]["member_count"] = len(there)

    def change_thread(self, thread: Shape, body: Shape) -> Shape:
        """Rename, archive or lock a thread."""
        meta = thread["thread_metadata"]
        meta |= {name: body[name] for name in ("archived", "locked", "auto_archive_duration") if name in body}
        if "name" in body:
            thread["name"] = body["name"]
        if "archived" in body:
            meta["archive_timestamp"] = shapes.now()
        self.emit("THREAD_UPDATE", thread)
        return thread

    def remove_channel(self, ident: str) -> None:
        """Delete a channel or thread with all in it."""
        channel = self.channels.pop(ident)
        self.messages.pop(ident, None)
        if channel["type"] == shapes.THREAD:
            gone = {name: channel[name] for name in ("id", "guild_id", "parent_id", "type")}
            self.emit("THREAD_DELETE", gone)
        else:
            self.emit("CHANNEL_DELETE", channel)

    def _where(self, channel: str) -> Shape:
        return {} if self.channels[channel]["type"] == shapes.DM else {"guild_id": self.guild}

    def _fill(self, message: Shape, body: Shape, files: tuple[tuple[str, bytes], ...]) -> None:
        given = {name: body[name] for name in FIELDS if body.get(name) is not None}
        if "components" in given:
            given["components"] = shapes.components(given["components"])
        if "embeds" in given:
            given["embeds"] = shapes.embeds(given["embeds"])
        if "flags" in given:
            given["flags"] |= message["flags"] & ~shapes.LOADING
        message.update(given)
        if files or "attachments" in body:
            kept = {str(one.get("id")) for one in body.get("attachments") or ()}
            stay = [one for one in message["attachments"] if one["id"] in kept]
            new = [shapes.attachment(name, len(data), message["channel_id"]) for name, data in files]
            message["attachments"] = [*stay, *new]
        called = [user for ident, user in self.users.items() if f"<@{ident}>" in message["content"]]
        message["mentions"] = called

    def _count(self, channel: str, message: Shape) -> None:
        place = self.channels[channel]
        place["last_message_id"] = message["id"]
        if place["type"] == shapes.THREAD:
            place["message_count"] += 1
            place["total_message_sent"] += 1
            if place["thread_metadata"]["archived"]:
                self.change_thread(place, {"archived": False})
