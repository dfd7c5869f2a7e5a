"""What does the text itself prove about each station on the way: visitor, edge, site?"""

from __future__ import annotations

from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.identification import Hops, Station
from bot.diagnosis.site import site_of

_STATE = r"(?P<{0}>working|error|fehler|erreur|funktioniert|ошибка)"
_DIAGRAM = Guarded(
    r"\bbrowser\W{1,6}"
    + _STATE.format("visitor")
    + r"\b.{0,120}?\bcloudflare\W{1,6}"
    + _STATE.format("edge")
    + r"\b.{0,120}?\bhost\W{1,6}"
    + _STATE.format("origin")
)
_SIGNED = Guarded(r"(?P<machine>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}) \(squid[/)]")
GUARDED = (_DIAGRAM, _SIGNED)
_ERRORS = frozenset({"error", "fehler", "erreur", "ошибка"})


def diagram(flat: str, present: Present = None) -> Hops | None:
    """Read Cloudflare's diagram (Browser, Cloudflare, Host, each with "Working" or "Error")."""
    found = _DIAGRAM.search(flat, present)
    if not found:
        return None
    return Hops(visitor=_station(found["visitor"]), edge=_station(found["edge"]), origin=_station(found["origin"]))


def signed(flat: str, host: str, present: Present = None) -> Hops | None:
    """Read which machine's name a Squid signs its page with: one of the failed site's own is in front of its server."""
    found = _SIGNED.search(flat, present)
    if not found or site_of(found["machine"]) != site_of(host):
        return None
    return Hops(visitor="working", edge="working", origin="error")


def _station(word: str) -> Station:
    return "error" if word.lower() in _ERRORS else "working"
