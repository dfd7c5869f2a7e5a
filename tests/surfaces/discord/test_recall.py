"""Does a restarted bot say in place what the one before it left unsaid, and only once?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import create_bot
from bot.conversation.effects import RunChecks
from bot.conversation.events import Chose
from bot.conversation.state import State
from bot.ports import Kept, StoreUnavailable
from bot.surfaces.discord.render import Panel
from bot.wording import Message
from e2e.stage import Stage
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    World,
    discord_world,
    opened,
    panel,
    text,
    until,
    whispers,
)


@pytest.fixture
async def lasting(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[World]:
    """Return a server whose bot keeps its conversations in a file."""
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)
    async with discord_world(stage, monkeypatch, database_url=f"sqlite:///{tmp_path}/bot.sqlite3") as world:
        yield world


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let the store be away."""
    with closing(sqlite3.connect(folder / "bot.sqlite3", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def kept(folder: Path) -> int:
    """Return how many conversations and places are kept."""
    with closing(sqlite3.connect(folder / "bot.sqlite3")) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("conversations", "places")]
    return sum(count for (count,) in counts)


async def card_of(world: World) -> str:
    """Alice pastes an error; return her conversation."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    talk = await world.bot.loaded()
    return talk.places.of_owner(world.alice.id)[0].key


async def test_verdict_that_was_not_shown_appears_on_the_card(lasting: World) -> None:
    """A process that died between commit and edit leaves a stale card; the next one brings it up to date."""
    key = await card_of(lasting)
    lasting.stage.answer("shop", FINE)
    talk = await lasting.bot.loaded()
    async for _ in talk.engine.handle(key, Chose(choice="recheck"), hold=True):
        pass
    assert "works from here" not in text(lasting.card)
    await lasting.restart()
    await lasting.env.settle()
    assert "works from here" in text(lasting.card)
    assert len(lasting.ours()) == 1


async def test_look_that_was_cut_off_is_done_again(lasting: World) -> None:
    """A look that a dead process had begun is carried out, and its verdict is on the card."""
    key = await card_of(lasting)
    lasting.stage.answer("shop", FINE)
    talk = await lasting.bot.loaded()
    outputs = talk.engine.handle(key, Chose(choice="recheck"), hold=True)
    first = await anext(outputs)
    assert isinstance(first, Message)
    await outputs.aclose()  # type: ignore[attr-defined]
    (pending,) = await talk.engine._store.pending(key)
    assert any(isinstance(due.effect, RunChecks) for due in pending.effects)
    await lasting.restart()
    await lasting.env.settle()
    assert "works from here" in text(lasting.card)
    assert len(lasting.ours()) == 1


async def test_look_of_a_shared_check_that_was_cut_off_is_done_again(lasting: World) -> None:
    """A card that came by a command is found again by its message: the next process shows its verdict there."""
    await lasting.alice.slash(lasting.channel, "check", url=lasting.site("shop", BAD_GATEWAY), share=True)
    talk = await lasting.bot.loaded()
    (place,) = talk.places.of_owner(lasting.alice.id)
    assert place.message == lasting.card.id
    lasting.stage.answer("shop", FINE)
    outputs = talk.engine.handle(place.key, Chose(choice="recheck"), hold=True)
    await anext(outputs)
    await outputs.aclose()  # type: ignore[attr-defined]
    await lasting.restart()
    await lasting.env.settle()
    assert "works from here" in text(lasting.card)
    assert len(lasting.ours()) == 1


async def test_step_that_was_never_shown_comes_in_the_thread(lasting: World) -> None:
    """In a thread the panel is edited in place as well; nothing is said a second time."""
    _, thread = await opened(lasting, "shop", BAD_GATEWAY)
    talk = await lasting.bot.loaded()
    place = talk.places.of_thread(thread.id)
    assert place is not None
    before = len(lasting.ours(thread))
    async for _ in talk.engine.handle(place.key, Chose(choice="visitor"), hold=True):
        pass
    await lasting.restart()
    await lasting.env.settle()
    assert "Step 1" in text(panel(lasting, thread))
    assert len(lasting.ours(thread)) == before


async def test_what_was_shown_is_not_touched_by_a_restart(lasting: World) -> None:
    """A card that is up to date is not edited again."""
    await card_of(lasting)
    edited = lasting.card.edited_at
    await lasting.restart()
    await lasting.env.settle()
    assert lasting.card.edited_at == edited
    assert await (await lasting.bot.loaded()).engine.recall() == ()


async def test_places_are_forgotten_with_their_person(lasting: World) -> None:
    """What somebody deleted is not there for the next process either."""
    await card_of(lasting)
    assert await lasting.bot.forget_user(lasting.alice.id) == 1
    await lasting.restart()
    assert (await lasting.bot.loaded()).places.of_owner(lasting.alice.id) == []
    assert await lasting.bot.data_of(lasting.alice.id) == []


async def test_outage_is_told_and_gone_on_from(lasting: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the file is locked the card says that the memory is away; when it is free the answer comes by itself."""
    monkeypatch.setattr("bot.engine.run.FIRST_PAUSE_S", 0.05)
    key = await card_of(lasting)
    talk = await lasting.bot.loaded()
    locking = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    place = talk.places.get(key)
    assert place is not None
    turn = asyncio.ensure_future(talk.take(place, Chose(choice="recheck"), talk.screen_of(place)))
    for _ in range(100):
        await asyncio.sleep(0.02)
        if "memory" in text(lasting.card):
            break
    assert "memory does not answer" in text(lasting.card)
    locking.execute("ROLLBACK")
    locking.close()
    await asyncio.wait_for(turn, 20)
    assert "memory" not in text(lasting.card)
    assert "shop.example.com" in text(lasting.card)


async def test_edit_during_an_outage_is_not_lost(
    lasting: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message is changed while the store is away: its card follows when the store is back."""
    monkeypatch.setattr("bot.engine.run.FIRST_PAUSE_S", 0.05)
    source = await lasting.paste(f"502 Bad Gateway nginx/1.24.0 at {lasting.site('shop', BAD_GATEWAY)}")
    talk = await lasting.bot.loaded()
    engine, state = talk.engine, talk.engine.state
    away = [StoreUnavailable("away")]

    async def once_away(key: str, *, sure: bool = True) -> State:
        if away:
            raise away.pop()
        return await state(key, sure=sure)

    monkeypatch.setattr(engine, "state", once_away)
    await lasting.alice.edit(source, source.content.replace("502 Bad Gateway", "504 Gateway Time-out"))
    await lasting.env.settle()
    assert "504" in text(lasting.card)


async def test_card_that_was_deleted_meanwhile_does_not_come_back(lasting: World) -> None:
    """What was left unsaid on a card is not said on a new one when a moderator has taken the card away."""
    key = await card_of(lasting)
    talk = await lasting.bot.loaded()
    async for _ in talk.engine.handle(key, Chose(choice="recheck"), hold=True):
        pass
    del lasting.env.backend.messages[lasting.channel.id][lasting.card.id]
    await lasting.restart()
    await lasting.env.settle()
    assert lasting.ours() == []
    assert (await lasting.bot.loaded()).places.get(key) is None


async def test_card_that_is_gone_is_forgotten_when_the_store_is_back(
    lasting: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away when a deleted card is met: nobody finds it any more, and later it is deleted there, too."""
    monkeypatch.setattr("bot.surfaces.discord.talk.AGAIN_AFTER_S", 0.1)
    key = await card_of(lasting)
    talk = await lasting.bot.loaded()
    place = talk.places.get(key)
    assert place is not None
    del lasting.env.backend.messages[lasting.channel.id][lasting.card.id]
    with locked(tmp_path):
        await talk.screen_of(place).show(Panel((talk.phrases.message("moved-on"),)))
        assert talk.places.get(key) is None
    await until(lambda: not kept(tmp_path))
    assert lasting.ours() == []


@pytest.mark.parametrize("how", ["deleted", "dismissed", "channel"])
async def test_card_taken_away_while_the_store_is_away_is_forgotten_later(
    lasting: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Its message goes, "not this" is pressed, or its channel goes: the card does so at once, its data when it can."""
    monkeypatch.setattr("bot.surfaces.discord.talk.AGAIN_AFTER_S", 0.1)
    await card_of(lasting)
    card, source = lasting.card, next(one for one in lasting.channel.history() if one.author.id == lasting.alice.id)
    engine, stood = (await lasting.bot.loaded()).engine, []
    forget = engine.forget

    async def twice_away(key: str) -> None:
        if len(stood) < 2:
            stood.append(kept(tmp_path))
            raise StoreUnavailable
        await forget(key)

    monkeypatch.setattr(engine, "forget", twice_away)
    if how == "deleted":
        await lasting.alice.delete(source)
    elif how == "dismissed":
        assert whispers(await lasting.click(card, "dismiss")) == []
    else:
        lasting.env.backend.delete_channel(lasting.channel.id)
    await until(lambda: not kept(tmp_path))
    assert stood == [2, 2]
    assert how == "channel" or lasting.ours() == []


async def test_what_could_not_be_loaded_is_loaded_at_the_next_event(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed start is retried for the next person, not reported to everybody forever."""
    with pytest.raises(ExceptionGroup) as failed:
        await _starts_badly(stage, monkeypatch)
    assert failed.group_contains(RuntimeError, match="not yet")


async def _starts_badly(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with discord_world(stage, monkeypatch) as world:
        bot = create_bot()
        whole, bot.parts = bot.parts, replace(bot.parts, keeping=_fails)
        before = world.bot
        await world.env.restart_bot(bot)
        await before.close()
        with pytest.raises(RuntimeError, match="not yet"):
            await bot.loaded()
        bot.parts = whole
        assert await card_of(world)


async def _fails() -> Kept:
    raise RuntimeError("not yet")
