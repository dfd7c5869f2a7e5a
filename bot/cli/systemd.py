"""How does systemd learn how a process is doing? By a datagram, where it asks for one (sd_notify(3))."""

from __future__ import annotations

import socket
from contextlib import suppress

from bot.settings import notify_socket


def notify(state: str) -> None:
    """Tell it; without systemd nobody is told."""
    address = notify_socket()
    if address is None or not hasattr(socket, "AF_UNIX"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        to.sendall(state.encode())
