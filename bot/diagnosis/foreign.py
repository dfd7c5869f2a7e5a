"""Is a number the code of something other than a web server?

Mail servers, databases, devices and programs that exit have codes of their own, described in the same words: "error
502". What is around the number gives them away.
"""

from __future__ import annotations

import re

from bot.diagnosis.anchors import Guarded, Present

_MAIL = Guarded(
    r"\b(?:e?smtp\w{0,30}|lmtp|postfix|exim|sendmail|s?ftpd?|nntpd?|news-?servers?|newsservers?|usenet|"
    r"imap|pop3|vrfy|ehlo|helo|dele|hylafax)\b|\bcommand\b|\bnet::ftp|\b(?:retr|mlsd|nlst|pasv|epsv)\b|\b(?:ftp|nntp|smtp)lib\b"
)
_WEB = re.compile(
    r"http|gateway|nginx|apache|proxy|browse|\burl\b|\bweb|\bgui\b|portal|dashboard|panel|upstream|\bapi\b|slash|\bbots?\b",
    re.IGNORECASE,
)
_DEVICE = Guarded(
    r"\b(?:hvac|furnace|boiler|heat ?pump|dish ?washer|washing machine|tumble dryer|oven|fridge|freezer|air ?con|"
    r"air conditioner|printer|plotter|copier|xerox|kyocera|ricoh|lexmark|cartridge|toner|fax|wii|midi|obd|dmx|"
    r"heizung|gastherme|waschmaschine|spülmaschine|geschirrspüler|backofen|kühlschrank|wärmepumpe|drucker|"
    r"imprimante|chaudière|lave-linge|lave-vaisselle|impresora|caldera|lavadora|lavavajillas|"
    r"impressora|caldeira|máquina de lavar|stampante|caldaia|lavatrice|lavastoviglie|drukarka|pralka|zmywarka|"
    r"epson|canon|laserjet|officejet|deskjet|e-?bike|pedelec|scooter|inverter|wechselrichter|elevator|aufzug|ascensor|"
    r"ascenseur|thermostat|treadmill|roomba|gearbox|card (?:reader|terminal)|"
    r"maquininha|m[aá]quina de cart[aã]o|kartenlesegerät|hardware error|speedometer|"
    r"odometer|calculator|(?:step|mile|people|visitor) counter|gauge|thermometer|stopwatch|gammu|"
    r"modem|gsm|cm[es] error)\b|"
    r"принтер|кот[её]л|стиральн|посудомо|プリンタ|給湯器|洗濯機|打印机|热水器|洗衣机|印表機|프린터|보일러|세탁기"
)
_ONLINE = re.compile(
    r"https?|gateway|proxy|page|site|web|url|browser|login|server|api|\bapps?\b|interface|store|shop|portal|dashboard|panel|\bgui\b|online|cloud|octoprint|klipper|"
    r"mainsail|fluidd|stránk|seite|página|pagina|стран|сайт|页面|网页|網頁|ページ|サイト|페이지|사이트",
    re.IGNORECASE,
)
_CALL = Guarded(r"\b(?:sip (?:trunk|call|phone|account)s?|voip|pbx|asterisk|freeswitch)\b")
"""Telephony has its own 502 (RFC 3261, section 21.5.3)."""
_STATES = Guarded(r"\b(?:sqlstate|sqlcode)\b")
"""States of databases."""
_PROGRAM = re.compile(
    r"\b(?:libre ?office|open ?office|excel|calc|spreadsheet|sqlite|informix|db2)(?: \w{1,12})?"
    r" (?:error|err|fehler|erreur|code)s?\W{0,3}\Z",
    re.IGNORECASE,
)
_IN_PROGRAM = re.compile(
    r"\W{0,2} (?:in|of|im|en|dans) (?:(?:my|a|the|an?|einer?|une?) )?"
    r"(?:libre ?office|open ?office|excel|calc\b|cells?\b|spreadsheet|sqlite|informix|db2)(?! online)",
    re.IGNORECASE,
)
"""Before and after it: programs that have errors of their own, but also exports that a site fails to make."""
_FIGURE = re.compile(
    r"\b(?:standard|mean|squared|absolute|relative|rounding|prediction|average|rms)"
    r" (?:error|loss)s?\W{1,3}(?:of |is |was |= ?)?\Z|"
    r"\b(?:ticket|bug|pr|issue) #\Z|\b(?:row|line|epoch|invoice|chapter) #?\Z|"
    r"\bld returned \Z|\bmake(?:\[\d{1,3}\])?:[^\n]{0,24}\bError \Z",
    re.IGNORECASE,
)
"""Before it: an amount, or which one of many."""
_COUNT = re.compile(
    r"\s(?:errors|failures|problems)(?:\s(?:found|detected|generated|in total)\b|,?\s(?:and\s)?\d{1,6}\s[a-z])|"
    r"\s(?:undefined references|duplicate symbols|unresolved external)|\s(?:at|on|in) line \d",
    re.IGNORECASE,
)
"""After it: a count of what was found, or a place in a file."""
_BUILT = re.compile(r"\b(?:compil\w{1,6}|build|lint\w{0,4})(?: \w{1,10})? with \Z", re.IGNORECASE)
"""Before a count of errors."""
_BESIDE = 32
"""This many letters before it can be part of one of these."""
_ENDED = Guarded(r"\bexit(?:ed|s)?\b[^.\n]{0,24}?(?:\bwith|\bcode|\bstatus)\W{1,3}\Z")
"""Before the number: how a program ended."""
_STATE = re.compile(r"\W{0,3}\((?:HY|\d\d|[0-9A-Z]\d)[0-9A-Z]{3}\)")
"""After it: the state of a database (SQL:2003, SQLSTATE)."""
_COMPARED = re.compile(r"\s?(?:[!=]==?|<>)\s?\d")
_MEANT = re.compile(
    r"\W{1,6}(?:(?:message|msg|errmsg|error|description)\W{1,5})?(?:an? )?"
    r"(?:invalid (?:pin|password|param\w*|argument\w*|coupon|card|amount|sign\w*)|"
    r"insufficient (?:funds|balanc\w{0,2}|credit\w*)|balance (?:is )?not enough|couldn'?t connect to tws|"
    r"wrong (?:pin|password)|access restriction|cursor already open|the cursor\b|too many connections|"
    r"API services rejected|(?:you have )?no permission|\S{1,40} :can'?t change mode)",
    re.IGNORECASE,
)
"""After it: what an app means by its own number."""
GUARDED = (_MAIL, _DEVICE, _CALL, _STATES, _ENDED)


