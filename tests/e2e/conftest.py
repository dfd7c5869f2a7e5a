"""What do whole conversations share? The stage, one running server of each product, and the installed command."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import trustme

from e2e.bot_process import Desk, desk
from e2e.command import Command
from e2e.servers import Apache, Haproxy, Nginx, Product, Squid
from e2e.stage import Stage

Kind = TypeVar("Kind", bound=Product)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Return this worker's names and small servers."""
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return the certificate authority that the command is told to trust."""
    return trustme.CA()


@pytest.fixture(scope="session")
def nginx(stage: Stage, tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Iterator[Nginx]:
    """Return a running nginx."""
    yield from _running(Nginx(stage, tmp_path_factory.mktemp("nginx"), authority))


@pytest.fixture(scope="session")
def haproxy(stage: Stage, tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Iterator[Haproxy]:
    """Return a running HAProxy."""
    yield from _running(Haproxy(stage, tmp_path_factory.mktemp("haproxy"), authority))


@pytest.fixture(scope="session")
def apache(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apache]:
    """Return a running Apache."""
    yield from _running(Apache(stage, tmp_path_factory.mktemp("apache")))


@pytest.fixture(scope="session")
def squid(stage: Stage) -> Iterator[Squid]:
    """Return a running Squid. It gives up being root, and only root gets into pytest's own folders."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _running(Squid(stage, Path(folder)))


def _running(product: Kind) -> Iterator[Kind]:
    yield product
    product.stop()


@pytest.fixture
def command(stage: Stage, authority: trustme.CA, tmp_path: Path) -> Command:
    """Return the installed command, which may go to our loopback servers and trusts our authority.

    Products open further ports when they start, so a test asks for them before it asks for this.
    """
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return Command(
        tmp_path,
        {
            "resolvers": stage.name_server,
            "canary": stage.canary,
            "allow_networks": "127.0.0.0/8",
            "allow_ports": ",".join(str(port) for port in sorted(stage.ports)),
            "ca_file": str(tmp_path / "authority.pem"),
            "confirm_after_s": "0.05",
            "check_deadline_s": "10",
        },
    )


@pytest.fixture
async def resting(stage: Stage, tmp_path: Path) -> AsyncIterator[Desk]:
    """Return a Discord server; its bot is not started."""
    async with desk(stage, tmp_path) as place:
        yield place


@pytest.fixture
async def at(resting: Desk) -> AsyncIterator[Desk]:
    """Return a Discord server with the bot online, whose log must stay free of tracebacks."""
    await resting.bot.start()
    yield resting
    assert "Traceback" not in resting.bot.log, resting.bot.log


@pytest.fixture
async def closed_gateway(stage: Stage, tmp_path: Path) -> AsyncIterator[Desk]:
    """Return a Discord server whose gateway refuses connections."""
    async with desk(stage, tmp_path, gateway_open=False) as place:
        yield place
