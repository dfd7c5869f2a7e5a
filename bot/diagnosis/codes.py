"""Which product codes does a text hold, as written and as what they mean?

Windows codes have four spellings (0x80244021, 80244021, -2145107935, 2149859361): their conversion is code, what
each of them means is data (`code` in `knowledge/errors/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.diagnosis.anchors import Guarded, Present

_EIGHT = re.compile(r"8[0-9a-fA-F]{7}|21\d{8}")
_HEX = re.compile(r"(?:(?<![\w-])|(?<=code)(?=0x))(?P<prefix>0x)?(?P<digits>8[0-9a-f]{7})(?![\w-])", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<![\w.,+-])(?P<sign>-)?(?P<digits>21\d{8})(?![\w]|[.,]\d)")
_UPDATE_RANGES = ("8024", "80072", "80190", "80d0")
"""Codes of Windows Update and the parts that it uses; other bare figures are just figures."""
_UPDATE = Guarded(
    r"windows ?update|wsus|wuauclt|legacy ?update|microsoft ?update|update agent|(?:search|check|"
    r"look)\w{0,3} for updates"
)
_CARRIER = "8019"
"""It is followed by an HTTP status, in hexadecimal."""
_SHORT = 40
_WINDOWS = re.compile(
    r"windows|update|wsus|error|code|fehler|erreur|err\b|0x|hresult|ошибк|erro|错误|错\b|エラー|오류", re.IGNORECASE
)

_NAMED = Guarded(
    r"(?<![A-Za-z0-9_])(?:"
    r"(?:net::)?(?P<err>ERR_[A-Z][A-Z0-9_]{3,60}|DNS_PROBE_[A-Z_]{4,40})"
    r"|(?P<firefox>PR_[A-Z]{3,}_[A-Z_]{3,40}|SEC_ERROR_[A-Z_]{3,60}|SSL_ERROR_[A-Z_]{3,60}|"
    r"MOZILLA_PKIX_[A-Z_]{3,60}|NS_ERROR_[A-Z_]{3,60})"
    r"|(?P<node>EAI_AGAIN|ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|ESOCKETTIMEDOUT|ENOTFOUND|EHOSTUNREACH|"
    r"ENETUNREACH|EPIPE|EPROTO|EINVRES|ETELEGRAM|CERT_HAS_EXPIRED|"
    r"UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|"
    r"UNABLE_TO_GET_ISSUER_CERT_LOCALLY)"
    r"|(?P<aws>Lambda(?:InvalidResponse|ExecutionError|ValidationError|LimitExceeded|Throttling|CrashError))"
    r"|(?P<vercel>(?:EDGE_)?(?:FUNCTION|MIDDLEWARE)_[A-Z_]{4,40}|NO_RESPONSE_FROM_FUNCTION|"
    r"BODY_NOT_A_STRING_FROM_FUNCTION|TOO_MANY_(?:FILESYSTEM_CHECKS|FORKS)|"
    r"(?:ROUTER_EXTERNAL|DEPLOYMENT|INFINITE_LOOP|DNS_HOSTNAME|FALLBACK_BODY|INTERNAL_FUNCTION|"
    r"INTERNAL_ROUTER)_[A-Z_]{4,40})"
    r")(?![A-Za-z0-9_])"
)
_FIELD = re.compile(r"[\"']?\s?[:=]")
"""After the name of a field, as in `"err_trace": ""`."""
_NO_CODES = frozenset(
    {
        "err_bad_response",
        "err_bad_request",
        "err_non_2xx_3xx_response",
        "err_http_response_code_failure",
        "err_http2_protocol",
    }
)
"""Names that only say "got an error status": the status says more."""
_HEROKU = Guarded(r"\bcode=(?P<router>H\d\d)\b|\bError (?P<dyno>[HR]\d\d)\b", 0)
_OF_HEROKU = Guarded(r"\bheroku\b.{0,200}?(?<![\w=/.-])(?P<code>[hr]\d\d)(?![\w/-])")
_CLOUDFLARE = Guarded(
    r"(?:(?:\b|cloudflare)error(?:\s+code)?[\s:]{1,3}|\bcode:? (?=1(?:0[0-4]|10|200)))(?P<code>1\d{3})\b(?![.:/-]\d)"
)
_CLOUDFLARE_SIGNS = re.compile(
    r"cloudflare|ray id|cf-ray|being rate limited|\bbanned you\b|argo tunnel|\bcdn-cgi\b|edge ip restricted|"
    r"\A\W{0,3}error code: 1\d{3}\W{0,3}\Z|(?<!\d)(?:403|409|429|530)\b.{0,20}\berror code: 1\d{3}\b",
    re.IGNORECASE,
)
_WINDOWS_NET = Guarded(r"(?<![\w.:-])(?P<code>12[0-3]\d\d)(?![\w-]|[.:]\d)")
"""Codes of WinHTTP and WinINet (12001 to 12186), and of Microsoft's proxy (12202 to 12320)."""
_WINDOWS_NET_SIGNS = re.compile(
    r"winhttp|wininet|\bERROR_INTERNET_|\bInternet(?:Open|Connect|ReadFile)|\bHttpSendRequest|\bISA server\b|"
    r"\bforefront\b|\bTMG\b|network access message",
    re.IGNORECASE,
)
_FLY = Guarded(r"(?<=\[)(?P<code>P[A-Z]\d\d)(?=\] )", 0)
_FRONT_DOOR = Guarded(r"\bErrorInfo(?:_s)?[^\w\n]{1,8}(?P<code>(?!NoError)[A-Z][a-z]{2,20}[A-Z]\w{2,40})\b", 0)
_FASTLY = Guarded(r"\berror (?P<code>54113)\b")
_SIGNED = (
    (_CLOUDFLARE, _CLOUDFLARE_SIGNS),
    (_WINDOWS_NET, _WINDOWS_NET_SIGNS),
    (_FASTLY, None),
    (_OF_HEROKU, None),
    (_FLY, None),
    (_FRONT_DOOR, None),
)
"""Bare numbers, and what must be elsewhere in the text to make them codes."""
GUARDED = (_UPDATE, _NAMED, _HEROKU, *(pattern for pattern, _ in _SIGNED))


