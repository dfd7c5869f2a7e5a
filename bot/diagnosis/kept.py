"""Which named facts of a text may be kept, shown and passed on?

They are cut out of the text as it was pasted. A log gives the whole request to the machine behind a proxy, with its
query and any name and password in it: what its people need is where it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.diagnosis.redact import clean_url, redact

_STATION = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://(?:unix:[^\s:?#]{1,200}|(?:\[[0-9a-f:.%]{2,60}\]|[^\s/?#@:\[]{1,255})(?::\d{1,5})?)",
    re.IGNORECASE,
)
"""Scheme, host and port, or the file of a socket."""
_USER = re.compile(r"<(?:password|user)>@")


def without_secrets(details: Mapping[str, str]) -> dict[str, str]:
    """Return named facts as they may be kept, without those of which nothing is left."""
    cleaned = {name: _station(value) if name == "upstream" else _plain(value) for name, value in details.items()}
    return {name: value for name, value in cleaned.items() if value}


def _station(value: str) -> str:
    if "://" not in value:
        return _plain(value)
    found = _STATION.match(_USER.sub("", redact(value)[0]))
    return found[0] if found else ""


def _plain(value: str) -> str:
    return clean_url(value).partition("?")[0] if "://" in value else redact(value)[0]
