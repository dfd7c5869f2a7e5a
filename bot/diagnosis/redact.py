"""Which secrets does a text hold, and how does it read without them?

Each secret is replaced by a placeholder that names its kind (`<token>`, `<password>`, `<cookie>`, `<private-key>`),
so that a log stays readable. Rules go from the sure to the vague: key blocks, known shapes of tokens, headers,
addresses, fields. Every pattern is bounded, and none backtracks over the same letters without end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from bot.diagnosis import invocations, keywords, queries, tokens, userinfo
from bot.diagnosis.anchors import Guarded, Present, Shelf

_PEM = Guarded(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[A-Za-z0-9+/=\s:,.>\\()@-]{0,8192}?-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|"
    r"[A-Za-z0-9+/=\s:,.>\\-]{0,8192})|\bAGE-SECRET-KEY-1[A-Z0-9]{20,80}",
    0,
)

_PASSWORDS = (userinfo.PASSWORD, userinfo.UNREAD, userinfo.SPACED, userinfo.ENCODED)
_IN_COMMANDS = (
    invocations.CURL_USER,
    invocations.MYSQL,
    invocations.SHORT,
    invocations.REDIS,
    invocations.PASSWORD,
)
_PLACEHOLDER = re.compile(
    r"<(?:private-key|token|password|cookie)>|\*{3,}|x{4,}|<[\w -]{1,30}>?|\[?(?:redacted|removed|masked|filtered|"
    r"hidden)\]?|\((?:removed|redacted)\)|\$\{?\w+|%\w+%|null|none|true|false|undefined|"
    r"your[\w -]{0,40}|\.{3,}|\u2026",
    re.IGNORECASE,
)
Finder = Callable[[str], Iterable[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One way to find secrets: the group `secret` of an expression, else all of what it finds."""

    kind: str
    placeholder: str
    expression: Guarded
    find: Finder | None = None
    """Finds them where that takes more than an expression."""

    def places(self, text: str) -> Iterable[tuple[int, int]]:
        """Say where they begin and end."""
        if self.find:
            return self.find(text)
        group = "secret" if "secret" in self.expression.pattern.groupindex else 0
        return (found.span(group) for found in self.expression.pattern.finditer(text))

    def replaced(self, text: str) -> str:
        """Return a text without what this rule finds; the same object when it finds nothing."""
        kept, at = [], 0
        for start, end in self.places(text):
            if not _PLACEHOLDER.fullmatch(text[start:end].strip()):
                kept += [text[at:start], self.placeholder]
                at = end
        return "".join([*kept, text[at:]]) if kept else text


_RULES = (
    _Rule("private-key", "<private-key>", _PEM),
    *(_Rule(kind, "<token>", shape) for kind, shape in tokens.SHAPES),
    _Rule("auth-header", "<token>", keywords.HEADER),
    *(_Rule("password-in-url", "<password>", each) for each in _PASSWORDS),
    _Rule("user-in-url", "<user>", userinfo.NAME),
    _Rule("token-in-url", "<token>", queries.FIELD, queries.secrets),
    *(_Rule("password-in-command", "<password>", each) for each in _IN_COMMANDS),
    _Rule("token-in-command", "<token>", invocations.TOKEN),
    _Rule("token-in-command", "<token>", invocations.NGROK),
    _Rule("cookie-in-command", "<cookie>", invocations.CURL_COOKIE),
    _Rule("bearer", "<token>", keywords.BEARER),
    _Rule("basic", "<token>", keywords.BASIC, keywords.basic),
    _Rule("secret-field", "<token>", keywords.PASSWORD, keywords.passwords),
    _Rule("secret-field", "<token>", keywords.PASS, keywords.env_passwords),
    _Rule("secret-field", "<token>", keywords.ELSEWHERE, keywords.foreign_passwords),
    _Rule("secret-field", "<token>", keywords.KEY, keywords.keys),
    _Rule("secret-field", "<token>", keywords.BELOW),
    _Rule("session-cookie", "<cookie>", keywords.COOKIE),
)
_SHELF = Shelf.of(rule.expression for rule in _RULES)
GUARDED = _SHELF.expressions
TRACES = tuple(each for each in GUARDED if each.needs and each is not keywords.BASIC)
"""Those whose literals make a text worth a look; "basic" is an ordinary word."""


def redact(text: str, present: Present = None) -> tuple[str, tuple[str, ...]]:
    """Return the text without its secrets, and the kinds of secrets that were in it, in order and once each.

    `present`: the literals of a text with single spaces, where somebody has looked.
    """
    kinds: dict[str, None] = {}
    lowered = text.lower()
    for number in _SHELF.likely(present):
        rule = _RULES[number]
        if rule.expression.admits(lowered) and (cleaned := rule.replaced(text)) is not text:
            text = cleaned
            kinds[rule.kind] = None
    return text, tuple(kinds)


def clean_url(url: str) -> str:
    """Return an address without user information, fragment and secret values of its query."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return redact(url)[0]
    cleaned = urlunsplit((parts.scheme, host, parts.path, "", ""))
    return redact(cleaned)[0] + (redact(f"?{parts.query}")[0] if parts.query else "")
