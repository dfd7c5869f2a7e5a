"""Is an address read in exactly one way, and refused where that is in doubt?"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.checks import guard
from bot.checks.address import Address, Refusal, parse
from bot.checks.policy import Policy

PUBLIC = Policy()
PRIVATE = Policy(allow_networks=(ip_network("10.0.0.0/8"),))

READ = [
    ("http://example.com", "http://example.com/"),
    ("HtTpS://Example.COM:443/A?B=c#d", "https://example.com/A?B=c"),
    ("https://example.com:80", "https://example.com:80/"),
    ("http://example.com:/x", "http://example.com/x"),
    ("http://example.com:00080", "http://example.com/"),
    ("http://example.com.:8080/", "http://example.com:8080/"),
    ("http://example.com?q", "http://example.com/?q"),
    ("http://example.com?", "http://example.com/?"),
    ("http://example.com#@10.0.0.1/", "http://example.com/"),
    ("http://example.com/#\\x", "http://example.com/"),
    ("http://example.com/@x?url=http://10.0.0.1/#y", "http://example.com/@x?url=http://10.0.0.1/"),
    ("http://example.com/%00%0d%zz%2e", "http://example.com/%00%0d%zz%2e"),
    ("http://example.com/é/日?ü=ß", "http://example.com/%C3%A9/%E6%97%A5?%C3%BC=%C3%9F"),
    ('http://example.com/<a>"`{}?<b>"`{}', "http://example.com/%3Ca%3E%22%60%7B%7D?%3Cb%3E%22`{}"),
    ("http://example.com/a/./b/../c/..", "http://example.com/a/"),
    ("http://example.com/../../%2e%2E/x/.", "http://example.com/x/"),
    ("http://example.com//a//b", "http://example.com//a//b"),
    ("http://example.com/a\\..\\b", "http://example.com/b"),
    ("http://[2606:4700:0:0::1111]:8443/", "http://[2606:4700::1111]:8443/"),
    ("https://1.1.1.1/dns", "https://1.1.1.1/dns"),
    ("https://größe.example.com/", "https://xn--gre-6ka8i.example.com/"),
]
REFUSED = {
    "invalid syntax": [
        "", "example.com", "//example.com/", "example.com:8080/x", "localhost:8080", "http", "http:", "http:/", "http://",
        "http:///example.com/", "http:/example.com", "http:example.com", "://example.com", "1http://example.com/",
        "http://#", "http://?x", "http://:80/", "http://a@b@example.com/", "http//example.com", "http://example..com/",
    ],
    "block scheme": ["ftp://example.com/", "javascript:alert(1)", "file:///etc/passwd", "data:,x", "ws://a.b", "h.t://a/"],
    "invalid backslash": [
        "http:\\\\example.com", "http:/\\example.com", "http:\\/example.com", "http://example.com\\/",
        "http://a\\@example.com/",
    ],
    "block userinfo": ["http://@example.com/", "http://u:p@example.com/", "http://example.com:80@10.0.0.1/", "http://@/"],
    "invalid port-syntax": [
        f"http://a.com:{port}" for port in ("0", "65536", "123456", "-1", "+80", "8_0", "x", "\uff18\uff10", "80:80")
    ],
    "block port": ["http://example.com:22/", "https://example.com:3306/", "http://[2606:4700::1]:25/", "http://8.8.8.8:6379"],
    "invalid zone-id": ["http://[fe80::1%25eth0]/", "http://[::1%lo]/"],
    "invalid ipv6-syntax": [
        "http://[]/", "http://[::1", "http://[1.2.3.4]/", "http://[v1.a]/", "http://[::1]x/", "http://[::1].com/",
        "http://[::1]]/", "http://x[::1]/", "http://::1]/", "http://[example.com]/", "http://[1:2:3:4:5:6:7]/", "http://[::ffff:0127.0.0.1]/",
        "http://[：：1]/", "http://[12345::]/",
    ],
    "block loopback-v6": ["http://[::1]/", "http://[0:0:0:0:0:0:0:1]:8080/"],
    "block ipv4-mapped": ["http://[::ffff:8.8.8.8]/"],
    "block loopback-v4": ["http://127.0.0.1/", "http://0x7f.1/", "http://127.0.0.1?.example.com/", "http://127.0.0.1#@a.b/"],
    "block name-localhost": ["http://localhost:8080/", "http://LOCALHOST./"],
    "block name-single-label": ["http://router/", "http://web1/"],
    "invalid host-chars": ["http://example.c0m/", "http://a;b.com/", "http://a*.com"],
    "invalid percent-host": ["http://example%2ecom/"],
    "invalid url-too-long": ["http://example.com/" + "a" * 2030, "http://10.0.0.1/" + "b" * 5000],
    "invalid control-or-space": [
        " http://example.com", "http://example.com ", "http://exa\tmple.com", "http://example.com/a\nb",
        "http://a.com/a b", "http://example.com/#\x7f",
        "http://example.com/\x85", "http://example.com/\xa0", "java\x00script:x", "ftp://a b/",
    ],
    "invalid idna-or-invisible": [
        "http://example.com/\u2028", "http://example.com/?\u202e", "http://example.com/#\u200f", "http://example.com/\u061c",
        "http://example.com/\u3000", "http://example.com/\ufeff", "http://example.com/\u2069", "http://example.com/\u1680",
        "http://example.com/\u2003", "http://example.com/\ud800", "http://exa\xadmple.com/",
    ],
}  # fmt: skip
REFUSED_ROWS = [(text, *verdict.split()) for verdict, texts in REFUSED.items() for text in texts]


@pytest.mark.parametrize(("text", "url"), READ, ids=[ascii(text) for text, _ in READ])
def test_address_is_read(text: str, url: str) -> None:
    """Each text has one canonical form."""
    address = parse(text, PUBLIC)
    assert isinstance(address, Address)
    assert address.url == url


@pytest.mark.parametrize(("text", "decision", "reason"), REFUSED_ROWS, ids=[ascii(row[0])[:50] for row in REFUSED_ROWS])
def test_address_is_refused(text: str, decision: str, reason: str) -> None:
    """Doubtful texts are invalid, clear ones against the policy are blocked, each with its reason."""
    assert parse(text, PUBLIC) == Refusal(decision, reason)  # type: ignore[arg-type]


def test_form_is_judged_before_policy() -> None:
    """A text that is no address is called invalid although it also names something forbidden."""
    assert parse("http://localhost:99999/", PUBLIC) == Refusal("invalid", "port-syntax")


def test_longest_address_is_taken() -> None:
    """Up to 2,048 characters pass, and one more does not."""
    text = "http://example.com/"
    assert isinstance(parse(text.ljust(2048, "x"), PUBLIC), Address)
    assert isinstance(parse(text.ljust(2049, "x"), PUBLIC), Refusal)


def test_parts_are_what_the_wire_needs() -> None:
    """Host header, server name, origin and what people are shown follow from the canonical parts."""
    address = parse("HTTPS://Shop.example.com.:8443/a?token=x#y", PUBLIC)
    assert isinstance(address, Address)
    assert (address.scheme, address.host, address.port, address.target) == (
        "https",
        "shop.example.com",
        8443,
        "/a?token=x",
    )
    assert address.host_header == "shop.example.com:8443"
    assert address.server_name == "shop.example.com"
    assert address.origin == "https://shop.example.com:8443"
    assert address.shown == "https://shop.example.com:8443/a"
    assert address.literal is None


@pytest.mark.parametrize(("host", "shown"), [("8.8.8.8", "8.8.8.8"), ("2606:4700::1", "[2606:4700::1]")])
def test_ip_address_has_no_server_name(host: str, shown: str) -> None:
    """A host that is an IP address is its own literal, is in brackets when IPv6, and has no name for TLS."""
    address = parse(f"https://{shown}/", PUBLIC)
    assert isinstance(address, Address)
    assert (address.host, address.host_header, address.server_name) == (host, shown, None)
    assert address.literal == ip_address(host)


@pytest.mark.parametrize("host", ["a.b.c.xn--1", "1.2.3.xn--p1ai9", "my.secret.name.xn--90a0", "1.2.3.4.xn--5"])
def test_name_that_ends_in_a_digit_is_no_ip_address(host: str) -> None:
    """Only a last label that is a number makes a host an IPv4 address; whatever passes can be vetted and asked for."""
    address = parse(f"https://{host}/", PUBLIC)
    assert isinstance(address, Address)
    assert (address.literal, address.server_name) == (None, host)
    assert guard.Guard(PUBLIC).vet(address, ["8.8.8.8"]) == (ip_address("8.8.8.8"),)
    redirect = guard.Guard(PUBLIC).redirect(address, b"http://a.b.c.xn--1/", {address.url})
    assert isinstance(redirect, Address)


@pytest.mark.parametrize(
    "text", ["http://nas.lan/", "http://router/", "http://10.1.2.3/", "http://db-1/", "http://shop.test/"]
)
def test_private_names_pass_when_a_network_is_open(text: str) -> None:
    """With an opened network the names of private space are left to what they resolve to."""
    assert isinstance(parse(text, PRIVATE), Address)


@pytest.mark.parametrize(
    "text",
    [
        "http://metadata.goog/",
        "http://localhost:3000/",
        "http://a.localhost/",
        "http://x.invalid/",
        "http://a.onion/",
        "http://192.168.0.1/",
        "http://0x0a.1/",
    ],
)
def test_opened_network_opens_nothing_else(text: str) -> None:
    """The metadata name, each reader's own machine, foreign roots, other networks and odd spellings stay refused."""
    assert isinstance(parse(text, PRIVATE), Refusal)


