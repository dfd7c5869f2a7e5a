"""Is a number the code of something that is no web server?

Mail servers, databases, devices and programs that end have codes of their own, which are told in the same words: "error
502". What stands around the number gives them away.
"""

from __future__ import annotations

import re

from bot.diagnosis.anchors import Guarded, Present

_MAIL = Guarded(
    r"\b(?:e?smtp\w{0,30}|lmtp|postfix|exim|sendmail|s?ftpd?|nntpd?|news-?servers?|newsservers?|usenet|"
    r"imap|pop3|vrfy|ehlo|helo|dele|hylafax)\b|\bcommand\b"
)
_WEB = re.compile(r"http|gateway|nginx|apache|proxy|browse|\burl\b|web ?(?:app|site|page)", re.IGNORECASE)
_DEVICE = Guarded(
    r"\b(?:hvac|furnace|boiler|heat ?pump|dish ?washer|washing machine|tumble dryer|oven|fridge|freezer|air ?con|"
    r"air conditioner|printer|plotter|copier|xerox|kyocera|ricoh|lexmark|cartridge|toner|fax|wii|midi|obd|dmx|"
    r"heizung|gastherme|waschmaschine|spülmaschine|geschirrspüler|backofen|kühlschrank|wärmepumpe|drucker|"
    r"imprimante|chaudière|lave-linge|lave-vaisselle|impresora|caldera|lavadora|lavavajillas|"
    r"impressora|caldeira|máquina de lavar|stampante|caldaia|lavatrice|lavastoviglie|drukarka|pralka|zmywarka)\b|"
    r"принтер|кот[её]л|стиральн|посудомо|プリンタ|給湯器|洗濯機|打印机|热水器|洗衣机|印表機|프린터|보일러|세탁기"
)
_ONLINE = re.compile(
    r"https?|gateway|proxy|page|site|web|url|browser|login|server|api|interface|store|online|cloud|octoprint|klipper|"
    r"mainsail|fluidd|stránk|seite|página|pagina|стран|сайт|页面|网页|網頁|ページ|サイト|페이지|사이트",
    re.IGNORECASE,
)
_ENDED = Guarded(r"\bexit(?:ed|s)?\b[^.\n]{0,24}?(?:\bwith|\bcode|\bstatus)\W{1,3}\Z")
"""Before the number: how a program ended."""
_STATE = re.compile(r"\W{0,3}\((?:HY|\d\d|[0-9A-Z]\d)[0-9A-Z]{3}\)")
"""After it: the state of a database (SQL:2003, SQLSTATE)."""
_COMPARED = re.compile(r"\s?(?:[!=]==?|<>)\s?\d")
_MEANT = re.compile(
    r"\W{1,6}(?:(?:message|msg|errmsg|error|description)\W{1,5})?(?:an? )?"
    r"(?:invalid (?:pin|password|param\w*|argument\w*|coupon|card|amount|sign\w*)|"
    r"insufficient (?:funds|balance|credit\w*)|balance (?:is )?not enough|couldn'?t connect to tws|"
    r"wrong (?:pin|password))",
    re.IGNORECASE,
)
"""After it: what an app means by its own number."""
GUARDED = (_MAIL, _DEVICE, _ENDED)


def is_foreign(before: str, after: str, present: Present = None) -> bool:
    """Tell by what stands before and after a number."""
    near = before + after
    if _MAIL.fits(present) and _MAIL.search(near) and not _WEB.search(near):
        return True
    if _DEVICE.fits(present) and _DEVICE.search(near) and not _ONLINE.search(near):
        return True
    if any(beside.match(after) for beside in (_STATE, _COMPARED, _MEANT)):
        return True
    return _ENDED.search(before, present) is not None
