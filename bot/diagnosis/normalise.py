"""What does a pasted text say once its wrapping is off?

Wrapping is everything that carries a message without being part of it: terminal colours, invisible characters, look-
alike letters, JSON and HTML escapes, HTML tags, Markdown, quotation marks of e-mail. Every step is linear in the
length of the text, and the length is bounded: of a longer text the first `HEAD` and the last `TAIL` characters
count, for an error stands at the top of a page and at the end of a log.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from bot.diagnosis import lookalikes
from bot.diagnosis.addresses import HIDDEN, foreign_hosts
from bot.diagnosis.lazy import lazy

HEAD = 24_576
TAIL = 8_192

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]|\ufffd+")
"""Bytes that are no letters; of those that could not be read, a whole row: in an old code page it is one word."""
_BINARY_SHARE = 0.1
_BINARY_LEAST = 4
"""This many marks make a binary: a few broken bytes beside a short text leave it a text."""
_ANSI = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])|\[\d{1,3}(?:;\d{1,3}){0,6}m"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e0fff\u0300-\u036f\u20e3\x00-\x08\x0e-\x1f\x7f]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TYPOGRAPHY = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\u2039\u203a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2022": "-",
    "\u3002": ".",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x85": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
    "\t": " ",
    # digits as Arabic, Persian, Hindi, Bengali and Thai write them
    **{chr(zero + value): str(value) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50) for value in range(10)},
}

_WIDE_MARK = re.compile("([\uff0c\u3002])(?=[0-9])")
"""Chinese and Japanese set no blank behind these; made narrow, "502\uff0c8 MB" would read as one number."""
_TYPOGRAPHIC = re.compile(f"[{''.join(_TYPOGRAPHY)}]")
_ESCAPED = re.compile(r'\\(?:["/nrt]|u[0-9a-fA-F]{4}|01[25])')
_ESCAPE = re.compile(
    r"(?P<path>\b[A-Za-z]:\\{1,2}[^\s\"'<>|]{1,400})|\\u(?P<hex>[0-9a-fA-F]{4})|\\(?P<line>r\\n|[rn]|01[25])|\\t|"
    r"\\(?P<plain>[\"/'])"
)

_INLINE = (
    "a|abbr|b|big|bdi|code|color|del|em|font|i|ins|kbd|mark|material|s|samp|size|small|span|strong|sub|sup|tt|u|var|wbr"
)
_BLOCK = (
    "address|article|aside|blockquote|body|br|button|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]|"
    "head|header|hr|"
    "html|iframe|img|input|label|legend|li|link|main|meta|nav|noscript|ol|option|p|picture|pre|section|select|"
    "summary|svg|path|table|"
    r"tbody|td|template|textarea|tfoot|th|thead|title|tr|ul|!doctype"
)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:[\s=/][^<>]*)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:[\s=/][^<>]*)?>", re.IGNORECASE)
_IGNORED_PARTS = (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"))

_DISCORD = re.compile(r"<(?:a?:\w{1,64}:\d{1,25}|[@#][!&]?\d{1,25}|t:\d{1,20}(?::[a-zA-Z])?)>")
_FENCE = re.compile(r"```[a-zA-Z0-9_+-]*(?=\s)|`+")
_QUOTE = re.compile(r"^[ \t]*(?:#?>[ \t]?)+", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\(<?([^()\s<>]{1,2000})>?(?: \"[^\"\n]{0,200}\")?\)")
_EMPHASIS = re.compile(
    r"\*(?:\*{1,2}|(?<![\w*]\*)(?=[A-Za-z])|(?<=[A-Za-z.!?]\*)(?![\w*]))|~~|\|\||"
    r"_(?:(?<![\w/]_)_{0,2}(?=\w)|(?<=[A-Za-z0-9.!?]_)_{0,2}(?![\w/]))"
)
_EMPHATIC = ("_", "*", "~~", "||")
_ODD_SPACE = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000\xa0\t\x1c-\x1f]")
"""White space other than spaces and line feeds."""
_SPACES = re.compile(r"[^\S\n]+")

_DIGITS_AS_LETTERS = tuple(zip("015l89", "ois" + "ibg", strict=True))
SPELLINGS = {
    letter: f"[{letter}{''.join(sign for sign, meant in _DIGITS_AS_LETTERS if meant == letter)}]"
    for _, letter in _DIGITS_AS_LETTERS
}
"""What may have stood where `squash` leaves these letters, for use in a regular expression."""
_NO_LETTERS = re.compile(r"[\W_]+")
DROPPED = bytes(c for c in range(128) if not chr(c).isalnum())
_CONTROLS = bytes({*range(32), 127} - {10})
_ASCII_KEPT = bytes(chr(c).isalnum() for c in range(128)) + bytes(128)
SQUASHED = bytes(
    c if c > 127 else ord(dict(_DIGITS_AS_LETTERS).get(chr(c).lower(), chr(c).lower())) for c in range(256)
)


@dataclass(frozen=True)
class Text:
    """A text without its wrapping."""

    plain: str
    """Readable: lines and letter case as written, single spaces."""
    flat: str
    """`plain` on one line, so that wrapped messages are whole again."""
    markup: str
    """`flat` with its HTML tags still there; the same string when it has none."""

    @lazy
    def squashed(self) -> str:
        """Its letters and digits."""
        return squash(self.plain)

    @lazy
    def lowered(self) -> str:
        """`flat` in lower case."""
        return self.flat.lower()

    @lazy
    def letters(self) -> Sequence[int]:
        """Where in `plain` the letters and digits stand that `squash` keeps."""
        if self.plain.isascii():
            return tuple(compress(range(len(self.plain)), self.plain.encode().translate(_ASCII_KEPT)))
        lowered = self.plain.lower()
        if len(lowered) == len(self.plain):
            return tuple(compress(range(len(lowered)), map(str.isalnum, lowered)))
        return tuple(at for at, char in enumerate(self.plain) for low in char.lower() if low.isalnum())

    @lazy
    def _lines(self) -> tuple[list[int], list[int]]:
        """Where its lines that are not empty begin: in `flat`, and how much further on in `plain`."""
        starts, shifts = [0], [0]
        flat_at = plain_at = 0
        for line in self.plain.split("\n"):
            if line:
                starts.append(flat_at)
                shifts.append(plain_at - flat_at)
                flat_at += len(line) + 1
            plain_at += len(line) + 1
        return starts, shifts

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Say where something in `flat` stands in `plain`: both have the same ink."""
        found = self.flat[start:end]
        first = min(start + len(found) - len(found.lstrip()), len(self.flat) - 1)
        last = max(end - len(found) + len(found.rstrip()), first + 1) - 1
        starts, shifts = self._lines
        return first + shifts[bisect(starts, first) - 1], last + shifts[bisect(starts, last) - 1] + 1


