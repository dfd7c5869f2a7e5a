"""Are patterns refused that a hostile text can make slow, and only those?"""

from __future__ import annotations

import re
import time

import pytest

from bot.kb.lint.backtracking import danger

WALKS = "has an open-ended repeat that every starting point walks through again"

DANGEROUS = (
    r"(a+)+b", r"\b(a+)+b", r"(a*)*b", r"(a|a)*b", r"x(a|a)*b", r"(a|ab?)+c", r"=(a|b|ab)*c", r"(\w+\s?)+:",
    r"(x+x+)+y", r".*foo", r"foo.*bar.*baz", r"<a.*>", r"\d+ errors", r"\s+$", r"foo [\w ]+:", r"a*b*a*c",
    r"(?=.*x)a", r"(?:[a-z0-9-]+\.)+[a-z]{2,}", r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}", r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(a{1,20}){1,20}b", r"(?:a?){30}a{30}", r"x.{0,300}y.{0,300}z", r"<title>[^<]*nginx", r"(.)\1+",
    r"(a)?(?(1)b|c)", r"é+ö", r"[^x]+y", r"(?i:a+)b",
    r"(?m)^\s*x", r"(?<!ab)[ab]+x", r"=(?:[а-я]+)+x", r"=(?:[\u0430-\u044f]+)+x", r" {0,200}.{0,40}\b",
    r"[ab]{0,200}\w(?:(?=\w{0,200}))*(?:\w)? {1,3}", r"b{0,200}b{0,40}\d?\s(?:aa)?", r"(?:ab){0,200}\s?(?!(?:ab){0,200})",
)  # fmt: skip

HARMLESS = (
    r"502 bad gateway", r"error\s+code:?\s*(\d+)", r"\b\d+ errors", r"(?<![\w.-])[\w.-]+@", r"nginx/\d+\.\d+",
    r"^\s*error", r"(?:[ ,:-]{1,2}[a-z]{1,14}){0,4} x", r"<title>[^<]{0,200}nginx", r"<title>[^<]*</title>",
    r"a.{0,80}b", r"\bfoo\w+", r"ray id: (?P<ray>[0-9a-f]{12,20})\b", r"https?://\S{1,200}", r"x(?:ab)+c",
    r"\berror (?:from|by) \w+", r"error.{0,100}code.{0,60}x",
    r"code=h12(?: desc=.{0,200}?host=(?P<host>[a-z0-9.-]{1,200}))?", r"x(?>a+)b", r"-(?:a++)b",
)  # fmt: skip


@pytest.mark.parametrize("pattern", DANGEROUS, ids=str)
def test_dangerous_pattern_is_refused(pattern: str) -> None:
    """Nested, overlapping and open-ended repeats are refused, with a reason."""
    assert danger(pattern)


@pytest.mark.parametrize("pattern", HARMLESS, ids=str)
def test_harmless_pattern_is_accepted(pattern: str) -> None:
    """Bounded repeats, and open-ended ones whose beginning and end are plain, are accepted."""
    assert danger(pattern) is None


def test_reason_names_the_kind_of_danger() -> None:
    """An author learns whether starting points, steps, the end or a reference are the trouble."""
    assert danger(r"a.*b") == WALKS
    assert danger(r"x.{0,300}y.{0,300}z") == "can take 226,803 steps for each character of a hostile text"
    assert danger(r"x(?:.{0,900}a.{0,900}b.{0,900}c)?") == "has an optional end that can take millions of steps"
    assert danger(r"(.)\1") == "refers back to a group, which nobody can price"


@pytest.mark.parametrize("pattern", HARMLESS, ids=str)
def test_accepted_pattern_is_quick_on_hostile_text(pattern: str) -> None:
    """No text made of the pattern's own pieces keeps an accepted pattern busy for long."""
    pieces = [piece for piece in re.findall(r"[a-z0-9<>:/=. -]+", pattern) if piece] or ["a"]
    compiled = re.compile(pattern, re.IGNORECASE)
    for text in ("".join(pieces), *pieces, "a", " ", "a.", "0", "a b "):
        began = time.perf_counter()
        list(compiled.finditer((text * 16384)[:16384]))
        assert time.perf_counter() - began < 2, text
