"""Which gaps does a text have for values to fill?

A gap is a name in braces: `{host}`, `{http.status}`. After `%` or `$` braces belong to somebody else's syntax
(`curl -w '%{http_code}'`, `${UNIT}`) and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_GAP = re.compile(r"(?<![%$\\])\{([a-z][a-z0-9_.-]*)\}")
_ALMOST = re.compile(r"(?<![%$\\{])\{ *[A-Za-z][A-Za-z0-9_.-]* *\}")


def gaps(text: str) -> frozenset[str]:
    """Return the names of all gaps."""
    return frozenset(_GAP.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, in one pass: braces inside a value are never a gap. Unknown names stay as they are."""
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def almost_gaps(text: str) -> list[str]:
    """Return what looks like a gap and is none, such as `{ host }` or `{Host}`."""
    return [found for found in _ALMOST.findall(text) if not _GAP.fullmatch(found)]
