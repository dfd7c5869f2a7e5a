"""How does one turn happen in Discord: who may, acknowledge first, run the event, show the outcome?"""

from __future__ import annotations

import io
import logging
import time
from typing import TYPE_CHECKING, Any

import discord

from bot.conversation.events import Chose, Event, Pasted
from bot.conversation.state import Phase
from bot.diagnosis.identification import Target
from bot.diagnosis.identify import identify
from bot.diagnosis.targets import from_input
from bot.engine.run import Engine, Progress
from bot.surfaces.discord.access import may_drive
from bot.surfaces.discord.custom_id import MANY, Click, short
from bot.surfaces.discord.limits import Limits
from bot.surfaces.discord.markup import plain
from bot.surfaces.discord.modals import ADDRESS, PASTE, ROLE, address_form, answers_of, paste_form
from bot.surfaces.discord.panels import ASIDE, Turn, card_panel, talk_panel
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place, Places
from bot.surfaces.discord.render import Panel, layout
from bot.surfaces.discord.screens import NOBODY, InteractionScreen, MessageScreen, Screen
from bot.surfaces.discord.threads import close_thread, open_thread
from bot.wording import Message

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

EDIT_EVERY_S = 1.2
"""Discord allows about five edits in five seconds; progress must not eat them all."""
FOR_ALL = frozenset({"recheck", "why"})
"""On a card anybody may look again or ask why."""


