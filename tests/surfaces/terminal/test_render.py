"""Does a message look right in a terminal, plain in a pipe, and one line in JSON?"""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.kb.model import KnowledgeBase
from bot.surfaces.terminal.render import as_json, finding_line, show
from bot.wording import Block, Label, Message, Span
from bot.wording.words import Words


def shown(message: Message, *, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, color_system="truecolor" if terminal else None, width=100)
    show(console, message)
    return out.getvalue()


MESSAGE = Message(
    key="verdict",
    blocks=(
        Block(kind="heading", spans=(Span(text="shop.example.com", foreign=True), Span(text=" is down."))),
        Block(
            kind="detail",
            spans=(Span(text="Run `curl https://"), Span(text="a.example", foreign=True), Span(text="/`")),
        ),
    ),
    choices=(Label(id="guide", label="Guide me"), Label(id="stop", label="Stop")),
    verdict={"state": "down"},
    step="reload",
)


def test_pipe_gets_plain_text() -> None:
    """Without a terminal there is no colour and no cursor, and choices are numbered."""
    text = shown(MESSAGE, terminal=False)
    assert "\x1b" not in text
    assert "shop.example.com is down." in text
    assert "  • Run curl https://a.example/" in text
    assert "  1 Guide me\n  2 Stop\n" in text


def test_terminal_gets_colours() -> None:
    """In a terminal the heading has the colour of the verdict, and code stands out."""
    text = shown(MESSAGE, terminal=True)
    assert "\x1b[1;31m" in text
    assert "`" not in text


def test_code_stands_out_across_values_in_it() -> None:
    """A command is one piece of code, the address in it included; so is the text of a pipe without its marks."""
    text = shown(MESSAGE, terminal=True)
    code = "".join(re.findall(r"\x1b\[1;34m([^\x1b]*)", text))
    assert code == "curl https://a.example/"


def test_json_is_one_line_with_the_promised_keys() -> None:
    """Each reply is one JSON object: reply, text, choices, and verdict and step where there are any."""
    line = as_json(MESSAGE)
    assert "\n" not in line
    shape = json.loads(line)
    assert list(shape) == ["reply", "text", "choices", "verdict", "step"]
    assert shape["choices"][0] == {"id": "guide", "label": "Guide me"}
    bare = json.loads(as_json(MESSAGE.model_copy(update={"verdict": None, "step": None})))
    assert list(bare) == ["reply", "text", "choices"]


def test_json_is_escaped_where_the_output_knows_few_letters() -> None:
    """An output that knows only ASCII, and one that no letter fits, get the same reply, escaped."""
    message = Message(key="k", blocks=(Block(kind="text", spans=(Span(text="läuft ✓"),)),))
    assert "✓" in as_json(message)
    assert as_json(message, "ascii").isascii()
    assert json.loads(as_json(message, "ascii"))["text"] == "läuft ✓"


@given(text=st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_any_message_is_one_line_of_json(text: str) -> None:
    """Whatever a message holds, its JSON is one line, and holds it whole."""
    message = Message(key="k", blocks=(Block(kind="text", spans=(Span(text=text, foreign=True),)),))
    line = as_json(message)
    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line)["text"] == text


@given(text=st.text(max_size=200))
def test_foreign_text_gets_no_escape_into_a_coloured_terminal(text: str) -> None:
    """In a terminal, too, the only escapes are the colours that we put there."""
    spans = (Span(text="\x1b[2J\x1b]8;;http://evil.test\x07" + text, foreign=True),)
    out = shown(Message(key="k", blocks=(Block(kind="heading", spans=spans),)), terminal=True)
    assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", out)


@given(text=st.text(max_size=200))
def test_foreign_text_cannot_steer_the_terminal(text: str) -> None:
    """Whatever a host or a label holds, no command for the terminal gets through, nor markup of the library."""
    spans = (Span(text="\x1b[2J[red]" + text, foreign=True),)
    message = Message(
        key="k", blocks=(Block(kind="text", spans=spans),), choices=(Label(id="a", label="\x1b]0;x\x07" + text),)
    )
    out = shown(message, terminal=False)
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[red]" in out


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (Finding(check="dns", outcome=Outcome.OK, ms=12.4), "  ✓ name: fine  12 ms"),
        (Finding(check="canary", outcome=Outcome.FAIL, ms=20), "  ✗ my own connection: no good answer  20 ms"),
        (
            Finding(check="tcp", outcome=Outcome.FAIL, failure=Failure.REFUSED, ms=3),
            "  ✗ connection: connection turned away  3 ms",
        ),
        (Finding(check="tls", outcome=Outcome.SKIP), "  · certificate: not looked at"),
        (
            Finding(check="tls", outcome=Outcome.OK, facts={"mixed": True}),
            "  ✓ certificate: differs from address to address",
        ),
        (Finding(check="http", outcome=Outcome.FAIL, facts={"status": 502}), "  ✗ page: HTTP 502"),
    ],
)
def test_finding_is_one_line(kb: KnowledgeBase, finding: Finding, line: str) -> None:
    """Each check is one line: how it ended, what that was, how long it took."""
    assert finding_line(Words(kb, "en"), finding).plain == line
