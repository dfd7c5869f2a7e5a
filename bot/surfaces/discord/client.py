"""What is the bot's side of a Discord connection: what it listens to, and when its parts are ready?

To be online quickly, only the words are loaded before IDENTIFY; checks and their libraries follow while Discord sends
its servers. Whoever clicks in between waits a moment, acknowledged.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord import app_commands

from bot.diagnosis.identify import index_of
from bot.engine.duty import Duty
from bot.engine.run import Engine
from bot.engine.watcher import Teller, Watcher
from bot.kb.lists import Service
from bot.kb.model import KnowledgeBase
from bot.ports import Kept, Preferences, StatusPages, StoreUnavailable
from bot.surfaces.discord import commands
from bot.surfaces.discord.answers import whisper
from bot.surfaces.discord.asks import Asks
from bot.surfaces.discord.clicks import Clicks
from bot.surfaces.discord.custom_id import decode
from bot.surfaces.discord.following import Following
from bot.surfaces.discord.forgetting import Forgetting
from bot.surfaces.discord.journal import FAILED, begin_click, begin_command, ended, trace
from bot.surfaces.discord.limits import Limits, library
from bot.surfaces.discord.modes import Mode, Modes
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.reading import HUMAN_TYPES, Reading
from bot.surfaces.discord.recall import Recall
from bot.surfaces.discord.screens import NOBODY
from bot.surfaces.discord.talk import Talk
from bot.surfaces.discord.watching import SURFACE, Watching
from bot.wording import Block, Message, Span

log = logging.getLogger(__name__)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
"""The bot never uses voice, so nobody needs to be told that libraries for that are missing."""


@dataclass(frozen=True)
class Parts:
    """What the client is made of; each part is loaded when it is first needed."""

    knowledge: Callable[[], Awaitable[KnowledgeBase]]
    engine: Callable[[KnowledgeBase], Awaitable[Engine]]
    watcher: Callable[[KnowledgeBase], Awaitable[Watcher]]
    """Looks at what people wait for; asked for after the engine."""
    status_pages: Callable[[], Awaitable[StatusPages]]
    preferences: Preferences
    keeping: Callable[[], Awaitable[Kept]]
    mode: Mode = "auto"
    lang: str = "en"
    watch_hours: float = 48.0
    look: Callable[[], Awaitable[None]] | None = None
    """Raises StoreRefused if the store can never be used."""
    close: Callable[[], Awaitable[None]] | None = None
    """Ends what the parts have started."""
    settled: Callable[[], None] | None = None
    """Called each time something large was loaded that will stay in memory."""


def intents(*, message_content: bool) -> discord.Intents:
    """Ask for no privileged intent, except for reading messages if the operator has it."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = message_content
    return wanted


