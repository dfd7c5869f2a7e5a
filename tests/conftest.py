"""What do all tests share? The knowledge, an emptied environment, and hypothesis profiles."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.kb.load import load
from bot.kb.model import KnowledgeBase

settings.register_profile("quick", max_examples=60, deadline=None)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile("long" if os.environ.get("LONG_TESTS") else "quick")


COVERING = tuple(Path(__file__).parent / name for name in ("diagnosis", "conversation"))
"""Folders of tests that must cover the package of the same name by themselves."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage in those tests alone: it makes a test two to three times as slow.

    The marker `no_cover` would do, were there no workers: in a worker it stops one of two measurements, and the other
    goes on.
    """
    tracer = sys.gettrace()
    if tracer is None or any(item.path.is_relative_to(folder) for folder in COVERING):
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


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
