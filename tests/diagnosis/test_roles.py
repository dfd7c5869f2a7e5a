"""Do the words around an address tell whether it failed?"""

from __future__ import annotations

import pytest

from bot.diagnosis.roles import ELSEWHERE, INSIDE, PAPER, PAPER_HOST, ROLES, UNWANTED, WANTED


@pytest.mark.parametrize(
    "text",
    [
        "shop.example.com took too long to respond.",
        "shop.example.com's server IP address could not be found.",
        "The owner of this website (shop.example.com) has banned you",
        'request: "GET / HTTP/1.1", host: "shop.example.com"',
        "HTTPSConnectionPool(host='shop.example.com', port=443)",
        "getaddrinfo ENOTFOUND shop.example.com",
        "An error occurred during a connection to shop.example.com.",
        "Apache/2.4.52 (Ubuntu) Server at shop.example.com Port 443",
        "Cloudflare\nWorking\nshop.example.com\nHost\nError",
        "https://www.cloudflare.com/5xx-error-landing?utm_source=errorcode_522&utm_campaign=shop.example.com",
        "at=error code=H12 desc=x method=GET path=/ host=shop.example.com",
        'Safari can\'t open the page "shop.example.com" because',
    ],
)
def test_role_names_the_host(text: str) -> None:
    """Each place in which servers, browsers and programs name the failed host is known."""
    hosts = {found["host"] for _, role in ROLES for found in role.finditer(text)}
    assert "shop.example.com" in hosts


@pytest.mark.parametrize("before", ["for url: ", "GET '", "curl -sS -X POST ", "unable to access '", "opening "])
def test_wanted_address_follows(before: str) -> None:
    """Words of requesting come before the address that was requested."""
    assert WANTED.search(before)


@pytest.mark.parametrize(
    "before", ['upstream: "', "proxy_pass ", "curl -x ", 'referrer: "', "see the docs: ", '" 502 157 "']
)
def test_unwanted_address_follows(before: str) -> None:
    """Upstreams, proxies, referrers and reading matter follow such words."""
    assert UNWANTED.search(before)


def test_reading_matter_is_known() -> None:
    """Documentation, pictures and issues are told by host or path; an address inside another one is seen."""
    assert ELSEWHERE.search("developer.mozilla.org")
    assert PAPER_HOST.search("forum.example.com")
    assert PAPER.search("https://github.com/x/y")
    assert PAPER.search("https://x.example/shot.png")
    assert INSIDE.search("https://x.example/search?q=cache:")
    assert not ELSEWHERE.search("shop.example.com")
