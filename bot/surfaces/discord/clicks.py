"""What does a click do, on a button or a menu of any age?"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord

from bot.conversation.events import Chose
from bot.conversation.state import Phase, State
from bot.diagnosis.front import front_page
from bot.surfaces.discord.access import may_drive, refusal
from bot.surfaces.discord.answers import acknowledge, ask_form, guarded, tell_aside, tell_unshown, whisper
from bot.surfaces.discord.custom_id import MANY, Click, mark_of, short
from bot.surfaces.discord.joining import OVER
from bot.surfaces.discord.lost import recall, recover
from bot.surfaces.discord.modals import address_form, paste_form
from bot.surfaces.discord.panels import LOOKING
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place, is_ours, place_here, place_of_click
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.screens import UNREACHABLE, FollowUpScreen, InteractionScreen, MessageScreen
from bot.surfaces.discord.talk import Talk, blank
from bot.surfaces.discord.threads import bring_in, close_thread, find_thread, open_thread, reopen_thread, unarchive
from bot.surfaces.discord.watching import UNWATCH
from bot.wording import Message

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
FORMS = {"enter-address": address_form, "enter-paste": paste_form}
FOR_ALL = frozenset({"recheck", "why", "guide", "watch"})
"""On a card anybody may look again, ask why, be guided or wait (each on their own)."""
AT_ANY_STEP = frozenset({"why", "human", "stop", "restart", "recheck", "works"})
"""Choices that mean the same at any point of the conversation; all others belong to one step."""


class Clicks:
    """Clicks of all people."""

    def __init__(self, client: Fiveohtwo, phrases: Phrases) -> None:
        self.client = client
        self.phrases = phrases
        self._opening: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Cards whose threads are being opened."""

    async def picked(self, interaction: Interaction, click: Click, values: tuple[str, ...]) -> None:
        """Answer a click; the person is told whatever goes wrong."""
        await guarded(interaction, self.phrases, self._picked(interaction, click, values))

    async def _picked(self, interaction: Interaction, click: Click, values: tuple[str, ...]) -> None:
        """Acknowledge before anything else, since Discord waits three seconds."""
        if not self.client.limits.allows("user", interaction.user.id):
            await whisper(interaction, self.phrases, "slow-down")
            return
        if click.choice in FORMS:
            await self._open_form(interaction, click)
            return
        if not await acknowledge(interaction):
            return
        talk = await self.client.loaded()
        if click.choice.startswith(UNWATCH):
            await self.client.watching.stop(interaction, click.choice)
            return
        place = talk.places.get(click.key) or place_of_click(interaction, click)
        choice, marked = (values[0], values[1:]) if click.choice == MANY and values else (click.choice, ())
        if not may_drive(interaction, click.owner) and not (place.kind == "card" and choice in FOR_ALL):
            await whisper(interaction, self.phrases, refusal(interaction))
            return
        place = self._noted(talk, interaction, place)
        if choice == "dismiss":
            await self._dismiss(talk, interaction, place)
        elif choice == "look":
            await self._look(interaction, place)
        elif choice == "watch":
            await self._watch(talk, interaction, place, click)
        else:
            await self._choose(
                talk, interaction, place, click, Chose(id=f"i{interaction.id}", choice=choice, values=marked)
            )

    async def _open_form(self, interaction: Interaction, click: Click) -> None:
        if may_drive(interaction, click.owner):
            await ask_form(interaction, FORMS[click.choice](self.phrases, click.tag))
        else:
            await whisper(interaction, self.phrases, refusal(interaction))

    def _noted(self, talk: Talk, interaction: Interaction, place: Place) -> Place:
        """Remember where a conversation lives, as the click tells it, if nobody else knows.

        Not for anybody's click: people who have deleted their data must not reappear here because of others.
        """
        if may_drive(interaction, place.owner):
            talk.places.put(place)
        if place.kind == "card" and place.message is None and interaction.message is not None:
            place = talk.places.change(place.key, message=interaction.message.id) or place
        return place

    async def _choose(self, talk: Talk, interaction: Interaction, place: Place, click: Click, event: Chose) -> None:
        """Run a choice, unless the conversation is forgotten or has moved on.

        If the click was made for what this process remembers, that will do: if others have changed it since, that shows
        when it is committed. Otherwise the store is asked first.
        """
        opens = place.kind == "card" and event.choice == "guide"
        known = await talk.engine.state(place.key, sure=False)
        if not opens and _is_current(known, click) and await self._run(talk, interaction, place, event, click):
            return
        state = await talk.engine.state(place.key)
        if blank(state):
            if not await recover(talk, interaction, place, click) or event.choice == "recheck":
                return
        elif _is_overtaken(place, state, click, event.choice):
            await self._show_current(talk, interaction, place)
            return
        if opens:
            await self._guide(talk, interaction, place)
        elif not await self._run(talk, interaction, place, event):
            await recover(talk, interaction, place, click)

    async def _run(
        self, talk: Talk, interaction: Interaction, place: Place, event: Chose, click: Click | None = None
    ) -> bool:
        """Do what was chosen, and show it. False: the conversation is not (any more) what the click was made for."""
        if not await self._may(interaction, event.choice):
            await whisper(interaction, self.phrases, "slow-down")
            return True
        await reopen_thread(interaction)
        others: list[State] = []

        def fits(state: State) -> bool:
            if blank(state) or (click is not None and not _is_current(state, click)):
                others.append(state)
            return not others

        turn = await talk.take(place, event, InteractionScreen(interaction), fits=fits)
        if others:
            return False
        if not turn.stands:
            await tell_unshown(interaction, self.phrases)
        await tell_aside(interaction, turn.aside(), self.phrases)
        await talk.after(place.key)
        return True

    async def _show_current(self, talk: Talk, interaction: Interaction, place: Place) -> None:
        """An outdated panel does not act on the current step; it shows it."""
        turn = await talk.current(place, InteractionScreen(interaction))
        if not turn.stands:
            await tell_unshown(interaction, self.phrases)
            return
        await whisper(interaction, self.phrases, "stale")

    async def _may(self, interaction: Interaction, choice: str) -> bool:
        """Count what makes the bot look at somebody's server."""
        return await self.client.limits.may_choose(choice, interaction.user.id, interaction.guild_id)

    async def _look(self, interaction: Interaction, place: Place) -> None:
        """Somebody accepted the offer: read the message again, and turn the offer into a card."""
        if not await self.client.limits.may_check(interaction.user.id, interaction.guild_id):
            await whisper(interaction, self.phrases, "slow-down")
            return
        if place.source is None or not await self.client.reading.look(place):
            await whisper(interaction, self.phrases, "source-gone")

    async def _watch(self, talk: Talk, interaction: Interaction, place: Place, click: Click) -> None:
        """Somebody wants to be told when the site is back."""
        if blank(await talk.engine.state(place.key)) and not await recover(talk, interaction, place, click):
            return
        url = (await talk.engine.state(place.key)).url
        if url is None:
            await whisper(interaction, self.phrases, "no-address-here")
            return
        whole = _may_know_page(talk, place, interaction)
        message = await self.client.watching.begin(interaction, url if whole else front_page(url))
        await FollowUpScreen(interaction).show(Panel((message,)))

    async def _dismiss(self, talk: Talk, interaction: Interaction, place: Place) -> None:
        """The card was wrong here: it goes, and the error that it named is counted."""
        state = await talk.state_or_none(place.key) or State()
        error = state.known.error if state.known else ""
        log.info("dismissed", extra={"error": error})
        self.client.dismissals[error] += 1
        try:
            await interaction.delete_original_response()
        except UNREACHABLE as failure:
            log.warning("card not removed", extra={"code": getattr(failure, "code", None)})
        await talk.forget(place.key)

    async def _guide(self, talk: Talk, interaction: Interaction, place: Place) -> None:
        """Guide the card's person in a thread; anybody else who wants guidance gets a conversation of their own."""
        state = await talk.engine.state(place.key)
        if state.phase is not Phase.VERDICT:
            await whisper(interaction, self.phrases, "still-looking")
            return
        if interaction.user.id == place.owner:
            await self._guide_owner(talk, interaction, place, state)
            return
        key = short(interaction.id)
        talk.places.put(place_here(interaction, key, "private", interaction.user.id))
        await talk.engine.fork(place.key, key, front=not _may_know_page(talk, place, interaction))
        await self._guide_alone(talk, interaction)

    async def _guide_owner(self, talk: Talk, interaction: Interaction, place: Place, state: State) -> None:
        """Guide in the card's thread, opening it; privately where there can be none."""
        key, inside = short(interaction.id), None
        async with self._opening.setdefault(place.key, asyncio.Lock()):  # a second click finds what the first opened
            thread = await self._thread_of(interaction, talk.places.get(place.key) or place)
            held = await _held_in(talk, thread) if thread is not None and _may_begin_in(thread) else None
            if thread is not None and held is not None and await _goes_on(talk, held):
                if held.message is None and talk.places.of_thread(thread.id) == held:
                    await self._begin(talk, held, thread, interaction)  # nothing was ever shown there
                else:
                    await whisper(interaction, self.phrases, "thread-exists", thread=thread.mention)
                return
            talk.places.put(place_here(interaction, key, "private", place.owner))  # whoever deletes it finds it by that
            await talk.engine.fork(place.key, key)  # first: a thread that holds no conversation leads nowhere
            if thread is None:
                thread = await open_thread(interaction, place, state, self.phrases)
                if talk.places.get(key) is None:  # deleted meanwhile: none of it may come back
                    await self._leave(interaction, thread)
                    return
            elif held is not None:
                await _make_way(talk, thread, held)
            if thread is not None and _may_begin_in(thread) and talk.places.of_thread(thread.id) is None:
                talk.places.change(place.key, thread=thread.id)
                inside = talk.places.put(Place(key, "thread", place.owner, thread.id, place.guild, origin=place.key))
        if thread is None or inside is None:
            await self._guide_alone(talk, interaction, self.phrases.message("no-thread"))
            return
        await bring_in(thread, interaction.user)
        await self._begin(talk, inside, thread, interaction)

    async def _leave(self, interaction: Interaction, thread: discord.Thread | None) -> None:
        """What was to be guided was deleted while its thread was being opened."""
        if thread is not None:
            await close_thread(self.client, thread.id)
        await whisper(interaction, self.phrases, "forgotten")

    async def _guide_alone(self, talk: Talk, interaction: Interaction, lead: Message | None = None) -> None:
        """Guide one person where nobody else sees it, in the conversation that was forked for this click."""
        here = place_here(interaction, short(interaction.id), "private", interaction.user.id)
        guide = Chose(id=f"i{interaction.id}", choice="guide")
        await talk.take(talk.places.put(here), guide, FollowUpScreen(interaction, lead))

    async def _thread_of(self, interaction: Interaction, place: Place) -> discord.Thread | None:
        """Return the thread that belongs to a card already. A thread at a message has the message's own id."""
        message = interaction.message
        known = place.thread or (message.id if message is not None and message.flags.has_thread else None)
        return await find_thread(self.client, known) if known is not None and not place.guest else None

    async def _begin(self, talk: Talk, place: Place, thread: discord.Thread, interaction: Interaction) -> None:
        """Show the verdict, then the first question or step below it; to one person alone where Discord takes neither.

        The thread then stays empty, and the next click starts in it.
        """
        await talk.show_verdict(place, MessageScreen(thread))
        fresh = (await talk.engine.state(place.key)).phase is Phase.VERDICT
        guide = Chose(id=f"i{interaction.id}", choice="guide" if fresh else "help")
        if (await talk.take(place, guide, MessageScreen(thread))).stands:
            await whisper(interaction, self.phrases, "thread-opened", thread=thread.mention)
            return
        if talk.places.drop(place.key) is None:
            return
        here = talk.places.put(place_here(interaction, place.key, "private", place.owner))
        await talk.current(here, FollowUpScreen(interaction, self.phrases.message("no-thread")))


