"""Where is printed what a person reads, and what if nobody reads on?"""

from __future__ import annotations

import errno
import os

from rich.console import Console


class Screen(Console):
    """The output. A reader who is gone is an error like any other; rich would end the process, whatever it is at."""

    def __init__(self) -> None:
        super().__init__(highlight=False)

    def on_broken_pipe(self) -> None:
        """See `Console`."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
