"""Is a number the status of an error, and how plainly is it written?

Only its neighbours can tell. Nearly all of what may stand before a number ends with one of a few words: they are
looked at first, for a regular expression that ends at a place is slow to search for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.numbers import ENOUGH, PLAIN, VAGUE, Around

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
"""The form of a number of which little says that it is a status."""
_NAMES = frozenset({"context before", "context after"})
"""Rules by which a word beside the number names it."""
_REPEATED, _ERROR_WITHIN = 12, 24
"""So near, a status that stands there three times is shouted; so near before it, an error names it."""
_STOP = re.compile(r"[.!?;]\s|\n")
_MARKS = " \t\n:;=<>()[]{}\"'.,|\\-*/#"
"""What may stand between a number and the word that belongs to it."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What must stand directly before a number."""

    pattern: re.Pattern[str]
    ends: tuple[str, ...]
    """With one of these it ends, if its marks are taken off (lower case)."""

    def search(self, before: str, bare: str) -> bool:
        """Is it there? `bare`: the same without the marks at its end, in lower case."""
        return self.found(before, bare) is not None

    def found(self, before: str, bare: str) -> re.Match[str] | None:
        """Find it."""
        return self.pattern.search(before) if bare.endswith(self.ends) else None


def _before(pattern: str, *ends: str) -> _Before:
    return _Before(re.compile(rf"(?:{pattern})\Z", re.IGNORECASE), ends)


