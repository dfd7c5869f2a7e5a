"""Which arguments of commands are secret?"""

from __future__ import annotations

from bot.diagnosis.anchors import Guarded

_ARGUMENT = r"[^\s\"']{1,200}"
_MIXED = r"(?=[^\s\"'\d]{0,60}\d)(?=[^\s\"'A-Za-z]{0,60}[A-Za-z])"
_ABOUT = r"(?!(?:switch(?:es)?|options?|flags?|arguments?|parameters?|fields?|values?|prompts?|stdin|files?)(?![\w-]))"
_ENDS = r"(?=[\"']|[^\S\n]{0,4}(?:\n|\Z|[|;&>\\-]|https?:))"
"""What may follow an argument, and follows no word of a sentence about its option."""

CURL_USER = Guarded(
    r"\bcurl\b[^\n]{0,400}?\s(?:-[a-zA-Z]{0,6}u[ =]?|--(?:proxy-)?user[ =]|-U[ =]?)[\"']?[^\s:\"'/]{0,100}:"
    r"(?P<secret>[^\s\"']{1,200})",
    0,
)
CURL_COOKIE = Guarded(
    r"\bcurl\b[^\n]{0,400}?\s(?:-b|--cookie)[ =][\"']?"
    r"(?P<secret>(?<=[\"'])[^\r\n\"'=]{1,200}=[^\r\n\"']{1,4096}|[^\s\"'=]{1,200}=[^\s\"']{1,4096})",
    0,
)
MYSQL = Guarded(
    r"(?<![\w.-])(?:mysql|mariadb)(?:-?(?:dump|admin|import|check|show|sh))?[^\S\n]"
    r"(?:[^\n|;&<>]{0,70}[^\S\n])?-p[\"']?(?P<secret>(?!\d{1,5}(?:[:/]|\s|\Z)|-)" + _ARGUMENT + ")",
    0,
)
"""A blank after `-p` means that the password is asked for; `-p3306:3306` is a port of a container."""
SHORT = Guarded(
    r"\b(?:sshpass|(?:docker|podman)[^\S\n]login)\b[^\n]{0,160}?\s-p"
    rf"[^\S\n]?[\"']?(?P<secret>(?!-){_ARGUMENT})",
    0,
)
REDIS = Guarded(rf"\bredis-cli\b[^\n]{{0,160}}?\s-a[^\S\n][\"']?(?P<secret>(?!-){_ARGUMENT})", 0)
PASSWORD = Guarded(
    r"(?<![\w-])--(?:[a-z]{2,12}-){0,3}(?:password|passwd|passphrase)(?:=|[^\S\n]{1,3})[\"']?(?P<secret>(?![-%$<{\[])"
    rf"(?:{_MIXED}[^\s\"']{{2,100}}|(?<==)[^\s\"',;]{{2,100}}|{_ABOUT}[^\s\"',;]{{2,60}}{_ENDS}))",
    0,
)
TOKEN = Guarded(
    r"(?<![\w-])--(?:[a-z]{2,12}-){0,3}(?:token|secret|api-?key|access-key|authtoken)(?:=|[^\S\n]{1,3})"
    rf"[\"']?(?P<secret>{_MIXED}[^\s\"',;/]{{12,4096}})",
    0,
)
NGROK = Guarded(rf"(?<![\w-])(?:add-)?authtoken[^\S\n](?P<secret>{_MIXED}[^\s\"',;/]{{12,128}})", 0)
