"""Which gaps does a text have for values to fill?

A gap is a name in braces: `{host}`, `{http.status}`. At run time a gap without a value becomes nothing, so a text
must not hold somebody else's braces of this form either (`curl -w %{http_code}`).
"""

from __future__ import annotations

import re

_GAP = re.compile(r"\{([a-z0-9._-]+)\}")
_ALMOST = re.compile(r"(?<!\{)\{ {0,9}[A-Za-z][A-Za-z0-9._-]{0,60} {0,9}\}")


def gaps(text: str) -> frozenset[str]:
    """Return the names of all gaps."""
    return frozenset(_GAP.findall(text))


def almost_gaps(text: str) -> list[str]:
    """Return what looks like a gap but is not one, such as `{ host }` or `{Host}`."""
    return [found for found in _ALMOST.findall(text) if not _GAP.fullmatch(found)]
