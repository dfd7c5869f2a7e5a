"""Are the lists of services and products free of duplicates and of entries that fit everything?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.lists import Product
from bot.kb.model import KnowledgeBase

_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")

_STANDARD = frozenset(status.value for status in HTTPStatus)


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each duplicate or unsound entry."""
    yield from _services(kb)
    for product in kb.products:
        yield from _signs(product)


def _services(kb: KnowledgeBase) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for service in kb.services:
        for domain in service.domains:
            if not _DOMAIN.fullmatch(domain):
                problem = f'"{domain}" is no domain'
                yield Fault("services.toml", service.id, problem, "Write it in lower case, without scheme or path")
            elif domain in owners:
                problem = f'"{domain}" belongs to {owners[domain]} already'
                yield Fault("services.toml", service.id, problem, "Keep it in one place")
            owners.setdefault(domain, service.id)
        for name, address in (("page", service.page), ("api", service.api)):
            if address is not None and not address.startswith("https://"):
                yield Fault("services.toml", f"{service.id}.{name}", "is no https address", "Write https://...")


def _signs(product: Product) -> Iterator[Fault]:
    for number, sign in enumerate(product.signs, start=1):
        place = f"{product.id}.signs #{number}"
        # A status that only one product uses is a sign by itself.
        if not (sign.headers or sign.body or (sign.status and _STANDARD.isdisjoint(sign.status))):
            remedy = "Demand a header or something in the body"
            yield Fault("products.toml", place, "fits answers of anybody", remedy)
        for header in (*sign.headers, *sign.absent):
            if header != header.lower():
                problem = f'"{header}" is not in lower case, so it is never found'
                yield Fault("products.toml", place, problem, f'Write "{header.lower()}"')
