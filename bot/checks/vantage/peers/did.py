"""What can happen to a message that comes to a peer?"""

from __future__ import annotations

from typing import Literal, get_args

Did = Literal["looked", "refused", "blind", "busy", "own", "hello", "dropped"]
"""A look; an address that the guard here refuses; a look without a working connection of this machine; too many; a
question of this very place; a hello; no question at all."""
DID: tuple[Did, ...] = get_args(Did)
