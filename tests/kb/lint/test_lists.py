"""Are duplicates and entries that fit everything refused in the lists of services and products?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

BROKEN = {
    "domain-twice": (
        "services.toml", '["shop.example"]', '["shop.example", "cloud.example"]',
        'services.toml: shop: "cloud.example" belongs to cloud already. Keep it in one place.',
    ),
    "domain-is-an-address": (
        "services.toml", '["shop.example"]', '["https://shop.example"]',
        'services.toml: shop: "https://shop.example" is no domain. Write it in lower case, without scheme or path.',
    ),
    "page-without-https": (
        "services.toml", '"https://status.shop.example/"', '"http://status.shop.example/"',
        "services.toml: shop.page: is no https address. Write https://....",
    ),
    "sign-fits-everything": (
        "products.toml", 'headers = { server = "^gateway" }\nbody = "no answer"', "status = [502]",
        "products.toml: gateway.signs #1: fits answers of anybody. Demand a header or something in the body.",
    ),
    "header-in-capitals": (
        "products.toml", '{ server = "^gateway" }', '{ Server = "^gateway" }',
        'products.toml: gateway.signs #1: "Server" is not in lower case, so it is never found. Write "server".',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_unsound_list_entry_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each unsound entry is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]


def test_status_of_one_product_is_a_sign(faults_after: Callable[..., list[str]]) -> None:
    """A status that no standard knows tells its product without a header."""
    assert (
        faults_after("products.toml", 'headers = { server = "^gateway" }\nbody = "no answer"', "status = [544]") == []
    )
