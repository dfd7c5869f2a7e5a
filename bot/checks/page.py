"""Which facts does the last answer of a fetch hold? All remote text is cleaned and cut here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pydantic import JsonValue

from bot.checks import headers, ranges
from bot.checks.decode import condensed, header_text, is_spoilt, text_of, title_of
from bot.checks.http import REDIRECTS, Fetched, Reply
from bot.diagnosis.findings import Failure
from bot.diagnosis.fingerprint import Fingerprint, fingerprint
from bot.diagnosis.neutral import neutral
from bot.kb.lists import Product

Recognise = Callable[[int, str], str | None]
"""Status and page -> id of the known error whose page it is."""

_CIRCLES = frozenset({Failure.REDIRECT_LOOP, Failure.TOO_MANY_REDIRECTS})
_INSIDE = ranges.REASONS | {"name-localhost", "name-single-label", "name-special-use"}
"""Reasons of the guard that mean that nobody outside can reach the target of a redirect."""
_PLACE = re.compile(r"[a-z][a-z0-9+.-]{0,30}:(?://[^/]{0,260})?|//[^/]{1,260}", re.IGNORECASE)
"""The part of an address that says where it is, not what is wanted there."""

_TITLE_OF_ERROR = re.compile(
    r"(?:http )?(?:error )?(5\d\d)[ :|-]{1,4}(?:bad gateway|gateway time-?out|service (?:temporarily )?unavailable|"
    r"internal server error|proxy error|server error)\b",
    re.IGNORECASE,
)
_SHORT = 1000
"""Characters of a page that says only its title. What is written about an error is longer."""


@dataclass(frozen=True)
class Reader:
    """What is needed to read an answer: the known products, the known errors, and the time of the reading."""

    products: Sequence[Product]
    recognise: Recognise | None
    now: Callable[[], datetime]

    def text(self, reply: Reply) -> str:
        """Return the page as text."""
        kind = headers.text(reply.headers, b"content-type")
        return text_of(reply.body, headers.codings(reply.headers), kind)

    def fingerprint(self, reply: Reply, page: str) -> Fingerprint:
        """Tell which product wrote an answer."""
        named = [(header_text(name), header_text(value)) for name, value in reply.headers]
        return fingerprint(self.products, reply.status, named, page)

    def refuses_robots(self, reply: Reply) -> bool:
        """Tell whether an answer is a challenge or a block for robots."""
        return self.fingerprint(reply, self.text(reply)).challenge is not None

    def poses_as(self, reply: Reply) -> str | None:
        """Return the known error whose own page is sent as a good one, if this is such a page."""
        if self.recognise is None or reply.status >= 400 or len(reply.body) > 4 * _SHORT:
            return None
        page = self.text(reply)
        error, told = _TITLE_OF_ERROR.match(title_of(page) or ""), condensed(page)
        return self.recognise(int(error[1]), told) if error and len(told) <= _SHORT else None


def failure_of(fetched: Fetched) -> Failure | None:
    """Name what went wrong; an error page that broke off is an error page first."""
    cut_error = fetched.failure is Failure.TRUNCATED and fetched.reply is not None and fetched.reply.status >= 400
    return None if cut_error else fetched.failure


def is_good(fetched: Fetched) -> bool:
    """Tell whether a fetch got a complete answer that is neither a server error nor the page of one."""
    whole = fetched.failure is None and fetched.poses_as is None
    return whole and fetched.reply is not None and fetched.reply.status < 500


def opens(fetched: Fetched) -> bool:
    """Tell whether a fetch got what was asked for, not just a refusal."""
    return is_good(fetched) and fetched.reply is not None and fetched.reply.status < 400


def facts_of(fetched: Fetched, reader: Reader) -> dict[str, JsonValue]:
    """Return everything that a fetch tells; facts that it does not hold are left out."""
    facts: dict[str, JsonValue] = {}
    if fetched.address is not None:
        facts["url"] = fetched.address.shown
        if "?" in fetched.address.target:
            facts["query"] = True
    if fetched.hops:
        facts["redirects"] = [{"status": hop.status, "location": hop.location} for hop in fetched.hops]
        if _downgraded(fetched):
            facts["downgrade"] = True
        if fetched.failure in _CIRCLES and any(hop.sets_cookie for hop in fetched.hops):
            facts["cookie"] = True
        if fetched.failure is Failure.REDIRECT_REFUSED and fetched.refusal is not None:
            facts["not-followed"] = _why_not(fetched.refusal.reason)
            if place := _PLACE.match(fetched.hops[-1].location):
                facts["leads-to"] = place[0]
    if fetched.reply is not None:
        facts |= _reply(fetched.reply, reader)
    if fetched.poses_as is not None:
        facts["poses-as"] = fetched.poses_as
    if fetched.stage is not None:
        facts["stage"] = fetched.stage.name.lower()
    return facts


def _why_not(reason: str) -> str:
    """Sort the guard's reasons for not following a redirect by what they mean for visitors."""
    if reason in ("port", "scheme", "userinfo"):
        return reason
    return "inside" if reason in _INSIDE else "other"


def _downgraded(fetched: Fetched) -> bool:
    asked = [hop.address.scheme for hop in fetched.hops]
    asked += [fetched.address.scheme] if fetched.address else []
    return ("https", "http") in pairwise(asked)


def _reply(reply: Reply, reader: Reader) -> dict[str, JsonValue]:
    page = reader.text(reply)
    seen = reader.fingerprint(reply, page)
    found: dict[str, JsonValue] = {
        "reason": neutral(header_text(reply.reason)) or None,
        "server": neutral(headers.text(reply.headers, b"server")) or None,
        "title": title_of(page),
        "product": seen.product,
        "writer": seen.writer,
        "edge": seen.edge,
        "squid": seen.squid or None,
        "error": _known_error(reply, page, reader),
        "challenge": seen.challenge,
        "maintenance": seen.maintenance or None,
        "parked": seen.parked or None,
        "no-page": _no_page(reply),
        "ids": {name: neutral(value) for name, value in seen.ids.items()} or None,
        "retry_after_s": headers.retry_after(reply.headers, reader.now()),
        "age_s": headers.seconds(reply.headers, b"age"),
    }
    known = {name: value for name, value in found.items() if value is not None}
    return {"status": reply.status, **known, "ms_first_byte": round(reply.ms_first_byte, 1)}


def _no_page(reply: Reply) -> str | None:
    """Say why browsers show no page of an answer that claims to be good."""
    if reply.status in REDIRECTS and not headers.values(reply.headers, b"location"):
        return "location"
    spoilt = reply.status < 400 and is_spoilt(reply.body, headers.codings(reply.headers))
    return "coding" if spoilt else None


def _known_error(reply: Reply, page: str, reader: Reader) -> str | None:
    """Only an error response can carry an error page: a page about errors, sent with 200, is an ordinary page."""
    return reader.recognise(reply.status, condensed(page)) if reader.recognise and reply.status >= 400 else None