def normalise(raw: str) -> Text:
    """Take the wrapping off. Nothing readable (empty, binary) gives an empty text."""
    text = bound(raw)
    if not _is_clean(text):
        if len(_BINARY.findall(text)) > max(_BINARY_SHARE * len(text), _BINARY_LEAST - 1):
            text = ""
        text = readable(_unescaped(_ANSI.sub("", text)))
    elif "[" in text or "\\" in text or "&" in text:
        text = readable(_unescaped(_ANSI.sub("", text)))
    stripped = _without_tags(text)
    plain = _tidy(_without_markdown(stripped))
    flat = _flat(plain)
    markup = flat if stripped is text else " ".join(_without_markdown(text).split())
    return Text(plain=plain, flat=flat, markup=markup)


def _is_clean(text: str) -> bool:
    """Is it made of printed ASCII and line feeds only?"""
    if not text.isascii():
        return False
    written = text.encode()
    return len(written.translate(None, _CONTROLS)) == len(written)


def _flat(plain: str) -> str:
    return " ".join(plain.split()) if "\n" in plain else plain


def bound(raw: str) -> str:
    """Cut an overlong text to its head and its tail."""
    return raw if len(raw) <= HEAD + TAIL else f"{raw[:HEAD]}\n{raw[-TAIL:]}"


