"""Which host does the host part of an address name?

One canonical spelling for one host: letters and digits in ASCII, lower case, no final dot; a plain dotted IPv4 address.
Everything that two readers could read differently is refused here, so that what was vetted is what is contacted.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address

from bot.checks import ranges
from bot.checks.refusal import Refused

_CHARACTERS = re.compile(r"[A-Za-z0-9._-]*")
_DELIMITER = re.compile(r"[\x00-,./:-@\[-^`{-\x7f]")
_LAST_LABEL = re.compile(r"[a-z]+|xn--[a-z0-9-]+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]+")
_PLAIN = re.compile(r"0|[1-9][0-9]{0,2}")
_OCTAL = re.compile(r"0[0-7]+")
_DOTS = frozenset(".\u3002\uff0e\uff61")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

_SPECIAL_USE = frozenset(
    {"local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "test", "example", "invalid"}
)
# Not served by DNS at all: a look-up would only leak the name. (RFC 6761: `localhost` is each reader's own machine.)
_OTHER_ROOTS = frozenset({"onion", "i2p", "alt"})
_NEVER_ASKED = _OTHER_ROOTS | {"localhost", "invalid"}

REASONS = frozenset(
    {
        "percent-host", "host-chars", "host-length", "syntax", "idna-or-invisible", "ipv4-syntax", "ipv4-nonstandard",
        "name-localhost", "name-single-label", "name-special-use", "cloud-metadata",
    }
)  # fmt: skip
"""All reasons of this module, besides those of `ranges` for an oddly spelt IPv4 address."""


def canonical(text: str) -> str:
    """Return the one spelling of the name or IPv4 address that `text` means, or raise Refused."""
    if "%" in text:
        raise Refused("invalid", "percent-host")
    host = (text if text.isascii() else _to_ascii(text)).lower()
    if not _CHARACTERS.fullmatch(host):
        raise Refused("invalid", "host-chars")
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels)
    if not all(labels):
        raise Refused("invalid", "syntax")
    host = ".".join(labels)
    if len(host) > 253 or max(map(len, labels)) > 63:
        raise Refused("invalid", "host-length")
    # Reserved names need not look like names of the public tree (`web1`, `i2p`): they get their own, clearer reason.
    if reserved(host) is None and not _LAST_LABEL.fullmatch(labels[-1]):
        raise Refused("invalid", "host-chars")
    return host


def reserved(host: str) -> str | None:
    """Return why a canonical name does not belong to the public tree of names, or None when it does."""
    last = host.rpartition(".")[2]
    if host in {"metadata.goog", "metadata.google.internal"}:
        return "cloud-metadata"
    if last == "localhost":
        return "name-localhost"
    if last == host:
        return "name-single-label"
    if last in _SPECIAL_USE or last in _OTHER_ROOTS or host == "home.arpa" or host.endswith(".home.arpa"):
        return "name-special-use"
    return None


def never_private(host: str) -> bool:
    """Tell whether a reserved name stays refused although the operator has opened private networks."""
    return host == "metadata.goog" or host.rpartition(".")[2] in _NEVER_ASKED


def _ipv4(labels: list[str]) -> str:
    """Read an IPv4 address; odd spellings are understood only to say what they would have reached."""
    parts = [_value(label) for label in labels]
    if len(parts) > 4:
        raise Refused("invalid", "ipv4-syntax")
    number = 0
    for part in parts[:-1]:
        if part > 255:
            raise Refused("invalid", "ipv4-syntax")
        number = number * 256 + part
    room = 256 ** (5 - len(parts))
    if parts[-1] >= room:
        raise Refused("invalid", "ipv4-syntax")
    ip = IPv4Address(number * room + parts[-1])
    if len(labels) == 4 and all(map(_PLAIN.fullmatch, labels)):
        return str(ip)
    raise Refused("block", ranges.refusal(ip) or "ipv4-nonstandard")


def _value(label: str) -> int:
    """Read one part as the C library does: hexadecimal after `0x`, octal after `0`, else decimal."""
    if not _NUMBER.fullmatch(label):
        raise Refused("invalid", "ipv4-syntax")
    if label.startswith("0x"):
        return int(label, 16)
    if _OCTAL.fullmatch(label):
        return int(label, 8)
    if label.startswith("0") and label != "0":
        raise Refused("invalid", "ipv4-syntax")
    return int(label)


def _to_ascii(text: str) -> str:
    """Map a name with other letters to ASCII: UTS-46 without the transitional forms, then IDNA2008."""
    import idna  # noqa: PLC0415 - its tables cost start-up time, and most hosts are ASCII

    for character in set(text):
        if character.isascii():
            if not _CHARACTERS.fullmatch(character):
                raise Refused("invalid", "host-chars")
            continue
        try:
            mapped = idna.uts46_remap(character, std3_rules=False)
        except ValueError:
            raise Refused("invalid", "idna-or-invisible") from None
        # What vanishes when mapped is invisible to the reader; what maps to a delimiter moves the borders of the host.
        # A character that this Python does not know cannot be normalised, so two spellings of one name would differ.
        unknown = unicodedata.category(character) == "Cn"
        if unknown or not mapped or (character not in _DOTS and _DELIMITER.search(mapped)):
            raise Refused("invalid", "idna-or-invisible")
    try:
        labels = idna.uts46_remap(text, std3_rules=False).split(".")
        spoken = [idna.ulabel(label) if label.startswith("xn--") else label for label in labels]
        if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for label in spoken for c in label):
            # RFC 5893: one label written from right to left puts all labels of the name under the rule.
            for label in filter(None, spoken):
                idna.check_bidi(label, check_ltr=True)
        return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels)
    except ValueError:  # idna.IDNAError is one
        raise Refused("invalid", "idna-or-invisible") from None
