"""Is what a command is given read safely?"""

from __future__ import annotations

import io
import json
import sys

import pytest

from bot.cli import Failed
from bot.cli.texts import LONGEST, address_given, given_or_stdin, json_of, rows, rows_alone


class Stdin:
    """A stdin that is, or is not, a terminal."""

    def __init__(self, data: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_closed_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a shell has closed the input (`<&-`), that is said."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Failed, match="closed"):
        given_or_stdin(None)
    with pytest.raises(Failed, match="closed"):
        list(rows("text"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_saved_page_is_read_in_its_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an editor or PowerShell saved with a mark of its encoding is the same text."""
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    monkeypatch.setattr(sys, "stdin", Stdin((mark + "502 Bad Gateway – nginx").encode(encoding)))
    assert given_or_stdin(None) == "502 Bad Gateway – nginx"


def test_mark_of_an_encoding_alone_makes_no_wide_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two broken bytes that look like UTF-16's mark cost two letters, not the whole error."""
    monkeypatch.setattr(sys, "stdin", Stdin(b"\xff\xfe502 Bad Gateway nginx/1.24.0"))
    assert given_or_stdin("-") == "\ufffd\ufffd502 Bad Gateway nginx/1.24.0"


def test_nothing_is_passed_over_beside_rows() -> None:
    """An argument, or an option that rows have no use for, is refused by name."""
    rows_alone(None, {"--json": False})
    rows_alone("-", {})
    with pytest.raises(Failed, match="no argument"):
        rows_alone("502", {})
    with pytest.raises(Failed, match="--explain"):
        rows_alone(None, {"--json": False, "--explain": True})


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("shop.example.com", "//shop.example.com"),
        ("shop.example.com:8443/cart", "//shop.example.com:8443/cart"),
        ("http://shop.example.com", "http://shop.example.com"),
        ("ftp://shop.example.com/", "ftp://shop.example.com/"),
        ("nonsense", "nonsense"),
    ],
)
def test_bare_name_means_its_page(given: str, meant: str) -> None:
    """A name is asked for as a browser does, its scheme left open; what brings one, or is no name, stays as it is."""
    assert address_given(given) == meant


def test_terminal_without_text_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is left waiting before a silent terminal."""
    monkeypatch.setattr(sys, "stdin", Stdin(b"", terminal=True))
    with pytest.raises(Failed, match="nothing to read"):
        given_or_stdin(None)


def test_bytes_that_are_no_text_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Binary input becomes some text, never an error."""
    monkeypatch.setattr(sys, "stdin", Stdin(b"a\xffb"))
    assert given_or_stdin("-") == "a\ufffdb"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[1]", "line 1 lacks url"),
        (b'{"url": null}', "line 1 lacks url"),
        (b"{}", "line 1 lacks url"),
        (b"no JSON", "line 1 is not JSON"),
        (b"\xff\xfe", "line 1 is not JSON"),
        (b"[" * 100_000, "line 1 is not JSON"),
        (b'{"id": NaN, "url": "x"}', "line 1 is not JSON"),
        (b'{"id": -Infinity, "url": "x"}', "line 1 is not JSON"),
        (b'{"id": 1e400, "url": "x"}', "line 1 is not JSON"),
        (b'"' * (LONGEST * 2 + 1), "line 1 is too long"),
    ],
    ids=["list", "no-text", "empty", "words", "binary", "deep", "nan", "infinity", "too-large", "endless"],
)
def test_broken_row_is_told_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch, line: bytes, said: str) -> None:
    """A line that is no row becomes an error of its own; whatever it holds, the rest is read."""
    monkeypatch.setattr(sys, "stdin", Stdin(line + b'\n\n{"url": "x", "id": 1}'))
    assert list(rows("url")) == [{"error": said}, {"url": "x", "id": 1}]


def test_broken_letter_costs_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with a byte that is no UTF-8 keeps its id and the rest of its text; a mark at its beginning is no letter."""
    monkeypatch.setattr(sys, "stdin", Stdin(b'\xef\xbb\xbf{"id": 7, "text": "502 caf\xe9"}\n{"id": 1.5, "text": ""}'))
    assert list(rows("text")) == [{"id": 7, "text": "502 caf\ufffd"}, {"id": 1.5, "text": ""}]


def test_broken_row_keeps_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer can be matched to its row even if the row is wrong."""
    monkeypatch.setattr(sys, "stdin", Stdin(b'{"id": [7], "url": 7}'))
    assert list(rows("url")) == [{"error": "line 1 lacks url", "id": [7]}]


@pytest.mark.parametrize(("encoding", "plain"), [("utf-8", True), ("ascii", False), ("cp1252", True)])
def test_letters_stay_as_long_as_stdout_can_take_them(
    monkeypatch: pytest.MonkeyPatch, encoding: str, plain: bool
) -> None:
    """People read their own script; where the output cannot hold it, the JSON is the same value in escapes."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert ("é" in json_of({"a": "é"})) is plain
    for value in ({"a": "é"}, {"a": "\ud800"}, {"a": "漢"}):
        text = json_of(value, indent=2)
        text.encode(encoding)
        assert json.loads(text) == value
