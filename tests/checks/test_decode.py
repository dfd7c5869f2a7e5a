"""What text is made of hostile bytes?"""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.decode import charset, condensed, header_text, text_of, title_of, unpack
from bot.checks.limits import MAX_BODY
from bot.diagnosis.neutral import VALUE_LENGTH

PAGE = b"<title>Hello</title>"


@pytest.mark.parametrize(
    ("body", "codings"),
    [
        (PAGE, []),
        (PAGE, ["identity"]),
        (gzip.compress(PAGE, mtime=0), ["gzip"]),
        (gzip.compress(PAGE, mtime=0), ["x-gzip"]),
        (zlib.compress(PAGE), ["deflate"]),
        (zlib.compress(PAGE)[2:-4], ["deflate"]),
    ],
    ids=["plain", "identity", "gzip", "x-gzip", "deflate", "raw-deflate"],
)
def test_one_layer_is_undone(body: bytes, codings: list[str]) -> None:
    """A body that is packed once, in any of the usual ways, is unpacked."""
    assert unpack(body, codings) == PAGE


def test_cut_body_is_undone_as_far_as_it_goes() -> None:
    """Only the first part of a packed body is at hand; its text is still read."""
    page = bytes(range(256)) * 40
    part = unpack(gzip.compress(page)[:-20], ["gzip"])
    assert part
    assert page.startswith(part)


@pytest.mark.parametrize(
    ("body", "codings"),
    [
        (gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0), ["gzip", "gzip"]),
        (PAGE, ["br"]),
        (PAGE, ["zstd"]),
        (PAGE, ["gzip"]),
        (PAGE, ["deflate"]),
    ],
    ids=["two-layers", "brotli", "zstd", "not-gzip", "not-deflate"],
)
def test_other_packing_is_not_undone(body: bytes, codings: list[str]) -> None:
    """Several layers, other codings and broken ones are left alone; their text is empty."""
    assert unpack(body, codings) is None
    assert text_of(body, codings, "text/html") == ""


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bomb_is_cut(coding: str) -> None:
    """Two hundred megabytes of zeros in a small body come out as 64 KiB, and no more memory is taken."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    tracemalloc.start()
    assert unpack(bomb, [coding]) == bytes(MAX_BODY)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("kind", "body", "codec"),
    [
        ("text/html; charset=utf-8", b"", "utf-8"),
        ("text/html; charset=ISO-8859-1", b"", "cp1252"),
        ('text/html; charset="Windows-1251"', b"", "cp1251"),
        ("text/html", b'<meta charset="shift_jis">', "cp932"),
        ("text/html", b'<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">', "cp949"),
        ("text/html; charset=koi8-r", b"\xef\xbb\xbfx", "utf-8"),
        ("text/html", b"\xff\xfea\x00", "utf-16-le"),
        ("text/html", b"", "utf-8"),
        ("text/html; charset=rot13", b"", "utf-8"),
        ("text/html; charset=idna", b"", "utf-8"),
        ("text/html; charset=unicode_escape", b"", "utf-8"),
        ("text/html; charset=" + "x" * 5000, b"", "utf-8"),
    ],
)
def test_charset(kind: str, body: bytes, codec: str) -> None:
    """The mark wins over the header, the header over the page; strange codecs are not used."""
    assert charset(kind, body) == codec


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>502 Bad Gateway</title>", "502 Bad Gateway"),
        ("<TITLE lang='de'>\n  Wartung\n\tbald </TITLE>", "Wartung bald"),
        ("<title>A &amp; B &lt;3 &#x41;</title>", "A & B <3 A"),
        ("<title>cut in the mid", "cut in the mid"),
        ("<title>one</title><title>two</title>", "one"),
        ("<titles>no</titles>", None),
        ("no title", None),
        ("<title></title>", None),
        ("<title>a\u202eb\u200bc\x07d</title>", "abcd"),
        ("<title>" + "x" * 5000 + "</title>", "x" * (VALUE_LENGTH - 1) + "…"),
    ],
)
def test_title(page: str, title: str | None) -> None:
    """The first title comes out as one clean line; deceiving characters and excess are gone."""
    assert title_of(page) == title


@given(
    st.binary(max_size=3000),
    st.lists(st.sampled_from(["gzip", "deflate", "br", "identity", ""]), max_size=3),
    st.text(),
)
def test_reading_never_raises(body: bytes, codings: list[str], kind: str) -> None:
    """Any bytes, codings and content types give a text and perhaps a title."""
    text = text_of(body, codings, kind)
    assert len(text) <= MAX_BODY
    title = title_of(text)
    assert title is None or 0 < len(title) <= VALUE_LENGTH


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>502</p>", "<p>502</p>"),
        ("a<script>x</script>b<STYLE>y</STYLE>c<!-- z -->d", "abcd"),
        ("a<script>never closed", "a"),
        ("a<!-- <script> -->b</script>c", "ab</script>c"),
        ("<style>" + "x" * 60_000 + "</style>502 Bad Gateway", "502 Bad Gateway"),
        ("x" * 60_000, "x" * 6000),
        ("İİİ<SCRIPT>x</SCRIPT>b", "İİİb"),
        ("", ""),
    ],
    ids=["plain", "all-three", "unclosed", "nested", "long-style", "long-text", "turkish", "empty"],
)
def test_condensed_page(page: str, expected: str) -> None:
    """Scripts, styles and comments are left out, and the beginning of the rest is kept."""
    assert condensed(page) == expected


@given(
    st.lists(st.sampled_from(["<script", "</script>", "<style>", "</style>", "<!--", "-->", "a", "İ", "\n"])).map(
        "".join
    )
)
def test_condensing_never_grows(page: str) -> None:
    """Whatever is opened and closed in whichever order, no more comes out than went in."""
    assert len(condensed(page)) <= min(len(page), 6000)


@pytest.mark.parametrize("page", ["<script></script>" * 4000, "<script " * 8000, "<!--" * 16_000, "a" * 65_536])
def test_hostile_page_is_condensed_quickly(page: str) -> None:
    """Thousands of opened or closed parts do not slow the reading."""
    started = process_time()
    condensed(page)
    assert process_time() - started < 1


@given(st.binary())
def test_any_header_value_is_text(value: bytes) -> None:
    """Every byte string can be read as a header value."""
    assert isinstance(header_text(value), str)


@pytest.mark.parametrize("page", ["<title " * 10_000, "<title>" * 10_000, "<title" + " a" * 32_000, "<" * 65_000])
def test_hostile_page_is_read_quickly(page: str) -> None:
    """Pages built to slow the search for a title do not."""
    started = process_time()
    title_of(page)
    charset("text/html", page.encode())
    assert process_time() - started < 1
