"""Is a number the status of an error, and how plainly is it written?

Only its neighbours can tell.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from bot.diagnosis import foreign
from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.beside import begins_with, ends_with
from bot.diagnosis.numbers import ENOUGH, PLAIN, VAGUE, Around
from bot.diagnosis.things import COUNTED, things
from bot.diagnosis.things import GUARDED as NUMBERED

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
    502: r"ba[dt][ _-]?g[ae]te?[ -]?way(?:y{0,9}|s)|proxy error|server error|gateway time-?out",
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


_NO_FORM = ("", 0)
FAINT = "faint"
"""The form of a number with little to say that it is a status."""
_NAMES = frozenset({"context before", "context after"})
"""Rules by which a word beside the number says what it is."""
_PAGES = frozenset({"label"})
_OURS = 502
"""Other numbers need plainer words: the bot never speaks up because of such a number alone."""
_REPEATED, _ERROR_WITHIN = 12, 24
"""This near, a status that occurs three times is shouted; this near before it, an error names it."""
_MARKS = " \t\n:;=<>()[]{}\"'.,|\\-*/#"
"""What may come between a number and the word that belongs to it."""

_DIGITS = tuple("0123456789")
_GAP = r"[\s:=>(\[{\"'.,|\\-]{0,6}"
_STATUS_LINE = ends_with(r"\bHTTP/[0-3](?:\.\d)?\"?,?\s{1,3}\"?", *_DIGITS)
_HAPROXY_LOG = ends_with(r"-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/\+?\d{1,9} ", *_DIGITS)
IIS_LOG = begins_with(r" (?P<sub>\d{1,2}) \d{1,10} \d{1,9}(?: \d{1,9}){0,2}\s*(?:\n|\Z)")
"""The fields that follow a status there."""
_NAMED = ends_with(
    r"(?:status|state|error|errors|err|response|http|returned|failure|exception|ошибка)(?:[\s_-]?(?:code|number|"
    r"status|type|response|error))*"
    rf"[\"'\])]*(?:\s(?:is|was|of|with|code|does not indicate success)){{0,2}}{_GAP}",
    *("status", "state", "error", "errors", "err", "response", "http", "returned", "failure", "exception", "ошибка"),
    *("code", "number", "type", "is", "was", "of", "with", "success"),
)
_FIELD = ends_with(r"(?:\b|_)codes?[\"']?(?:\s(?:is|was|of))?[\s:=>(\"'-]{0,6}", "code", "codes", "is", "was", "of")
_SERVER_ERROR = begins_with(
    r"[\s\"'-]{0,3}[-:(]{0,2}\s?(?:http |html |internal |nginx |gateway |proxy |server |response |status )*"
    r"(?:errors?|err|exceptions?|status(?:es)?|responses?)\b|[.:]?\s{1,2}that'?s an error"
)
_ERRORS = (
    r"errors?|err|fehler|erreurs?|errores|errore|erro|fout|foutmelding|błąd|błędu|ошибк\w|помилк\w|hata\w{0,3}|lỗi|"
    r"chyb\w|hiba|virhe|fejl|feil|fel|eroare|σφάλμα|galat|خطأ|خطا|שגיאה|错误|錯誤|报错|報錯|エラー|오류|에러|ข้อผิดพลาด"
)
_ERROR_AFTER = begins_with(rf"[\s\"'(-]{{0,3}}(?:{_ERRORS})(?![a-z_])")
_CODES = r"code|代?[码碼]|kod\w{0,2}|c[oó]digo|codice|код\w?|n[uú]mm?ero?|номер\w?|mã|コード|番号|코드|번호"
_ERROR_BEFORE = re.compile(rf"(?<![a-z])(?:{_ERRORS})(?:[\s-]?(?:{_CODES}))?[\s:\"'(-]{{0,3}}\Z", re.IGNORECASE)
"""Directly beside a number, the word for an error names it, in any language."""
_BODY_AFTER = begins_with(
    r"[\s:,-]{0,4}\{\s{0,2}\\{0,2}[\"'](?:message|msg|errors?|error_?\w{1,12}|details?|code|status\w{0,6}|success|fault)\b"
)
"""The JSON that a server sent with it."""
_REASON_AFTER = {status: begins_with(rf"[^\w\n]{{0,6}}\s?(?:{reason})") for status, reason in REASONS.items()}
_REASON_BEFORE = {
    status: Guarded(rf"\b(?:{reason})[^\w\n]{{0,6}}(?:(?:error|code|status|http)[^\w\n]{{1,3}}){{0,3}}\Z")
    for status, reason in REASONS.items()
}
_REASON = 32
_REASON_BESIDE = re.compile(
    r"\b(?:bad gateway|gateway time-?\s?out|gateway error|service unavailable|server error|timed? ?out)\W{0,2}\(\Z",
    re.IGNORECASE,
)
"""People mix them up: "Gateway timeout (502)"."""
_PERIOD = begins_with(
    r"\s?(?:a|per|al|pro|par|por|na|в|за)\s(?:day|week|month|year|mes|mese|mois|monat|tag|woche|jahr|miesiąc|semana|semaine|"
    r"settimana|месяц|неделю|год|місяць)\b|\s(?:balles|pavos|quid|kröten|fiyat\w*|items|results|rows|comments|packets|objects)\b"
)
"""After it: a rate, money, and things that programs count."""
_PLACE = re.compile(r":\d|#(?:[,.;]|\Z)|/(?:tcp|udp)\b")
"""After it: a column after its line, a group after its user, the end of a door code, how a port is used."""
_IN_LIST = re.compile(r"[\[({](?:\s?\d{3}\s?,){0,8}\s?\Z")
_LIST_GOES_ON = begins_with(r"\s?,\s?\d{3}\b|\s?,?\s?[\])}]")
_LIST = 40
_SIZE = re.compile(
    r"(?:\bHTTP/[0-3](?:\.\d)?\"?|\"|\b(?:GET|POST|PUT|PATCH|HEAD|DELETE|OPTIONS) /\S{0,60}) [1-5]\d\d \Z|"
    r"\bTCP_\w{3,24}/\d{3} \Z"
)
"""Before it, in an access log: the status. The number is the bytes sent."""
_SIZED = re.compile(
    r"(?<![a-z])(?:bytes(?:_\w{2,8})?|size|length|duration|latency|elapsed|pid|offset)(?:=|[\"']\s?[:=]\s?)[\"']?\Z"
)
"""Before it: the field of a log that counts something."""
_PROCESS = re.compile(r"#\d")
"""nginx's log: the process, then its thread."""
_CONNECTION = re.compile(r"\d#\d{1,9}: \*\Z")
"""The same log: the connection comes after process and thread."""
_TRACED = re.compile(r"(?:\A|\n)-{2,8}> (?:\d{1,6} [^\n]{0,90}\n)?\Z")
_TRACE_GOES_ON = begins_with(r" [^\n]{0,90}\n-{2,8}> \d")
"""Lines of a program in a Python trace: "--> 415 raise error"."""
_NEGATIVE = re.compile(r"(?:^|[\s(=])-\Z")
_BEGINS = re.compile(r"[.!?]\s{1,3}\Z")
_HAPPENS = begins_with(
    r"[\s:,-]{1,3}(?:when (?!i was|we were|you were)|whenever|everywhere|again|every time|each time|"
    r"on (?:login|log ?in|every|all|any|submit|checkout|upload|save))\b"
)
"""What follows at the start of a text or sentence: "You broke it! 502 everywhere"."""
_NAME_AFTER = re.compile(r"[:\s-]{1,3}[A-Z]{3,}(?:_[A-Z]{2,})+\b")
"""The name that a platform gives to its error."""
_FLAGS_AFTER = re.compile(
    r" (?:UC|UF|UH|UO|UT|UR|UPE|UAEX|URX|NR|NC|DC|DI|DPE|FI|IH|LH|LR|RL|RLSE|SI|OM|NFCF)(?![\w-])"
)
"""What Envoy writes beside a status (https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage)."""
_PORT = re.compile(r"[\w\])*]:\Z|:::\Z")
_PORT_SET = re.compile(r"\bports?\s(?:\w{1,12}\s){0,2}(?:at|to|as|of|=)\s?\Z", re.IGNORECASE)
"""A port is given: "left the port at 502"."""
_NAMED_PORT = 16
_PORT_NAMED = re.compile(
    r"(?:\b(?:ports?|portu|portem|porcie|puertos?|portas?|poort|portul|portti|portissa|porten|порт(?:у|а|е|і|ом)?|cổng|θύρα)"
    r"\s(?:nr\.?\s|no\.?\s)?|"
    r"(?:端口号?|连接埠|連接埠|通訊埠|ポート(?:番号)?|포트(?:번호)?|منفذ|بورت|پورت|פורט|พอร์ต|पोर्ट)\s?)\Z",
    re.IGNORECASE,
)
_PORT_AFTER = re.compile(r"(?:番)?\s?(?:端口|ポート|포트|portu)", re.IGNORECASE)
"""It is named right before its number, or after it."""
_HOST_BEFORE = re.compile(r"(?:[\d.]{7,15}|[\w-]\.[a-z]{2,8}|localhost)[\"']?,\s?\Z", re.IGNORECASE)
_OWNED = re.compile(r"\b[dlbcps-]?(?:[r-][w-][xsS-]){2}[r-][w-][xtT-][@+.]?\s{1,4}\d{1,6}\s(?:\S{1,32}\s{1,4})?\Z")
"""Before an owner or a group without a name, as `ls -l` lists them."""
GUARDED = (*_REASON_BEFORE.values(), *NUMBERED)


