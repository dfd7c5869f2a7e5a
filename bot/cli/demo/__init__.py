"""How can the real bot be tried out in a browser, without Discord, a token or a network?"""

from __future__ import annotations

import asyncio
import sys
from importlib.util import find_spec

from bot.cli import Failed
from bot.settings import load_settings

NEEDED = ("simcord", "aiohttp", "av", "linkify_it", "markdown_it", "PIL", "regex")


def run_demo(port: int) -> None:
    """Run the demo until it is ended."""
    if not all(map(_is_there, NEEDED)):
        raise Failed(
            "the demo needs simcord, a simulated Discord. In a checkout say `make demo`, which installs it; "
            f"elsewhere: {sys.executable} -m pip install 'fiveohtwo[demo]'"
        )
    from bot.cli.compose import set_up_logging
    from bot.cli.demo.show import show

    settings = load_settings()
    set_up_logging(settings)
    asyncio.run(show(settings, port))


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # it is known as one that cannot be imported
        return False
