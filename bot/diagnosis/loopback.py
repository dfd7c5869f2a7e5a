"""Is a text about the reader's own machine, where nobody else can look?"""

from __future__ import annotations

import re

_OWN = re.compile(r"(?<![\w.@-])(?:localhost(?![\w-]|\.\w)|127(?:\.\d{1,3}){3}(?![\w-]|\.\d)|\[::1\])", re.IGNORECASE)
"""The names of the loopback (RFC 6761, section 6.3; RFC 6890)."""


def is_own_machine(text: str, host: str | None) -> bool:
    """Tell whether the address that failed is the loopback: it is in the text, and no other host failed."""
    return _OWN.search(text) is not None and (
        host is None or _OWN.match(f"[{host}]" if ":" in host else host) is not None
    )
