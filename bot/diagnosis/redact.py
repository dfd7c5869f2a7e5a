"""Which secrets does a text hold, and how does it read without them?

Each secret is replaced by a placeholder that names its kind (`<token>`, `<password>`, `<cookie>`, `<private-key>`),
so that a log stays readable. Rules go from the sure to the vague: key blocks, known shapes of tokens, headers,
addresses, fields. Every pattern is bounded, and none backtracks over the same letters without end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from bot.diagnosis.anchors import Guarded, Present, Shelf

_KEYS = (
    r"(?:access[_-]?token|refresh[_-]?token|id[_-]?token|auth[_-]?token|csrf[_-]?token|client[_-]?secret|"
    r"api[_-]?key|apikey|app[_-]?key|"
    r"private[_-]?key|secret[_-]?key|access[_-]?key|auth[_-]?key|token|key|sig|signature|auth|bearer|code|"
    r"session(?:[_-]?id)?|sid|"
    r"phpsessid|jsessionid|sessid|"
    r"pass(?:w(?:or)?d)?|passwd|pwd|passphrase|secret|jwt|sas|x-amz-[a-z-]{2,40}|x-goog-[a-z-]{2,40}|awsaccesskeyid|hm|"
    r"ex|is|ticket|otp|nonce|hash)"
)
_QUERY = re.compile(
    rf"(?P<kept>(?:[?&;#]|%3F|%26){_KEYS}(?:=|%3D))(?P<secret>[^&;#\s\"'<>)\]]{{4,4096}})", re.IGNORECASE
)
_USERINFO = re.compile(
    r"(?P<kept>\b[a-zA-Z][a-zA-Z0-9+.-]{1,15}://)(?P<secret>[^\s/?#@\"'<>:]{0,256}:[^\s/?#@\"'<>]{1,256}|[^\s/?#@\"'<>:]{20,256})(?P<after>@)"
)
_USER = re.compile(r"(?P<kept>\b[a-zA-Z][a-zA-Z0-9+.-]{1,15}://)(?P<secret>[^\s/?#@\"'<>:]{1,19})(?P<after>@)")
_HEADER = re.compile(
    r"(?P<kept>\b(?:proxy-authorization|authorization|set-cookie|cookie|x-api-key|x-auth-[a-z-]{1,30}|x-csrf-token|"
    r"x-amz-security-token)"
    r"[\"']?\s?[:=]\s?[\"']?)(?P<secret>(?:[^\r\n\"']|(?<==)\\?\"[^\"\r\n]{0,2048}\"){3,4096})",
    re.IGNORECASE,
)
_CURL_USER = re.compile(
    r"(?P<kept>\bcurl\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user|"
    r"-U)[ =][\"']?[^\s:\"']{1,100}:)(?P<secret>[^\s\"']{1,200})"
)
_CURL_COOKIE = re.compile(
    r"(?P<kept>\bcurl\b[^\n]{0,400}?\s(?:-b|--cookie)[ =][\"']?)"
    r"(?P<secret>(?<=[\"'])[^\r\n\"'=]{1,200}=[^\r\n\"']{1,4096}|[^\s\"'=]{1,200}=[^\s\"']{1,4096})"
)
_BEARER = re.compile(
    r"(?P<kept>\bbearer\s)(?P<secret>(?=[a-z._~+/-]{0,256}[0-9])[a-z0-9._~+/-]{16,4096}={0,2})", re.IGNORECASE
)
_FIELD = re.compile(
    r"(?P<kept>(?:passw(?:or)?d|passwd|pwd|passphrase|secret|api[_-]?key|(?:private|auth)[_-]?key|"
    r"access[_-]?key|account[_-]?key|(?:access|auth|bot|refresh)?token)"
    r"[\"']?\s?(?:=|:)\s?[\"']?)"
    r"(?P<secret>(?<=\")[^\"\r\n]{6,512}(?=\")|(?<=')[^'\r\n]{6,512}(?=')|[^\s\"',;&<>]{6,512})",
    re.IGNORECASE,
)
_PEM = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[A-Za-z0-9+/=\s:,.>\\()@-]{0,8192}?-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|"
    r"[A-Za-z0-9+/=\s:,.>\\-]{0,8192})|\bAGE-SECRET-KEY-1[A-Z0-9]{20,80}"
)

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("jwe", re.compile(r"\beyJ[\w-]{8,2048}\.[\w-]{0,1024}\.[\w-]{4,64}\.[\w-]{2,8192}\.[\w-]{16,64}")),
    ("jwt", re.compile(r"\beyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{4,4096}\.[A-Za-z0-9_-]{4,1024}")),
    (
        "discord-token",
        re.compile(r"(?<![\w-])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}(?![\w-])"),
    ),
    (
        "discord-webhook",
        re.compile(r"(?P<kept>discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,25}/)(?P<secret>[\w-]{20,128})"),
    ),
    (
        "webhook",
        re.compile(
            r"(?P<kept>(?:hooks\.slack\.com/(?:services|workflows|triggers)|\.webhook\.office\.com/webhookb2|"
            r"hooks\.zapier\.com/hooks/catch)/)(?P<secret>[\w/@=.-]{8,400})"
        ),
    ),
    ("github-token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})")),
    ("gitlab-token", re.compile(r"\bgl(?:pat|rt|dt|ptt|cbt|ft|soat|agent|imt|ffct)-[\w-]{20,64}")),
    ("slack-token", re.compile(r"\bx(?:ox[abeposr]|app)-[A-Za-z0-9-]{10,255}")),
    ("stripe-key", re.compile(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}")),
    ("aws-key", re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b")),
    ("google-key", re.compile(r"\b(?:AIza[\w-]{35}|GOCSPX-[\w-]{20,40}|ya29\.[\w-]{20,2048})")),
    ("openai-key", re.compile(r"\bsk-(?:[a-z]{2,8}-)?[A-Za-z0-9_-]{20,255}")),
    ("sendgrid-key", re.compile(r"\bSG\.[\w-]{16,32}\.[\w-]{16,64}")),
    ("huggingface-token", re.compile(r"\bhf_[A-Za-z0-9]{30,64}\b")),
    ("shopify-token", re.compile(r"\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}\b")),
    ("digitalocean-token", re.compile(r"\bdo[opr]_v1_[a-f0-9]{64}\b")),
    ("docker-token", re.compile(r"\bdckr_[po]at_[\w-]{20,64}")),
    ("vault-token", re.compile(r"\bhv[sbr]\.[\w-]{20,512}")),
    ("webhook-secret", re.compile(r"\bwhsec_[A-Za-z0-9+/=]{20,128}")),
    ("app-token", re.compile(r"\b(?:lin_(?:api|oauth)_|ntn_|figd_)[\w-]{20,128}")),
    ("npm-token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("pypi-token", re.compile(r"\bpypi-[\w-]{50,255}")),
    ("telegram-token", re.compile(r"(?<![\w:])(?:bot)?\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])")),
)
_HINTS = re.compile(
    r"://|eyJ|[=:]|-----BEGIN|[MNO][A-Za-z0-9_-]{23}|gh[pousr]_|github_pat_|glpat-|xox|k_(?:live|test)_|AKIA|ASIA|"
    r"ABIA|ACCA|AIza|sk-|npm_|pypi-|webhooks/|[?&#]\w|AGE-SECRET|GOCSPX|ya29\.|xapp-|SG\.|hf_|shp\w\w_|_v1_|dckr_|"
    r"hv[sbr]\.|whsec_|lin_|ntn_|figd_|gl\w{2,5}-|[Bb]earer|BEARER|curl|hooks\."
)


def _guarded(rule: re.Pattern[str]) -> Guarded:
    return Guarded(rule.pattern, rule.flags & re.IGNORECASE)


_RULES: tuple[tuple[str, str, Guarded], ...] = (
    ("private-key", "<private-key>", _guarded(_PEM)),
    *((kind, "<token>", _guarded(shape)) for kind, shape in _SHAPES),
    ("auth-header", "<token>", _guarded(_HEADER)),
    ("password-in-url", "<password>", _guarded(_USERINFO)),
    ("user-in-url", "<user>", _guarded(_USER)),
    ("token-in-url", "<token>", _guarded(_QUERY)),
    ("password-in-command", "<password>", _guarded(_CURL_USER)),
    ("cookie-in-command", "<cookie>", _guarded(_CURL_COOKIE)),
    ("bearer", "<token>", _guarded(_BEARER)),
    ("secret-field", "<token>", _guarded(_FIELD)),
)
_SHELF = Shelf.of(rule for _, _, rule in _RULES)
GUARDED = _SHELF.expressions
_PLACEHOLDER = re.compile(
    r"<(?:private-key|token|password|cookie)>|\*{3,}|x{4,}|<[\w -]{1,30}>?|\[?(?:redacted|removed|masked|filtered|"
    r"hidden)\]?|\((?:removed|redacted)\)|\$\{?\w+|%\w+%|null|none|true|false|undefined",
    re.IGNORECASE,
)


def redact(text: str, present: Present = None) -> tuple[str, tuple[str, ...]]:
    """Return the text without its secrets, and the kinds of secrets that were in it, in order and once each.

    `present`: the literals of a text with single spaces, where somebody has looked.
    """
    if not _HINTS.search(text):
        return text, ()
    kinds: dict[str, None] = {}
    lowered = text.lower()
    for number in _SHELF.likely(present):
        kind, placeholder, rule = _RULES[number]
        if rule.admits(lowered):
            text = rule.pattern.sub(_replacement(kind, placeholder, kinds), text)
    return text, tuple(kinds)


def clean_url(url: str) -> str:
    """Return an address without user information, fragment and secret values of its query."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return redact(url)[0]
    cleaned = urlunsplit((parts.scheme, host, parts.path, "", ""))
    query = _QUERY.sub(lambda found: f"{found['kept']}<token>", f"?{parts.query}") if parts.query else ""
    return redact(cleaned)[0] + redact(query)[0]


def _replacement(kind: str, placeholder: str, kinds: dict[str, None]) -> Callable[[re.Match[str]], str]:
    """Make the function that replaces one rule's findings and notes their kind."""

    def replace(found: re.Match[str]) -> str:
        parts = found.groupdict()
        secret = parts.get("secret") or found[0]
        if _PLACEHOLDER.fullmatch(secret.strip()):
            return found[0]
        kinds[kind] = None
        return (parts.get("kept") or "") + placeholder + (parts.get("after") or "")

    return replace
