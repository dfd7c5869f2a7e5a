"""Which HTTP statuses does a text report, where, and how plainly?

A bare number is never a status: its neighbours must make it one. Each mention has a weight: 3 written by a machine in a
fixed place (status line, log field), 2 named as a status or beside its reason phrase, 1 only spoken of ("I get a 502").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.diagnosis.anchors import Guarded
from bot.diagnosis.vocabulary import Vocabulary

REASONS: dict[int, str] = {
    301: r"moved permanently",
    302: r"found|moved temporarily",
    400: r"bad request",
    401: r"unauthori[sz]ed|authorization required",
    402: r"payment required",
    403: r"forbidden|access denied",
    404: r"(?:page |file )?not found",
    405: r"method not allowed",
    406: r"not acceptable",
    407: r"proxy authentication required",
    408: r"request time-?\s?out",
    409: r"conflict",
    410: r"gone",
    413: r"(?:request entity|payload|content) too large",
    414: r"(?:request-)?ur[il] too (?:long|large)",
    415: r"unsupported media type",
    421: r"misdirected request",
    422: r"unprocessable (?:entity|content)",
    429: r"too\s?many\s?requests?|rate limit(?:ed)?",
    431: r"request header fields too large",
    451: r"unavailable for legal reasons",
    500: r"internal\s?(?:server )?error",
    501: r"not implemented",
    502: r"ba[dt][ _-]?g[ae]te?[ -]?ways?|proxy error|server error",
    503: r"service\s?(?:is )?(?:temporarily )?(?:unavailable|overloaded)|backend fetch failed|server error",
    504: r"gateway[ _]?time-?\s?(?:d[ -])?out|gateway timed[ -]out|server error",
    505: r"http version not supported",
    507: r"insufficient storage",
    508: r"loop detected",
    511: r"network authentication required",
    520: r"web server is returning an unknown error|unknown error|origin error",
    521: r"(?:web )?server is down|origin down",
    522: r"(?:origin )?connection timed?[ -]?out",
    523: r"origin is unreachable",
    524: r"a timeout occurr?ed|origin time-?out",
    525: r"ssl handshake (?:failed|error)",
    526: r"invalid ssl certificate",
    530: r"origin dns error",
}
"""Status -> its reason phrase, with the spellings in use."""

FAMILIES = {
    403: "forbidden",
    404: "not-found",
    429: "rate-limited",
    500: "internal-error",
    502: "bad-gateway",
    503: "service-unavailable",
    504: "gateway-timeout",
    **dict.fromkeys(range(520, 528), "cloudflare-edge"),
    530: "cloudflare-edge",
}

_NO_FORM = ("", 0)
_STOP = re.compile(r"[.!?;]\s|\n")
_MOST = 60
"""So many numbers of one text are looked at, from both ends; a page of figures is not an error message."""
_NEAR = 90

_NUMBER = re.compile(
    r"(?P<status>[3-5S](?<![A-Za-z0-9_$€£#@/].)(?<![0-9][.,].)[0-9oO][0-9oOzZ])"
    r"(?:\.(?P<sub>\d{1,2})(?![\d.]))?(?P<many>'?s)?(?![A-Za-z0-9_%€£]|[.,]\d)"
)
"""(It begins with its rarest sign, and looks back from there: so the engine skips to the places that count.)"""
_URL = re.compile(r"\b[a-z]{2,5}://[^\s\"'<>]{1,2000}", re.IGNORECASE)
_DIGIT = re.compile(r"\d(?!:?\Z)|(?<=\d)\d")
_OCR = str.maketrans("SoOzZ", "50022")


def _before(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z", re.IGNORECASE)


def _after(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_GAP = r"[\s:=>(\[{\"'.,|\\-]{0,6}"
_STATUS_LINE = _before(r"\bHTTP/[0-3](?:\.\d)?\"?,?\s{1,3}\"?")
_HAPROXY_LOG = _before(r"-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/\+?\d{1,9} ")
_IIS_LOG = _after(r" (?P<sub>\d{1,2}) \d{1,10} \d{1,9}(?: \d{1,9}){0,2}\s*(?:\n|\Z)")
_NAMED = _before(
    r"(?:status|state|error|errors|err|response|http|returned|failure|exception|ошибка)(?:[\s_-]?(?:code|number|"
    r"status|type|response|error))*"
    rf"[\"'\])]*(?:\s(?:is|was|of|with|code|does not indicate success)){{0,2}}{_GAP}"
)
_FIELD = _before(r"(?:\b|_)codes?[\"']?(?:\s(?:is|was|of))?[\s:=>(\"'-]{0,6}")
_SERVER_ERROR = _after(
    r"[\s\"'-]{0,3}[-:(]{0,2}\s?(?:http |html |internal |nginx |gateway |proxy |server |response |status )*"
    r"(?:errors?|err|exceptions?|status(?:es)?|responses?)\b|[.:]?\s{1,2}that'?s an error"
)
_REASON_AFTER = {status: _after(rf"[^\w\n]{{0,6}}\s?(?:{reason})") for status, reason in REASONS.items()}
_REASON_BEFORE = {
    status: _before(rf"\b(?:{reason})[^\w\n]{{0,6}}(?:(?:error|code|status|http)[^\w\n]{{1,3}}){{0,3}}")
    for status, reason in REASONS.items()
}
_SERVICES = ("payment", "sms", "mail", "voice", "iot", "zigbee", "fax")
"""Gateways of these are other things' names."""
_NO_SERVERS = "".join(rf"(?<!{name} )" for name in _SERVICES)
_WORDINGS = {
    502: Guarded(
        r"(?<![A-Za-z])ba[dt][\s_-]*g[ae]te?[\s-]?(?:ways?|wy|wya|away)(?![a-z])"
        r"(?!\s+(?:drug|laptop|computer|pc|monitor|router|ip)\b)|BadGateway|BAD_GATEWAY"
    ),
    504: Guarded(rf"{_NO_SERVERS}\bgateway[\s_-]*time-?\s?(?:d[\s-]*)?out|GatewayTimeout"),
    503: Guarded(r"\bservice (?:temporarily )?unavailable\b|ServiceUnavailable|SERVICE_UNAVAILABLE"),
    500: Guarded(r"\binternal server error\b|InternalServerError|INTERNAL_SERVER_ERROR"),
    429: Guarded(r"\btoo many requests\b|TooManyRequests"),
}
_LABEL = _before(
    r"(?:\b(?:apt|apartment|rooms?|zimmer|unit|suite|ports?|lines?|pages?|pp?|chapters?|ch|section|sec|pr|"
    r"pull request|mr|issues?|bug|bugzilla|ticket|"
    r"story|task|step|nr|area code|highway|route|bus|flight|x|model|crew|build|version|v|rev|revision|level|lvl|floor|"
    r"episode|ep|sqlcode|ifindex|part|item|id|"
    r"vlan|uid|gid|pid|tcp|udp|figure|table|block|channel|size|about|over|under|around|nearly|approx|exactly|total|"
    r"day|year|psalm)\b"
    r"(?:\s(?:is|was|no|nr|number))?|§|(?:^|[\s(])-)[.:]?\s{0,2}"
)
_UNIT = _after(
    r"\s?(?:people|persons|points|pts|users|members|files|lines|pages|euros?|eur|usd|dollars?|bucks|px|ms|sec|"
    r"seconds|min|minutes|[kmgt]i?b|bytes|"
    r"players|guys|characters|subscribers|followers|viewers|messages|posts|photos|images|videos|songs|bugs|cars|kids|"
    r"students|entries|records|emails|mails|hosts|tests?|days|hours|weeks|years|km|kg|mm|cm|mi|miles|votes|words|"
    r"items|coins|gold|stars|commits|times|rows|x\d|"
    r"[°*+/^])(?![a-z])|\s?[,;]\s?\d|\]|\s?\d"
)
_OTHER_NUMBER = re.compile(
    r"\b(?:area|zip|post(?:al)?|dial(?:l?ing)?|country|phone|promo|coupon|discount|door|gate|pin|product|part|model|serial|"
    r"order|room|bus|flight|employee|class|course)[ -]?(?:codes?|numbers?|no\.|nr\.)",
    re.IGNORECASE,
)
"""Things that have numbers of their own."""
_NEGATIVE = _before(r"(?:^|[\s(=])-")
_HEADLINE = _after(
    r"[\s:,-]{1,3}(?:when|while|on|after|at|from|for|in|during|if|since|everywhere|again|here|with|every|as|upon|"
    r"and|but|from)\b|\s*$"
)
_PORT = _before(r"[\w\])]:")
_MAIL = re.compile(
    r"\b(?:e?smtpd?|lmtp|postfix|exim|sendmail|s?ftpd?|nntpd?|imap|pop3|vrfy|ehlo|helo|dele|hylafax)\b|\bcommand\b",
    re.IGNORECASE,
)
_WEB = re.compile(r"http|gateway|nginx|apache|proxy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where the text reports a status."""

    status: int
    substatus: str | None
    form: str
    weight: int
    start: int
    end: int


def mentions(
    plain: str, vocabulary: Vocabulary, translated: Iterable[tuple[int, int, int]] = ()
) -> tuple[Mention, ...]:
    """Return all places that report a status by number or by fixed wording, in the order of the text.

    `translated`: (status, start, end) of wordings in other languages.
    """
    found = [*_numbers(plain, vocabulary), *_wordings(plain)]
    found += [
        Mention(status, None, "wording", 2, start, end)
        for status, start, end in translated
        if not plain[max(0, start - _NEAR) : start].lower().rstrip().endswith(_SERVICES)
    ]
    return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))