class Talk:
    """Turns of all conversations."""

    def __init__(self, client: Fiveohtwo, engine: Engine, phrases: Phrases, limits: Limits) -> None:
        self.client = client
        self.engine = engine
        self.phrases = phrases
        self.places = Places()
        self.limits = limits

    async def take(self, key: str, event: Event, screen: Screen, *, card: bool = False) -> Turn:
        """Run one event and show what comes out on the screen; whatever goes wrong is told, never silence."""
        turn, shown_at, failed = Turn(), 0.0, False
        try:
            async for output in self.engine.handle(key, event):
                turn.add(output, self._line)
                under_way = isinstance(output, Progress) or output.key == "checking"
                if under_way and time.monotonic() - shown_at >= EDIT_EVERY_S:
                    shown_at = time.monotonic()
                    await screen.show(await self._panel(key, turn, card=card))
        except Exception:
            log.exception("a turn failed", extra={"conversation": key})
            failed = True
        if failed:
            await screen.show(Panel((self.phrases.message("failed"),), choices=(self.phrases.choice("recheck"),)))
        elif turn.messages and not all(message.key in ASIDE for message in turn.messages):
            await screen.show(await self._panel(key, turn, card=card))
        return turn

    async def _panel(self, key: str, turn: Turn, *, card: bool) -> Panel:
        state = await self.engine.state(key)
        return card_panel(self.phrases, state, turn) if card else talk_panel(self.phrases, state, turn)

    def _line(self, output: Progress) -> str:
        words, finding = self.phrases.words, output.finding
        mark = {"ok": "✅", "fail": "❌", "skip": "▫️"}[finding.outcome.value]
        failure = f": {words.word('failure.' + finding.failure.value)}" if finding.failure else ""
        return f"{mark} {words.word('check.' + finding.check)}{failure}"

    async def picked(self, interaction: discord.Interaction[Any], click: Click, values: tuple[str, ...]) -> None:
        """Answer a click on a button or a menu, of any age."""
        if not self.limits.allows("user", interaction.user.id):
            await self.whisper(interaction, "slow-down")
            return
        choice, marked = (values[0], values[1:]) if click.choice == MANY and values else (click.choice, ())
        place = self.places.get(click.key)
        on_card = place is not None and interaction.message is not None and interaction.message.id == place.card
        if not may_drive(interaction, click.owner) and not (on_card and (choice in FOR_ALL or choice == "guide")):
            await self.whisper(interaction, "not-yours")
            return
        match choice:
            case "enter-address":
                await interaction.response.send_modal(address_form(self.phrases, click.key, click.owner))
            case "enter-paste":
                await interaction.response.send_modal(paste_form(self.phrases, click.key, click.owner))
            case "dismiss":
                await self._dismiss(interaction, click)
            case "look" if place is not None:
                await interaction.response.defer()
                await self.client.reading.look(interaction.channel, place)  # type: ignore[arg-type]
            case "guide" if on_card and place is not None:
                await self._guide(interaction, place)
            case _:
                event = Chose(id=f"i{interaction.id}", choice=choice, values=marked)
                await self._click(interaction, click, event, card=on_card)

    async def _click(self, interaction: discord.Interaction[Any], click: Click, event: Chose, *, card: bool) -> None:
        """Acknowledge at once, then run the event; what is only for this person comes as an answer of its own."""
        if event.choice == "recheck" and not self.may_check(interaction):
            await self.whisper(interaction, "slow-down")
            return
        await interaction.response.defer()
        turn = await self.take(click.key, event, InteractionScreen(interaction, click.key, click.owner), card=card)
        await self._tell_aside(interaction, turn)
        await self.after(click.key)

    async def _tell_aside(self, interaction: discord.Interaction[Any], turn: Turn) -> None:
        for message in turn.aside():
            if message.key == "report":
                text = plain(message.blocks)
                file = discord.File(io.BytesIO(text.encode()), filename="report.txt")
                await self._follow_up(interaction, content=self.phrases.say("report-ready"), file=file)
            else:
                view = _alone(message)
                await self._follow_up(interaction, view=view)

    async def _follow_up(self, interaction: discord.Interaction[Any], **body: Any) -> None:
        try:
            await interaction.followup.send(**body, ephemeral=True, allowed_mentions=NOBODY)
        except discord.HTTPException as error:
            log.warning("follow-up not sent", extra={"status": error.status, "code": error.code})

    async def _guide(self, interaction: discord.Interaction[Any], place: Place) -> None:
        """Open the thread of a card; whoever else wants guidance gets a private copy of the conversation."""
        if place.thread is not None and interaction.user.id == place.owner:
            await self.whisper(interaction, "thread-exists", thread=f"<#{place.thread}>")
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        if interaction.user.id == place.owner:
            state = await self.engine.state(place.key)
            thread = await open_thread(interaction, place, state, self.phrases)
            if thread is not None:
                self.places.change(place.key, thread=thread.id)
                await interaction.edit_original_response(
                    content=self.phrases.say("thread-opened", thread=thread.mention), allowed_mentions=NOBODY
                )
                await self.guide_in_thread(place.key, thread, f"i{interaction.id}")
                return
        key = short(interaction.id)
        await self.engine.fork(place.key, key)
        self.places.put(Place(key=key, owner=interaction.user.id, channel=place.channel, guild=place.guild))
        await self.take(key, Chose(choice="guide"), InteractionScreen(interaction, key, interaction.user.id))

    async def guide_in_thread(self, key: str, thread: discord.Thread, event_id: str) -> None:
        """Show the first step in a fresh thread."""
        place = self.places.get(key)
        owner = place.owner if place else thread.owner_id or 0
        screen = MessageScreen(thread, key, owner)
        await self.take(key, Chose(id=event_id, choice="guide"), screen)
        if screen.message is not None:
            self.places.change(key, panel=screen.message.id)

    async def said(self, place: Place, message: discord.Message) -> None:
        """Understand free text in a conversation's own thread or direct messages; the panel appears below it."""
        screen = MessageScreen(message.channel, place.key, place.owner)
        await self.take(place.key, Pasted(id=f"m{message.id}", text=message.content), screen)
        if screen.message is not None:
            if place.panel is not None and isinstance(message.channel, discord.Thread | discord.DMChannel):
                await _strip(message.channel.get_partial_message(place.panel), self.phrases)
            self.places.change(place.key, panel=screen.message.id)
        await self.after(place.key)

    async def submitted(self, interaction: discord.Interaction[Any], click: Click) -> None:
        """Take a form that was handed in, whenever it was opened."""
        answers = answers_of(interaction)
        text = "\n".join(filter(None, (answers.get(PASTE), answers.get(ADDRESS))))
        if not text.strip():
            await self.whisper(interaction, "form-empty")
            return
        if not self.may_check(interaction):
            await self.whisper(interaction, "slow-down")
            return
        if click.choice == "form-diagnose":
            await self.start_private(interaction, text, role=answers.get(ROLE))
            return
        await interaction.response.defer()
        event = Pasted(id=f"i{interaction.id}", text=text)
        await self.take(click.key, event, InteractionScreen(interaction, click.key, click.owner))
        await self.after(click.key)

    async def start_private(
        self, interaction: discord.Interaction[Any], text: str, *, role: str | None = None, share: bool = False
    ) -> None:
        """Begin a conversation that only this person sees (unless they share it)."""
        key = short(interaction.id)
        await interaction.response.defer(ephemeral=not share, thinking=True)
        screen = InteractionScreen(interaction, key, interaction.user.id)
        channel = interaction.channel_id or 0
        self.places.put(Place(key=key, owner=interaction.user.id, channel=channel, guild=interaction.guild_id))
        said = role if role in ("visitor", "owner") else None
        event = Pasted.model_validate({"id": f"i{interaction.id}", "text": text, "brief": True, "role": said})
        await self.take(key, event, screen)

    async def diagnose(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Diagnose a message that somebody pointed at; the answer is theirs alone."""
        if not text.strip():
            await interaction.response.send_modal(paste_form(self.phrases, short(interaction.id), interaction.user.id))
        elif self.may_check(interaction):
            await self.start_private(interaction, text)
        else:
            await self.whisper(interaction, "slow-down")

    async def check_link(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Look at the address in a message that somebody pointed at."""
        target = from_input(text.strip()) or identify(self.phrases.kb, text).target or _first_address(text)
        if target is None:
            await self.whisper(interaction, "no-address-here")
        elif self.may_check(interaction):
            await self.start_private(interaction, target.url)
        else:
            await self.whisper(interaction, "slow-down")

    def may_check(self, interaction: discord.Interaction[Any]) -> bool:
        """Count one look at somebody's server for this person and this server."""
        return self.limits.allows("check-user", interaction.user.id) and self.limits.allows(
            "check-guild", interaction.guild_id
        )

    async def _dismiss(self, interaction: discord.Interaction[Any], click: Click) -> None:
        state = await self.engine.state(click.key)
        log.info("dismissed", extra={"error": state.known.error if state.known else None})
        self.client.dismissals[state.known.error if state.known else ""] += 1
        await interaction.response.defer()
        try:
            await interaction.delete_original_response()
        except discord.HTTPException as error:
            log.warning("card not removed", extra={"status": error.status, "code": error.code})
        await self.engine.forget(click.key)
        self.places.forget(click.key)

    async def whisper(self, interaction: discord.Interaction[Any], key: str, **parameters: str) -> None:
        """Tell one person something in one sentence."""
        await interaction.response.send_message(
            self.phrases.say(key, **parameters), ephemeral=True, allowed_mentions=NOBODY
        )

    async def after(self, key: str) -> None:
        """Close the thread of a conversation that has ended."""
        place = self.places.get(key)
        if place is None or place.thread is None:
            return
        state = await self.engine.state(key)
        if state.phase is Phase.ENDED:
            await close_thread(self.client, place, state, self.phrases)


def _first_address(text: str) -> Target | None:
    return next((found for part in text.split() if (found := from_input(part)) is not None), None)


def _alone(message: Message) -> discord.ui.LayoutView:
    return layout(Panel((message,)), "0", 0)


async def _strip(message: discord.PartialMessage, phrases: Phrases) -> None:
    """Take the buttons off a panel that has moved on."""
    try:
        await message.edit(view=_alone(phrases.message("moved-on")))
    except discord.HTTPException:
        log.debug("old panel not changed")
