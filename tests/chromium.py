"""How do tests get a browser? Debian's Chromium, headless, which talks to nobody but us."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PACKAGE = "chromium"
NAMES = ("chromium", "chromium-browser")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str | None:
    """Return where Chromium is installed, None if it is not."""
    return next((found for name in NAMES if (found := shutil.which(name)) is not None), None)


@contextmanager
def as_playwrights_own() -> Iterator[None]:
    """Let playwright start this Chromium where it would look for a download of its own."""
    from playwright.async_api import BrowserType

    real = BrowserType.launch

    async def launch(self: BrowserType, **options: Any) -> Any:
        return await real(self, **options | {"executable_path": path(), "args": [*SWITCHES]})

    BrowserType.launch = launch  # type: ignore[method-assign]
    try:
        yield
    finally:
        BrowserType.launch = real  # type: ignore[method-assign]
