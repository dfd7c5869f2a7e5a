"""What does `fiveohtwo peer` wire together? A process that looks at sites for the operator's bot elsewhere.

It keeps nothing, and needs neither a token nor a database.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from importlib.metadata import PackageNotFoundError, version

from bot.checks.runner import Runner
from bot.checks.vantage.peers.answering import Answering, Me
from bot.checks.vantage.peers.link import UnreachableError
from bot.checks.vantage.peers.serving import Post, Serving
from bot.checks.vantage.peers.turns import Turns
from bot.cli import OK, Failed
from bot.cli.compose import SystemClock, make_account, make_reach, recogniser
from bot.cli.heartbeat import beating
from bot.cli.log import set_up_run_log
from bot.cli.meters import PeerMeters, served
from bot.cli.sign import place_of
from bot.cli.stopping import until_stopped
from bot.kb.load import load
from bot.settings import PREFIX, load_settings
from bot.settings.model import Settings

log = logging.getLogger(__name__)


def run_peer() -> int:
    """Answer until it is stopped; return the exit code."""
    settings = load_settings()
    set_up_run_log(settings.log_level)
    if settings.nats_url is None:
        raise Failed(
            f"{PREFIX}NATS_URL is not set: a peer is asked over NATS. "
            "Name the server that the bot uses, too (see deploy/env.example)."
        )
    if settings.peer_name is None:
        raise Failed(
            f"{PREFIX}PEER_NAME is not set: people are told from where a site was looked at. "
            "Name this place, such as Frankfurt, DE."
        )
    if not settings.canary:
        log.warning("%sCANARY is empty: without it no silence of a site seen from here says anything", PREFIX)
    try:
        return asyncio.run(_run(settings, settings.peer_name))
    except UnreachableError as error:
        raise Failed(f"NATS cannot be used: {error}. See {PREFIX}NATS_URL and {PREFIX}NATS_CREDENTIALS.") from None


async def _run(settings: Settings, place: str) -> int:
    kb = load(overlay=settings.knowledge_dir, examples=False)
    reach = make_reach(settings)
    recognise = recogniser(kb)
    # Once in advance: it makes its index at the first page, and the first asker would wait for that in vain.
    await asyncio.to_thread(recognise, 502, "<title>502 Bad Gateway</title>")
    # Without others: who is asked asks nobody in its turn.
    runner = Runner(reach, kb.products, recognise=recognise)
    me = Me(place, uuid.uuid4().hex, _release(), settings.nats_subject)
    answering = Answering(me, runner, Turns(settings.peer_per_hour), SystemClock().now)
    serving = Serving(Post(make_account(settings), settings.nats_subject, reach.contexts.web), answering)

    async def obstacle() -> str | None:
        return serving.obstacle

    with served(settings, PeerMeters) as meters:
        if meters is not None:
            answering.counted = meters.asked
        try:
            await serving.begin()
            async with beating(place_of(settings, "peer"), obstacle, SystemClock(), meters.hear if meters else None):
                log.info("listening", extra={"place": place})
                await until_stopped(serving.run())
        finally:
            await serving.aclose()
    return OK


def _release() -> str:
    try:
        return version("fiveohtwo")
    except PackageNotFoundError:
        return "dev"
