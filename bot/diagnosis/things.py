"""Does a number belong to a thing that has its own, or does it count something?

Rooms, buses and orders have numbers, codes are dialled, points are scored, money and people are counted. Each counts
against a status, but none decides alone: a site on its "payment step 502" fails all the same (`numbers` weighs them).
"""

from __future__ import annotations

import re

from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.beside import begins_with, ends_with

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
_LABEL = ends_with(
    rf"\b(?P<label>{'|'.join(_LABELS)}|pull request|area code|(?:user|group) id|owned by)\b"
    r"(?:\s(?:is|was|no|nr|number))?[.:]?\s{0,2}",
    *(*_LABELS, "request", "code", "id", "by", "is", "was", "no", "nr", "number"),
)
_PAGES = frozenset({"page", "pages", "p", "pp"})
"""Books have them, and sites: "the login page: 502"."""
_SIGN = re.compile(r"(?:§[.:]?\s{0,2}|(?:^|[\s(])-[.:]?)\Z")
"""(A dash with a blank after it is none: "the login page - 502".)"""
COUNTED = begins_with(
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
"""What the number counts."""
_PRICED = re.compile(
    r"\b(?:costs?|costing|priced at|cuestan?|custam?|costan?o?|coûten?t?|kostet|kosten|kost|kosztuje|стоит|стоят|"
    r"коштує|коштують|harganya|harga|giá)(?:\s(?:now|about|only|just|around|me|us|you|jetzt|nur|etwa|mich|uns|ahora|solo|unos|"
    r"agora|só|ora|maintenant|environ|teraz|tylko|теперь|только|тепер|nu|sekarang|cuma|giờ|chỉ))?\s\Z|\A\W{0,3}нас \Z",
    re.IGNORECASE,
)
"""Before it: what something costs, or how many of us there are."""

_OTHER_NUMBER = Guarded(
    r"\b(?:area|zip|post(?:al)?|dial(?:l?ing)?|country|phone|promo|coupon|discount|door|gate|pin|product|part|model|serial|"
    r"house|locker|seat|lucky|jersey|ticket|table|parking|street|train|tram|bib|badge|"
    r"order|room|bus|flight|employee|class|course)[ -]?(?:codes?|numbers?|no\.|nr\.)"
)
"""Things that have numbers of their own."""

_MODBUS = Guarded(r"modbus")
"""Its servers listen on port 502 (https://www.modbus.org/specs.php, MODBUS Messaging on TCP/IP, section 3.1.3)."""
_SCORE = Guarded(r"\bout of \d{3}\b|\b(?:percentile|mcat|gmat|lsat)\b")
"""Points of a test, as its name says."""
_SCORED = re.compile(r"\bscor(?:es?|ed|ing)(?:\s\w{1,3}){0,2}[\s:]{1,3}\Z", re.IGNORECASE)
"""The same, directly before: "scored a 502"."""
_STOP = re.compile(r"[.!?;]\s|\n")
_NEAR = 40
GUARDED = (_OTHER_NUMBER, _MODBUS, _SCORE)


def things(before: str, bare: str, after: str, present: Present = None) -> set[str]:
    """Return what a number may belong to, by what is before and after it, as rules of `numbers`.

    `bare`: what is before it without the marks at its end, in lower case.
    """
    label = _LABEL.found(before, bare)
    near = before + after
    rules = {
        "label": label and label["label"].lower() in _PAGES,
        "other label": label and label["label"].lower() not in _PAGES,
        "so many": COUNTED.match(after),
        "sign": _SIGN.search(before[-5:]),
        "modbus": _MODBUS.search(near, present),
        "score": _SCORE.search(near, present) or _SCORED.search(before),
        "price": _PRICED.search(before[-_NEAR:]),
        "other number": _OTHER_NUMBER.fits(present) and _OTHER_NUMBER.search(_STOP.split(before)[-1]),
    }
    return {rule for rule, holds in rules.items() if holds}
