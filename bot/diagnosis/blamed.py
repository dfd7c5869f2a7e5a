"""Which host, and which port of it, is to blame for what was seen?"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.diagnosis.findings import Failure, Report

_PORTS = {"http": 80, "https": 443}


def last_url(report: Report) -> str:
    """Return the address that was requested last."""
    http = report.local.finding("http")
    return str(http.facts.get("url", "")) if http is not None else ""


def redirected(report: Report, status: JsonValue) -> dict[str, JsonValue]:
    """Name the host that is to blame when redirects led away from the requested one."""
    last = urlsplit(last_url(report)).hostname
    if last is None or last == report.host or (isinstance(status, int) and status < 400):
        return {}
    return {"host": last, "http.redirected-from": report.host}


def unconnected(report: Report, facts: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Name the port that could not be connected to."""
    if facts.get("tcp.outcome") == "fail":
        url = report.url
    elif facts.get("http.stage") == "connect" or facts.get("http.failure") == Failure.REFUSED.value:
        url = last_url(report)
    else:
        return {}
    asked = urlsplit(url)
    port = asked.port or _PORTS.get(asked.scheme)
    return {"port": port} if port else {}
