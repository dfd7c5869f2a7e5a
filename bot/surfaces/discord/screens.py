"""Where does a panel appear, and how does it change in place: in a channel, or as the answer to an interaction?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Literal, Protocol, TypeVar
from uuid import uuid4

import aiohttp
import discord

from bot.surfaces.discord.access import is_guest
from bot.surfaces.discord.render import Panel, as_text, layout
from bot.wording import Message

log = logging.getLogger(__name__)

Sent = TypeVar("Sent")
NOBODY = discord.AllowedMentions.none()
INVALID_FORM = 50035
"""Discord's code for a body that it does not accept."""
UNKNOWN_MESSAGE = 10008
NONCE_LENGTH = 25
ARCHIVED = 50083
"""Discord's code for a change in a closed thread."""
UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""Errors that sending can raise; none of them may end a turn."""


async def over_again(send: Callable[[], Awaitable[Sent]]) -> Sent:
    """Send something; once more if its connection breaks: showing it twice is less harm than not at all."""
    try:
        return await send()
    except aiohttp.ClientConnectionError:
        return await send()


def as_reply(message: discord.Message) -> dict[str, Any]:
    """Return what makes a message a reply to another one; nothing where the bot may not read the history.

    There Discord refuses a reply, but accepts a plain message.
    """
    me = message.guild.me if message.guild is not None else None
    if me is not None and not message.channel.permissions_for(me).read_message_history:
        return {}
    return {"reference": message.to_reference(fail_if_not_exists=False), "mention_author": False}


class Screen(Protocol):
    """Shows one panel and replaces it in place."""

    async def show(self, panel: Panel) -> bool:
        """Show the panel; tell whether it is there. Never raises: failures to reach somebody are logged."""
        ...


class MessageScreen:
    """A message in a channel or thread; sent with the first panel (`sent` is told its id), edited from then on."""

    def __init__(
        self,
        channel: discord.abc.Messageable,
        *,
        message: discord.Message | discord.PartialMessage | None = None,
        reply_to: discord.Message | None = None,
        sent: Callable[[int], object] | None = None,
        name: str | None = None,
    ) -> None:
        self._channel = channel
        self._name = name
        """The first message's, by which Discord recognises it."""
        self.resumes = False
        """Another process may have sent the first message a moment ago, and died before it was told."""
        self._gone: Callable[[], Awaitable[object]] | None = None
        self._reopen: Callable[[], Awaitable[bool]] | None = None
        self._reply_to = reply_to
        self._sent = sent
        self._under_way = asyncio.Lock()
        self.message = message

    async def show(self, panel: Panel) -> bool:
        """See `Screen`. A panel that somebody deleted is sent again; a card that somebody deleted stays away."""
        try:
            await _as_components_or_text(self._put, panel)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE or self._reply_to is not None or self.message is None:
                return _failed(error)
            if self._gone is not None:
                await self._gone()
                return False
            self.message = None
            return await self.show(panel)
        except UNREACHABLE as error:
            return _failed(error)
        return True

    async def remove(self) -> None:
        """Remove the message, if it is there."""
        if self.message is None:
            return
        try:
            await self.message.delete()
        except UNREACHABLE as error:
            _failed(error)

    async def _put(self, **body: Any) -> None:
        async with self._under_way:  # calls that come while the first panel is being sent change that one
            await self._put_alone(**body)

    async def _put_alone(self, **body: Any) -> None:
        if self.message is not None:
            await _in_open_thread(partial(self.message.edit, **body, allowed_mentions=NOBODY), self._reopen)
            return
        if self._reply_to is not None:
            body |= as_reply(self._reply_to)
        # Discord accepts a message of the same name once, however often it is sent.
        name = self._name or uuid4().hex
        send = partial(self._channel.send, **body, nonce=name[:NONCE_LENGTH], allowed_mentions=NOBODY)
        sent = self.message = await over_again(send)
        if self._sent is not None:
            self._sent(sent.id)
        if self.resumes:  # it may be the one that Discord already had, with its content
            shown = {part: body[part] for part in ("view", "content") if part in body}
            await over_again(partial(sent.edit, **shown, allowed_mentions=NOBODY))


