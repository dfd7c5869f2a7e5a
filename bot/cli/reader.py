"""What happens to a command whose output nobody reads any more (`fiveohtwo kb list | head -1`)? It ends well.

click would take that for a failure, exit code 1. What a command found out does not depend on who reads it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

SERVING = ("run", "watcher", "peer")
"""Commands whose pipes do not go to a reader: one that breaks there is a fault."""


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Ignore that the reader is gone; the command goes on, and says by its exit code what it found."""
    try:
        yield
    except BrokenPipeError:
        _print_nowhere()


class Read(click.Group):
    """Commands that end well when the reader is gone before them."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """See `click.Command`. Help is printed here."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except BrokenPipeError:
            _print_nowhere()
            sys.exit(0)

    def invoke(self, ctx: click.Context) -> Any:
        """See `click.Command`."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            if ctx.invoked_subcommand in SERVING:
                raise
            _print_nowhere()
            return None


def _print_nowhere() -> None:
    """Discard what is printed from now on and what is buffered: it would fail again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
