"""What do tests of commands share? A way to run one in this process, far from any network, and a site that is broken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import command
from cli_shared import Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command as the shell would; names resolve nowhere, nothing but loopback is allowed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name, value in {"RESOLVERS": "127.0.0.1:9", "CANARY": "", "CONFIRM_AFTER_S": "0"}.items():
        monkeypatch.setenv(f"FIVEOHTWO_{name}", value)

    def run_it(*args: str, stdin: str | bytes = "", **settings: str) -> Result:
        for name, value in settings.items():
            monkeypatch.setenv(f"FIVEOHTWO_{name.upper()}", value)
        return CliRunner().invoke(command, args, input=stdin, catch_exceptions=False, prog_name="fiveohtwo")

    return run_it


@pytest.fixture
def broken_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a page like nginx's 502 on loopback; return its address, which the checks may contact."""

    class Broken(BaseHTTPRequestHandler):
        server_version, sys_version = "nginx/1.24.0", ""

        def do_GET(self) -> None:
            body = b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.24.0</center></body></html>"
            self.send_response(502, "Bad Gateway")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.2", 0), Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("FIVEOHTWO_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("FIVEOHTWO_ALLOW_PORTS", str(server.server_port))
    yield f"http://127.0.0.2:{server.server_port}/"
    server.shutdown()
    server.server_close()