def leading(found: Sequence[Mention]) -> Mention | None:
    """Return the mention whose status the text is about: numbers before words, plain before vague, often before "
    "once."""
    totals: dict[int, int] = defaultdict(int)
    best: dict[int, Mention] = {}
    for mention in found:
        if mention.form == "wording":
            continue
        totals[mention.status] += mention.weight
        if mention.status not in best or mention.weight > best[mention.status].weight:
            best[mention.status] = mention
    worded = next((mention for mention in found if mention.form == "wording"), None)
    if not best or (worded and worded.status not in best and all(mention.weight < 2 for mention in best.values())):
        return worded
    return max(best.values(), key=lambda m: (m.weight, totals[m.status], -m.start))


def family(status: int) -> str:
    """Name the family of a status."""
    return FAMILIES.get(status, "other-http")


def _wordings(plain: str) -> Iterable[Mention]:
    lowered = plain.lower()
    for status, wording in _WORDINGS.items():
        for found in wording.finditer(plain, lowered):
            yield Mention(status, None, "wording", 2, found.start(), found.end())


def _numbers(plain: str, vocabulary: Vocabulary) -> Iterable[Mention]:
    plain = _URL.sub(_without_digits, plain)
    numbers = list(_NUMBER.finditer(plain))
    for found in numbers if len(numbers) <= _MOST else (*numbers[: _MOST // 2], *numbers[-_MOST // 2 :]):
        status = int(found["status"].translate(_OCR))
        if status not in REASONS and not 500 <= status <= 599:
            continue
        before = plain[max(0, found.start() - _NEAR) : found.start()]
        after = plain[found.end() : found.end() + _NEAR]
        form, weight = _form(status, before, after, vocabulary)
        if not weight and found["many"] and status >= 500:
            form, weight = "named", 2
        if not weight or (weight < 3 and _is_mail(before, after)):
            continue
        sub = found["sub"]
        if form == "iis-log" and (fields := _IIS_LOG.match(after)):
            sub = fields["sub"]
        yield Mention(status, f"{status}.{sub}" if sub else None, form, weight, found.start(), found.end())


def _without_digits(address: re.Match[str]) -> str:
    """Numbers inside an address are never statuses; its length stays."""
    return _DIGIT.sub("x", address[0])


def _form(status: int, before: str, after: str, vocabulary: Vocabulary) -> tuple[str, int]:
    """Say in which form a number is a status, and how plainly; weight 0: it is another number."""
    if _NEGATIVE.search(before):
        return _NO_FORM
    form = _written(status, before, after)
    if form[1] or _LABEL.search(before) or _UNIT.match(after) or _OTHER_NUMBER.search(_STOP.split(before)[-1]):
        return form
    if _SERVER_ERROR.match(after) or vocabulary.beside(before, after):
        return "named", 2
    if _FIELD.search(before):
        return "field", 1
    heads = not before.strip(" -*#>[(\"'") and _HEADLINE.match(after)
    spoken = heads or (not _PORT.search(before) and vocabulary.around(before, after))
    return ("spoken", 1) if spoken else _NO_FORM


def _written(status: int, before: str, after: str) -> tuple[str, int]:
    """Recognise the forms in which machines write a status, and its reason phrase."""
    if _STATUS_LINE.search(before) or _HAPROXY_LOG.search(before):
        return "machine", 3
    if _IIS_LOG.match(after) and before.rstrip().count(" ") > 2:
        return "iis-log", 3
    if (reason := _REASON_AFTER.get(status)) and (reason.match(after) or _REASON_BEFORE[status].search(before)):
        return "reason", 2
    return ("named", 2) if _NAMED.search(before) else _NO_FORM


def _is_mail(before: str, after: str) -> bool:
    """Numbers of mail, news and file servers look the same."""
    near = before + after
    return bool(_MAIL.search(near)) and not _WEB.search(near)
