"""Is whoever waits for a store that is away told the truth: what becomes of their words, and when they are lost?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.conversation.events import Chose
from bot.ports import StoreUnavailable
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.talk import Talk
from bot.surfaces.discord.waiting import NotKept, Waiting
from bot.wording import Block, Message, Span
from surfaces.discord.discord_world import BAD_GATEWAY, World, choices, text, until

PLACE = Place("a", "card", owner=1, channel=10)


def said(key: str) -> Message:
    return Message(key=key, blocks=(Block(kind="text", spans=(Span(text=key),)),))


class Shown:
    """A screen that keeps what it was given."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def show(self, panel: Panel) -> None:
        self.keys += [message.key for message in panel.messages]


async def given(*outputs: Message | Exception, then: asyncio.Event | None = None) -> AsyncIterator[Any]:
    for output in outputs:
        if isinstance(output, Exception):
            raise output
        yield output
    if then is not None:
        await then.wait()


@pytest.fixture
def waiting(kb: Any) -> Waiting:
    """Return the turns of a process."""
    return Waiting(Phrases(kb, "en"))


async def run(waiting: Waiting, outputs: AsyncIterator[Any], screen: Shown) -> list[str]:
    return [output.key async for output in waiting.through(outputs, PLACE, screen.show)]


async def test_waiting_is_shown_and_the_rest_passed_on(waiting: Waiting) -> None:
    """That the store is away is on the screen; whoever shows the turn is told what came of it."""
    screen = Shown()
    assert await run(waiting, given(said("store-away"), said("verdict")), screen) == ["verdict"]
    assert screen.keys == ["store-away"]


async def test_given_up_is_told_from_other_faults(waiting: Waiting) -> None:
    """An event that was never kept is given up; what fails after it was kept is a fault like any other."""
    away = StoreUnavailable("away")
    with pytest.raises(NotKept):
        await run(waiting, given(said("store-away"), away), Shown())
    with pytest.raises(StoreUnavailable):
        await run(waiting, given(said("store-away"), said("checking"), away), Shown())


@pytest.mark.parametrize(
    ("outputs", "shown"),
    [
        (("store-away",), ["store-away", "not-kept"]),
        (("store-away", "checking"), ["store-away"]),
        (("checking", "result-waits"), ["result-waits"]),
    ],
)
async def test_stop_tells_those_whose_words_are_lost(
    waiting: Waiting, outputs: tuple[str, ...], shown: list[str]
) -> None:
    """A process that ends takes with it what was not kept, and says so; a result comes again by itself."""
    screen = Shown()
    turn = asyncio.ensure_future(run(waiting, given(*map(said, outputs), then=asyncio.Event()), screen))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await waiting.aclose()
    assert screen.keys == shown
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)


async def test_stop_waits_for_no_discord_that_hangs(waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is to end ends, whether or not it could be told."""
    monkeypatch.setattr("bot.surfaces.discord.waiting.TOLD_WITHIN_S", 0.05)

    class Hanging(Shown):
        async def show(self, panel: Panel) -> None:
            await super().show(panel)
            if self.keys[-1] == "not-kept":
                await asyncio.Event().wait()

    screen = Hanging()
    turn = asyncio.ensure_future(run(waiting, given(said("store-away"), then=asyncio.Event()), screen))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.wait_for(waiting.aclose(), 5)
    assert screen.keys == ["store-away", "not-kept"]
    await asyncio.gather(turn, return_exceptions=True)


@pytest.fixture
async def talk(world: World, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Return the bot's turns; its store takes no commit from now on, and Alice has a card."""
    monkeypatch.setattr("bot.engine.run.FIRST_PAUSE_S", 0.02)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    talk = await world.bot.loaded()

    async def away(_commit: object) -> int:
        raise StoreUnavailable("away")

    monkeypatch.setattr(talk.engine._store, "commit", away)
    return talk


def pressing(world: World, talk: Talk) -> Callable[[], asyncio.Future[Any]]:
    (place,) = talk.places.of_owner(world.alice.id)
    return lambda: asyncio.ensure_future(talk.take(place, Chose(choice="recheck"), talk.screen_of(place)))


async def test_panel_says_when_a_click_is_given_up(world: World, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """For how long the bot tries is told; after that the panel says that nothing came of it, and how to go on."""
    monkeypatch.setattr("bot.engine.run.PATIENCE_S", 120.0)
    turn = pressing(world, talk)()
    await until(lambda: "for 2 minutes" in text(world.card))
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    monkeypatch.setattr("bot.engine.run.PATIENCE_S", 0.1)
    await pressing(world, talk)()
    assert "could not keep this" in text(world.card)
    assert list(choices(world.card)) == ["enter-paste"]


async def test_panel_says_so_when_the_bot_is_stopped(world: World, talk: Talk) -> None:
    """Nobody waits for a process that is no more."""
    turn = pressing(world, talk)()
    await until(lambda: "memory does not answer" in text(world.card))
    await talk.aclose()
    assert "could not keep this" in text(world.card)
    assert list(choices(world.card)) == ["enter-paste"]
    await asyncio.gather(turn, return_exceptions=True)