@pytest.mark.parametrize("text", ["http://nas.lan/", "http://router/", "http://db.internal/", "http://shop.test/"])
def test_private_names_are_no_business_of_public_name_servers(text: str) -> None:
    """Where nobody is asked who could know them, names of private space are refused before any look-up."""
    policy = Policy(allow_networks=(ip_network("10.0.0.0/8"),), asks_own_servers=False)
    assert isinstance(parse(text, policy), Refusal)
    assert isinstance(parse("http://10.1.2.3/", policy), Address)


PIECES = st.sampled_from(
    [
        "http", "https", "ftp", ":", "://", "/", "//", "\\", "@", "[", "]", "?", "#", ".", "..", "%", "%2e", "%00",
        "127.0.0.1", "0x7f", "1", "017", "2130706433", "::1", "::ffff:8.8.8.8", "fe80::1", "8.8.8.8", "example", "com",
        "localhost", ":80", ":8080", ":22", "xn--", "-", "_", "\u3002", "\uff11", "\uff0f", "\u200d", "\u05d0",
        "\xdf", "\u202e",
    ]
)  # fmt: skip
URLS = st.one_of(
    st.text(st.characters()),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=8).map(lambda parts: "http://" + "".join(parts)),
    st.builds(
        "http://{}/{}".format, st.sampled_from(["example.com", "8.8.8.8", "[2606::1]"]), st.text(st.characters())
    ),
)


@settings(deadline=None, max_examples=600)
@given(URLS)
@example("http://8.8.8.8?@10.0.0.1")
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises; refusals have known reasons; what is read is canonical, and no reader sees another host."""
    address = parse(text, PUBLIC)
    if isinstance(address, Refusal):
        assert address.reason in guard.REASONS
        return
    assert address.literal is None or address.literal.is_global
    assert address.url.isascii()
    assert not any(character.isspace() for character in address.url)
    assert parse(address.url, PUBLIC) == address or len(address.url) > 2048
    other = urlsplit(address.url)
    assert (other.scheme, other.hostname, other.port or address.port) == (address.scheme, address.host, address.port)
    assert other.username is None
    assert address.target == other.path + address.url.removeprefix(address.origin + other.path)
