"""What is there: a server with its channels, threads, messages and people, and who may do what?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import discord

from standin import permissions, shapes
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
        self.guilds = [self.guild]
        """Servers that the bot is in. All have the same people and roles."""
        self.elsewhere = shapes.snowflake()
        """A server that has not invited the bot: there it answers only those who have it installed for themselves."""
        founder = shapes.user("founder")
        self.owner: str = founder["id"]
        self.users: dict[str, Shape] = {self.bot["id"]: self.bot, self.owner: founder}
        self.everyone = shapes.role("@everyone", EVERYBODY.value, self.guild)
        self.roles: dict[str, Shape] = {self.guild: self.everyone}
        self.members: dict[str, Shape] = {ident: shapes.member([], one) for ident, one in self.users.items()}
        self.channels: dict[str, Shape] = {}
        """Text channels, threads and direct messages."""
        self.messages: dict[str, dict[str, Shape]] = {}
        """Channel -> message -> its shape; a shape is changed in place."""
        self.viewers: dict[str, str] = {}
        """Ephemeral message -> the only person who sees it."""
        self.in_thread: dict[str, dict[str, Shape]] = {}
        """Thread -> person -> membership."""
        self.commands: list[Shape] = []
        """Those of all servers, and those of ours (which have a guild_id)."""
        self.installed: set[str] = set()
        """People who have the bot installed for themselves."""
        self.private: dict[str, tuple[str, ...]] = {}
        """Conversation between people -> who is in it; the bot never is."""
        self.hushed: set[str] = set()
        """Channels where nobody may show others what an app of their own says: Discord shows it to them alone."""
        self.closed: set[str] = set()
        """People who take no direct messages from the bot."""
        self.files: dict[str, bytes] = {}
        """Number of an attachment -> what is in it."""
        self.files_at = ""
        """Where attachments can be had."""

    def add_guild(self) -> str:
        """Let one more server invite the bot, before it comes online; of two shards it falls to the other one."""
        self.guilds.append(str(int(self.guilds[-1]) + (1 << 22)))
        return self.guilds[-1]

    def add_channel(
        self, name: str, *, kind: int = shapes.TEXT, elsewhere: bool = False, guild: str | None = None
    ) -> Shape:
        """Open a text channel or forum, here, in another server, or in one that does not know the bot."""
        channel = shapes.channel(name, self.elsewhere if elsewhere else guild or self.guild, kind)
        self.channels[channel["id"]] = channel
        if not elsewhere:
            self.emit("CHANNEL_CREATE", channel)
        return channel

    def add_group(self, *users: str) -> Shape:
        """Let people talk among themselves: two in direct messages, more in a group."""
        channel = shapes.group([self.users[user] for user in users])
        self.channels[channel["id"]], self.private[channel["id"]] = channel, users
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
            if channel["id"] in self.private or channel["type"] != shapes.DM:
                continue
            if channel["recipients"][0]["id"] == user:
                return channel
        channel = shapes.direct(self.users[user])
        self.channels[channel["id"]] = channel
        return channel

    def forbid(self, channel: str, *, whom: str | None = None, **wanted: bool) -> None:
        """Take permissions from the bot (or another member, or a role) in a channel: `send_messages=False`."""
        whom = whom or self.bot["id"]
        kind = permissions.ROLE if whom in self.roles else permissions.MEMBER
        others = [one for one in self.channels[channel]["permission_overwrites"] if one["id"] != whom]
        self.channels[channel]["permission_overwrites"] = [*others, permissions.overwrite(whom, kind, **wanted)]
        self.emit("CHANNEL_UPDATE", self.channels[channel])

    def may(self, user: str, channel: str) -> discord.Permissions:
        """Return what somebody may do in a channel."""
        place = self.channel(channel)
        if channel in self.private:
            return EVERYBODY if user in self.private[channel] else permissions.NONE
        if place["type"] == shapes.DM:
            return EVERYBODY if user in (self.bot["id"], place["recipients"][0]["id"]) else permissions.NONE
        if place["guild_id"] not in self.guilds:
            return permissions.NONE if user == self.bot["id"] else EVERYBODY
        if user not in self.members:
            return permissions.NONE
        thread = place["type"] in shapes.THREADS
        if place["type"] == shapes.PRIVATE_THREAD and user not in self.in_thread[channel]:
            return permissions.NONE
        parent, member = self.channels[place["parent_id"]] if thread else place, self.members[user]
        value = self.may_in_guild(user)
        changes = parent["permission_overwrites"]
        return permissions.settled(permissions.overwritten(value, member, changes, self.everyone), thread=thread)

    def may_in_guild(self, user: str) -> int:
        """Return what somebody may do in the whole server."""
        return permissions.base(self.owner, self.members[user], self.roles, self.everyone)

    def takes_messages(self, channel: str) -> bool:
        """Tell whether direct messages reach their person: one who shares a server, or has the bot installed."""
        place = self.channel(channel)
        if place["type"] != shapes.DM:
            return True
        user = place["recipients"][0]["id"]
        return user not in self.closed and (user in self.members or user in self.installed)

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
        files: tuple[tuple[str, bytes], ...] = (), ident: str | None = None, **more: Any,
    ) -> Shape:  # fmt: skip
        """Put a message into a channel."""
        message = shapes.message(channel, self.users[author], kind=kind) | more
        message["id"] = ident or message["id"]
        if body.get("message_reference"):
            message["type"] = 19
            message["message_reference"] = {"type": 0, "channel_id": channel, **self.where(channel)} | {
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
            self.emit("MESSAGE_DELETE", gone | self.where(message["channel_id"]), channel=message["channel_id"])

    def announce(self, event: str, message: Shape) -> None:
        """Tell of a message that all can see."""
        if message["id"] in self.viewers:
            self.emit("", {})
            return
        author = self.members.get(message["author"]["id"])
        told = message | self.where(message["channel_id"])
        if author is not None and "guild_id" in told:
            told["member"] = {name: value for name, value in author.items() if name != "user"}
        self.emit(event, told, channel=message["channel_id"])

    def open_thread(self, parent: str, owner: str, body: Shape, source: Shape | None = None) -> Shape:
        """Open a thread, at a message or without one."""
        minutes = body.get("auto_archive_duration") or 1440
        kind = shapes.PRIVATE_THREAD if body.get("type") == shapes.PRIVATE_THREAD else shapes.THREAD
        ident = source["id"] if source else None
        thread = shapes.thread(
            body["name"], self.channels[parent]["guild_id"], parent, owner, minutes, ident=ident, kind=kind
        )
        self.channels[thread["id"]] = thread
        self.in_thread[thread["id"]] = {}
        self.join(thread["id"], owner)
        self.emit("THREAD_CREATE", thread | {"newly_created": True}, channel=thread["id"])
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

    def leave(self, thread: str, user: str) -> None:
        """Let somebody out of a thread, or out of all."""
        there = self.in_thread[thread]
        if there.pop(user, None) is not None:
            place = self.channels[thread]
            place["member_count"] = len(there)
            gone = {"id": thread, "guild_id": place["guild_id"], "member_count": len(there)}
            self.emit("THREAD_MEMBERS_UPDATE", gone | {"removed_member_ids": [user]}, channel=thread)

    def leave_server(self, user: str) -> None:
        """Let somebody leave the server."""
        del self.members[user]
        for there in self.in_thread.values():
            there.pop(user, None)
        self.emit("GUILD_MEMBER_REMOVE", {"guild_id": self.guild, "user": self.users[user]})

    def memberships(self, threads: list[Shape]) -> list[Shape]:
        """Return the bot's own memberships in these threads."""
        mine = (self.in_thread[one["id"]].get(self.bot["id"]) for one in threads)
        return [one for one in mine if one is not None]

    def change_thread(self, thread: Shape, body: Shape) -> Shape:
        """Rename, archive or lock a thread."""
        meta = thread["thread_metadata"]
        meta |= {name: body[name] for name in ("archived", "locked", "auto_archive_duration") if name in body}
        if "name" in body:
            thread["name"] = body["name"]
        if "archived" in body:
            meta["archive_timestamp"] = shapes.now()
        self.emit("THREAD_UPDATE", thread, channel=thread["id"])
        return thread

    def remove_channel(self, ident: str) -> None:
        """Delete a channel with its threads and all in it, or a thread."""
        channel = self.channels.pop(ident)
        self.messages.pop(ident, None)
        for thread in [one["id"] for one in self.channels.values() if one.get("parent_id") == ident]:
            self.remove_channel(thread)
        if channel["type"] in shapes.THREADS:
            gone = {name: channel[name] for name in ("id", "guild_id", "parent_id", "type")}
            self.emit("THREAD_DELETE", gone)
        else:
            self.emit("CHANNEL_DELETE", channel)

    def where(self, channel: str) -> Shape:
        """Return the server that a channel belongs to, as an event tells it."""
        place = self.channels[channel]
        return {"guild_id": place["guild_id"]} if "guild_id" in place else {}

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
            new = [self._keep(name, data, message["channel_id"]) for name, data in files]
            message["attachments"] = [*stay, *new]
        called = [user for ident, user in self.users.items() if f"<@{ident}>" in message["content"]]
        message["mentions"] = called

    def _keep(self, name: str, data: bytes, channel: str) -> Shape:
        shape = shapes.attachment(name, len(data), f"{self.files_at}/{channel}")
        self.files[shape["id"]] = data
        return shape

    def _count(self, channel: str, message: Shape) -> None:
        place = self.channels[channel]
        place["last_message_id"] = message["id"]
        if place["type"] in shapes.THREADS:
            place["message_count"] += 1
            place["total_message_sent"] += 1
            if place["thread_metadata"]["archived"]:
                self.change_thread(place, {"archived": False})
