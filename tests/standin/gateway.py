"""How does the gateway talk: HELLO, IDENTIFY, events in order, RESUME with what was missed?"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from standin import shapes
from standin.record import Entry, Record
from standin.world import World

GUILDS, MEMBERS, PRESENCES, MESSAGE_CONTENT = 1, 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT
NEEDED = {
    "MESSAGE_REACTION": (1 << 10, 1 << 13),
    "MESSAGE": (1 << 9, 1 << 12),
    "TYPING": (1 << 11, 1 << 14),
    "GUILD_MEMBER": (MEMBERS, 0),
    "THREAD_MEMBERS": (MEMBERS, 0),
    "": (GUILDS, GUILDS),
}
"""How an event's name begins -> the intent that lets it through in a server, and in direct messages."""
BLANKED = {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass
class Session:
    """One session of one shard, which outlives its connections."""

    ident: str
    intents: int
    shard: tuple[int, int]
    sent: list[dict[str, Any]] = field(default_factory=list)
    """All events with their numbers: what a RESUME asks for again."""
    line: Line | None = None


class Line:
    """One websocket connection; compressed if the client asked for it."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, *, compressed: bool
    ) -> None:  # fmt: skip
        self.socket = socket
        self._transport = transport
        self._deflate = zlib.compressobj() if compressed else None
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def cut(self) -> None:
        """Break the connection off."""
        if self._transport is not None:
            self._transport.abort()

    def put(self, message: dict[str, Any]) -> None:
        """Send in the order of the calls."""
        self._queue.put_nowait(message)

    async def pump(self) -> None:
        """Send what was put, until the connection ends."""
        while True:
            text = json.dumps(await self._queue.get())
            if self.socket.closed:
                return
            if self._deflate is None:
                await self.socket.send_str(text)
            else:
                data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)


class Gateway:
    """All sessions."""

    def __init__(self, record: Record, token: str) -> None:
        self.record = record
        self.token = token
        self.world: World
        self.url = ""
        self.interval_s = 41.25
        self.approved = MESSAGE_CONTENT
        """The privileged intents that are switched on in the portal."""
        self.judge: Callable[[str, dict[str, Any]], None] = lambda _event, _data: None
        self.shards = 1
        """How many shards Discord advises."""
        self.deaf = False
        """Heartbeats are not acknowledged: the connection is dead, though nobody closed it."""
        self.sessions: dict[str, Session] = {}
        self.lines: list[Line] = []

    @property
    def online(self) -> bool:
        """Tell whether a bot is connected and identified."""
        return any(session.line is not None for session in self.sessions.values())

    def emit(self, event: str, data: dict[str, Any], *, channel: str | None = None) -> None:
        """Tell each session what it may know."""
        self.record.touch()
        if not event:
            return
        self.judge(event, data)
        for session in self.sessions.values():
            if self._concerns(session, event, data, channel):
                shown = self._shown(session, data) if event in ("MESSAGE_CREATE", "MESSAGE_UPDATE") else data
                self._send(session, event, shown)

    def sessions_of(self, shard: int) -> list[Session]:
        """Return the sessions of a shard that are connected."""
        return [one for one in self.sessions.values() if one.shard[0] == shard and one.line is not None]

    async def drop(self, code: int = 4000, *, forget: bool = False) -> None:
        """Close all connections; `forget`: their sessions cannot be resumed."""
        if forget:
            self.sessions.clear()
        for line in list(self.lines):
            await line.socket.close(code=code)

    def reconnect(self) -> None:
        """Ask all to connect again and go on where they were (operation 7)."""
        for line in self.lines:
            line.put({"op": 7, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Tell all that their session is invalid (operation 9), for good or to be resumed."""
        if not resumable:
            self.sessions.clear()
        for line in self.lines:
            line.put({"op": 9, "d": resumable})

    def cut(self) -> None:
        """Cut all connections without a word, as a broken network does."""
        for line in self.lines:
            line.cut()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        line = Line(socket, request.transport, compressed=request.query.get("compress") == "zlib-stream")
        self.lines.append(line)
        pump = asyncio.ensure_future(line.pump())
        line.put({"op": 10, "d": {"heartbeat_interval": int(self.interval_s * 1000), "_trace": []}})
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._take(line, json.loads(message.data))
        finally:
            pump.cancel()
            self.lines.remove(line)
            for session in self.sessions.values():
                if session.line is line:
                    session.line = None
            self.record.touch()
        return socket

    async def _take(self, line: Line, message: dict[str, Any]) -> None:
        names = {1: "HEARTBEAT", 2: "IDENTIFY", 3: "PRESENCE", 6: "RESUME", 8: "MEMBERS"}
        operation = message["op"]
        shown = "(not kept)" if operation in (2, 6) else message.get("d")
        if operation == 2:
            shown = {"shard": message["d"].get("shard")}
        if operation == 1:
            if not self.deaf:
                line.put({"op": 11})
        elif operation == 2:
            await self._identify(line, message["d"])
        elif operation == 6:
            await self._resume(line, message["d"])
        elif operation == 8:
            self._members(line, message["d"])
        self.record.add(Entry("received", names.get(operation, str(operation)), body=shown))

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        if data["token"] != self.token:
            await line.socket.close(code=4004, message=b"Authentication failed.")
            return
        if data["intents"] & PRIVILEGED & ~self.approved:
            await line.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        shard = tuple(data.get("shard") or (0, 1))
        for old in [ident for ident, one in self.sessions.items() if one.shard == shard]:
            del self.sessions[old]
        session = Session(shapes.snowflake(), data["intents"], (shard[0], shard[1]), line=line)
        self.sessions[session.ident] = session
        mine = [guild for guild in self.world.guilds if _owns(session, guild)]
        ready = {
            "v": 10, "user": self.world.bot, "session_id": session.ident,
            "guilds": [{"id": guild, "unavailable": True} for guild in mine],
            "resume_gateway_url": self.url, "shard": list(shard),
            "application": {"id": self.world.bot["id"], "flags": 0},
        }  # fmt: skip
        self._send(session, "READY", ready)
        for guild in mine if session.intents & GUILDS else ():
            self._send(session, "GUILD_CREATE", self.guild(guild))

    async def _resume(self, line: Line, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self.token:
            line.put({"op": 9, "d": False})
            return
        session.line = line
        for message in [one for one in session.sent if one["s"] > data["seq"]]:
            line.put(message)
        self._send(session, "RESUMED", {})

    def _members(self, line: Line, data: dict[str, Any]) -> None:
        session = next((one for one in self.sessions.values() if one.line is line), None)
        if session is not None:
            asked = data.get("user_ids") or list(self.world.members)
            wanted = {str(user) for user in (asked if isinstance(asked, list) else [asked])}
            members = [one for user, one in self.world.members.items() if user in wanted]
            chunk = {"guild_id": str(data["guild_id"]), "members": members, "chunk_index": 0, "chunk_count": 1}
            self._send(session, "GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})

    def guild(self, ident: str) -> dict[str, Any]:
        """Return a server as the bot gets to know it when it comes online."""
        world = self.world
        places = [one for one in world.channels.values() if one.get("guild_id") == ident]
        roles = [one | {"id": ident} if one is world.everyone else one for one in world.roles.values()]
        threads = [one for one in places if one["type"] in shapes.THREADS and not one["thread_metadata"]["archived"]]
        return {
            "id": ident, "name": shapes.GUILD_NAME, "owner_id": world.owner, "icon": None, "features": [],
            "roles": roles, "emojis": [], "stickers": [], "member_count": len(world.members),
            "channels": [one for one in places if one["type"] not in shapes.THREADS], "threads": threads,
            "members": [world.members[world.bot["id"]]], "voice_states": [], "presences": [],
            "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "large": False,
            "unavailable": False, "joined_at": shapes.now(), "preferred_locale": "en-US", "premium_tier": 0,
            "system_channel_id": None, "system_channel_flags": 0, "afk_channel_id": None, "afk_timeout": 300,
            "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "nsfw_level": 0, "premium_progress_bar_enabled": False,
        }  # fmt: skip

    def _concerns(self, session: Session, event: str, data: dict[str, Any], channel: str | None) -> bool:
        guild = data.get("guild_id")
        if not (session.shard[0] == 0 if guild is None else _owns(session, guild)):
            return False
        if event == "INTERACTION_CREATE":
            return True
        me = self.world.bot["id"]
        if channel is not None and not self.world.may(me, channel).view_channel:
            return False
        in_guild, direct = next(needed for name, needed in NEEDED.items() if event.startswith(name))
        if event == "THREAD_MEMBERS_UPDATE" and me in data["removed_member_ids"]:
            in_guild = GUILDS
        return bool(session.intents & (direct if guild is None else in_guild))

    def _shown(self, session: Session, data: dict[str, Any]) -> dict[str, Any]:
        readable = session.intents & MESSAGE_CONTENT
        return data if readable else self.blanked(data)

    def blanked(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return a message as a bot sees it that may not read what people write to each other."""
        me = self.world.bot["id"]
        direct = self.world.channels[data["channel_id"]]["type"] in shapes.DIRECT
        called = any(user["id"] == me for user in data["mentions"])
        return data if direct or called or data["author"]["id"] == me else data | BLANKED

    def _send(self, session: Session, event: str, data: dict[str, Any]) -> None:
        message = {"op": 0, "t": event, "s": len(session.sent) + 1, "d": json.loads(json.dumps(data))}
        session.sent.append(message)
        self.record.add(Entry("sent", event, f"shard {session.shard[0]}", body=message["d"]))
        if session.line is not None:
            session.line.put(message)


def _owns(session: Session, guild: str) -> bool:
    return (int(guild) >> 22) % session.shard[1] == session.shard[0]
