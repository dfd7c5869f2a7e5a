"""Which words does a secret follow, in headers, settings and talk?

What people and programs say about secrets ("token: expired", "password: required") is none, nor is an expression that
fetches one (`process.env.TOKEN`). Where a sentence may go on, only a value that no sentence has counts.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from bot.diagnosis.anchors import Guarded

_IS = (
    r"(?:\\{0,3}[\"'])?(?P<index>\])?[^\S\r\n]{0,4}(?P<is>:?[=:：]>?)(?P<blank>[^\S\r\n]{0,4})"
    r"(?:\\{0,3}(?P<quote>[\"'`]))?"
)

HEADER = Guarded(
    r"\b(?:proxy-authorization|authorization|set-cookie|cookie|x-api-key|x-auth-[a-z-]{1,30}|x-csrf-token|"
    r"x-amz-security-token|ocp-apim-subscription-key)"
    r"[\"']?\s?[:=]\s?[\"']?(?P<secret>(?:[^\r\n\"']|(?<==)\\?\"[^\"\r\n]{0,2048}\"){3,4096})",
)
BEARER = Guarded(r"\bbearer\s(?P<secret>(?=[a-z._~+/-]{0,256}[0-9])[a-z0-9._~+/-]{16,4096}={0,2})")
BASIC = Guarded(r"\bBasic\s(?P<secret>[A-Za-z0-9+/]{6,2048}={0,2})(?![\w+/=])", 0)
PASSWORD = Guarded(rf"(?:passw(?:or)?d|(?<!/etc/)passwd|pwd|passphrase){_IS}")
PASS = Guarded(
    r"(?<![A-Za-z0-9])(?:[A-Z][A-Z0-9_]{0,60}_(?:PASS|PW)|"
    rf"(?:db|database|mysql|pg|smtp|mail|ftp|root|admin|redis|user)_?(?:pass|pw)){_IS}",
    0,
)
"""Alone, "pass" is what tests do."""
ELSEWHERE = Guarded(
    r"(?:passwort|kennwort|contraseña|mot de passe|hasło|senha|wachtwoord|lösenord|salasana|parola|"
    r"şifre|heslo|jelszó|adgangskode|passord|kata sandi|mật khẩu|"
    r"пароль|密码|密碼|パスワード|"
    rf"비밀번호){_IS}",
)
"""The word for a password in other languages."""
KEY = Guarded(
    r"(?:secret(?:[_-]?key(?:[_-]?base)?)?|api[_-]?key|"
    r"(?:private|auth|access|account|subscription|encryption|signing|master|app)[_-]?key|"
    rf"(?<!unexpected )(?<!illegal )(?<!unknown )(?:access|auth|bot|refresh)?token){_IS}",
)
BELOW = Guarded(
    r"(?:passw(?:or)?d|passwort|secret|token|api[ _-]?key)[\"']?[^\S\r\n]?:[^\S\r\n]{0,4}\r?\n[^\S\r\n]{0,8}"
    r"(?P<secret>(?=[^\s\d]{0,64}\d)(?=[\W\d]{0,64}[^\W\d])[^\s\"'`,;&<>\\:=/]{6,128})(?=[^\S\r\n]{0,8}(?:[\r\n]|\Z))",
)
"""Alone on the line below."""
COOKIE = Guarded(
    r"(?<![\w-])(?:phpsessid|jsessionid|asp\.net_sessionid|connect\.sid|sessionid|(?:laravel|ci|rack|app|user|auth|flask|php|play)_session|"
    r"wordpress_(?:logged_in|sec)_\w{1,24}|remember_\w{1,24}|cf_clearance)="
    r"(?P<secret>(?=[^\s\d;]{0,24}\d)[^\s;,\"'&<>]{8,2048})",
)
"""Names under which programs store who is signed in."""

_BARE = re.compile(r"[^\s\"'`,;&<>\\]{1,512}")
_GOES_ON = re.compile(r"[^\S\r\n]{1,8}[\w(]")
_TOLD = re.compile(
    r"(?:required|invalid|incorrect|wrong|expired|missing|unexpected|unknown|not|must|the|your|empty|fail(?:ed|ure)?|"
    r"denied|error|mismatch(?:ed)?|rejected|revoked|accepted|unset|changed|reset|should|cannot|please|enter|default|"
    r"optional|authentication|protected|forgot(?:ten)?|hidden|string|varchar|bytes|object|number|boolean|undefined|"
    r"valid|none|null|nil|true|false|yes|no|ok|\d{1,3})(?![\w@#$%&*+=-])",
    re.IGNORECASE,
)
_FETCHED = re.compile(
    r"(?:process|import\.meta|os|config|settings|self|this|ctx|context|req(?:uest)?|secrets|vars?|data|local|"
    r"opt(?:ion)?s|args|params)\.[a-z_]|[\w.]{1,60}[(\[]|https?://|\$[({\w]|%[a-z_]{2,30}%|\{\{|~?/\w|:[a-z]|[a-z]:\\",
    re.IGNORECASE,
)
"""From an object, a call, an address, a variable, a path."""
_REFUSED = re.compile(
    r"\b(?:required|invalid|incorrect|wrong|expired|missing|must|too short|at least|not match|n't match|not found|"
    r"unauthori[sz]ed)\b",
    re.IGNORECASE,
)


def passwords(text: str) -> Iterator[tuple[int, int]]:
    """Find passwords that are set; short ones, too."""
    return _set(PASSWORD, text, least=3)


def env_passwords(text: str) -> Iterator[tuple[int, int]]:
    """Find those whose name ends in PASS or PW."""
    return _set(PASS, text, least=3)


def foreign_passwords(text: str) -> Iterator[tuple[int, int]]:
    """Find those that other languages introduce."""
    return _set(ELSEWHERE, text, least=4, lone=False)


def keys(text: str) -> Iterator[tuple[int, int]]:
    """Find keys and tokens that are set."""
    return _set(KEY, text, least=6)


def basic(text: str) -> Iterator[tuple[int, int]]:
    """Find user names with passwords that are written as HTTP sends them."""
    for found in BASIC.pattern.finditer(text):
        try:
            written = b64decode(found["secret"], validate=True).decode()
        except ValueError:
            continue
        if ":" in written and written.isprintable():
            yield found.span("secret")


def _set(names: Guarded, text: str, *, least: int, lone: bool = True) -> Iterator[tuple[int, int]]:
    """Find what is set to one of these names; `lone`: also a word behind a colon, where no sentence goes on."""
    end = 0
    for found in names.pattern.finditer(text):
        if found.start() < end:
            continue
        place = _quoted(found, text) if found["quote"] else _bare(found, text, lone=lone)
        if place and place[1] - place[0] >= least:
            yield place
            end = place[1]


def _quoted(found: re.Match[str], text: str) -> tuple[int, int] | None:
    """Read up to the closing mark, which JSON in JSON has escaped."""
    start = found.end()
    end = text.find(found["quote"], start, start + 512)
    value = text[start : max(end, start)].rstrip("\\")
    if not value or "\n" in value or _TOLD.fullmatch(value) or _REFUSED.search(value) or _FETCHED.match(value):
        return None
    return start, start + len(value)


def _bare(found: re.Match[str], text: str, *, lone: bool) -> tuple[int, int] | None:
    """Read up to a blank or a mark; of what a sentence may hold only what mixes letters and digits is a secret."""
    value = _BARE.match(text, found.end())
    if value is None or _TOLD.match(text, found.end()) or _FETCHED.match(text, found.end()):
        return None
    is_mixed = any(map(str.isdigit, value[0])) and any(map(str.isalpha, value[0]))
    is_set = found["is"] == "=" and not found["blank"]
    is_lone = lone and len(value[0]) >= 6 and not found["index"] and not _GOES_ON.match(text, value.end())
    return value.span() if is_mixed or is_set or is_lone else None