class Code(NamedTuple):
    """A product's code."""

    written: str
    """As written in the text."""
    key: str
    """As the knowledge knows it: lower case, hexadecimal without 0x."""
    start: int

    is_update: bool = False
    """Is it a code of Windows Update or of the parts that it uses?"""


_EXTERNAL = "externalerror:"
"""Azure Front Door says in such a header why it got no answer: by a code that Windows Update has, too."""


def codes(flat: str, present: Present = None) -> tuple[Code, ...]:
    """Return all codes in the order of the text."""
    found = sorted([*_windows(flat, present), *_named(flat, present)], key=lambda code: code.start)
    whole = {code.key: code.written for code in found if code.written[:2].lower() == "0x"}
    return tuple(code._replace(written=whole.get(code.key, code.written)) for code in found)


def carried_status(written: str) -> int | None:
    """Return the HTTP status that a code of Windows' background downloader carries: 503 for 0x801901F7."""
    numbers = (int(code.key[4:], 16) for code in codes(written) if code.key.startswith(_CARRIER))
    return next((number for number in numbers if 100 <= number <= 599), None)


def _windows(flat: str, present: Present) -> Iterable[Code]:
    if not _EIGHT.search(flat):
        return
    counts = len(flat) <= _SHORT or bool(_WINDOWS.search(flat))
    about_update = _UPDATE.search(flat, present) is not None
    for found in _HEX.finditer(flat):
        key = found["digits"].lower()
        of_update = key.startswith(_UPDATE_RANGES)
        if flat[max(0, found.start() - 16) : found.start()].rstrip().lower().endswith(_EXTERNAL):
            yield Code(found[0], "", found.start())
        elif found["prefix"] or about_update or (of_update and (counts or not key.isdigit())):
            yield Code(found[0], key, found.start(), of_update or about_update)
    for found in _DECIMAL.finditer(flat):
        number = int(found["digits"])
        key = f"{2**32 - number if found['sign'] else number:08x}"
        if key.startswith(_UPDATE_RANGES):
            yield Code(found[0], key, found.start(), is_update=True)


def _named(flat: str, present: Present) -> Iterable[Code]:
    for found in _NAMED.finditer(flat, present):
        name = found["err"] or found[0]
        is_field = name.islower() and _FIELD.match(flat, found.end())
        if not is_field and name.lower() not in _NO_CODES:
            yield Code(name, name.lower(), found.start())
    for found in _HEROKU.finditer(flat, present):
        name = found["router"] or found["dyno"]
        yield Code(name, name.lower(), found.start())
    for pattern, signs in _SIGNED:
        for found in pattern.finditer(flat, present):
            if signs is None or signs.search(flat):
                yield Code(found["code"], found["code"].lower(), found.start())