def form_of(status: int, before: str, after: str, around: Around) -> tuple[str, int]:
    """Say in which form a number is a status, and how plainly; weight 0: it is another number."""
    if _is_part(status, before, after):
        return _NO_FORM
    present = around.present
    bare = before.rstrip(_MARKS).lower()
    form = _written(status, before, bare, after, present)
    if not form[1] and _is_shown(status, before, after):
        form = "spoken", 1
    its_own = set[str]()
    if not form[1]:
        if _is_other(before, after, around):
            return _NO_FORM
        its_own = things(before, bare, after, present)
        form = _NO_FORM if its_own else _named(before, bare, after)
    if form[1]:
        return _NO_FORM if form[1] < 3 and foreign.is_foreign(before, after, present) else form
    if foreign.is_surely(before, after, present) or (status != _OURS and its_own - _PAGES):
        return _NO_FORM
    return _weighed(before, after, around, its_own | foreign.likely(before, after, present))


def _is_part(status: int, before: str, after: str) -> bool:
    """Is it part of something, whatever the words around it: a sum, a mark of a log, a line, a count?"""
    if (before.endswith("-") and _NEGATIVE.search(before)) or _PROCESS.match(after):
        return True
    if (before.endswith(" ") and _SIZE.search(before)) or _SIZED.search(before[-_LIST:]):
        return True
    if _PLACE.match(after) or (_PERIOD.match(after) and not _ERROR_BEFORE.search(before[-_ERROR_WITHIN:])):
        return True
    if before.endswith("*") and _CONNECTION.search(before[-_LIST:]):
        return True
    if before.endswith(("-> ", "\n")) and _is_traced(status, before, after):
        return True
    return before.endswith(": ") and COUNTED.match(after) is not None


