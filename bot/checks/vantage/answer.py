"""What did each place get? From Globalping's JSON to findings; what cannot be mapped is left out, never guessed.

Every value may be of any kind: probes are run by volunteers, and headers and bodies are those of the site.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import JsonValue

from bot.checks.address import Address
from bot.checks.headers import capped
from bot.checks.http import Fetched, Reply
from bot.checks.limits import MAX_BODY
from bot.checks.page import Reader, facts_of
from bot.diagnosis.findings import Failure, Finding, Outcome, Vantage
from bot.diagnosis.neutral import neutral

PLACES = 3
"""At most this many are read, since this many are asked for."""
_NAME_LENGTH = 40
_MAX_TEXT = 20_000
"""Characters of a body that are read; Globalping keeps 10 kB."""
_COUNTRY = re.compile(r"[A-Z]{2}")

# Node's own words for what went wrong, as the probe repeats them: a system call and its code.
_CODE = re.compile(r"(?:connect|read|write|shutdown|getaddrinfo|query[A-Za-z]{1,8}) (E[A-Z]{4,20})\b|(ENODATA) ")
_CODES = {
    "ECONNREFUSED": Failure.REFUSED,
    "ECONNRESET": Failure.RESET,
    "EPIPE": Failure.RESET,
    "ETIMEDOUT": Failure.TIMEOUT,
    "EHOSTUNREACH": Failure.UNREACHABLE,
    "ENETUNREACH": Failure.UNREACHABLE,
}
# https://nodejs.org/api/dns.html#error-codes
_NAME_CODES = {
    "ENOTFOUND": Failure.NXDOMAIN,
    "ENODATA": Failure.NO_ADDRESS,
    "ESERVFAIL": Failure.SERVFAIL,
    "EREFUSED": Failure.DNS_REFUSED,
    "ECONNREFUSED": Failure.DNS_TIMEOUT,
    "ETIMEOUT": Failure.DNS_TIMEOUT,
}
_SENTENCES = {
    "Request timeout.": Failure.TIMEOUT,
    "The measurement timed out.": Failure.TIMEOUT,
}
_NAME_FAILURES = frozenset(_NAME_CODES.values())
# https://nodejs.org/api/tls.html#x509-certificate-error-codes, and tls.checkServerIdentity's own
_CERTIFICATES = {
    "CERT_HAS_EXPIRED": Failure.CERT_EXPIRED,
    "CERT_NOT_YET_VALID": Failure.CERT_NOT_YET_VALID,
    "DEPTH_ZERO_SELF_SIGNED_CERT": Failure.CERT_SELF_SIGNED,
    "SELF_SIGNED_CERT_IN_CHAIN": Failure.CERT_UNTRUSTED,
    "UNABLE_TO_GET_ISSUER_CERT": Failure.CERT_UNTRUSTED,
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": Failure.CERT_UNTRUSTED,
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE": Failure.CERT_UNTRUSTED,
    "ERR_TLS_CERT_ALTNAME_INVALID": Failure.CERT_HOSTNAME,
    "HOSTNAME_MISMATCH": Failure.CERT_HOSTNAME,
}


def is_over(shape: Any) -> bool:
    """Tell whether a measurement is over: any status but `in-progress` is final."""
    return _table(shape).get("status") != "in-progress"


def vantages_of(shape: Any, address: Address, reader: Reader) -> tuple[Vantage, ...]:
    """Return what each place saw of an address, as far as it said anything. Never raises for any JSON."""
    results = _table(shape).get("results")
    found = []
    for item in results[:PLACES] if isinstance(results, list) else ():
        finding = _finding(_table(_table(item).get("result")), address, reader)
        if finding is not None:
            found.append(Vantage(name=_name(_table(_table(item).get("probe"))), findings=(finding,)))
    return tuple(found)


def _name(probe: dict[str, Any]) -> str:
    """Return a place as "globalping: Frankfurt, DE, AS3320"."""
    city, country, asn = probe.get("city"), probe.get("country"), probe.get("asn")
    parts = [neutral(city, _NAME_LENGTH)] if isinstance(city, str) else []
    if isinstance(country, str) and _COUNTRY.fullmatch(country):
        parts.append(country)
    if isinstance(asn, int) and not isinstance(asn, bool) and 0 < asn < 2**32:
        parts.append(f"AS{asn}")
    where = ", ".join(part for part in parts if part)
    return f"globalping: {where}" if where else "globalping"


def _finding(result: dict[str, Any], address: Address, reader: Reader) -> Finding | None:
    match result.get("status"):
        case "finished":
            return _answered(result, address, reader)
        case "failed":
            return _unanswered(result, address)
        case _:  # still under way, or no such place
            return None


def _answered(result: dict[str, Any], address: Address, reader: Reader) -> Finding | None:
    status = result.get("statusCode")
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        return None
    tls = _table(result.get("tls"))
    if tls.get("authorized") is False:
        # Probes accept any certificate and say what is wrong with it; a browser would go no further.
        failure = _CERTIFICATES.get(str(tls.get("error"))[:_NAME_LENGTH])
        return None if failure is None else _bad(failure, address)
    timings = _table(result.get("timings"))
    first_byte, total = _ms(timings.get("firstByte")), _ms(timings.get("total"))
    reply = Reply(
        status=status,
        reason=_bytes(result.get("statusCodeName"))[:_NAME_LENGTH],
        headers=capped(_headers(result.get("headers"))),
        body=_bytes(result.get("rawBody"))[:MAX_BODY],
        ms_first_byte=first_byte or 0.0,
    )
    facts = facts_of(Fetched(address, reply=reply), reader)
    if first_byte is None:
        del facts["ms_first_byte"]
    outcome = Outcome.OK if status < 500 else Outcome.FAIL
    return Finding(check="http", outcome=outcome, facts=facts, ms=total)


def _unanswered(result: dict[str, Any], address: Address) -> Finding | None:
    """Take the failures of the site and its name; those of the probe or of Globalping say nothing about a site."""
    source, failure = result.get("failureSource"), failure_in(result.get("rawOutput"))
    if source == "target":
        return _bad(failure, address)
    if source == "resolver":
        return _bad(failure, address) if failure in _NAME_FAILURES else None
    return _bad(failure, address) if source is None and failure is not None else None


def failure_in(output: Any) -> Failure | None:
    """Name the failure that a probe's words mean.

    They are meant for people, so only fixed codes and sentences count, at the beginning, where no site can write.
    """
    text = output[:200] if isinstance(output, str) else ""
    if (sentence := _SENTENCES.get(text.strip())) is not None:
        return sentence
    found = _CODE.match(text)
    if found is None:
        return None
    code = found[1] or found[2]
    of_name = text.startswith(("query", "getaddrinfo", "ENODATA"))
    return (_NAME_CODES if of_name else _CODES).get(code)


def _bad(failure: Failure | None, address: Address) -> Finding:
    return Finding(check="http", outcome=Outcome.FAIL, failure=failure, facts={"url": address.shown})


def _headers(shape: Any) -> list[tuple[bytes, bytes]]:
    """Return headers as they would have come, but without the body's encodings: it came as text."""
    pairs: list[tuple[bytes, bytes]] = []
    for name, value in _table(shape).items():
        if name.lower() not in ("content-encoding", "content-type", "content-length"):
            pairs += [(_bytes(name), _bytes(one)) for one in (value if isinstance(value, list) else [value])]
    return [*pairs, (b"content-type", b"text/html; charset=utf-8")]


def _table(shape: Any) -> dict[str, Any]:
    return shape if isinstance(shape, dict) else {}


def _bytes(value: JsonValue) -> bytes:
    return value[:_MAX_TEXT].encode("utf-8", "replace") if isinstance(value, str) else b""


def _ms(value: Any) -> float | None:
    """Return milliseconds, if it is a possible number of them."""
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6
    return round(float(value), 1) if fits else None
