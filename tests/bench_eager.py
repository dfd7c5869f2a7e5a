"""What is the bot like if it imports everything first? `fiveohtwo run` after all its imports. The benchmark's peer."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from bot import checks, cli, engine, storage, surfaces
from bot.cli.compose import leave_out_httpx_commands

OTHERS = ("bot.surfaces.terminal", "bot.storage.migrations")
"""What the bot in Discord does not import."""
NEEDED = ("bot.cli.discord", "bot.cli.compose", "bot.cli.stores")


def main() -> None:
    """Import, and run."""
    leave_out_httpx_commands()
    for package in (checks, engine, storage, surfaces):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(OTHERS):
                importlib.import_module(found.name)
    for name in NEEDED:
        importlib.import_module(name)
    sys.argv = ["fiveohtwo", "run"]
    cli.main()


if __name__ == "__main__":
    main()
