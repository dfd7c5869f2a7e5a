"""Which metrics does a running process expose to Prometheus, and where? None, unless the operator names an address.

prometheus-client is imported only where they are wanted.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from errno import EADDRINUSE
from typing import TYPE_CHECKING, TypeVar

from bot.checks.vantage.peers.did import DID, Did
from bot.cli.heartbeat import SIGN_EVERY_S
from bot.engine.run import Engine
from bot.engine.watcher import Watcher
from bot.kb.model import KnowledgeBase, State
from bot.ports.counts import Asker
from bot.settings import PREFIX, SettingsError
from bot.settings.model import Settings, split_metrics

if TYPE_CHECKING:
    from threading import Thread
    from wsgiref.simple_server import WSGIServer

    from prometheus_client import CollectorRegistry

    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

Kind = TypeVar("Kind", bound="Able")

ASKERS: tuple[Asker, ...] = ("conversation", "watch")
OUTCOMES = ("solved", "later", "stopped", "silent")
REFUSED = "refused"
STALE_AFTER_S = 4 * SIGN_EVERY_S


class Able:
    """The metrics of any process: its own, and whether it is able to work."""

    def __init__(self, registry: CollectorRegistry) -> None:
        from prometheus_client import Gauge, ProcessCollector

        ProcessCollector(registry=registry)
        self._able_at: float | None = None
        """When this process was last able to work."""
        able = Gauge("fiveohtwo_able", "1 while this process is able to work, else 0.", registry=registry)
        able.set_function(self._is_able)

    def hear(self, obstacle: str | None) -> None:
        """Take note of what keeps this process from its work."""
        self._able_at = time.monotonic() if obstacle is None else None

    def _is_able(self) -> float:
        """Tell whether it is, on a thread of its own: a process that hangs no longer gives signs, and is not able."""
        at = self._able_at
        return float(at is not None and time.monotonic() - at <= STALE_AFTER_S)


class Meters(Able):
    """The metrics of a process that holds conversations or watches: `Counts`, and those of any process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        from prometheus_client import Counter

        super().__init__(registry)
        looks = "Looks at sites that came back here, by what waited for them and by what visitors get."
        self._looks = Counter("fiveohtwo_looks", looks, ["asker", "state"], registry=registry)
        begun = "Conversations that began here."
        self._begun = Counter("fiveohtwo_conversations_begun", begun, registry=registry)
        ended = "Conversations that ended here, by how."
        self._ended = Counter("fiveohtwo_conversations_ended", ended, ["outcome"], registry=registry)
        delayed = "Events that had to wait because the database was away."
        self._delayed = Counter("fiveohtwo_events_delayed", delayed, registry=registry)
        # All are there from the start: what appears with its first event has no increase to alert on.
        for state in (*State, None):
            for asker in ASKERS:
                self._looks.labels(asker, state or REFUSED)
        for outcome in OUTCOMES:
            self._ended.labels(outcome)

    def looked(self, asker: Asker, state: State | None) -> None:
        """See `ports.Counts`."""
        self._looks.labels(asker, state or REFUSED).inc()

    def began(self) -> None:
        """See `ports.Counts`."""
        self._begun.inc()

    def ended(self, outcome: str) -> None:
        """See `ports.Counts`."""
        self._ended.labels(outcome).inc()

    def delayed(self) -> None:
        """See `ports.Counts`."""
        self._delayed.inc()


class PeerMeters(Able):
    """The metrics of a peer: what happened to its questions, and those of any process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        from prometheus_client import Counter

        super().__init__(registry)
        asked = "Messages that came to this peer, by what became of them."
        self._asked = Counter("fiveohtwo_peer_asked", asked, ["did"], registry=registry)
        for did in DID:
            self._asked.labels(did)

    def asked(self, did: Did) -> None:
        """Count one message."""
        self._asked.labels(did).inc()


@contextmanager
def served(settings: Settings, kind: Callable[[CollectorRegistry], Kind]) -> Iterator[Kind | None]:
    """Expose metrics meanwhile, if the operator wants that. Raises SettingsError for an address not of this machine.

    If the port is taken, perhaps by another process with the same settings, the work goes on without metrics.
    """
    if settings.metrics is None:
        yield None
        return
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    meters, started = kind(registry), _start(settings.metrics, registry)
    if isinstance(started, OSError):
        if started.errno != EADDRINUSE:
            raise SettingsError(f"{PREFIX}METRICS: {settings.metrics} cannot be used ({why(started)}).") from started
        log.warning("%sMETRICS: %s is taken, and this process tells no numbers", PREFIX, settings.metrics)
        yield None
        return
    try:
        yield meters
    finally:
        _stop(started)


def obstacle_at(metrics: str) -> OSError | None:
    """Return what keeps a process from exposing its metrics there, None if nothing does."""
    from prometheus_client import CollectorRegistry

    started = _start(metrics, CollectorRegistry())
    if isinstance(started, OSError):
        return started
    _stop(started)
    return None


def _start(metrics: str, registry: CollectorRegistry) -> tuple[WSGIServer, Thread] | OSError:
    from prometheus_client import start_http_server

    host, port = split_metrics(metrics)
    try:
        return start_http_server(port, host, registry)
    except OSError as error:
        return error


def _stop(started: tuple[WSGIServer, Thread]) -> None:
    server, thread = started
    server.shutdown()
    server.server_close()
    thread.join()


def counted(client: Fiveohtwo, meters: Meters | None) -> Fiveohtwo:
    """Let a client that has not started yet count what it does."""
    if meters is None:
        return client
    parts = client.parts

    async def engine(kb: KnowledgeBase) -> Engine:
        made = await parts.engine(kb)
        made.counts = meters
        return made

    async def watcher(kb: KnowledgeBase) -> Watcher:
        made = await parts.watcher(kb)
        made.counts = meters
        return made

    client.parts = replace(parts, engine=engine, watcher=watcher)
    return client


def why(error: OSError) -> str:
    """Say why the system refuses it."""
    return os.strerror(error.errno) if error.errno else str(error)
