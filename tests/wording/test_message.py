"""Do messages split into pieces that surfaces can mark?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.wording.message import Block, Label, Message, Span, pieces


def test_code_goes_on_around_foreign_text() -> None:
    """A value inside a command stays inside the command's code."""
    spans = (Span(text="Run `curl https://"), Span(text="shop.example.com", foreign=True), Span(text="/` now"))
    assert [(piece.text, piece.foreign, piece.code) for piece in pieces(spans)] == [
        ("Run ", False, False),
        ("curl https://", False, True),
        ("shop.example.com", True, True),
        ("/", False, True),
        (" now", False, False),
    ]


def test_text_that_is_all_code_leaves_no_empty_pieces() -> None:
    """A command that is the whole text is one piece; there is nothing empty around it."""
    assert list(pieces((Span(text="`nginx -t`"),))) == [("nginx -t", False, True)]


@given(text=st.text(alphabet="ab`", max_size=30))
def test_foreign_backticks_never_switch_code(text: str) -> None:
    """Backticks that somebody else wrote are their text, not our marks."""
    (piece,) = pieces((Span(text=text or "x", foreign=True),))
    assert not piece.code


def test_text_of_a_message_is_its_paragraphs() -> None:
    """Without markup a message is one paragraph a line."""
    blocks = (
        Block(kind="heading", spans=(Span(text="A"), Span(text="b"))),
        Block(kind="text", spans=(Span(text="c"),)),
    )
    message = Message(key="k", blocks=blocks, choices=(Label(id="x", label="X"),))
    assert message.text == "Ab\nc"
