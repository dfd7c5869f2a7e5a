"""What does `fiveohtwo watcher` wire together? A process that looks at what people wait for, and tells nobody.

Telling is the surface's job: it learns the news through the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal

from bot.cli import OK, Failed
from bot.cli.compose import SystemClock, make_runner, make_watcher
from bot.cli.heartbeat import beating, obstacle_of
from bot.cli.log import set_up_run_log
from bot.cli.meters import served
from bot.cli.sharing import shared
from bot.cli.sign import place_of
from bot.cli.stores import Stores, address_of
from bot.engine.watcher import Watcher
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

    with served(settings) as meters:
        try:
            async with beating(place_of(settings, "watcher"), obstacle, SystemClock(), meters.hear if meters else None):
                kept = await stores.open()
                watcher = make_watcher(kb, settings, kept, shared(make_runner(kb, settings), kept.looks, settings))
                watcher.counts = meters
                await _until_stopped(watcher)
        finally:
            await stores.close()
    return OK


async def _until_stopped(watcher: Watcher) -> None:
    """Look until a signal comes; looks under way are abandoned, and others take over."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, stop.set)
    log.info("watching", extra={"holder": watcher.holder})
    watching, stopped = asyncio.ensure_future(watcher.run()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({watching, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()  # only a fault ends it
        log.info("stopping")
    finally:
        for task in (watching, stopped):
            task.cancel()
        await asyncio.gather(watching, stopped, return_exceptions=True)
