"""What do the tests of peers share? A real NATS server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nats_servers import NatsServer


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    """Return a running server that knows everybody."""
    with NatsServer(tmp_path) as server:
        yield server