def _is_traced(status: int, before: str, after: str) -> bool:
    """Is it the number of a line of a program?"""
    if status in _REASON_AFTER and _REASON_AFTER[status].match(after):
        return False
    return bool(_TRACED.search(before) or _TRACE_GOES_ON.match(after))


def _named(before: str, bare: str, after: str) -> tuple[str, int]:
    """Do the words directly beside it make it a status?"""
    if any(beside.match(after) for beside in (_SERVER_ERROR, _ERROR_AFTER, _BODY_AFTER)):
        return "named", 2
    if _ERROR_BEFORE.search(before[-_ERROR_WITHIN:]):
        return "named", 2
    return ("field", 1) if _FIELD.search(before, bare) else _NO_FORM


def _weighed(before: str, after: str, around: Around, its_own: AbstractSet[str]) -> tuple[str, int]:
    """Do all the words together make it one? `its_own`: rules by which it may belong to something else."""
    rules = around.rules(before, after) | its_own
    score = around.score(before, after, rules)
    if score < ENOUGH:
        return _NO_FORM
    if score < PLAIN:
        return ("vague" if score >= VAGUE else FAINT), 1
    return ("spoken", 1) if rules.isdisjoint(_NAMES) else ("named", 2)


def _is_shown(status: int, before: str, after: str) -> bool:
    """Does it appear as an error does: alone, again and again, or as what happens?"""
    if not any(map(str.isalnum, before + after)):
        return True
    if (before[-_REPEATED:] + str(status) + after[:_REPEATED]).count(str(status)) > 2:
        return True
    opens = not before.strip(" -*#>[(\"'") or _BEGINS.search(before)
    return bool(opens and _HAPPENS.match(after))


def _is_other(before: str, after: str, around: Around) -> bool:
    """Is it one of a list, a port, or the owner of a file, whatever the words around it?"""
    if (
        _is_listed(before, after)
        or _is_port(before)
        or _PORT_AFTER.match(after)
        or ("r-" in before and _OWNED.search(before))
    ):
        return True
    return before.endswith(":") and bool(_PORT.search(before)) and not around.vocabulary.context.ends(before)


def _is_listed(before: str, after: str) -> bool:
    """Is it one of several numbers in brackets, as programs write them?"""
    listed = _IN_LIST.search(before[-_LIST:])
    return bool(listed and ("," in listed[0] or after.lstrip().startswith(",")) and _LIST_GOES_ON.match(after))


def _is_port(before: str) -> bool:
    """Is a port given, or is there a host before it, as in a pair of host and port?"""
    if _PORT_SET.search(before[-_LIST:]) or _PORT_NAMED.search(before[-_NAMED_PORT:]):
        return True
    return before[-2:].rstrip().endswith(",") and _HOST_BEFORE.search(before) is not None


def _written(status: int, before: str, bare: str, after: str, present: Present) -> tuple[str, int]:
    """Recognise the forms in which machines write a status, and its reason phrase."""
    if _STATUS_LINE.search(before, bare) or _HAPROXY_LOG.search(before, bare):
        return "machine", 3
    if IIS_LOG.match(after) and before.rstrip().count(" ") > 2:
        return "iis-log", 3
    reason = _REASON_AFTER.get(status)
    if reason and (reason.match(after) or _REASON_BEFORE[status].search(before, present)):
        return "reason", 2
    if status >= 500 and after.startswith(")") and _REASON_BESIDE.search(before[-_REASON:]):
        return "reason", 2
    if status >= 500 and not before.rsplit("\n", maxsplit=1)[-1].strip(_MARKS) and _NAME_AFTER.match(after):
        return "reason", 2
    named = (status >= 500 and _FLAGS_AFTER.match(after)) or _NAMED.search(before, bare)
    return ("named", 2) if named else _NO_FORM
