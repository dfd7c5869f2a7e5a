"""Can nothing in a text act in Discord: no mention, no link, no markup of somebody else's?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surfaces.discord.markup import foreign, paragraph, plain, words
from bot.wording import Block, Span


@given(text=st.text(max_size=300))
def test_foreign_text_is_one_code_span(text: str) -> None:
    """Whatever somebody wrote is in one code span that it cannot leave."""
    shown = foreign(text)
    assert shown == "" or re.fullmatch(r"`[^`\n]+`", shown)


@given(before=st.text(max_size=40), value=st.text(max_size=80), after=st.text(max_size=40))
def test_foreign_text_cannot_break_out_of_a_paragraph(before: str, value: str, after: str) -> None:
    """Beside any words of ours a foreign value stays in code: every backtick of the paragraph is ours."""
    marked = "@everyone <@1> <#2> [x](http://e) " + value
    shown = paragraph(
        (Span(text=before.replace("`", "")), Span(text=marked, foreign=True), Span(text=after.replace("`", "")))
    )
    inside = re.search(r"`([^`]*)`", shown)
    assert inside is not None
    outside = shown.replace(inside[0], "")
    assert "@everyone" not in outside.replace("@\u200beveryone", "")


def test_value_inside_a_command_stays_in_its_code() -> None:
    """A command with a host in it is one code span."""
    spans = (Span(text="Run `curl https://"), Span(text="shop.example.com", foreign=True), Span(text="/` now"))
    assert paragraph(spans) == "Run `curl https://shop.example.com/` now"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("proxy_read_timeout", r"proxy\_read\_timeout"), ("2 * 3 * 4", r"2 \* 3 \* 4"), ("@everyone", "@\u200beveryone")],
)
def test_our_words_make_no_accidental_markup(text: str, shown: str) -> None:
    """Underscores, stars and at-signs of our own words are shown as they are."""
    assert words(text) == shown


def test_plain_text_has_no_marks() -> None:
    """A report is text: one paragraph a line."""
    assert (
        plain([Block(kind="text", spans=(Span(text="a"),)), Block(kind="text", spans=(Span(text="b", foreign=True),))])
        == "a\nb"
    )
