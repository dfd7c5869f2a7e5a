"""Which argument is a text, though it begins with a dash? Windows logs show codes as negative numbers."""

from __future__ import annotations

import re

import click

_NUMBER = re.compile(r"-\d")
_ALL_THAT_FOLLOWS = "--"


class TakesNumbers(click.Command):
    """A command that takes `-2145107935` as a text; it has no option that begins with a figure."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command`."""
        if _ALL_THAT_FOLLOWS not in args:
            numbers = [given for given in args if _NUMBER.match(given)]
            args = [*(given for given in args if given not in numbers), _ALL_THAT_FOLLOWS, *numbers]
        return super().parse_args(ctx, args)