def _after(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_DIGITS = tuple("0123456789")
_GAP = r"[\s:=>(\[{\"'.,|\\-]{0,6}"
_STATUS_LINE = _before(r"\bHTTP/[0-3](?:\.\d)?\"?,?\s{1,3}\"?", *_DIGITS)
_HAPROXY_LOG = _before(r"-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/\+?\d{1,9} ", *_DIGITS)
IIS_LOG = _after(r" (?P<sub>\d{1,2}) \d{1,10} \d{1,9}(?: \d{1,9}){0,2}\s*(?:\n|\Z)")
"""The fields that follow a status there."""
_NAMED = _before(
    r"(?:status|state|error|errors|err|response|http|returned|failure|exception|ошибка)(?:[\s_-]?(?:code|number|"
    r"status|type|response|error))*"
    rf"[\"'\])]*(?:\s(?:is|was|of|with|code|does not indicate success)){{0,2}}{_GAP}",
    *("status", "state", "error", "errors", "err", "response", "http", "returned", "failure", "exception", "ошибка"),
    *("code", "number", "type", "is", "was", "of", "with", "success"),
)
_FIELD = _before(r"(?:\b|_)codes?[\"']?(?:\s(?:is|was|of))?[\s:=>(\"'-]{0,6}", "code", "codes", "is", "was", "of")
_SERVER_ERROR = _after(
    r"[\s\"'-]{0,3}[-:(]{0,2}\s?(?:http |html |internal |nginx |gateway |proxy |server |response |status )*"
    r"(?:errors?|err|exceptions?|status(?:es)?|responses?)\b|[.:]?\s{1,2}that'?s an error"
)
_ERRORS = (
    r"errors?|err|fehler|erreurs?|errores|errore|erro|fout|foutmelding|błąd|błędu|ошибк\w|помилк\w|hata\w{0,3}|lỗi|"
    r"chyb\w|hiba|virhe|fejl|feil|fel|eroare|σφάλμα|galat|خطأ|خطا|שגיאה|错误|錯誤|报错|報錯|エラー|오류|에러|ข้อผิดพลาด"
)
_ERROR_AFTER = _after(rf"[\s\"'(-]{{0,3}}(?:{_ERRORS})(?![a-z_])")
_CODES = r"code|代?[码碼]|kod\w{0,2}|c[oó]digo|codice|код\w?|n[uú]mm?ero?|номер\w?|mã|コード|番号|코드|번호"
_ERROR_BEFORE = _after(rf"(?<![a-z])(?:{_ERRORS})(?:[\s-]?(?:{_CODES}))?[\s:\"'(-]{{0,3}}\Z")
"""Directly beside a number, the word for an error names it, in any language."""
_BODY_AFTER = _after(
    r"[\s:,-]{0,4}\{\s{0,2}\\{0,2}[\"'](?:message|msg|errors?|error_?\w{1,12}|details?|code|status\w{0,6}|success|fault)\b"
)
"""The JSON that a server sent with it."""
_REASON_AFTER = {status: _after(rf"[^\w\n]{{0,6}}\s?(?:{reason})") for status, reason in REASONS.items()}
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
_LABELS = (  # noqa: SIM905
    "apt apartment room rooms zimmer unit suite port ports line lines page pages p pp chapter chapters ch section sec "
    "pr mr issue issues bug bugzilla ticket story task step nr highway route bus flight x model crew build version v "
    "rev revision level lvl floor episode ep sqlcode ifindex part item id vlan uid gid pid tcp udp figure table block "
    "delta objects channel size about over under around nearly approx exactly total day year psalm "
    "raum linie haus salle ligne chambre appartement línea linea habitación autobús sala aula stanza linha quarto "
    "kamer lijn linia autobus pokój mieszkanie кв квартира дом комната кабинет аудитория каб линия маршрут автобус "
    "этаж oda daire pokoju pokojem sali mieszkania mieszkaniu linii autobusie autobusem квартире квартиру доме комнате "
    "комнату кабинете аудитории маршруте автобусе линии кімната кімнаті квартирі автобусі маршруті zimmernummer "
    "habitacion apartamento appartamento stanze sal rum pokoj ping wordcount tram train locker seat bib hp xp ep"
).split()
_LABEL = _before(
    rf"\b(?P<label>{'|'.join(_LABELS)}|pull request|area code|(?:user|group) id|owned by)\b"
    r"(?:\s(?:is|was|no|nr|number))?[.:]?\s{0,2}",
    *(*_LABELS, "request", "code", "id", "by", "is", "was", "no", "nr", "number"),
)
_PAGES = frozenset({"page", "pages", "p", "pp"})
"""Books have them, and sites: "the login page: 502"."""
_SIGN = re.compile(r"(?:§|(?:^|[\s(])-)[.:]?\s{0,2}\Z")
_COUNTED = _after(
    r"\s?(?:people|persons|points|pts|users|members|files|lines|pages|euros?|eur|usd|dollars?|bucks|px|ms|sec|"
    r"seconds|min|minutes|[kmgt]i?b|bytes|"
    r"players|guys|characters|subscribers|followers|viewers|messages|posts|photos|images|videos|songs|bugs|cars|kids|"
    r"students|entries|records|emails|mails|hosts|tests?|days|hours|weeks|years|km|kg|mm|cm|mi|miles|votes|words|"
    r"items|coins|gold|stars|subs|subscriptions|completed|passed(?! (?:through|by|from|on))|"
    r"references|screws|packages|emojis?|unread|hp|xp|exp|dmg|"
    r"damage|kills|deaths|wins|losses|cards|gems|pulls|rolls|leute|punkt[ey]|punten|cartas?|carte|numaralı|"
    r"[a-z]{3,12}\s(?:street|avenue|ave|boulevard|blvd|road|lane)|downloads|installs|views|likes|commits|kcal|calories|"
    r"bpm|mmr|horsepower|times|rows|seats?|fps|x\d|goals?|gols|goles|buts|tore|gole|wörter|mots|palabras|palavras|"
    r"parole|woorden|kelime|słów|slov|слов|слова|голов|гола|человек\w?|людей|osób|osoby|lidí|personas|pessoas|persone|"
    r"kişi|orang|рубл\w{1,3}|руб|złotych|zł|kč|korun|kronor|kroner|lei|грн|гривень|lira|tl|rupiah|rupees|reais|pesos|"
    r"soles|won(?!')|yen|yuan|км|кг|шт|штук\w?|pcs|pieces|stück|stuks|sztuk|kusů|adet|unidades|секунд\w?|sekund\w?|segundos|"
    r"secondes|secondi|saniye|detik|минут\w?|minut[yěos]?|minuten|minuti|dakika|menit|дней|дня|dní|días|jours|giorni|"
    r"tage|dagen|раза|razy|veces|vezes|volte|kez|kere|points?|poäng|poeng|pistettä|gramm?\w{0,3}|steg|skritt|skridt|"
    r"grader|oldal|forint\w{0,3}|koraka|metra|metrů|dinara|kroků|pași|euroa|eurot|ευρώ|βήματα|άτομα|ريال|شخص|نقطة|"
    r"كيلو|دولار|درهم|جنيه|تومان|نفر|שקל\w{0,3}|אנשים|נקודות|บาท|คน)(?![a-z\u00c0-\u024f\u0400-\u04ff])|\s?(?:連(?![続発])|[人位台名](?=[のにはがでもを、。]|\Z)|匹|社|校|巻|階|戸|棟|周年|室|号|號|路|班|教室|胶|膠|호|번|项|項|个(?!不)|個|条|條|件|张|張|款|章|集|元|块|塊|円|岁|歳|冊|枚|"
    r"개(?![선발])|명|점(?!검)|권|장(?!애)|쪽)|,? (?:rue|avenue|chemin|allée|impasse|quai)\b"
)
"""What there are so many of."""
_PRICED = re.compile(
    r"\b(?:costs?|costing|priced at|cuestan?|custam?|costan?o?|coûten?t?|kostet|kosten|kost|kosztuje|стоит|стоят|"
    r"коштує|коштують|harganya|harga|giá)(?:\s(?:now|about|only|just|around|me|us|you|jetzt|nur|etwa|mich|uns|ahora|solo|unos|"
    r"agora|só|ora|maintenant|environ|teraz|tylko|теперь|только|тепер|nu|sekarang|cuma|giờ|chỉ))?\s\Z|\A\W{0,3}нас \Z",
    re.IGNORECASE,
)
"""Before it: what something costs, or how many of us there are."""
_PERIOD = _after(
    r"\s?(?:a|per|al|pro|par|por|na|в|за)\s(?:day|week|month|year|mes|mese|mois|monat|tag|woche|jahr|miesiąc|semana|semaine|"
    r"settimana|месяц|неделю|год|місяць)\b|\s(?:balles|pavos|quid|kröten|fiyat\w*|items|results|rows|comments|packets|objects)\b"
)
"""After it: so much in a time, money, and things that programs count."""
_PLACE = re.compile(r":\d|#(?:[,.;]|\Z)|/(?:tcp|udp)\b")
"""After it: the column of a line, a group after its user, the end of what is typed at a door, how a port is used."""
_IN_LIST = re.compile(r"[\[({](?:\s?\d{3}\s?,){0,8}\s?\Z")
_LIST_GOES_ON = _after(r"\s?,\s?\d{3}\b|\s?,?\s?[\])}]")
_LIST = 40
_OTHER_NUMBER = Guarded(
    r"\b(?:area|zip|post(?:al)?|dial(?:l?ing)?|country|phone|promo|coupon|discount|door|gate|pin|product|part|model|serial|"
    r"house|locker|seat|lucky|jersey|ticket|table|parking|street|train|tram|bib|badge|"
    r"order|room|bus|flight|employee|class|course)[ -]?(?:codes?|numbers?|no\.|nr\.)"
)
"""Things that have numbers of their own."""
_SIZE = re.compile(
    r"(?:\bHTTP/[0-3](?:\.\d)?\"?|\"|\b(?:GET|POST|PUT|PATCH|HEAD|DELETE|OPTIONS) /\S{0,60}) [1-5]\d\d \Z|"
    r"\bTCP_\w{3,24}/\d{3} \Z"
)
"""Before it, in an access log: the status. The number is how many bytes were sent."""
_PROCESS = re.compile(r"#\d")
"""nginx' log: the process, then its thread."""
_CONNECTION = re.compile(r"\d#\d{1,9}: \*\Z")
"""The same log: the connection stands behind process and thread."""
_TRACED = re.compile(r"(?:\A|\n)-{2,8}> (?:\d{1,6} [^\n]{0,90}\n)?\Z")
_TRACE_GOES_ON = _after(r" [^\n]{0,90}\n-{2,8}> \d")
"""Lines of a program in a trace of Python: "--> 415 raise error"."""
_NEGATIVE = re.compile(r"(?:^|[\s(=])-\Z")
_BEGINS = re.compile(r"[.!?]\s{1,3}\Z")
_HAPPENS = _after(
    r"[\s:,-]{1,3}(?:when (?!i was|we were|you were)|whenever|everywhere|again|every time|each time|"
    r"on (?:login|log ?in|every|all|any|submit|checkout|upload|save))\b"
)
"""What follows at the start of a text or sentence: "You broke it! 502 everywhere"."""
_NAME_AFTER = re.compile(r"[:\s-]{1,3}[A-Z]{3,}(?:_[A-Z]{2,})+\b")
"""The name that a platform gives to its error."""
_PORT = re.compile(r"[\w\])*]:\Z|:::\Z")
_PORT_SET = re.compile(r"\bports?\s(?:\w{1,12}\s){0,2}(?:at|to|as|of|=)\s?\Z", re.IGNORECASE)
"""A port is given: "left the port at 502"."""
_HOST_BEFORE = re.compile(r"(?:[\d.]{7,15}|[\w-]\.[a-z]{2,8}|localhost)[\"']?,\s?\Z", re.IGNORECASE)
_MODBUS = Guarded(r"modbus")
"""Its servers listen on port 502 (https://www.modbus.org/specs.php, MODBUS Messaging on TCP/IP, section 3.1.3)."""
_SCORE = Guarded(r"\bout of \d{3}\b|\b(?:percentile|mcat|gmat|lsat)\b")
"""Points of a test, as its name says."""
_SCORED = re.compile(r"\bscor(?:es?|ed|ing)(?:\s\w{1,3}){0,2}[\s:]{1,3}\Z", re.IGNORECASE)
"""The same, directly before: "scored a 502"."""
_OWNED = re.compile(r"\b[dlbcps-]?(?:[r-][w-][xsS-]){2}[r-][w-][xtT-][@+.]?\s{1,4}\d{1,6}\s(?:\S{1,32}\s{1,4})?\Z")
"""Before an owner or a group without a name, as `ls -l` lists them."""
GUARDED = (*_REASON_BEFORE.values(), _OTHER_NUMBER, _MODBUS, _SCORE)


def form_of(status: int, before: str, after: str, around: Around) -> tuple[str, int]:
    """Say in which form a number is a status, and how plainly; weight 0: it is another number."""
    if _is_part(status, before, after):
        return _NO_FORM
    bare = before.rstrip(_MARKS).lower()
    form = _written(status, before, bare, after, around.present)
    if form[1]:
        return form
    if _is_shown(status, before, after):
        return "spoken", 1
    return _NO_FORM if _is_other(before, bare, after, around) else _named(before, bare, after, around)


def _is_part(status: int, before: str, after: str) -> bool:
    """Is it a part of something, whatever words stand around it: a sum, a mark of a log, a line, a count?"""
    if (before.endswith("-") and _NEGATIVE.search(before)) or _PROCESS.match(after):
        return True
    if before.endswith(" ") and _SIZE.search(before):
        return True
    if _PLACE.match(after) or (_PERIOD.match(after) and not _ERROR_BEFORE.search(before[-_ERROR_WITHIN:])):
        return True
    if before.endswith("*") and _CONNECTION.search(before[-_LIST:]):
        return True
    if before.endswith(("-> ", "\n")) and _is_traced(status, before, after):
        return True
    return before.endswith(": ") and _COUNTED.match(after) is not None


def _is_traced(status: int, before: str, after: str) -> bool:
    """Is it the number of a line of a program?"""
    if status in _REASON_AFTER and _REASON_AFTER[status].match(after):
        return False
    return bool(_TRACED.search(before) or _TRACE_GOES_ON.match(after))


def _named(before: str, bare: str, after: str, around: Around) -> tuple[str, int]:
    """Do the words beside it and around make it a status?"""
    if any(beside.match(after) for beside in (_SERVER_ERROR, _ERROR_AFTER, _BODY_AFTER)):
        return "named", 2
    if _ERROR_BEFORE.search(before[-_ERROR_WITHIN:]):
        return "named", 2
    if _FIELD.search(before, bare):
        return "field", 1
    rules = around.rules(before, after)
    if _LABEL.search(before, bare):
        rules.add("label")
    score = around.score(before, after, rules)
    if score < ENOUGH:
        return _NO_FORM
    if score < PLAIN:
        return ("vague" if score >= VAGUE else FAINT), 1
    return ("spoken", 1) if rules.isdisjoint(_NAMES) else ("named", 2)


def _is_shown(status: int, before: str, after: str) -> bool:
    """Does it stand there as an error does: alone, again and again, or as what happens?"""
    if not any(map(str.isalnum, before + after)):
        return True
    if (before[-_REPEATED:] + str(status) + after[:_REPEATED]).count(str(status)) > 2:
        return True
    opens = not before.strip(" -*#>[(\"'") or _BEGINS.search(before)
    return bool(opens and _HAPPENS.match(after))


def _is_other(before: str, bare: str, after: str, around: Around) -> bool:
    """Is it the number of a thing that has its own, or a count of things?"""
    label = _LABEL.found(before, bare)
    if (label and label["label"].lower() not in _PAGES) or _COUNTED.match(after):
        return True
    if (
        _is_listed(before, after)
        or _SIGN.search(before[-5:])
        or _is_port(before)
        or ("r-" in before and _OWNED.search(before))
    ):
        return True
    present = around.present
    named = (
        _MODBUS.search(before + after, present),
        _SCORE.search(before + after, present),
        _SCORED.search(before),
        _PRICED.search(before[-_LIST:]),
    )
    if any(named):
        return True
    if before.endswith(":") and _PORT.search(before) and not around.vocabulary.context.ends(before):
        return True
    return _OTHER_NUMBER.fits(present) and _OTHER_NUMBER.search(_STOP.split(before)[-1]) is not None


def _is_listed(before: str, after: str) -> bool:
    """Is it one of several numbers in brackets, as programs keep them?"""
    listed = _IN_LIST.search(before[-_LIST:])
    return bool(listed and ("," in listed[0] or after.lstrip().startswith(",")) and _LIST_GOES_ON.match(after))


def _is_port(before: str) -> bool:
    """Is a port given, or does a host stand before it, as in a pair of host and port?"""
    if _PORT_SET.search(before[-_LIST:]):
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
    return ("named", 2) if _NAMED.search(before, bare) else _NO_FORM
