"""What happens when somebody asks on purpose: by a command, a message's menu, or a form?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord

from bot.conversation.events import Pasted
from bot.conversation.opening import address_in, found_in
from bot.diagnosis.identification import Target
from bot.diagnosis.identify import identify
from bot.diagnosis.targets import from_input
from bot.surfaces.discord.access import is_guest, may_drive, refusal
from bot.surfaces.discord.answers import acknowledge, ask_form, guarded, tell_aside, tell_unshown, whisper
from bot.surfaces.discord.custom_id import Click, Tag, short
from bot.surfaces.discord.files import read_files, text_files
from bot.surfaces.discord.modals import ADDRESS, PASTE, ROLE, answers_of, diagnose_form, paste_form
from bot.surfaces.discord.panels import UNREAD
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Kind, place_here, place_of_click
from bot.surfaces.discord.reading import LONGEST, text_of
from bot.surfaces.discord.screens import InteractionScreen
from bot.surfaces.discord.threads import reopen_thread

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

Interaction = discord.Interaction[Any]


class Asks:
    """Questions of all people."""

    def __init__(self, client: Fiveohtwo, phrases: Phrases) -> None:
        self.client = client
        self.phrases = phrases

    async def check(self, interaction: Interaction, url: str, *, share: bool) -> None:
        """Look at an address; the answer is for one person, or for everybody when they share it."""
        if await self._may_check(interaction):
            await self._begin(interaction, Pasted(text=url), share=share)
        else:
            await whisper(interaction, self.phrases, "slow-down")

    async def open_diagnosis(self, interaction: Interaction) -> None:
        """Open the form that asks for everything at once."""
        await ask_form(interaction, diagnose_form(self.phrases, _fresh(interaction)))

    async def diagnose(self, interaction: Interaction, message: discord.Message) -> None:
        """Diagnose a message that somebody pointed at; the answer is theirs alone."""
        files, text = text_files(message, asked=True), text_of(message)
        if not (text.strip() or files):
            await ask_form(interaction, paste_form(self.phrases, _fresh(interaction)))
        elif await self._may_check(interaction):
            await self._begin(interaction, Pasted(text=text, overheard=True), files)
        else:
            await whisper(interaction, self.phrases, "slow-down")

    async def check_link(self, interaction: Interaction, message: discord.Message) -> None:
        """Look at the address in a message that somebody pointed at."""
        text = text_of(message)
        target = from_input(text.strip()) or identify(self.phrases.kb, text).address or _first_address(text)
        if target is None:
            await whisper(interaction, self.phrases, "no-address-here")
        else:
            # As text, in which a scheme that nobody gave stays open.
            await self.check(interaction, target.asked.removeprefix("//"), share=False)

    async def submitted(self, interaction: Interaction, click: Click) -> None:
        """Take a submitted form, whenever it was opened; the person is told whatever goes wrong."""
        await guarded(interaction, self.phrases, self._submitted(interaction, click))

    async def _submitted(self, interaction: Interaction, click: Click) -> None:
        said = _said(answers_of(interaction))
        if not said.text:
            await whisper(interaction, self.phrases, "form-empty")
        elif not may_drive(interaction, click.owner):
            await whisper(interaction, self.phrases, refusal(interaction))
        elif not await self._may_check(interaction):
            await whisper(interaction, self.phrases, "slow-down")
        elif interaction.message is None:
            await self._begin(interaction, said)
        else:
            await self._go_on(interaction, click, said)

    async def _begin(
        self,
        interaction: Interaction,
        said: Pasted,
        files: list[discord.Attachment] | None = None,
        *,
        share: bool = False,
    ) -> None:
        """Begin a conversation that only this person sees, or a card when they share it."""
        if not await acknowledge(interaction, new=True, public=share):
            return
        talk = await self.client.loaded()
        company = interaction.guild_id is not None or is_guest(interaction)
        kind: Kind = "card" if share and company else "private"
        place = talk.places.put(place_here(interaction, short(interaction.id), kind, interaction.user.id))
        text = "\n".join(filter(None, (said.text, await read_files(files)))) if files else said.text
        event = said.model_copy(update={"id": f"i{interaction.id}", "text": text[:LONGEST], "brief": True})
        await self._note(interaction, event)
        await talk.take(place, event, InteractionScreen(interaction))

    async def _go_on(self, interaction: Interaction, click: Click, said: Pasted) -> None:
        """The form belongs to a panel: what was typed is said in its conversation."""
        if not await acknowledge(interaction):
            return
        talk = await self.client.loaded()
        place = talk.places.get(click.key) or talk.places.put(place_of_click(interaction, click))
        await reopen_thread(interaction)
        if address_in(self.phrases.kb, said) is not None:
            talk.places.change(place.key, public=False)
        event = said.model_copy(update={"id": f"i{interaction.id}", "brief": place.kind == "card"})
        await self._note(interaction, event)
        turn = await talk.take(place, event, InteractionScreen(interaction))
        unread = [message for message in turn.messages if place.kind == "card" and message.key in UNREAD]
        await tell_aside(interaction, [*turn.aside(), *unread], self.phrases)
        await talk.after(place.key)
        if not turn.stands:
            await tell_unshown(interaction, self.phrases)

    async def _note(self, interaction: Interaction, said: Pasted) -> None:
        """What people submit they have met themselves; a message that they pointed at may be somebody else's."""
        if interaction.type is discord.InteractionType.modal_submit and not is_guest(interaction):
            await self.client.reading.joining.note(interaction, found_in(self.phrases.kb, said))

    async def _may_check(self, interaction: Interaction) -> bool:
        return await self.client.limits.may_check(interaction.user.id, interaction.guild_id)


def _said(answers: Mapping[str, str]) -> Pasted:
    """Return what a form says; an address alone is read like any text, since people put an error there, too."""
    text, address, role = (answers.get(name, "").strip() for name in (PASTE, ADDRESS, ROLE))
    beside = {"text": text[:LONGEST], "address": address or None} if text else {"text": address}
    return Pasted.model_validate({**beside, "role": role if role in ("visitor", "owner") else None})


def _fresh(interaction: Interaction) -> Tag:
    return Tag(short(interaction.id), interaction.user.id)


def _first_address(text: str) -> Target | None:
    return next((found for part in text.split() if (found := from_input(part)) is not None), None)
