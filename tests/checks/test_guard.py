"""What may be contacted, and what may not?"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.guard import MAX_REDIRECTS, REASONS, Address, Guard, Policy, Refusal

GUARD = Guard()


def read(text: str, guard: Guard = GUARD) -> Address:
    address = guard.parse(text)
    assert isinstance(address, Address), address
    return address


HERE = read("https://shop.example.com:8443/a/b/c?q=1")


def test_all_answers_pass_in_their_order() -> None:
    """Public answers are handed out as they came, each once."""
    answers = ["93.184.215.14", "2606:4700::1", "93.184.215.14", "2606:4700:0::1"]
    assert GUARD.vet(HERE, answers) == (ip_address("93.184.215.14"), ip_address("2606:4700::1"))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("127.0.0.1", "loopback-v4"),
        ("fd00::1", "ula"),
        ("::ffff:8.8.8.8", "ipv4-mapped"),
        ("169.254.169.254", "cloud-metadata"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_refused_answer_refuses_the_name(bad: str, reason: str, place: int) -> None:
    """A mixed answer is refused wherever the private address stands."""
    answers = ["93.184.215.14", "2606:4700::1"]
    answers.insert(place, bad)
    assert GUARD.vet(HERE, answers) == Refusal("block", reason)


@pytest.mark.parametrize("text", ["", "example.com", "1.2.3", "0x7f.1", "2606:4700::1%eth0", "127.0.0.01"])
def test_answer_that_is_no_address_refuses_the_name(text: str) -> None:
    """Only plain addresses are taken from a resolver."""
    assert GUARD.vet(HERE, ["8.8.8.8", text]) == Refusal("block", "dns-answer")


def test_no_answer_is_no_refusal() -> None:
    """A name without addresses leaves nothing to dial; that is for the DNS finding to tell."""
    assert GUARD.vet(HERE, []) == ()


def test_literal_is_vetted_from_itself() -> None:
    """What a resolver says cannot change where an IP address leads."""
    assert GUARD.vet(read("http://8.8.8.8/"), ["9.9.9.9"]) == (ip_address("8.8.8.8"),)
    assert GUARD.vet(Address("http", "10.0.0.1", 80, "/"), ["9.9.9.9"]) == Refusal("block", "private-v4")


def test_own_address_is_refused_as_an_answer() -> None:
    """A name that points to the bot's own machine is not contacted."""
    guard = Guard(Policy(own_addresses=frozenset({ip_address("45.33.32.156")})))
    assert guard.vet(HERE, ["45.33.32.156"]) == Refusal("block", "own-address")


def test_private_name_must_stay_in_the_opened_network() -> None:
    """A private name passes with opened answers alone; a public answer to it is not followed."""
    guard = Guard(Policy(allow_networks=(ip_network("10.0.0.0/8"),)))
    nas = read("http://nas.lan/", guard)
    assert guard.vet(nas, ["10.0.0.9"]) == (ip_address("10.0.0.9"),)
    assert guard.vet(nas, ["10.0.0.9", "8.8.8.8"]) == Refusal("block", "name-special-use")
    assert guard.vet(nas, ["192.168.0.1"]) == Refusal("block", "private-v4")
    shop = read("http://shop.example.com/", guard)
    assert guard.vet(shop, ["10.0.0.9", "8.8.8.8"]) == (ip_address("10.0.0.9"), ip_address("8.8.8.8"))