def is_foreign(before: str, after: str, present: Present = None) -> bool:
    """Tell by what is before and after a number."""
    return is_surely(before, after, present) or bool(likely(before, after, present))


def is_surely(before: str, after: str, present: Present = None) -> bool:
    """Do its direct neighbours leave no doubt?"""
    if _is_count(before, after) and not _WEB.search(before + after):
        return True
    if before.upper().endswith("SIP/2.0 ") or _is_numeric(before, after):
        return True
    if any(beside.match(after) for beside in (_STATE, _COMPARED, _MEANT)):
        return True
    return _ENDED.search(before, present) is not None


def likely(before: str, after: str, present: Present = None) -> set[str]:
    """Return mentions of what has codes of its own, as rules of `numbers`: a site may be mentioned, too."""
    near = before + after
    rules = set[str]()
    if any(each.fits(present) and each.search(near) for each in (_MAIL, _CALL, _STATES)) and not _WEB.search(near):
        rules.add("other protocol")
    if _DEVICE.fits(present) and _DEVICE.search(near) and not _ONLINE.search(near):
        rules.add("device")
    return rules


def _is_count(before: str, after: str) -> bool:
    """Is it an amount, one of many, or the content of a table cell?"""
    if before.endswith("Err:") and before[-5:-4] in ("", " ", "\n", "#", "="):
        return True
    beside = before[-_BESIDE:]
    if after.startswith(" errors") and _BUILT.search(beside):
        return True
    return any((_FIGURE.search(beside), _PROGRAM.search(beside), _COUNT.match(after), _IN_PROGRAM.match(after)))


def _is_numeric(before: str, after: str) -> bool:
    """Is it a numeric reply that a server on IRC sends (RFC 2812, section 5)?"""
    server = before.rstrip().rpartition(" ")[2]
    return " :" in after and server.startswith(":") and "." in server
