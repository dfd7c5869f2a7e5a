"""Where does a panel appear, and how does it change in place: in a channel, or as the answer to an interaction?"""

from __future__ import annotations

import logging
from typing import Any, Protocol

import discord

from bot.surfaces.discord.render import Panel, as_text, layout

log = logging.getLogger(__name__)

NOBODY = discord.AllowedMentions.none()
INVALID_FORM = 50035
"""Discord's code for a body that it does not take."""


class Screen(Protocol):
    """Shows one panel and replaces it in place."""

    async def show(self, panel: Panel) -> None:
        """Show the panel. Never raises: who cannot be reached is logged."""
        ...


class MessageScreen:
    """A message in a channel or thread; sent at the first panel, edited from then on."""

    def __init__(
        self,
        channel: discord.abc.Messageable | None,
        key: str,
        owner: int,
        *,
        message: discord.Message | discord.PartialMessage | None = None,
        reply_to: discord.Message | None = None,
    ) -> None:
        self._channel = channel
        self._key = key
        self._owner = owner
        self._reply_to = reply_to
        self.message = message

    async def show(self, panel: Panel) -> None:
        """See `Screen`."""
        try:
            await self._put(view=layout(panel, self._key, self._owner))
        except discord.HTTPException as error:
            if error.code != INVALID_FORM:
                log.warning("panel not shown", extra={"status": error.status, "code": error.code})
                return
            # A server or client that takes no components still gets the words.
            await self._put_words(panel)

    async def _put_words(self, panel: Panel) -> None:
        try:
            await self._put(content=as_text(panel))
        except discord.HTTPException as error:
            log.warning("panel not shown as text", extra={"status": error.status, "code": error.code})

    async def _put(self, **body: Any) -> None:
        if self.message is not None:
            await self.message.edit(**body, allowed_mentions=NOBODY)
        elif self._reply_to is not None:
            reference = self._reply_to.to_reference(fail_if_not_exists=False)
            self.message = await self._reply_to.channel.send(
                **body, reference=reference, mention_author=False, allowed_mentions=NOBODY
            )
        elif self._channel is not None:
            self.message = await self._channel.send(**body, allowed_mentions=NOBODY)


class InteractionScreen:
    """The answer to an interaction that was deferred: for a click the message it sits on, else a new answer."""

    def __init__(self, interaction: discord.Interaction[Any], key: str, owner: int) -> None:
        self._interaction = interaction
        self._key = key
        self._owner = owner

    async def show(self, panel: Panel) -> None:
        """See `Screen`."""
        try:
            await self._interaction.edit_original_response(
                view=layout(panel, self._key, self._owner), allowed_mentions=NOBODY
            )
        except discord.HTTPException as error:
            log.warning("answer not shown", extra={"status": error.status, "code": error.code})