class Commands(app_commands.CommandTree["Fiveohtwo"]):
    """The tree of commands; a command that fails says so."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """See `CommandTree`; nobody is refused here."""
        begin_command(interaction)
        return True

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """See `CommandTree`."""
        log.error(
            "command failed", extra={"command": interaction.data and interaction.data.get("name")}, exc_info=error
        )
        if interaction.type is not discord.InteractionType.autocomplete:
            await whisper(interaction, self.client.phrases, FAILED)


class Fiveohtwo(discord.AutoShardedClient):
    """The bot."""

    phrases: Phrases
    clicks: Clicks
    asks: Asks
    reading: Reading
    following: Following
    forgetting: Forgetting
    watching: Watching

    def __init__(self, parts: Parts, *, message_content: bool = True, **options: Any) -> None:
        if (config := trace()) is not None:
            options.setdefault("http_trace", config)
        super().__init__(
            intents=intents(message_content=message_content),
            allowed_mentions=NOBODY,
            max_messages=None,
            chunk_guilds_at_startup=False,
            **options,
        )
        self.tree = Commands(self)
        self.parts = parts
        self.modes = Modes(parts.preferences, parts.mode)
        self.limits = Limits()
        self.dismissals: Counter[str] = Counter()
        self._talk: Talk | None = None
        self._loading: asyncio.Task[Talk] | None = None
        self._reads = False
        self._preparing: asyncio.Task[None] | None = None
        self._recall: Recall | None = None
        self._duty: Duty | None = None
        self._duties: list[asyncio.Future[None]] = []
        """Watching, telling people, and answering for shards: for as long as the client lives."""

    async def setup_hook(self) -> None:
        """Tell Discord the commands before the connection; of several processes, the one with the first shard does.

        If the store can never be used, the client does not come online.
        """
        self.phrases = phrases = Phrases(await self.parts.knowledge(), self.parts.lang)
        self.clicks = Clicks(self, phrases)
        self.asks = Asks(self, phrases)
        self.tree.clear_commands(guild=None)
        commands.register(self, phrases)
        if self.parts.look is not None:
            await self.parts.look()
        if self.shard_ids is None or 0 in self.shard_ids:
            await self.tree.sync()

    async def loaded(self) -> Talk:
        """Wait until everything is there (at most a second after the connection)."""
        if self._talk is not None:
            return self._talk
        if self._loading is None:
            self._loading = asyncio.ensure_future(self._load())
        return await asyncio.shield(self._loading)

    async def _load(self) -> Talk:
        try:
            return await self._put_together()
        except Exception:  # one that was cancelled is not started again: the client closes
            self._loading = None  # the next event tries again
            raise

    async def _put_together(self) -> Talk:
        engine = await self.parts.engine(self.phrases.kb)
        kept = await self.parts.keeping()
        self.limits.share(kept.acts)
        talk = Talk(self, engine, self.phrases, kept.book)
        self.reading, self.following = Reading(self, talk), Following(self, talk)
        self._recall = Recall(self, talk)
        self.forgetting = Forgetting(self, talk, kept.privacy, self._recall)
        watcher = await self.parts.watcher(self.phrases.kb)
        self.watching = Watching(self, self.phrases, watcher.watches, watcher.checker, watcher.clock)
        teller = Teller(watcher.watches, watcher.clock, SURFACE, self.watching.tell, watcher.holder)
        # In a context of their own: they outlive the Discord event that happened to start them.
        duties = (watcher.run(), teller.run(), self.forgetting.run(watcher.clock))
        self._duties = [Context().run(asyncio.ensure_future, duty) for duty in duties]
        await self._recall.begin()
        recall, own = self._recall, self._recall.shards()
        if len(own) < (self.shard_count or 1):  # else there is nobody to share with
            clock, holder = watcher.clock, watcher.holder
            self._duty = Duty(kept.duties, clock, holder, SURFACE, own, recall.take_over, recall.let_go)
            self._duties.append(Context().run(asyncio.ensure_future, self._duty.run()))
        self._talk = talk
        if self.parts.settled is not None:
            self.parts.settled()
        return talk

    async def prepared(self) -> None:
        """Wait until texts can be read. The first message that the bot may read builds the index, off the loop."""
        await self.loaded()
        if self._preparing is None:
            self._preparing = asyncio.ensure_future(self._prepare())
        await asyncio.shield(self._preparing)

    async def _prepare(self) -> None:
        await asyncio.to_thread(index_of, self.phrases.kb)
        await asyncio.to_thread(library)
        self._reads = True
        if self.parts.settled is not None:
            self.parts.settled()

    async def on_connect(self) -> None:
        """The connection is up: load the rest while Discord sends its servers."""
        await self.loaded()

    async def on_ready(self) -> None:
        """All shards are connected, and say which servers there are."""
        await self.loaded()
        try:
            await self.following.servers_gone()
        except StoreUnavailable as error:
            log.warning("servers that removed the bot are not forgotten yet: %s", error)

    async def on_message(self, message: discord.Message) -> None:
        """Take a person's message; bots, webhooks and system messages are ignored."""
        if message.author.bot or message.webhook_id is not None or message.type not in HUMAN_TYPES:
            return
        if not self._reads:
            await self.prepared()
        if not self.reading.passes_over(message):
            await self.reading.message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A card follows its message."""
        if self._talk is not None:
            await self.following.edited(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A card goes with its message."""
        if self._talk is not None:
            await self.following.gone(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Cards go with their messages."""
        if self._talk is not None:
            await asyncio.gather(*(self.following.gone(message) for message in payload.message_ids))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted: its conversation ends, and so do the cards that were in it."""
        if self._talk is not None:
            await self.following.thread_gone(payload.thread_id)
            await self.following.channel_gone(payload.thread_id)

    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """A thread was locked: nobody can go on in it."""
        if self._talk is not None and payload.data.get("thread_metadata", {}).get("locked"):
            await self.following.left(payload.thread_id)

    async def on_raw_thread_member_remove(self, payload: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread (Discord says so only of the bot itself, or with the members intent)."""
        if self._talk is not None:
            gone = {int(user) for user in payload.data.get("removed_member_ids", ())}
            place = self._talk.places.of_thread(payload.thread_id)
            if place is not None and gone & {place.owner, self.application_id}:
                await self.following.left(payload.thread_id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted with everything in it."""
        if self._talk is not None:
            await self.following.channel_gone(channel.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server removed the bot: forget all of it."""
        await self.loaded()
        await self.following.server_gone(guild.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take clicks and forms, whoever showed them: everything that is needed is in the custom id."""
        if interaction.type is discord.InteractionType.component:
            kind: Literal["component", "modal"] = "component"
        elif interaction.type is discord.InteractionType.modal_submit:
            kind = "modal"
        else:
            return
        data: Any = interaction.data or {}
        click = decode(str(data.get("custom_id", "")))
        begin_click(kind, interaction, click)
        if click is None:
            return
        if kind == "modal":
            await self.asks.submitted(interaction, click)
        else:
            await self.clicks.picked(interaction, click, tuple(data.get("values", ())))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """An event of Discord that could not be handled must not end the bot."""
        ended(FAILED)
        log.error("event failed", extra={"event_name": event_method}, exc_info=True)  # noqa: LOG014 - called while handling

    async def status_of(self, service: Service) -> Message:
        """Return what a service says about itself, with the page to look at."""
        phrases = self.phrases
        pages = await self.parts.status_pages()
        said = await pages.state_of(service)
        name = Span(text=service.name)
        key = "status.none" if said is None else "status.said"
        spans = phrases.spans(key, {"service": name, "said": Span(text=said or "", foreign=True)})
        where = phrases.spans(f"status.page.{service.page_is}", {"page": Span(text=service.page)})
        return Message(key="status", blocks=(Block(kind="text", spans=spans), Block(kind="aside", spans=where)))

    async def data_of(self, user: int) -> list[dict[str, Any]]:
        """Return everything that is kept about a person."""
        return await (await self.parts.keeping()).privacy.export(str(user))

    async def forget_user(self, user: int) -> int:
        """Delete everything that is kept about a person; return how many conversations that were."""
        await self.loaded()
        return await self.forgetting.user(user)

    async def forget_server(self, guild: int) -> None:
        """Delete everything that is kept about a server."""
        await self.loaded()
        await self.forgetting.server(guild)

    async def close(self) -> None:
        """Close the connection, and stop waiting for anything."""
        for task in (self._loading, self._preparing):
            if task is not None and not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task
        for duty in self._duties:
            duty.cancel()
        await asyncio.gather(*self._duties, return_exceptions=True)
        if self._recall is not None:
            await self._recall.aclose()
        if self._talk is not None:
            await self._talk.aclose()
        if self._duty is not None:
            await self._duty.lay_down()
        if self.parts.close is not None:
            await self.parts.close()
        if not isinstance(self.loop, asyncio.AbstractEventLoop):
            await self.__aenter__()  # discord.py cannot close what was never entered; this connects to nothing
        await super().close()
