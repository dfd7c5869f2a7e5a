"""Which name and password are in an address before its host?

They extend to the last `@` before the path (RFC 3986, and what browsers read). Where a password holds an unescaped
`/`, `?`, `#` or blank, no program finds the host any more, and its owner's name is where a host would be.
"""

from __future__ import annotations

import re

from bot.diagnosis.anchors import Guarded

_SCHEME = r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,15}://"
_WEB = r"(?<![A-Za-z0-9_])(?:https?|wss?|ftp)://"
_NO_PORT = r"(?!\d{1,5}(?!\w)|[$%<{])"
"""What follows the colon is neither a port nor a place to put one."""
_UNREAD = rf"[^\s/?#@\"'<>:\[]{{1,64}}:{_NO_PORT}[^\s\"'<>]{{0,255}}?[^\s\"'<>/@]"
_SPACED = rf"[^\s/?#@\"'<>:.\[]{{1,64}}:{_NO_PORT}[^\s/?#@\"'<>]{{1,64}}(?<![.,;:!)]) [^\s/@\"'<>]{{1,64}}"
"""Here the owner's name has no dot: words may follow the name of a host."""
_COLON, _SLASH = r"%(?:25)?3A", r"%(?:25)?2F"
_HOST = r"(?=[\w\[])"


def _secret(secret: str, after: str = "") -> Guarded:
    return Guarded(rf"(?P<kept>{_SCHEME})(?P<secret>{secret})(?P<after>@){after}", 0)


PASSWORD = _secret(r"[^\s/?#\"'<>:]{0,256}:[^\s/?#\"'<>]{1,256}|[^\s/?#\"'<>:]{20,256}")
"""A name and a password, or what is too long to be a name."""
NAME = _secret(r"[^\s/?#\"'<>:]{1,19}")
UNREAD = _secret(_UNREAD, _HOST)
"""A password that holds a mark of which addresses are made."""
SPACED = _secret(_SPACED, _HOST)
"""A password that holds a blank."""
ENCODED = Guarded(
    rf"(?P<kept>\b[a-z][a-z0-9+.-]{{1,15}}{_COLON}{_SLASH}{_SLASH})"
    rf"(?P<secret>[^\s&\"'<>%]{{0,64}}{_COLON}(?!\d{{1,5}}(?:{_SLASH}|%(?:25)?3F))[^\s&\"'<>]{{1,128}}?)(?P<after>%(?:25)?40)",
)
"""Those of an address inside the query of another one."""

_BEFORE_HOST = rf"({_WEB})[^\s/?#\"'<>()\[\]]{{1,512}}@(?=[^\s/?#@\"'<>(){{}}:,;`|\\^\u2e80-\uffef])"
_WITHOUT_HOST = tuple(rf"{_WEB}{secret}@{_HOST}\S{{0,2000}}" for secret in (_UNREAD, _SPACED))


def without(text: str) -> str:
    """Return a text whose web addresses begin with their hosts; one that shows none is taken out."""
    if "@" not in text or "://" not in text:
        return text
    text = re.sub(_BEFORE_HOST, r"\1", text, flags=re.IGNORECASE)
    for pattern in _WITHOUT_HOST:  # few texts come here: they are compiled then
        text = re.sub(pattern, "", text, flags=re.IGNORECASE)
    return text
