"""Where is what a person reads printed, and what if nobody reads any more?"""

from __future__ import annotations

import errno
import os

from rich.console import Console


class Screen(Console):
    """The output. A reader that is gone is an error like any other; rich would end the process in the middle of it."""

    def __init__(self) -> None:
        super().__init__(highlight=False)

    def on_broken_pipe(self) -> None:
        """See `Console`."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
