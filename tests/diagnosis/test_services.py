"""Is the right service found for a host?"""

from __future__ import annotations

import pytest

from bot.diagnosis.services import service_by_id, service_of
from bot.kb.model import KnowledgeBase


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("github.com", "github"),
        ("GitHub.com.", "github"),
        ("api.github.com", "github"),
        ("notgithub.com", None),
        ("github.com.evil.example", None),
        ("mail.google.com", "google-workspace"),
        ("www.google.com", "google-search"),
        ("shop.example.com", None),
        ("com", None),
        ("", None),
    ],
)
def test_service_of_a_host(kb: KnowledgeBase, host: str, service: str | None) -> None:
    """The longest domain at a label boundary decides."""
    found = service_of(kb, host)
    assert (found.id if found else None) == service


def test_service_by_its_id(kb: KnowledgeBase) -> None:
    """An id leads to its service, anything else to none."""
    assert [service_by_id(kb, name) is not None for name in ("github", "nobody", None)] == [True, False, False]