class StandingScreen(MessageScreen):
    """A message that was sent some time ago: it, or its thread, may not be there any more as it was."""

    def __init__(
        self,
        channel: discord.abc.Messageable,
        message: discord.PartialMessage,
        *,
        gone: Callable[[], Awaitable[object]] | None,
        reopen: Callable[[], Awaitable[bool]],
    ) -> None:
        super().__init__(channel, message=message)
        self._gone = gone
        """Told that somebody deleted the message, if it is not to be sent again."""
        self._reopen = reopen
        """Opens the thread that the message is in, once Discord has closed it; False if it stays closed."""


class InteractionScreen:
    """The answer to an interaction that was deferred: for a click the message it sits on, else a new answer."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self.message: int | None = None
        """Its id, once something was shown."""

    async def show(self, panel: Panel) -> bool:
        """See `Screen`."""
        return await _stands(self._put, panel)

    async def _put(self, **body: Any) -> None:
        edit = partial(self._interaction.edit_original_response, **body, allowed_mentions=NOBODY)
        self.message = (await _in_open_thread(edit, self._reopen)).id

    async def _reopen(self) -> bool:
        """Reopen the thread that was closed while this turn was under way."""
        thread = self._interaction.channel
        if not isinstance(thread, discord.Thread) or thread.locked or is_guest(self._interaction):
            return False
        await thread.edit(archived=False)
        return True


class FollowUpScreen:
    """A further answer to an interaction, seen by one person; the message that was clicked stays as it is."""

    def __init__(self, interaction: discord.Interaction[Any], lead: Message | None = None) -> None:
        self._interaction = interaction
        self._lead = lead
        """Goes above whatever is shown."""
        self._message: discord.WebhookMessage | None = None

    async def show(self, panel: Panel) -> bool:
        """See `Screen`."""
        if self._lead is not None:
            panel = replace(panel, messages=(self._lead, *panel.messages))
        return await _stands(self._put, panel)

    async def _put(self, **body: Any) -> None:
        if self._message is not None:
            await over_again(partial(self._message.edit, **body, allowed_mentions=NOBODY))
            return
        send = self._interaction.followup.send
        self._message = await over_again(lambda: send(**body, ephemeral=True, wait=True, allowed_mentions=NOBODY))


class NoScreen:
    """Nobody is looking any more: a private answer can be changed only for a quarter of an hour."""

    async def show(self, _panel: Panel) -> bool:
        """See `Screen`."""
        return False


def screen_id(screen: Screen) -> int | None:
    """Return the id of the message that a screen shows its panel on; None while there is none, or nobody needs it."""
    message = getattr(screen, "message", None)
    return message if message is None or isinstance(message, int) else int(message.id)


async def _in_open_thread(act: Callable[[], Awaitable[Sent]], reopen: Callable[[], Awaitable[bool]] | None) -> Sent:
    """Change something; once more when Discord has closed its thread, and it could be reopened."""
    try:
        return await over_again(act)
    except discord.HTTPException as error:
        if error.code != ARCHIVED or reopen is None or not await reopen():
            raise
        return await act()


async def _stands(put: Callable[..., Awaitable[None]], panel: Panel) -> bool:
    try:
        await _as_components_or_text(put, panel)
    except UNREACHABLE as error:
        return _failed(error)
    return True


async def _as_components_or_text(put: Callable[..., Awaitable[None]], panel: Panel) -> None:
    """Show components; a place that does not accept them still gets the words."""
    try:
        await put(view=layout(panel))
    except discord.HTTPException as error:
        if error.code != INVALID_FORM:
            raise
        log.warning("components refused, falling back to text", extra={"status": error.status, "code": error.code})
        await put(content=as_text(panel))


def _failed(error: Exception) -> Literal[False]:
    """Log why a panel is not there."""
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    log.warning("panel not shown", extra={"error": type(error).__name__, "status": status, "code": code})
    return False
