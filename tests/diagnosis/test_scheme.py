"""Does an address leave its scheme open when nobody gave one?"""

from __future__ import annotations

import pytest

from bot.diagnosis.scheme import is_open, with_scheme, without_scheme


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_scheme_is_left_open_and_assumed(scheme: str) -> None:
    """What follows the scheme stays as it is, and https is assumed where one is needed."""
    opened = without_scheme(f"{scheme}://shop.example.com:8080/a?b=https://c")
    assert opened == "//shop.example.com:8080/a?b=https://c"
    assert is_open(opened)
    assert without_scheme(opened) == opened
    assert with_scheme(opened) == "https://shop.example.com:8080/a?b=https://c"


def test_given_scheme_is_kept() -> None:
    """An address with a scheme is what somebody asked for."""
    assert not is_open("http://shop.example.com/")
    assert with_scheme("http://shop.example.com/") == "http://shop.example.com/"
