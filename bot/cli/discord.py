"""What does `fiveohtwo run` wire together?"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.cli import OK, Failed
from bot.cli.compose import SystemClock, check_ca_file, known_language, make_watcher, new_id
from bot.cli.heartbeat import beating, obstacle_of
from bot.cli.log import set_up_run_log
from bot.cli.meters import Meters, counted, served
from bot.cli.sharing import shared
from bot.cli.sign import place_of
from bot.cli.stores import LatePreferences, Stores, address_of
from bot.engine.company import Company
from bot.engine.experience import Experience
from bot.engine.run import Engine
from bot.engine.watcher import Watcher
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.ports import Checker, Kept, StatusPages, StoreRefused
from bot.settings import PREFIX, load_settings
from bot.settings.model import Settings
from bot.storage.address import Address
from bot.surfaces.discord.client import Fiveohtwo, Parts
from bot.surfaces.discord.connection import is_connected
from bot.surfaces.discord.standin import point_at
from bot.surfaces.discord.supervisor import Supervisor

if TYPE_CHECKING:
    from bot.checks.apart import Apart
    from bot.checks.runner import Runner


def build(
    settings: Settings, address: Address, *, refused: list[StoreRefused] | None = None,
    settled: Callable[[], None] | None = None, kb: KnowledgeBase | None = None, **options: Any,
) -> Fiveohtwo:  # fmt: skip
    """Return the client, wired and not started; what is not needed to log in comes later, off the loop.

    A database that must not be used ends the client, whenever that is found out; `refused` tells why.
    Raises Failed for a language without words.
    """
    known = kb or _knowledge_of(settings)

    closing: list[asyncio.Future[None]] = []

    def refuse(error: StoreRefused) -> None:
        if closing:
            return
        if refused is not None:
            refused.append(error)
        closing.append(asyncio.ensure_future(client.close()))

    stores = Stores(address, SystemClock(), application=lambda: client.application_id, refused=refuse)
    threads: list[Apart] = []
    checkers: list[Checker] = []

    async def engine(kb: KnowledgeBase) -> Engine:
        kept = await stores.open()
        threads.append(await asyncio.to_thread(_checker, kb, settings, settled))
        checkers.append(shared(threads[-1], kept.looks, settings))
        return _engine(kb, kept, checkers[-1])

    async def watcher(kb: KnowledgeBase) -> Watcher:
        return make_watcher(kb, settings, await stores.open(), checkers[-1])

    async def close() -> None:
        while threads:
            await asyncio.to_thread(threads.pop().close)
        await stores.close()

    point_at(settings.discord_api, settings.discord_gateway)
    parts = Parts(
        knowledge=partial(_knowledge, settings, known),
        engine=engine,
        watcher=watcher,
        status_pages=partial(_status_pages, settings),
        preferences=LatePreferences(stores),
        keeping=stores.open,
        mode=settings.discord_mode,
        lang=settings.language,
        watch_hours=settings.watch_hours,
        look=stores.look,
        close=close,
        settled=settled,
    )
    client = Fiveohtwo(
        parts,
        message_content=settings.discord_message_content,
        guild_ready_timeout=settings.discord_guild_ready_timeout_s,
        **options,
    )
    return client


async def _knowledge(settings: Settings, known: KnowledgeBase | None) -> KnowledgeBase:
    if known is not None:
        return known
    return await asyncio.to_thread(load, None, settings.knowledge_dir, examples=False)


async def _status_pages(settings: Settings) -> StatusPages:
    from bot.cli.compose import make_reach

    reach = await asyncio.to_thread(make_reach, settings)
    from bot.checks.statuspage import Pages

    return Pages(reach)


def _engine(kb: KnowledgeBase, kept: Kept, checker: Checker) -> Engine:
    engine = Engine(kb, kept.store, checker, SystemClock(), new_id)
    engine.company = Company(kept.incidents, SystemClock())
    engine.experience = Experience(kept.outcomes, SystemClock())
    return engine


def _checker(kb: KnowledgeBase, settings: Settings, settled: Callable[[], None] | None) -> Apart:
    from bot.checks.apart import Apart
    from bot.cli.compose import make_runner

    def runner() -> Runner:
        """Import the checks and their libraries, at the first look."""
        made = make_runner(kb, settings)
        if settled is not None:
            settled()
        return made

    return Apart(runner)


def run_discord(shard_ids: str | None, shard_count: int | None) -> int:
    """Run until it is stopped; return the exit code."""
    settings = load_settings()
    set_up_run_log(settings.log_level)
    if settings.discord_token is None:
        raise Failed(f"there is no token. Set {PREFIX}DISCORD_TOKEN (see deploy/env.example).")
    options = _shards(shard_ids, shard_count)
    token = settings.discord_token.get_secret_value()
    address, refused = address_of(settings), list[StoreRefused]()
    # Whatever cannot work is reported before the bot goes online: later, people would notice it.
    check_ca_file(settings)
    kb = _knowledge_of(settings)
    running: list[Fiveohtwo] = []

    def make() -> Fiveohtwo:
        if refused:
            raise Failed(str(refused[0]))
        running.clear()
        _look_again()
        running.append(build(settings, address, refused=refused, settled=_pass_over, kb=kb, **options))
        return counted(running[0], meters)

    async def obstacle() -> str | None:
        if not running or not is_connected(running[0]):
            return "not connected to Discord"
        return await obstacle_of((await running[0].parts.keeping()).store)

    async def run() -> int:
        async with beating(place_of(settings, "run"), obstacle, SystemClock(), meters.hear if meters else None):
            return await Supervisor(make, token).run()

    with served(settings, Meters) as meters:
        code = asyncio.run(run())
    if refused:
        raise Failed(str(refused[0]))
    return code or OK


def _knowledge_of(settings: Settings) -> KnowledgeBase | None:
    """Read the knowledge at once where a setting may conflict with it. (Ours alone is read while Discord answers.)"""
    if settings.knowledge_dir is None and settings.language == Settings.model_fields["language"].default:
        return None
    kb = load(overlay=settings.knowledge_dir, examples=False)
    known_language(kb, settings.language)
    return kb


def _look_again() -> None:
    """Let the garbage collector see everything: the remains of a failed client would stay forever otherwise."""
    gc.unfreeze()


def _pass_over() -> None:
    """Let the garbage collector skip everything that was loaded: scanning it delayed every click by 80 ms.

    Memory that only loading needed goes back to the system, which glibc does only when told to.
    """
    gc.collect()
    gc.freeze()
    if sys.platform == "linux" and (give_back := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        give_back(0)


def _shards(shard_ids: str | None, shard_count: int | None) -> dict[str, Any]:
    if shard_ids is None:
        return {} if shard_count is None else {"shard_count": shard_count}
    if shard_count is None:
        raise Failed("--shard-ids needs --shard-count.")
    try:
        ids = [int(part) for part in shard_ids.split(",")]
    except ValueError:
        raise Failed(f"--shard-ids {shard_ids!r} are no numbers.") from None
    if not all(0 <= shard < shard_count for shard in ids):
        raise Failed(f"--shard-ids must lie between 0 and {shard_count - 1}.")
    if len({*ids}) < len(ids):
        raise Failed(f"--shard-ids {shard_ids!r} name a shard twice.")
    return {"shard_ids": ids, "shard_count": shard_count}
