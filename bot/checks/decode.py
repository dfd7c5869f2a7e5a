"""What text is in these bytes? Every limit holds for hostile input: nothing here grows, loops or raises."""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase

from bot.checks.limits import MAX_BODY
from bot.diagnosis.neutral import neutral

_WINDOW_BITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""zlib's value for each coding; deflate comes with and without the zlib header."""

# Only these are decoded: Python knows codecs that are slow, or no text at all (punycode, utf-7, rot13, ...).
_CHARSETS = {
    "utf8": "utf-8",
    "usascii": "cp1252",
    "ascii": "cp1252",
    "iso88591": "cp1252",
    "latin1": "cp1252",
    "iso88592": "iso8859-2",
    "iso88595": "iso8859-5",
    "iso88597": "iso8859-7",
    "iso88599": "cp1254",
    "iso885915": "iso8859-15",
    "windows1250": "cp1250",
    "windows1251": "cp1251",
    "windows1252": "cp1252",
    "windows1253": "cp1253",
    "windows1254": "cp1254",
    "windows1255": "cp1255",
    "windows1256": "cp1256",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "eucjp": "euc-jp",
    "iso2022jp": "iso2022-jp",
    "euckr": "cp949",
    "utf16": "utf-16-le",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_TITLE = re.compile(r"<title(?:\s[^<>]{0,200})?>([^<]{0,2000})", re.IGNORECASE)
_UNREAD = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"))
"""Parts of a page that nobody reads: start, end."""
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
"""ASCII capitals to small letters; every place stays."""


def unpack(body: bytes, codings: Sequence[str]) -> bytes | None:
    """Undo at most one gzip or deflate layer, up to 64 KiB; None when it cannot be undone. A cut body is fine."""
    named = [coding for coding in codings if coding not in ("", "identity")]
    if not named:
        return body
    if len(named) > 1 or named[0] not in _WINDOW_BITS:
        return None
    for bits in _WINDOW_BITS[named[0]]:
        try:
            return zlib.decompressobj(bits).decompress(body, MAX_BODY)
        except zlib.error:
            continue
    return None


def is_spoilt(body: bytes, codings: Sequence[str]) -> bool:
    """Tell whether a body is not compressed in the way that it says; a way unknown here may be right."""
    return all(coding in _WINDOW_BITS for coding in codings[:1]) and unpack(body, codings[:1]) is None


def charset(content_type: str, body: bytes) -> str:
    """Name the codec of a body as browsers do: byte order mark, header, `<meta>`; otherwise UTF-8."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return codec
    for text in (content_type, body[:1024].decode("ascii", "replace")):
        found = _CHARSET.search(text)
        named = _CHARSETS.get(re.sub(r"[^a-z0-9]", "", found[1].lower())) if found else None
        if named:
            return named
    return "utf-8"


def text_of(body: bytes, codings: Sequence[str], content_type: str) -> str:
    """Return a body as text; empty when it is compressed in a way that is not supported."""
    plain = unpack(body, codings)
    return "" if plain is None else plain.decode(charset(content_type, plain), "replace").removeprefix("\ufeff")


def title_of(page: str) -> str | None:
    """Return the title of a page in one clean line, or None."""
    found = _TITLE.search(page)
    return (neutral(html.unescape(found[1])) or None) if found else None


def condensed(page: str, limit: int = 6000) -> str:
    """Return the beginning of a page without scripts, styles and comments: that is where an error page says it."""
    kept: list[str] = []
    lower = page.translate(_LOWER)  # unlike str.lower
    at = room = 0
    while at < len(page) and room < limit:
        starts = [(found, close) for begin, close in _UNREAD if (found := lower.find(begin, at, at + limit * 4)) >= 0]
        start, close = min(starts, default=(at + limit, ""))
        kept.append(page[at:start])
        room += start - at
        end = lower.find(close, start) if close else -1
        at = len(page) if end < 0 else end + len(close)
    return "".join(kept)[:limit]


def header_text(value: bytes) -> str:
    """Read a header value: UTF-8 where it is, otherwise Latin-1, which fits any bytes."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
