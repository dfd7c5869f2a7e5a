"""Which requests of discord.py 2.7 are served, and what does every one of them pass through?"""

from __future__ import annotations

import json
import re
import socket
from typing import Any, Self

from aiohttp import web

from standin import limits, shapes
from standin.call import Answer, Call, Routes
from standin.channels import Channels
from standin.commands import Commands
from standin.faults import Faults, LostError, RefusedError, nested
from standin.gateway import Gateway
from standin.guilds import Guilds
from standin.interactions import Interactions
from standin.reactions import Reactions
from standin.record import Entry, Record
from standin.specgate import SpecGate, spec
from standin.threads import Threads
from standin.world import World

TOKEN = "test.token.x"
API = "/api/v10"
MESSAGE_CONTENT_LIMITED = 1 << 19
"""The flag of an application that may read messages and is in fewer than a hundred servers."""
OPEN = ("/interactions/", "/webhooks/")
"""Routes that ask for no bot token."""


class Standin:
    """One stand-in with a world of its own, on ports of its own."""

    def __init__(self, *, gateway_open: bool = True) -> None:
        self.record = Record()
        self.faults = Faults()
        self.gateway = Gateway(self.record, TOKEN)
        self.world = World(self.gateway.emit)
        self.gateway.world = self.world
        self.interactions = Interactions(self.world)
        self.reactions = Reactions(self.world)
        self.spec: SpecGate | None = spec()
        self.interactions_at: str | None = None
        """Where Discord sends interactions instead of the gateway, if anywhere."""
        self._gateway_open = gateway_open
        self._runners: list[web.AppRunner] = []
        self._sockets = [_socket(), _socket()]
        self.api_port, self.gateway_port = (one.getsockname()[1] for one in self._sockets)
        self.gateway.url = self.gateway_url
        self.gateway.judge = self._judge_event
        self.world.files_at = f"http://127.0.0.1:{self.api_port}/attachments"
        parts = (
            Channels(self.world, self.gateway), Threads(self.world), self.reactions, self.interactions,
            Commands(self.world), Guilds(self.world, self.gateway),
        )  # fmt: skip
        served = [*self._routes(), *(route for part in parts for route in part.routes())]
        self.served = {name for name, _ in served}
        """All routes."""
        self._table = [(*_compiled(name), name, handler) for name, handler in served]

    @property
    def api_url(self) -> str:
        """Return what the bot takes for Discord's HTTP interface."""
        return f"http://127.0.0.1:{self.api_port}{API}"

    @property
    def gateway_url(self) -> str:
        """Return what the bot takes for Discord's gateway."""
        return f"ws://127.0.0.1:{self.gateway_port}/gateway"

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=30 * 2**20)
        application.router.add_route("*", API + "/{path:.*}", self._serve)
        application.router.add_get("/attachments/{channel}/{ident}/{name}", self._file)
        await self._listen(application, self._sockets[0])
        if self._gateway_open:
            await self.open_gateway()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.gateway.drop(1001)
        for runner in self._runners:
            await runner.cleanup()
        for one in self._sockets:
            one.close()

    async def open_gateway(self) -> None:
        """Listen on the gateway's port; until then connections to it are refused."""
        application = web.Application()
        application.router.add_get("/{path:.*}", self.gateway.handle)
        await self._listen(application, self._sockets[1])

    async def _listen(self, application: web.Application, at: socket.socket) -> None:
        runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._runners.append(runner)
        await web.SockSite(runner, at).start()

    def _routes(self) -> Routes:
        return [
            ("GET /users/@me", self._me),
            ("GET /oauth2/applications/@me", self._application),
            ("GET /applications/@me", self._application),
            ("GET /gateway", self._gateway),
            ("GET /gateway/bot", self._gateway_bot),
        ]

    async def _serve(self, request: web.Request) -> web.Response:
        path = "/" + request.match_info["path"]
        body, files = await _read(request)
        name, reply, headers = f"{request.method} {path}", None, {}
        try:
            name, params, handler = self._find(request.method, path)
            fault = await self.faults.before(name)
            self._let_in(path, request.headers.get("Authorization"))
            self._judge_request(name, params, body, files)
            status, reply = await handler(Call(params, dict(request.query), body or {}, files))
            if fault is not None:
                fault.afterwards()
        except RefusedError as refused:
            status, reply, headers = refused.status, refused.body, refused.headers
        except LostError:
            return self._cut(request, Entry("request", name, path, body, files=files))
        self._judge_reply(name, status, reply)
        text = json.dumps(reply) if reply is not None else None
        shown = json.loads(text) if text is not None else None
        self.record.add(Entry("request", name, path, body, status, shown, files))
        if text is None:
            return web.Response(status=status, headers=headers)
        return web.Response(body=text.encode(), status=status, headers=headers | {"Content-Type": "application/json"})

    def _cut(self, request: web.Request, entry: Entry) -> web.Response:
        self.record.add(entry)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _let_in(self, path: str, authorization: str | None) -> None:
        if not path.startswith(OPEN) and authorization != f"Bot {self.gateway.token}":
            raise RefusedError(status=401, text="401: Unauthorized")

    def _find(self, method: str, path: str) -> tuple[str, dict[str, str], Any]:
        for wanted, pattern, name, handler in self._table:
            found = pattern.fullmatch(path) if method == wanted else None
            if found is not None:
                return name, found.groupdict(), handler
        self.record.violated(f"{method} {path}", ["there is no such route here"])
        raise RefusedError(status=404, text="404: Not Found")

    def _judge_request(
        self, name: str, params: dict[str, str], body: Any, files: tuple[tuple[str, bytes], ...]
    ) -> None:
        found = self.spec.request(name, body) if self.spec is not None else []
        found += limits.judge(name, body, files=len(files), flags=self._flags(name, params))
        if found:
            self.record.violated(name, found)
            raise RefusedError(50006 if found == [limits.EMPTY] else 50035, errors=nested(found))

    def _flags(self, name: str, params: dict[str, str]) -> int:
        """Return the flags that the message has already that is about to be edited."""
        if not name.startswith("PATCH"):
            return 0
        hook = self.interactions.by_token.get(params.get("webhook_token", ""))
        original = hook.original if hook is not None and "message_id" not in params else None
        message = original or self.world.find(params.get("message_id", ""))
        return message["flags"] if message is not None else 0

    def _judge_reply(self, name: str, status: int, reply: Any) -> None:
        if self.spec is not None and status < 500 and name in self.served:
            self.record.violated(f"our reply {status} to {name}", self.spec.reply(name, status, reply))

    def _judge_event(self, event: str, data: dict[str, Any]) -> None:
        if self.spec is not None:
            self.record.violated(f"our event {event}", self.spec.event(event, data))

    async def _file(self, request: web.Request) -> web.Response:
        data = self.world.files.get(request.match_info["ident"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _me(self, _call: Call) -> Answer:
        return 200, self.world.bot | {"mfa_enabled": False, "locale": "en-US"}

    async def _application(self, _call: Call) -> Answer:
        owner = shapes.user("owner")
        flags = self.gateway.approved and MESSAGE_CONTENT_LIMITED
        return 200, {
            "id": self.world.bot["id"], "name": "Fiveohtwo", "icon": None, "description": "", "type": None,
            "verify_key": "0" * 64, "flags": flags, "flags_new": str(flags), "redirect_uris": [], "bot_public": True,
            "interactions_endpoint_url": self.interactions_at, "role_connections_verification_url": None, "owner": owner,
            "approximate_guild_count": 1, "approximate_user_install_count": 0, "bot_require_code_grant": False,
            "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "team": None,
            "eligible_oauth2_scopes": [],
        }  # fmt: skip

    async def _gateway(self, _call: Call) -> Answer:
        return 200, {"url": self.gateway_url}

    async def _gateway_bot(self, _call: Call) -> Answer:
        left = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return 200, {"url": self.gateway_url, "shards": self.gateway.shards, "session_start_limit": left}


def _socket() -> socket.socket:
    """Take a free port. Nobody listens on it yet, so connections are refused."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", 0))
    return one


def _compiled(name: str) -> tuple[str, re.Pattern[str]]:
    method, _, template = name.partition(" ")
    return method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


async def _read(request: web.Request) -> tuple[Any, tuple[tuple[str, bytes], ...]]:
    """Read JSON, or a form with files and the JSON in one of its fields."""
    if not request.can_read_body:
        return None, ()
    if not request.content_type.startswith("multipart/"):
        return json.loads(await request.read() or b"null"), ()
    body, files = None, []
    async for part in await request.multipart():
        data = await part.read()  # type: ignore[union-attr]
        if part.name == "payload_json":  # type: ignore[union-attr]
            body = json.loads(data)
        else:
            files.append((part.filename or "", bytes(data)))  # type: ignore[union-attr]
    return body, tuple(files)
