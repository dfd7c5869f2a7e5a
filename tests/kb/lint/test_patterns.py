"""Are broken, empty and dangerous regular expressions refused, wherever they are?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.kb.lint.patterns import fault_of

BOUND = "Give each `*`, `+` and `{n,}` an upper bound, such as `{0,80}`, and use fewer of them."
LITERAL = "Correct it; write a literal `.`, `(`, `[`, `?` or `+` with `\\`."

BROKEN = {
    "pattern-does-not-compile": (
        "errors/gateway.toml", r"'\berror (?P<status>502) in \d{1,6} ms\b'", "'error (502'",
        "errors/gateway.toml: match.patterns #1: is no regular expression "
        f"(missing ), unterminated subpattern at position 6). {LITERAL}",
    ),
    "near-finds-nothing-at-all": (
        "errors/gateway.toml", r"'\bbehind it\b'", "'(?:behind it)?'",
        "errors/gateway.toml: match.near #1: finds even an empty text, so it says nothing. Let it demand something.",
    ),
    "unless-is-dangerous": (
        "errors/gateway.toml", r"'\bgateway game\b'", r"'gateway.*game'",
        "errors/gateway.toml: match.unless #1: has an open-ended repeat that every starting point walks through "
        f"again. {BOUND}",
    ),
    "header-does-not-compile": (
        "products.toml", '"^gateway"', '"gateway["',
        "products.toml: gateway.signs #1.headers.server: is no regular expression "
        f"(unterminated character set at position 7). {LITERAL}",
    ),
    "body-is-dangerous": (
        "products.toml", 'body = "no answer"', "body = '\\b(?:o+)+ answer'",
        "products.toml: gateway.signs #1.body: can take millions of steps for each character of a hostile text. "
        f"{BOUND}",
    ),
    "name-of-a-machine-does-not-compile": (
        "names.toml", "", "[machines]\nnginx = ['nginx', '(tengine']",
        "names.toml: nginx #2: is no regular expression "
        f"(missing ), unterminated subpattern at position 0). {LITERAL}",
    ),
    "trace-is-dangerous": (
        "names.toml", "", "traces = ['at .*module.*']",
        "names.toml: traces #1: has an open-ended repeat that every starting point walks through "
        f"again. {BOUND}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_unsound_pattern_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each unsound pattern is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]


def test_empty_header_pattern_means_present(faults_after: Callable[..., list[str]]) -> None:
    """An empty pattern of a header asks only whether the header is there."""
    assert faults_after("products.toml", '"^gateway"', '""') == []


@pytest.mark.parametrize("pattern", ["[[a]b", "a**", "(?<=a+)b", "(?P<1>a)", "a{99999999999}"], ids=str)
def test_what_python_warns_of_or_refuses_is_a_fault(pattern: str) -> None:
    """Whatever the compiler refuses or warns of becomes a fault, never an exception."""
    problem, _remedy = fault_of(pattern) or ("", "")
    assert problem.startswith("is no regular expression")
