"""Which of Discord's limits does its OpenAPI description not tell?"""

from __future__ import annotations

from typing import Any


def judge(name: str, body: Any, *, files: int = 0, flags: int = 0) -> list[str]:
    return []
