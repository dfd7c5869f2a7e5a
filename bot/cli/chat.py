"""What does `fiveohtwo chat` wire together?"""

from __future__ import annotations

import asyncio
import sys

from bot.cli import Failed
from bot.cli.compose import SystemClock, known_language, make_engine, set_up_logging
from bot.cli.stores import Stores, address_of, unusable
from bot.kb.load import load
from bot.ports import StoreRefused, StoreUnavailable
from bot.settings import load_settings
from bot.storage.address import Address
from bot.surfaces.terminal.app import App
from bot.surfaces.terminal.screen import Screen
from bot.surfaces.terminal.source import Lines, PersonLines, PipeLines
from bot.wording.words import Words


def run_chat(*, as_json: bool, lang: str | None) -> None:
    """Hold one conversation on stdin and stdout."""
    settings = load_settings()
    set_up_logging(settings)
    kb = load(overlay=settings.knowledge_dir)
    language = known_language(kb, lang or settings.language)
    if sys.stdin is None or sys.stdout is None:
        raise Failed("a conversation needs an input and an output; one of them is closed.")
    person = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    lines: Lines = PersonLines() if person else PipeLines()
    console = Screen()
    stores = Stores(address_of(settings, otherwise=Address("memory")), SystemClock())

    async def talk() -> None:
        try:
            kept = await stores.open()
            engine = make_engine(kb, settings, kept.store, kept.outcomes)
            app = App(engine, Words(kb, language), console, lines, json=as_json)
            try:
                await app.run()
            finally:
                await app.aclose()
        finally:
            await stores.close()

    try:
        asyncio.run(talk())
    except StoreRefused as error:
        raise Failed(str(error)) from None
    except StoreUnavailable as error:
        raise Failed(unusable(error)) from None
