"""Does each host have exactly one spelling?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks import hostname, ranges
from bot.checks.refusal import Refused

CANONICAL = [
    ("Shop.Example.COM", "shop.example.com"),
    ("shop.example.com.", "shop.example.com"),
    ("_acme.example.com", "_acme.example.com"),
    ("-odd-.example.com", "-odd-.example.com"),
    ("n3---host.example.com", "n3---host.example.com"),
    ("xn--i-7iq.example.com", "xn--i-7iq.example.com"),
    ("8.8.4.4", "8.8.4.4"),
    ("8.8.4.4.", "8.8.4.4"),
    ("12.example.com", "12.example.com"),
    ("0x7f.example.com", "0x7f.example.com"),
    ("a" * 63 + ".com", "a" * 63 + ".com"),
    ("web1", "web1"),
    ("router_2.i2p", "router_2.i2p"),
]
OTHER_LETTERS = [
    ("größe.example.com", "xn--gre-6ka8i.example.com"),
    ("GRÖSSE.example.com", "xn--grsse-kua.example.com"),
    ("ΒΌΛΟΣ.com", "xn--nxasmq6b.com"),
    ("βόλος.com", "xn--nxasmm1c.com"),
    ("_x.größe.com", "_x.xn--gre-6ka8i.com"),
    ("ｅｘａｍｐｌｅ．com", "example.com"),
    ("１２７。０｡０.1", "127.0.0.1"),
    ("①.②.③.④", "1.2.3.4"),
    ("\u0915\u094d\u200d\u0937.com", "xn--11b2ezcw70k.com"),
]
INVALID = {
    "percent-host": ["a%2eb.com", "%31.com", "127.0.0.1%00"],
    "host-chars": [
        "a+b.com", "a b.com", "a!.com", "a,b.com", "{a}.com", "a'b.com", "example.c0m", "a.b-c", "x.0x", "+1.1",
        "\xe9+.com",
    ],
    "syntax": ["a..com", ".a.com", "a.com..", ".", "..", "\uff0e\uff0e"],
    "host-length": ["a" * 64 + ".com", "a." * 126 + "com"],
    "ipv4-syntax": [
        "256.1.1.1", "1.2.3.4.5", "09.1.1.1", "4294967296", "1..1", ".1.1.1.1", "foo.1", "1.2.65536", "0x1g.1",
    ],
    "idna-or-invisible": [
        "exam\xadple.com", "exam\u200bple.com", "exam\u2060ple.com", "exam\u034fple.com", "a\ufe0f.com",
        "a\u200db.com", "a\u200cb.com", "\u200d.com", "a\u061c.com", "\U000e0061.com",
        "a\uff0fb.com", "a\uff20b.com", "a\uff1a80", "a\uff1f.com", "a\u2100.com", "a\uff052e.com",
        "\u2488com", "a\u2024com", "a\u2025com", "a\u037eb.com",
        "\ue000.com", "a\ufffd.com", "a\u0378.com", "\u0301a.com", "a\u2764.com", "a\ud800.com", "\xe9" * 62 + ".com",
        "a\u05d0.com", "\u05d01a.com", "1.\u05d0\u05d1.com", "\u0663.com", "xn--a.gr\xf6\xdfe.com",
    ],
}  # fmt: skip
INVALID_ROWS = [(text, reason) for reason, texts in INVALID.items() for text in texts]
ODD_SPELLINGS = [
    ("0x7f.0.0.1", "loopback-v4"), ("0X7F000001", "loopback-v4"), ("2130706433", "loopback-v4"),
    ("127.1", "loopback-v4"),
    ("0177.0.0.01", "loopback-v4"), ("127.0.0.001", "loopback-v4"), ("10.0x10001", "private-v4"), ("0", "this-network"),
    ("192.168.513", "private-v4"), ("0xa9fea9fe", "cloud-metadata"), ("0251.0376.43518", "cloud-metadata"),
    ("134743044", "ipv4-nonstandard"), ("8.8.1028", "ipv4-nonstandard"), ("010.8.4.4", "ipv4-nonstandard"),
    ("０ｘ7f.1", "loopback-v4"), ("0x7f.1.", "loopback-v4"),
]  # fmt: skip
RESERVED = {
    "name-localhost": ["localhost", "a.localhost"],
    "name-single-label": ["intranet", "com", "web1", "a", "db-1"],
    "name-special-use": [
        "a.local", "a.localdomain", "a.internal", "a.intranet", "a.private", "a.corp", "a.home", "a.lan", "a.test",
        "a.example", "a.invalid", "a.onion", "a.i2p", "a.alt", "home.arpa", "nas.home.arpa", "localhost.localdomain",
    ],
    "cloud-metadata": ["metadata.goog", "metadata.google.internal"],
}  # fmt: skip
RESERVED_ROWS = [(host, reason) for reason, hosts in RESERVED.items() for host in hosts]
ORDINARY = [
    "example.com",
    "localhost.example.com",
    "a.local.example.org",
    "home.arpa.example.net",
    "corp.com",
    "1.in-addr.arpa",
]


@pytest.mark.parametrize(("text", "host"), CANONICAL + OTHER_LETTERS)
def test_host_has_one_spelling(text: str, host: str) -> None:
    """Case, final dot, width and script of the letters do not matter: one host, one spelling."""
    assert hostname.canonical(text) == host


@pytest.mark.parametrize(("text", "reason"), INVALID_ROWS, ids=[ascii(text)[:40] for text, _ in INVALID_ROWS])
def test_doubtful_host_is_invalid(text: str, reason: str) -> None:
    """What readers could read differently, or cannot see, is not taken."""
    with pytest.raises(Refused) as caught:
        hostname.canonical(text)
    assert (caught.value.refusal.decision, caught.value.refusal.reason) == ("invalid", reason)


@pytest.mark.parametrize(("text", "reason"), ODD_SPELLINGS)
def test_odd_ipv4_is_blocked_for_what_it_means(text: str, reason: str) -> None:
    """Hex, octal, short and long forms are understood, and never contacted."""
    with pytest.raises(Refused) as caught:
        hostname.canonical(text)
    assert (caught.value.refusal.decision, caught.value.refusal.reason) == ("block", reason)


@pytest.mark.parametrize(("host", "reason"), RESERVED_ROWS)
def test_reserved_name_is_told(host: str, reason: str) -> None:
    """Names outside the public tree are known before any look-up."""
    assert hostname.reserved(hostname.canonical(host)) == reason


@pytest.mark.parametrize("host", ORDINARY)
def test_reserved_word_elsewhere_means_nothing(host: str) -> None:
    """Only the end of a name says which tree it belongs to."""
    assert hostname.reserved(host) is None


@pytest.mark.parametrize(
    ("host", "never"),
    [("metadata.goog", True), ("a.onion", True), ("localhost", True), ("a.lan", False), ("db", False)],
)
def test_names_outside_dns_are_never_private(host: str, never: bool) -> None:
    """Opening a private network does not open the metadata name or the roots that DNS does not serve."""
    assert hostname.never_private(host) is never


@settings(deadline=None, max_examples=400)
@given(
    st.text(st.characters(), max_size=30) | st.text("12370xa\uff45\u3002\uff0e.-_\u200d\u0301\u05d0\u0661", max_size=20)
)
def test_canonical_is_stable_and_never_surprises(text: str) -> None:
    """Any text gives a host or a refusal with a known reason, and the host is its own canonical spelling."""
    host = hostname_or_reason(text)
    if host not in hostname.REASONS | ranges.REASONS:
        assert hostname.canonical(host) == host
        assert host.isascii()
        assert host == host.lower()
        assert not host.endswith(".")


def hostname_or_reason(text: str) -> str:
    try:
        return hostname.canonical(text)
    except Refused as refused:
        return refused.refusal.reason
