"""What is the bot's side of a Discord connection: what it listens to, and when its parts are ready?

To be online quickly, only the words are loaded before IDENTIFY; checks and their libraries follow while Discord sends
its servers. Whoever clicks in between waits a moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.engine.run import Engine
from bot.kb.model import KnowledgeBase, Service
from bot.ports import Preferences, StatusPages
from bot.surfaces.discord import commands
from bot.surfaces.discord.custom_id import decode
from bot.surfaces.discord.items import ChoiceButton, ChoiceSelect
from bot.surfaces.discord.limits import Limits
from bot.surfaces.discord.modes import Mode, Modes
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.reading import HUMAN_TYPES, Reading
from bot.surfaces.discord.screens import NOBODY
from bot.surfaces.discord.talk import Talk
from bot.wording import Block, Message, Span

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What the client is made of; each is loaded when it is first needed."""

    knowledge: Callable[[], Awaitable[KnowledgeBase]]
    engine: Callable[[KnowledgeBase], Awaitable[Engine]]
    status_pages: Callable[[], Awaitable[StatusPages]]
    preferences: Preferences
    mode: Mode = "auto"
    lang: str = "en"


def intents(*, message_content: bool) -> discord.Intents:
    """Ask for no privileged intent, save reading messages where the operator has it."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = message_content
    return wanted


class Fiveohtwo(discord.AutoShardedClient):
    """The bot."""

    def __init__(self, parts: Parts, *, message_content: bool = True, **options: Any) -> None:
        super().__init__(
            intents=intents(message_content=message_content),
            allowed_mentions=NOBODY,
            max_messages=None,
            chunk_guilds_at_startup=False,
            **options,
        )
        self.tree = app_commands.CommandTree(self)
        self.parts = parts
        self.modes = Modes(parts.preferences, parts.mode)
        self.dismissals: Counter[str] = Counter()
        self._phrases: Phrases | None = None
        self._talk: Talk | None = None
        self._reading: Reading | None = None
        self._loading: asyncio.Task[Talk] | None = None

    @property
    def talk(self) -> Talk:
        """The turns of all conversations, once they are loaded."""
        if self._talk is None:
            raise RuntimeError("not loaded yet: await loaded() first")
        return self._talk

    @property
    def reading(self) -> Reading:
        """The reader of messages, once it is loaded."""
        if self._reading is None:
            raise RuntimeError("not loaded yet: await loaded() first")
        return self._reading

    async def setup_hook(self) -> None:
        """Prepare what Discord must know before the connection: components of any age, and the commands."""
        self.add_dynamic_items(ChoiceButton, ChoiceSelect)
        self._phrases = Phrases(await self.parts.knowledge(), self.parts.lang)
        commands.register(self, self._phrases)
        await self.tree.sync()

    async def loaded(self) -> Talk:
        """Wait until everything is there (at most a second after the connection)."""
        if self._loading is None:
            self._loading = asyncio.ensure_future(self._load())
        return await asyncio.shield(self._loading)

    async def _load(self) -> Talk:
        if self._phrases is None:
            raise RuntimeError("setup_hook has not run")
        engine = await self.parts.engine(self._phrases.kb)
        await self.modes.load()
        self._talk = Talk(self, engine, self._phrases, Limits())
        self._reading = Reading(self, self._talk)
        return self._talk

    async def on_connect(self) -> None:
        """The connection stands: load the rest while Discord sends its servers."""
        await self.loaded()

    async def on_message(self, message: discord.Message) -> None:
        """Take a message of a person; bots, webhooks and system notes are passed over."""
        if message.author.bot or message.webhook_id is not None or message.type not in HUMAN_TYPES:
            return
        if self._reading is None:
            await self.loaded()
        await self.reading.message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A card follows its message."""
        if self._reading is not None:
            await self._reading.edited(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A card goes with its message."""
        if self._reading is not None:
            await self._reading.gone(payload.message_id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted: its conversation ends."""
        if self._reading is not None:
            await self._reading.left(payload.thread_id)

    async def on_raw_thread_member_remove(self, payload: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread: if it was its person, the conversation ends."""
        if self._reading is not None:
            for user in payload.data.get("removed_member_ids", ()):
                await self._reading.left(payload.thread_id, int(user))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server removed the bot: forget all of it."""
        talk = await self.loaded()
        for place in talk.places.of_guild(guild.id):
            await self.reading.forget(place)
        await self.modes.forget(guild.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Log every interaction in one line without its content, and take forms, whoever opened them."""
        data: Any = interaction.data or {}
        log.info(
            "interaction",
            extra={
                "kind": interaction.type.name,
                "command": data.get("name"),
                "choice": _choice(str(data.get("custom_id", ""))),
                "guild": interaction.guild_id,
            },
        )
        if interaction.type is discord.InteractionType.modal_submit:
            click = decode(str(data.get("custom_id", "")))
            if click is not None:
                talk = await self.loaded()
                await talk.submitted(interaction, click)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """An event of Discord that could not be handled must not end the bot."""
        log.error("event failed", extra={"event_name": event_method}, exc_info=True)  # noqa: LOG014 - called while handling

    async def diagnose_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Context menu: what error is in this message?"""
        talk = await self.loaded()
        await talk.diagnose(interaction, message.content)

    async def check_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Context menu: does the link in this message open?"""
        talk = await self.loaded()
        await talk.check_link(interaction, message.content)

    async def status_of(self, service: Service) -> Message:
        """Return what a service says about itself, with the page to look at."""
        talk = await self.loaded()
        phrases = talk.phrases
        pages = await self.parts.status_pages()
        said = await pages.state_of(service)
        name = Span(text=service.name)
        key = "status.none" if said is None else "status.said"
        spans = phrases.spans(key, {"service": name, "said": Span(text=said or "", foreign=True)})
        where = phrases.spans("status.page", {"page": Span(text=service.page)})
        return Message(key="status", blocks=(Block(kind="text", spans=spans), Block(kind="aside", spans=where)))

    async def data_of(self, user: int) -> list[dict[str, Any]]:
        """Return everything that is kept about a person."""
        talk = await self.loaded()
        kept = []
        for place in talk.places.of_owner(user):
            state = await talk.engine.state(place.key)
            kept.append({"conversation": place.key, "channel": place.channel, "state": state.model_dump(mode="json")})
        return kept

    async def forget_user(self, user: int) -> int:
        """Delete everything that is kept about a person; return how many conversations that were."""
        talk = await self.loaded()
        places = talk.places.of_owner(user)
        for place in places:
            await self.reading.forget(place)
        return len(places)

    async def close(self) -> None:
        """Close the connection, and stop waiting for anything."""
        if self._talk is not None:
            await self._talk.engine.aclose()
        await super().close()


def _choice(custom_id: str) -> str | None:
    click = decode(custom_id)
    return click.choice if click is not None else None
