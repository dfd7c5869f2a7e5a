"""Is a host filed under the name that somebody registered?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis import site
from bot.diagnosis.site import site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.com", "example.com"),
        ("www.shop.example.com", "example.com"),
        ("Shop.Example.COM.", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("one.herokuapp.com", "one.herokuapp.com"),
        ("deep.one.herokuapp.com", "one.herokuapp.com"),
        ("someone.github.io", "someone.github.io"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("www.xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
    ],
)
def test_host_belongs_to_the_registered_name(host: str, site: str) -> None:
    """Everything below one registered name is one site; names under a shared suffix are strangers to each other."""
    assert site_of(host) == site


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "localhost", "github.io", "ü" * 80])
def test_what_nobody_registered_is_its_own_site(host: str) -> None:
    """An address has no suffix, a suffix has no owner, and a name that cannot be spelled stays as it is."""
    assert site_of(host) == host
    assert site_of("[2001:db8::7]") == "2001:db8::7"


@given(st.text(max_size=60))
def test_any_text_has_a_site_that_stays(host: str) -> None:
    """No text raises, and the site of a site is itself."""
    assert site_of(site_of(host)) == site_of(host)


def test_list_of_suffixes_is_read_when_it_is_first_needed() -> None:
    """It is read once, whoever asked first."""
    site._suffixes.cache_clear()
    assert site_of("www.shop.example.com") == "example.com"
    assert site._suffixes.cache_info().misses == 1
    assert site_of("www.shop.example.org") == "example.org"
    assert site._suffixes.cache_info().misses == 1
