"""Which service that has a status page does a host belong to?"""

from __future__ import annotations

from bot.kb.lists import Service
from bot.kb.model import KnowledgeBase


def service_of(kb: KnowledgeBase, host: str) -> Service | None:
    """Return the service with the longest domain that the host is, or lies below."""
    name = host.rstrip(".").lower()
    fitting = [
        (len(domain), service)
        for service in kb.services
        for domain in service.domains
        if name == domain or name.endswith(f".{domain}")
    ]
    return max(fitting, key=lambda each: each[0])[1] if fitting else None


def service_by_id(kb: KnowledgeBase, identifier: str | None) -> Service | None:
    """Return a service by its id."""
    return next((service for service in kb.services if service.id == identifier), None)
