"""How is a number of hours read?"""

from __future__ import annotations

from math import isnan
from typing import Any

import click


class Hours(click.FloatRange):
    """A number of hours; "nan" is a number to Python, and within every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it, or fail with a message."""
        hours: float = super().convert(value, param, ctx)
        if isnan(hours):
            self.fail(f"{value!r} is not a number of hours.", param, ctx)
        return hours