def squashed_bytes(encoded: bytes) -> bytes:
    """Do what `squash` does, for UTF-8 in which letters of other scripts are in lower case; their marks stay."""
    return encoded.translate(SQUASHED, DROPPED)


def squash(text: str) -> str:
    """Keep letters and digits only, in lower case, with look-alike digits and letters made one: what damage leaves."""
    if text.isascii():
        return squashed_bytes(text.encode()).decode()
    squashed = _NO_LETTERS.sub("", text.lower())
    for digit, letter in _DIGITS_AS_LETTERS:
        squashed = squashed.replace(digit, letter)
    return squashed


def _unescaped(text: str) -> str:
    """Undo JSON escapes, then HTML entities (twice: pages inside JSON inside pages)."""
    if _ESCAPED.search(text):
        text = _ESCAPE.sub(_escape, text)
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return text


def _escape(found: re.Match[str]) -> str:
    """Say what one escape stands for; paths of Windows hold no escapes."""
    if found["path"]:
        return found[0]
    if found["hex"]:
        point = int(found["hex"], 16)
        return "" if 0xD800 <= point <= 0xDFFF else chr(point)
    if found["line"]:
        return "\n"
    return found["plain"] or " "


def readable(text: str) -> str:
    """Bring letters into one form: compatibility forms, invisible characters, look-alikes, typographic marks.

    A host whose name is not Latin stays as it is: with other letters it is another host.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return _in_one_form(text, mixed=False)
    text = unicodedata.normalize("NFKC", _WIDE_MARK.sub(r"\1 ", text))
    mixed = lookalikes.mixes(text)
    parts, at = [], 0
    for start, end in foreign_hosts(text, bare=mixed):
        parts += [_in_one_form(text[at:start], mixed=mixed), HIDDEN.sub("", text[start:end])]
        at = end
    return "".join([*parts, _in_one_form(text[at:], mixed=mixed)])


def _in_one_form(text: str, *, mixed: bool) -> str:
    if mixed:
        text = lookalikes.one_script(text)
    text = _TYPOGRAPHIC.sub(lambda found: _TYPOGRAPHY[found[0]], text)
    return _INVISIBLE.sub("", text)


def _without_tags(text: str) -> str:
    """Drop HTML tags and what a browser does not show; the same object when there are none."""
    if "<" not in text or not (_BLOCK_TAG.search(text) or _INLINE_TAG.search(text)):
        return text
    for opening, closing in _IGNORED_PARTS:
        text = _without_parts(text, opening, closing)
    return _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", text))


def _without_parts(text: str, opening: str, closing: str) -> str:
    """Drop all that stands between the marks; an opening without its closing mark stays."""
    lowered = text.lower()
    if len(lowered) != len(text):  # rare letters change length in lower case: positions would not fit
        lowered = text
    kept, at = [], 0
    while (start := lowered.find(opening, at)) >= 0 and (end := lowered.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "\n".join([*kept, text[at:]]) if kept else text


def _without_markdown(text: str) -> str:
    """Drop Markdown and Discord's own marks; bullets and headings stay, for they tell notes from messages."""
    if "<" in text:
        text = _DISCORD.sub(" ", text)
    if "`" in text:
        text = _FENCE.sub("", text)
    if ">" in text:
        text = _QUOTE.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1 (\2)", text)
    return _EMPHASIS.sub("", text) if any(map(text.__contains__, _EMPHATIC)) else text


def _tidy(text: str) -> str:
    """Single spaces, no empty lines at the ends."""
    if "  " in text or _ODD_SPACE.search(text):
        text = _SPACES.sub(" ", text)
    if "\n " in text or " \n" in text:
        text = "\n".join([line.strip() for line in text.split("\n")])
    return text.strip()
