"""How does a real NATS server run in a test? On a free port of the loopback, with the accounts that the test wants."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

SERVER = Path(sys.executable).with_name("nats-server")
PATIENCE_S = 10.0
PEER, BOT = "peer-secret", "bot-secret"
ROLES = {
    "users": [
        {
            "user": "peer", "password": PEER,
            "permissions": {
                "subscribe": ["fiveohtwo.ask"], "publish": {"deny": [">"]},
                "allow_responses": {"max": 2, "expires": "2m"},
            },
        },
        {
            "user": "bot", "password": BOT,
            "permissions": {"publish": ["fiveohtwo.ask"], "subscribe": ["fiveohtwo.answer.*"]},
        },
    ]
}  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@dataclass
class NatsServer:
    """A server; `config` is its configuration file as a value (NATS takes JSON)."""

    folder: Path
    config: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    """The whole configuration, if it is not to be made."""
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def as_user(self, name: str, password: str) -> str:
        return f"nats://{name}:{password}@127.0.0.1:{self.port}"

    def start(self, arguments: Sequence[str] = ()) -> Self:
        if self._taken():
            self.port = free_port()
        path = self.folder / f"nats-{self.port}.conf"
        path.write_text(self.text or json.dumps({"host": "127.0.0.1", "port": self.port, **self.config}))
        with (self.folder / "nats.log").open("ab") as log:
            self._process = subprocess.Popen([SERVER, "-c", path, *arguments], stderr=log, stdout=log)
        until = time.monotonic() + PATIENCE_S
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            assert self._process.poll() is None, (self.folder / "nats.log").read_text()
            assert time.monotonic() < until, "nats-server does not listen"
            time.sleep(0.02)

    def _taken(self) -> bool:
        """Did another worker take the port meanwhile?"""
        if self.text is not None:
            return False
        try:
            socket.create_server(("127.0.0.1", self.port)).close()
        except OSError:
            return True
        return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
