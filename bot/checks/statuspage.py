"""What does a service say about itself on its official status page?

A green page is weak evidence (pages lag behind incidents); a page that cannot be read says nothing. Addresses and
forms come from `knowledge/services.toml`; they pass the same guard as everything else.
"""

from __future__ import annotations

import json
from typing import Any

from bot.checks.decode import text_of
from bot.checks.headers import codings
from bot.checks.http import fetch
from bot.checks.reach import Reach
from bot.diagnosis.neutral import neutral
from bot.kb.lists import Service


class Pages:
    """Asks status pages that offer an interface."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def state_of(self, service: Service) -> str | None:
        """See `ports.StatusPages`."""
        if service.api is None:
            return None
        fetched = await fetch(service.api, self._reach)
        if fetched.reply is None or fetched.failure is not None or fetched.reply.status != 200:
            return None
        body = text_of(fetched.reply.body, codings(fetched.reply.headers), "application/json")
        return read(service.api_kind, body)


def read(kind: str, body: str) -> str | None:
    """Read a status page's answer; None if it is not in that form."""
    try:
        said = _READERS[kind](json.loads(body))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None
    return neutral(said) if said else None


def _statuspage(shape: Any) -> str:
    return str(shape["status"]["description"])


def _status_io(shape: Any) -> str:
    return str(shape["result"]["status_overall"]["status"])


def _instatus(shape: Any) -> str:
    return {"UP": "Up", "HASISSUES": "Has issues", "UNDERMAINTENANCE": "Under maintenance"}[shape["page"]["status"]]


def _google(shape: Any) -> str:
    still_open = [incident for incident in shape if not incident.get("end")]
    return str(still_open[0]["external_desc"]) if still_open else "No open incident"


def _slack(shape: Any) -> str:
    return (
        str(shape["active_incidents"][0]["title"]) if shape.get("active_incidents") else {"ok": "Ok"}[shape["status"]]
    )


def _heroku(shape: Any) -> str:
    return ", ".join(f"{part['system']}: {part['status']}" for part in shape["status"])


_READERS = {
    "statuspage-v2": _statuspage,
    "statuspage-v2-compatible": _statuspage,
    "status.io": _status_io,
    "instatus": _instatus,
    "google-incidents": _google,
    "slack-v2": _slack,
    "heroku-v4": _heroku,
}
