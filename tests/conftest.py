"""What do all tests share? The knowledge, an emptied environment, and hypothesis profiles."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from bot.kb.load import load
from bot.kb.model import KnowledgeBase

settings.register_profile("quick", max_examples=60, deadline=None)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile("long" if os.environ.get("LONG_TESTS") else "quick")


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """Return the knowledge that ships."""
    return load()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees settings or proxies of the machine that it runs on."""
    for name in list(os.environ):
        if name.upper().startswith("FIVEOHTWO_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name)