def _is_current(state: State, click: Click) -> bool:
    """Tell whether a click was meant for the step that a conversation is at."""
    return not blank(state) and click.tag.mark == mark_of(state)


def _is_overtaken(place: Place, state: State, click: Click, choice: str) -> bool:
    """Tell whether a click was meant for a step that is over.

    A panel that only one person sees shows no result of a look that another process ended: all that it offers is Stop.
    """
    if click.tag.mark == mark_of(state):
        return False
    unseen = place.kind == "private" and state.phase not in LOOKING and state.phase is not Phase.ENDED
    return choice not in AT_ANY_STEP or (choice == "stop" and unseen)


def _may_know_page(talk: Talk, place: Place, interaction: Interaction) -> bool:
    """Tell whether somebody may learn which page a conversation is about; the site is on the card."""
    return interaction.user.id == place.owner or (talk.places.get(place.key) or place).public


def _may_begin_in(thread: discord.Thread) -> bool:
    """Tell whether a conversation of ours can be held in a thread: not in people's own, nor in a locked one."""
    return is_ours(thread) and not thread.locked


async def _held_in(talk: Talk, thread: discord.Thread) -> Place | None:
    """Return the conversation of a thread of ours: the bot may have ended before it said anything there."""
    return talk.places.of_thread(thread.id) or await recall(talk, thread)


async def _goes_on(talk: Talk, held: Place) -> bool:
    return (await talk.engine.state(held.key)).phase not in OVER


async def _make_way(talk: Talk, thread: discord.Thread, over: Place) -> None:
    """A conversation that is over leaves its thread to the next one."""
    if thread.archived:
        await unarchive(thread)
    if over.message is not None:
        await talk.retire(thread.id, over.message)
    await talk.forget(over.key)
