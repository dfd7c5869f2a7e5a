"""How does somebody in Discord wait for a site, and how are they told that it is back?

Only the person who asked is pinged, where they asked; if they cannot be told there (any more), they get a direct
message. Where the bot may not write from the start, it sends one at once: only that shows whether the person can be
reached. The message carries the watch's name, by which Discord drops a second one if a process dies after telling.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import discord

from bot.conversation.prompts import judged as verdict_of
from bot.conversation.replies import AddressNotRead, AddressRefused, Reply
from bot.conversation.state import State
from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.harmless import lasting
from bot.diagnosis.neutral import neutral
from bot.diagnosis.scheme import without_scheme
from bot.diagnosis.targets import from_input
from bot.engine.watcher import judged
from bot.kb.model import State as SiteState
from bot.ports import Checker, Clock, News, TooManyWatches, Watch, Watches
from bot.surfaces.discord.access import is_guest, may_write
from bot.surfaces.discord.answers import guarded
from bot.surfaces.discord.custom_id import Tag, short
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import asker_of
from bot.surfaces.discord.render import Panel, layout
from bot.surfaces.discord.screens import NOBODY, UNREACHABLE, over_again
from bot.wording import Block, Label, Message, Span, word
from bot.wording.words import foreign

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
SURFACE = "discord"
MOST_USER = 10
MOST_SERVER = 50
UNWATCH = "unwatch-"
"""Beginning of the choice that ends a watch; the watch's name follows."""
LONGEST_PAGE = 60
"""For an address in a button, which holds 80 characters."""
WORDS = {"back": "back", "partly": "watch-partly", "guarded": "watch-guarded", "expired": "watch-over"}
"""News -> how it is said."""
NEVER = frozenset({400, 403, 404})
"""Statuses after which retrying is no use: the place is gone or locked, or the bot may not write there."""


