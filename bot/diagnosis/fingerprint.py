"""Which product wrote an HTTP answer, and what kind of answer is it? The rules are `knowledge/products.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.kb.lists import Product, Sign

KEPT_IDS = (
    "cf-ray",
    "cf-error-type",
    "cf-error-origin",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amzn-requestid",
    "x-amzn-errortype",
    "apigw-requestid",
    "x-azure-ref",
    "x-ms-request-id",
    "x-vercel-id",
    "x-vercel-error",
    "x-nf-request-id",
    "fly-request-id",
    "x-railway-request-id",
    "rndr-id",
    "x-render-routing",
    "ngrok-error-code",
    "x-cf-routererror",
    "x-served-by",
    "x-timer",
    "x-varnish",
    "x-squid-error",
    "x-github-request-id",
    "x-kong-request-id",
    "x-sucuri-id",
    "x-iinfo",
    "x-reference-error",
    "x-request-id",
    "proxy-status",
    "cache-status",
)
"""Headers by which a site's people, or their CDN's, find a request in their logs."""

SQUID = "squid"
"""The proxy that is used in people's networks as well as in front of sites."""


@dataclass(frozen=True)
class Fingerprint:
    """What an answer gives away. None and False: nothing seen."""

    product: str | None = None
    """Id of the product that wrote it."""
    writer: str | None = None
    """That product's role."""
    edge: str | None = None
    """Id of the CDN that it passed through."""
    squid: bool = False
    """It passed through a Squid."""
    challenge: str | None = None
    """Id of the product that refuses robots."""
    maintenance: bool = False
    parked: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)


def fingerprint(products: Sequence[Product], status: int, headers: Sequence[tuple[str, str]], body: str) -> Fingerprint:
    """Look for every product's signs. Names of headers are in lower case; the file's order decides between writers."""
    seen: dict[str, list[str]] = {}
    for name, value in headers:
        seen.setdefault(name, []).append(value)
    proved = [
        (sign.proves, product) for product in products for sign in product.signs if _holds(sign, status, seen, body)
    ]
    writer = _first(proved, "wrote")
    challenger = _first(proved, "challenge")
    edge = next((product for proves, product in proved if product.role == "edge"), None)
    proves = {proves for proves, _ in proved}
    return Fingerprint(
        product=writer.id if writer else None,
        writer=writer.role if writer else None,
        edge=edge.id if edge else None,
        squid=any(product.id == SQUID for _, product in proved),
        challenge=challenger.id if challenger else None,
        maintenance="maintenance" in proves,
        parked="parked" in proves,
        ids={name: seen[name][0] for name in KEPT_IDS if name in seen},
    )


def _first(proved: Sequence[tuple[str, Product]], wanted: str) -> Product | None:
    return next((product for proves, product in proved if proves == wanted), None)


def _holds(sign: Sign, status: int, headers: Mapping[str, Sequence[str]], body: str) -> bool:
    """All given parts must hold; the body, which costs most, is looked at last."""
    if sign.status and status not in sign.status:
        return False
    if any(name in headers for name in sign.absent):
        return False
    for name, pattern in sign.headers.items():
        if not any(_compiled(pattern).search(value) for value in headers.get(name, ())):
            return False
    if sign.most is not None and len(body) > sign.most:
        return False
    return sign.body is None or _compiled(sign.body).search(body) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
