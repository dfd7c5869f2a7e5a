"""How does one turn happen in Discord: run the event, show what comes out at the conversation's place?"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.conversation.events import Chose, Event, Pasted, Woke
from bot.conversation.state import Phase, State
from bot.engine.outbox import Fits
from bot.engine.run import Engine, Output, Progress
from bot.ports import PlaceBook, StoreUnavailable
from bot.surfaces.discord.answers import report_file
from bot.surfaces.discord.custom_id import tag_of
from bot.surfaces.discord.journal import FAILED, ended
from bot.surfaces.discord.panels import ASIDE, LOOKING, Turn, panel_of, talk_panel, thread_name
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place, Places, asker_in, whose
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.screens import (
    NOBODY,
    UNREACHABLE,
    InteractionScreen,
    MessageScreen,
    NoScreen,
    Screen,
    StandingScreen,
    screen_id,
)
from bot.surfaces.discord.threads import close_thread, has_left, open_again
from bot.surfaces.discord.waiting import NotKept, Waiting

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

EDIT_EVERY_S = 1.2
"""Discord allows about five edits in five seconds; progress must not use them all."""
AGAIN_AFTER_S = 5.0
"""Between attempts while the store is away."""
MARKS = {"ok": "✅", "fail": "❌", "skip": "▫️"}


class Talk:
    """Turns of all conversations."""

    def __init__(self, client: Fiveohtwo, engine: Engine, phrases: Phrases, book: PlaceBook) -> None:
        self.client = client
        self.engine = engine
        self.phrases = phrases
        self.places = Places(book)
        self._looks: dict[str, Turn] = {}
        self._wakes: set[asyncio.Future[None]] = set()
        self._waiting = Waiting(phrases)
        engine.on_wake = self._on_wake
        engine.on_begin = self.places.keep
        engine.asker = lambda key: asker_in(self.places.get(key))
        engine.company.whose = lambda key: whose(self.places.get(key))

    async def take(
        self, place: Place, event: Event, screen: Screen, *, aside: bool = False, fits: Fits = lambda _: True
    ) -> Turn:
        """Run one event and show what comes out; whatever goes wrong is reported, never met with silence.

        `aside`: the screen also shows what is otherwise for one person alone (there is no other way to tell them).
        `fits`: see `Engine.handle`; for an event that does not fit the turn is empty.
        """
        turn = await self.show(place, self.engine.handle(place.key, event, hold=True, fits=fits), screen, aside=aside)
        if not turn.messages and place.kind == "private" and self.places.get(place.key) is None:
            await screen.show(Panel((self.phrases.message("wiped"),)))  # its person deleted it meanwhile
        return turn

    async def show(self, place: Place, outputs: AsyncIterator[Output], screen: Screen, *, aside: bool = False) -> Turn:
        """Show what the engine gives out; only what was shown is done, the rest is said again after a restart."""
        turn, put = Turn(), partial(self._put, place, screen)
        failed: Panel | None = None
        shown_at: float | None = None
        try:
            async for output in self._waiting.through(outputs, place, put):
                turn.add(output, self._line)
                if not isinstance(output, Progress) and output.key == "checking":
                    self._looks[place.key] = turn
                under_way = isinstance(output, Progress) or output.key == "checking"
                newest = self._looks.get(place.key) is turn
                now = time.monotonic()
                if under_way and newest and (shown_at is None or now - shown_at >= EDIT_EVERY_S):
                    shown_at, state = now, await self.engine.state(place.key, sure=False)
                    if state.phase in LOOKING:  # else somebody ended the look: its panel is no longer ours to change
                        await put(self._panel(place, state, turn, aside=aside))
        except NotKept:
            log.warning("an event is given up, the store is away", extra={"conversation": place.key})
            failed = self._waiting.panel(place)
            ended(FAILED)
        except Exception:
            log.exception("a turn failed", extra={"conversation": place.key})
            failed = await self._failure(place)
            ended(FAILED)
        finally:
            if self._looks.get(place.key) is turn:
                del self._looks[place.key]
        if failed is not None:
            turn.stands = await put(failed)
        elif turn.messages and not turn.waits and (aside or not all(said.key in ASIDE for said in turn.messages)):
            state = await self.engine.state(place.key, sure=False)
            turn.stands = await put(self._panel(place, state, turn, aside=aside))
        if failed is None:
            await self.engine.shown(place.key)
        return turn

    async def _put(self, place: Place, screen: Screen, panel: Panel) -> bool:
        """Show a panel where its conversation is now: a look may outlast the panel that it started on.

        A new panel counts as soon as it is there. The answer to a command can be changed only for a quarter of an hour,
        and only by this process: such a card is also known by its message.
        """
        known, before = self.places.get(place.key), screen_id(screen)
        alone = place.kind in ("thread", "direct")
        if alone and known is not None and before is not None and known.message not in (None, before):
            screen, before = self.screen_of(known), known.message
        stands, after = await screen.show(panel), screen_id(screen)
        if alone and after is not None:
            await self._moved(place, before, after)
        elif isinstance(screen, InteractionScreen) and place.kind == "card" and not place.guest and after:
            self.places.change(place.key, message=after)
        return stands

    async def _moved(self, place: Place, before: int | None, after: int) -> None:
        """Of a conversation's panels the one that came last, or was used last, counts; the others lose everything."""
        known = self.places.get(place.key)
        if known is None or after in (before, known.message):
            return
        self.places.change(place.key, message=after)
        if known.message is not None:
            await self.retire(known.channel, known.message)

    async def current(self, place: Place, screen: Screen) -> Turn:
        """Show the current question again: this updates an outdated panel."""
        return await self.take(place, Chose(choice="help"), screen)

    async def show_verdict(self, place: Place, screen: Screen) -> None:
        """Show the current verdict with nothing to pick: what follows in a thread builds on it."""
        turn = Turn()
        async for output in self.engine.handle(place.key, Chose(choice="help")):
            turn.add(output, self._line)
        verdict = turn.verdict()
        if verdict is not None:
            await screen.show(Panel((verdict,)))

    def _panel(self, place: Place, state: State, turn: Turn, *, aside: bool) -> Panel:
        if aside:
            return talk_panel(self.phrases, place, state, turn, aside=True)
        return panel_of(self.phrases, place, state, turn)

    async def _failure(self, place: Place) -> Panel:
        """Say that we failed, and how to go on."""
        state = await self.state_or_none(place.key) or State()
        way_on = self.phrases.choice("recheck") if state.url else self.phrases.label("enter-paste")
        return Panel((self.phrases.message("failed"),), choices=(way_on,), tag=tag_of(place.key, place.owner, state))

    def _line(self, output: Progress) -> str:
        words, finding = self.phrases.words, output.finding
        failure = f": {words.word('failure.' + finding.failure.value)}" if finding.failure else ""
        return f"-# {MARKS[finding.outcome.value]} {words.word('check.' + finding.check)}{failure}"

    async def said(self, place: Place, message: discord.Message, text: str) -> None:
        """Interpret free text in a conversation's own thread or direct messages; the panel appears below it."""
        event = Pasted(id=f"m{message.id}", text=text)
        turn = await self.take(place, event, MessageScreen(message.channel), aside=True)
        if place.kind == "direct":
            await self._send_reports(message.channel, turn)
        await self.after(place.key)

    async def _send_reports(self, channel: discord.abc.Messageable, turn: Turn) -> None:
        """In direct messages nobody reads along, so a report may simply be sent."""
        for report in [message for message in turn.messages if message.key == "report"]:
            try:
                await channel.send(self.phrases.say("report-ready"), file=report_file(report), allowed_mentions=NOBODY)
            except UNREACHABLE:
                log.warning("report not sent")

    async def retire(self, channel: int, message: int, why: str = "moved-on") -> None:
        """Take the buttons off a panel that the conversation has moved on from, or whose conversation is gone."""
        old = self.message(channel, message)
        screen = StandingScreen(old.channel, old, gone=_stays_gone, reopen=partial(open_again, self.client, channel))
        await screen.show(Panel((self.phrases.message(why),)))

    def message(self, channel: int, message: int) -> discord.PartialMessage:
        """Return a message that can be changed without being fetched."""
        return self.client.get_partial_messageable(channel).get_partial_message(message)

    def screen_of(self, place: Place) -> Screen:
        """Return where a conversation appears without being asked."""
        if place.kind == "private" or place.guest or place.message is None:
            return NoScreen()
        channel = self.client.get_partial_messageable(place.channel)
        gone = partial(self.forget, place.key) if place.kind == "card" else None
        reopen = partial(open_again, self.client, place.channel)
        return StandingScreen(channel, channel.get_partial_message(place.message), gone=gone, reopen=reopen)

    async def after(self, key: str) -> None:
        """Close the thread of a conversation that has ended."""
        place = self.places.get(key)
        if place is None or place.kind != "thread":
            return
        state = await self.engine.state(key, sure=False)
        if state.phase is Phase.ENDED:
            await close_thread(self.client, place.channel, thread_name(state, self.phrases))

    def _on_wake(self, key: str, event: Woke) -> None:
        self._soon(self._woke(key, event))

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._wakes.add(task)
        task.add_done_callback(self._wakes.discard)

    async def _woke(self, key: str, event: Woke) -> None:
        """Time is up: give up a lost look, ask whether somebody is still there, or end in silence."""
        place = self.places.get(key)
        if place is None:
            return
        while (state := await self.state_or_none(key)) is None:  # noqa: ASYNC110 - nobody tells when a database is back
            await asyncio.sleep(AGAIN_AFTER_S)
        looking = state.phase in LOOKING
        if place.kind == "card" and not looking:
            return  # a card waits for nobody
        if place.kind == "thread" and await has_left(self.client, place.channel, place.owner):
            await self.client.following.left(place.channel)
            return
        await self.take(place, event, self.screen_of(place))
        await self.after(key)

    async def state_or_none(self, key: str) -> State | None:
        """Return the state, None while the store is away."""
        try:
            return await self.engine.state(key)
        except StoreUnavailable:
            return None

    async def forget(self, key: str) -> None:
        """Forget a conversation altogether; what a card's person reported with it is withdrawn.

        Nobody finds it from now on. If the store is away, it is deleted there as soon as that is back.
        """
        place = self.places.drop(key)
        try:
            await self._delete(key, place)
        except StoreUnavailable:
            log.warning("a conversation is deleted later, the store is away", extra={"conversation": key})
            self._soon(self._delete_later(key, place))

    async def _delete(self, key: str, place: Place | None) -> None:
        if place is not None and place.kind == "card":
            await self.engine.company.withdraw(whose(place), (await self.engine.state(key)).host)
        await self.engine.forget(key)
        if self.places.get(key) is None:
            self.places.forget(key)

    async def _delete_later(self, key: str, place: Place | None) -> None:
        while self.places.get(key) is None:  # else it started afresh
            await asyncio.sleep(AGAIN_AFTER_S)
            with suppress(StoreUnavailable):
                await self._delete(key, place)
                return

    async def aclose(self) -> None:
        """Stop waiting for anything; people whose words wait for the store are told that they are lost."""
        for task in list(self._wakes):
            task.cancel()
        await self._waiting.aclose()
        await self.engine.aclose()


async def _stays_gone() -> None:
    """A panel that somebody deleted, and that nobody needs any more, is not sent again."""


def blank(state: State) -> bool:
    """Tell whether a conversation is one that the bot knows nothing of (any more)."""
    return state.phase is Phase.IDLE and not state.seen
