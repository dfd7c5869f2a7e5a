"""What does `fiveohtwo watcher` wire together? A process that looks at what people wait for, and tells nobody.

Telling is the surface's job: it learns the news through the database.
"""

from __future__ import annotations

import asyncio
import logging

from bot.cli import OK, Failed
from bot.cli.compose import SystemClock, make_runner, make_watcher
from bot.cli.heartbeat import beating, obstacle_of
from bot.cli.log import set_up_run_log
from bot.cli.meters import Meters, served
from bot.cli.sharing import shared
from bot.cli.sign import place_of
from bot.cli.stopping import until_stopped
from bot.cli.stores import Stores, address_of
from bot.kb.load import load
from bot.ports import StoreRefused
from bot.settings import PREFIX, load_settings
from bot.settings.model import Settings
from bot.storage.address import Address

log = logging.getLogger(__name__)


def run_watcher() -> int:
    """Look until it is stopped; return the exit code."""
    settings = load_settings()
    set_up_run_log(settings.log_level)
    address = address_of(settings)
    if address.kind == "memory":
        raise Failed(
            f"{PREFIX}DATABASE_URL says memory: what people wait for is kept where no other process sees it. "
            "Set it to the database that `fiveohtwo run` uses (see deploy/env.example)."
        )
    try:
        return asyncio.run(_run(settings, address))
    except StoreRefused as error:
        raise Failed(str(error)) from None


async def _run(settings: Settings, address: Address) -> int:
    kb = load(overlay=settings.knowledge_dir, examples=False)
    stores = Stores(address, SystemClock())

    async def obstacle() -> str | None:
        return await obstacle_of((await stores.open()).store)

    with served(settings, Meters) as meters:
        try:
            async with beating(place_of(settings, "watcher"), obstacle, SystemClock(), meters.hear if meters else None):
                kept = await stores.open()
                watcher = make_watcher(kb, settings, kept, shared(make_runner(kb, settings), kept.looks, settings))
                watcher.counts = meters
                log.info("watching", extra={"holder": watcher.holder})
                await until_stopped(watcher.run())
        finally:
            await stores.close()
    return OK