class Watching:
    """Watches of all people. Interactions come acknowledged."""

    def __init__(self, client: Fiveohtwo, phrases: Phrases, watches: Watches, checker: Checker, clock: Clock) -> None:
        self._client = client
        self._phrases = phrases
        self._watches = watches
        self._checker = checker
        self._clock = clock

    async def command(self, interaction: Interaction, text: str) -> None:
        """Somebody wants to know when an address is back: first see whether it is broken at all."""
        await guarded(interaction, self._phrases, self._command(interaction, text))

    async def _command(self, interaction: Interaction, text: str) -> None:
        if not await self._client.limits.may_check(interaction.user.id, interaction.guild_id):
            await _show(interaction, self._phrases.message("slow-down"))
            return
        target = from_input(text.strip())
        if target is None:
            await _show(interaction, self._worded(AddressNotRead()))
            return
        began = time.monotonic()
        report = await self._checker.run(lasting(target.asked), by=asker_of(interaction.user.id, interaction.guild_id))
        if self._client.forgetting.has_deleted(interaction.user.id, began):
            await _show(interaction, self._phrases.message("wiped"))
        elif report.refusal is not None:
            await _show(interaction, self._worded(AddressRefused(host=report.host, reason=report.refusal)))
        elif judged(self._phrases.kb, report).state is SiteState.UP:
            await _show(interaction, self._phrases.message("watch-up", host=foreign(report.host)))
        else:
            url = without_scheme(report.url) if target.assumed else report.url
            await _show(interaction, self._summary(report), await self.begin(interaction, url))

    def _worded(self, reply: Reply) -> Message:
        return word(self._phrases.kb, reply, self._phrases.lang)

    def _summary(self, report: Report) -> Message:
        """Say in a line what was seen: somebody may have mistyped the address."""
        kb, state = self._phrases.kb, State(url=report.url, host=report.host, report=report)
        verdict = self._worded(verdict_of(kb, state, gather(kb, None, None, report, {}), last=False))
        said = tuple(block for block in verdict.blocks if block.kind in ("heading", "aside"))
        return verdict.model_copy(update={"blocks": said})

    async def begin(self, interaction: Interaction, url: str) -> Message:
        """Wait for an address that was looked at; return what there is to say."""
        url = lasting(url)
        now, hours = self._clock.now(), self._client.parts.watch_hours
        message, here = interaction.message, may_write(interaction)
        shown = message.id if message is not None and not message.flags.ephemeral else None
        watch = Watch(
            id=uuid4().hex[:12], url=url, surface=SURFACE, owner=str(interaction.user.id),
            body=json.dumps({"channel": interaction.channel_id if here else None, "message": shown}), asked_at=now,
            expires_at=now + timedelta(hours=hours),
            server=None if interaction.guild_id is None or is_guest(interaction) else str(interaction.guild_id),
        )  # fmt: skip
        earlier = None if here else await self._earlier(watch)
        try:
            kept = await self._keep(watch)
        except TooManyWatches as error:
            return self._phrases.message(f"watch-many-{error.who}", most=error.most)
        known = here or (earlier is not None and json.loads(earlier.body)["channel"] is None)
        if not known and not await self._greeted(watch):
            if earlier is None:
                await self._watches.drop(SURFACE, watch.owner, kept.id)
            else:
                await self._keep(earlier)
            return self._phrases.message("watch-unheard")
        log.info("watch begun", extra={"guild": interaction.guild_id})
        key = "watching" if here else "watching-directly"
        return self._phrases.message(key, host=foreign(page_of(url)), hours=round(hours))

    async def _keep(self, watch: Watch) -> Watch:
        return await self._watches.add(watch, most_user=MOST_USER, most_server=MOST_SERVER)

    async def _earlier(self, watch: Watch) -> Watch | None:
        """Return what the person already waits for, if it is the same."""
        mine = await self._watches.of(SURFACE, watch.owner)
        return next((one for one in mine if one.url == watch.url), None)

    async def _greeted(self, watch: Watch) -> bool:
        """Announce in direct messages what will be told there; False when this person accepts none."""
        message = self._phrases.message("watch-begun", host=foreign(page_of(watch.url)))
        try:
            direct = await self._client.create_dm(discord.Object(int(watch.owner)))
            await over_again(partial(direct.send, view=layout(Panel((message,))), allowed_mentions=NOBODY))
        except UNREACHABLE as error:
            log.info("no direct message", extra={"code": getattr(error, "code", None)})
            return getattr(error, "status", None) not in NEVER
        return True

    async def listed(self, interaction: Interaction) -> None:
        """Show what somebody waits for."""
        await guarded(interaction, self._phrases, self._show_list(interaction))

    async def stop(self, interaction: Interaction, choice: str) -> None:
        """End one watch of the person who clicked; the list below shows what is left."""
        owner = str(interaction.user.id)
        await self._watches.drop(SURFACE, owner, choice.removeprefix(UNWATCH))
        await self._show_list(interaction)

    async def _show_list(self, interaction: Interaction) -> None:
        mine = await self._watches.of(SURFACE, str(interaction.user.id))
        if not mine:
            await _show(interaction, self._phrases.message("watches-none"))
            return
        heading = Block(kind="heading", spans=self._phrases.spans("watches", {}))
        lines = [Block(kind="detail", spans=self._line(watch)) for watch in mine]
        stops = [
            Label(id=f"{UNWATCH}{one.id}", label=self._phrases.say("unwatch", host=page_of(one.url))) for one in mine
        ]
        tag = Tag(short(interaction.id), interaction.user.id)
        await _show(interaction, Message(key="watches", blocks=(heading, *lines)), choices=stops, tag=tag)

    def _line(self, watch: Watch) -> tuple[Span, ...]:
        times = {"since": f"<t:{int(watch.asked_at.timestamp())}:f>", "until": _relative(watch.expires_at)}
        return self._phrases.spans("watches-line", {"host": foreign(page_of(watch.url)), **times})

    async def tell(self, news: News) -> bool:
        """Tell one person; False when Discord did not accept it now."""
        await self._client.wait_until_ready()
        channel, owner = json.loads(news.watch.body)["channel"], int(news.watch.owner)
        try:
            there = channel is not None and await self._said(self._client.get_partial_messageable(channel), news)
            if not there:
                user = await self._client.create_dm(discord.Object(owner))
                if not await self._said(user, news):
                    log.warning("a watcher can be told nowhere")
        except UNREACHABLE as error:
            log.warning("news not told, trying again later", extra={"error": type(error).__name__})
            return False
        return True

    async def _said(self, channel: discord.abc.Messageable, news: News) -> bool:
        """Say it in one place; False when that can never work."""
        owner = int(news.watch.owner)
        message = self._phrases.message(
            WORDS[news.what],
            host=_host(news.watch.url), at=f"<t:{int(news.at.timestamp())}:t>", since=_relative(news.watch.asked_at),
        )  # fmt: skip
        verdict = {"state": "up" if news.what == "back" else "unknown"}
        panel = Panel((message.model_copy(update={"verdict": verdict}),))
        only = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=[discord.Object(owner)])
        try:
            await channel.send(view=_called(panel, owner), nonce=news.watch.id, allowed_mentions=only)
        except discord.HTTPException as error:
            if error.status not in NEVER:
                raise
            log.info("news cannot be told here", extra={"code": error.code})
            return False
        return True


def _called(panel: Panel, owner: int) -> discord.ui.LayoutView:
    """Return a panel that calls one person; a mention counts only outside of code and escapes."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(f"<@{owner}>"))
    for item in layout(panel).children:
        view.add_item(item)
    return view


async def _show(
    interaction: Interaction, *messages: Message, choices: Sequence[Label] = (), tag: Tag | None = None
) -> None:
    panel = Panel(messages, choices=tuple(choices), tag=tag) if tag else Panel(messages)
    try:
        await interaction.edit_original_response(view=layout(panel), allowed_mentions=NOBODY)
    except UNREACHABLE as error:
        log.warning("watches not shown", extra={"error": type(error).__name__})


def _host(url: str) -> Span:
    """Return what is said where others can read it."""
    return foreign(urlsplit(url).hostname or url)


def page_of(url: str) -> str:
    """Return an address so that its own person can tell it from others: with its path, the middle cut.

    A query may hold what others must not read, under any name; only its existence is mentioned.
    """
    parts = urlsplit(url)
    rest = f"{parts.path}?…" if parts.query else parts.path.removesuffix("/")
    page = neutral(f"{parts.netloc}{rest}", len(url))
    kept = LONGEST_PAGE // 2
    return page if len(page) <= LONGEST_PAGE else f"{page[:kept]}…{page[-kept + 1 :]}"


def _relative(at: Any) -> str:
    return f"<t:{int(at.timestamp())}:R>"
