"""Does systemd learn what a process says about itself, and does nobody else need to listen?"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.cli.systemd import notify


@pytest.mark.parametrize("abstract", [False, True], ids=["file", "abstract"])
def test_state_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, abstract: bool) -> None:
    """The state is one datagram at the socket that systemd names, whether a file or an abstract name of Linux."""
    name = f"@{tmp_path}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0", 1))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify("WATCHDOG=1\nSTATUS=able to work")
        assert systemd.recv(100) == b"WATCHDOG=1\nSTATUS=able to work"


@pytest.mark.parametrize("name", [None, "", "/no/such/socket"], ids=["none", "blank", "gone"])
def test_nobody_needs_to_listen(monkeypatch: pytest.MonkeyPatch, name: str | None) -> None:
    """Without systemd, or with one that is gone, nothing happens."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    if name is not None:
        monkeypatch.setenv("NOTIFY_SOCKET", name)
    notify("READY=1")