REFERENCES = [
    (b"http://www.example.org", "http://www.example.org/"),
    (b"HTTP://SHOP.example.com:8443", "http://shop.example.com:8443/"),
    (b"//www.example.org/x", "https://www.example.org/x"),
    (b"/x?y#z", "https://shop.example.com:8443/x?y"),
    (b"x", "https://shop.example.com:8443/a/b/x"),
    (b"./x", "https://shop.example.com:8443/a/b/x"),
    (b"../x", "https://shop.example.com:8443/a/x"),
    (b"../../../x", "https://shop.example.com:8443/x"),
    (b"..", "https://shop.example.com:8443/a/"),
    (b"?z", "https://shop.example.com:8443/a/b/c?z"),
    (b"x/y:z", "https://shop.example.com:8443/a/b/x/y:z"),
    (b"/@10.0.0.1/", "https://shop.example.com:8443/@10.0.0.1/"),
    (b"/x\\y", "https://shop.example.com:8443/x/y"),
    ("/é".encode(), "https://shop.example.com:8443/%C3%A9"),
    ("/é".encode("latin-1"), "https://shop.example.com:8443/%E9"),
    ("http://größe.com".encode(), "http://xn--gre-6ka8i.com/"),
]
BAD_LOCATIONS = [
    (b"", "block", "redirect-loop"),
    (b"#x", "block", "redirect-loop"),
    (b"c?q=1", "block", "redirect-loop"),
    (b"HTTPS://shop.EXAMPLE.com:8443/a/b/c?q=1#top", "block", "redirect-loop"),
    (b"http://127.0.0.1/", "block", "loopback-v4"),
    (b"//10.0.0.1/", "block", "private-v4"),
    (b"//[::1]/", "block", "loopback-v6"),
    (b"http://0x7f.1/", "block", "loopback-v4"),
    (b"//localhost", "block", "name-localhost"),
    (b"http://example.org:22/", "block", "port"),
    (b"//u:p@example.org/", "block", "userinfo"),
    (b"javascript:alert(1)", "block", "scheme"),
    (b"file:///etc/passwd", "block", "scheme"),
    (b"http:/x", "invalid", "syntax"),
    (b"http:x", "invalid", "syntax"),
    (b"///example.org/", "invalid", "syntax"),
    (b"/\\example.org/", "invalid", "backslash"),
    (b"\\\\example.org/", "invalid", "backslash"),
    (b"\\x", "invalid", "backslash"),
    (b"/a b", "invalid", "control-or-space"),
    (b" /a", "invalid", "control-or-space"),
    (b"/a\r\nX: y", "invalid", "control-or-space"),
    (b"http://a\xff.com/", "invalid", "percent-host"),
    (b"http://example.org, http://example.net", "invalid", "control-or-space"),
    (b"/" + b"x" * 3000, "invalid", "url-too-long"),
    ("/\u202e".encode(), "invalid", "idna-or-invisible"),
]


@pytest.mark.parametrize(("location", "url"), REFERENCES)
def test_location_is_resolved(location: bytes, url: str) -> None:
    """Absolute and relative references lead where a browser goes."""
    following = GUARD.redirect(HERE, location, {HERE.url})
    assert isinstance(following, Address)
    assert following.url == url


@pytest.mark.parametrize(("location", "decision", "reason"), BAD_LOCATIONS)
def test_location_passes_the_whole_policy(location: bytes, decision: str, reason: str) -> None:
    """A redirect can go nowhere that a user could not send the bot, and never twice to the same address."""
    assert GUARD.redirect(HERE, location, {HERE.url}) == Refusal(decision, reason)  # type: ignore[arg-type]


def test_redirects_are_counted() -> None:
    """Ten redirects are followed, the eleventh is not."""
    seen, address = [HERE.url], HERE
    for hop in range(MAX_REDIRECTS):
        following = GUARD.redirect(address, f"/{hop}".encode(), seen)
        assert isinstance(following, Address)
        seen.append(following.url)
        address = following
    assert GUARD.redirect(address, b"/more", seen) == Refusal("block", "too-many-redirects")


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60) | st.text("/\\.:@#?%[]ahtp1\u3002é", max_size=20).map(str.encode))
def test_any_location_is_resolved_or_refused(location: bytes) -> None:
    """No header value raises, and what is followed is an address that a user could have named."""
    following = GUARD.redirect(HERE, location, {HERE.url})
    if isinstance(following, Refusal):
        assert following.reason in REASONS
    else:
        assert GUARD.parse(following.url) == following


@settings(deadline=None)
@given(st.lists(st.ip_addresses().map(str) | st.text(max_size=8), max_size=5))
def test_vetted_means_every_answer_is_public(answers: list[str]) -> None:
    """Whatever a resolver says, only global addresses are ever handed out."""
    vetted = GUARD.vet(HERE, answers)
    assert isinstance(vetted, Refusal) or all(ip.is_global for ip in vetted)
