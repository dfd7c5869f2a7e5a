"""Which types of fixtures do tests name?"""

from __future__ import annotations

from collections.abc import Callable

FaultsAfter = Callable[..., list[str]]
