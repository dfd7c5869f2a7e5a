"""Who wants a look? Places are shared out by that."""

from __future__ import annotations

from typing import NamedTuple


class Asker(NamedTuple):
    """A person, as the surface names people, and where they ask; or the watches, for all who wait."""

    person: str | None = None
    server: str | None = None
    """None: in direct messages, or with the bot installed for oneself."""
    watch: bool = False


NOBODY = Asker()
"""Nobody else is there to share with, as in a terminal."""
WATCHES = Asker(watch=True)
