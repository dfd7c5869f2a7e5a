"""Which letters of other scripts only look Latin, and where are they meant as they are?

In a word of a message they are damage or play. In the name of a host they are another host: whoever pasted the link
does not mean the site that it looks like. Such a name is left as written, and shown as DNS writes it (RFC 3492).
"""

from __future__ import annotations

import re
import unicodedata

_LATIN = re.compile(r"[A-Za-z]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝԌһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχв",
    "ABESIJKMHOPCTYXaesijopcyxdqwGhlABEZHIKMNOPTYXaeikvoptuxb",
)
_WORD = re.compile(r"\w+")


def is_mixed(word: str) -> bool:
    """Does a word mix Latin with letters that may only look Latin?"""
    return bool(_LATIN.search(word) and _OTHER_SCRIPT.search(word))


def mixes(text: str) -> bool:
    """Does a text have a word that does?"""
    return _OTHER_SCRIPT.search(text) is not None and any(
        is_mixed(word) for word in _WORD.findall(text) if not word.isascii()
    )


def one_script(text: str) -> str:
    """Make each word that mixes scripts Latin."""
    return _WORD.sub(lambda word: latin(word[0]) if is_mixed(word[0]) else word[0], text)


def latin(word: str) -> str:
    """Return what a word looks like."""
    return word.translate(_LOOKALIKES)


def told_apart(host: str) -> str:
    """Return the name of a host with the labels that look like others written as DNS has them."""
    if host.isascii():
        return host
    return ".".join(_a_label(label) if is_mixed(label) or _only_looks(label) else label for label in host.split("."))


def _only_looks(label: str) -> bool:
    """Does a label in another script look like a Latin one, letter for letter?"""
    return not label.isascii() and latin(label).isascii()


def _a_label(label: str) -> str:
    return f"xn--{unicodedata.normalize('NFC', label).encode('punycode').decode('ascii')}"
