"""Do memory, SQLite and PostgreSQL keep the same contract for a store, preferences and a place book?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.replies import AskRole, Checking, Help
from bot.conversation.state import Phase, State
from bot.ports import (
    Commit,
    Conflict,
    Due,
    KeptPlace,
    Line,
    Met,
    Store,
)
from databases import Storage
from playbook import NGINX_502, Playbook, seen

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
LOOK = Due(RunChecks(id="a:checks", url="https://shop.example.com/"), AT)
WAKE = Due(Wake(id="a:wake", after_s=60), AT + timedelta(seconds=60))
ASK = Line("a:0", AskRole())
LOOKING = Line("a:1", Checking(host="shop.example.com"))


@pytest.fixture
def store(kept: Storage) -> Store:
    return kept.store


def commit(key: str = "k", expected: int = 0, state: State | None = None, **what: Any) -> Commit:
    return Commit(key=key, expected=expected, state=state or State(), at=AT, **what)


async def test_unknown_conversation_is_none(store: Store) -> None:
    """What was never committed is not there."""
    assert await store.load("nobody") is None
    assert await store.pending("nobody") == ()


async def test_committed_state_comes_back_equal(kb: Any, store: Store) -> None:
    """A state with all that a conversation gathers comes back as it was, with its version."""
    state = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide").state
    assert await store.commit(commit(state=state)) == 1
    stored = await store.load("k")
    assert stored is not None
    assert (stored.state, stored.version) == (state, 1)


async def test_each_commit_counts_the_version(store: Store) -> None:
    """The version is the number of commits."""
    for version in range(3):
        assert await store.commit(commit(expected=version)) == version + 1


@pytest.mark.parametrize("expected", [0, 2, 7])
async def test_other_version_conflicts(store: Store, expected: int) -> None:
    """Whoever commits from another version than the newest is told, and changes nothing at all."""
    await store.commit(commit(replies=(ASK,)))
    with pytest.raises(Conflict):
        await store.commit(
            commit(expected=expected, state=State(phase=Phase.ENDED), effects=(LOOK,), replies=(LOOKING,))
        )
    stored = await store.load("k")
    assert stored is not None
    assert (stored.state.phase, stored.version) == (Phase.IDLE, 1)
    (pending,) = await store.pending()
    assert (pending.effects, pending.replies) == ((), (ASK,))


async def test_of_many_at_once_one_wins(store: Store) -> None:
    """Of many commits from the same version exactly one is taken; all others conflict."""
    outcomes = await asyncio.gather(*(store.commit(commit()) for _ in range(20)), return_exceptions=True)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Conflict)] == [1]


async def test_copy_needs_what_it_copies(store: Store) -> None:
    """A copy is made of a conversation as it was read; of one that moved on or was deleted there is none."""
    await store.commit(commit())
    assert await store.commit(commit("copy", copies=("k", 1))) == 1
    await store.commit(commit(expected=1))
    with pytest.raises(Conflict):
        await store.commit(commit("late", copies=("k", 1)))
    await store.forget("k")
    with pytest.raises(Conflict):
        await store.commit(commit("later", copies=("k", 2), effects=(LOOK,), replies=(ASK,)))
    assert [await store.load(key) for key in ("late", "later")] == [None, None]
    assert await store.pending() == ()


async def test_copies_and_others_at_once_do_not_meet(store: Store) -> None:
    """Of commits that share a transaction each is judged by what it copies, if it copies anything."""
    await store.commit(commit())
    wanted = [commit("a", copies=("k", 1)), commit("b", copies=("gone", 1)), commit("c"), commit("d", copies=("k", 9))]
    done = await asyncio.gather(*(store.commit(one) for one in wanted), return_exceptions=True)
    assert [isinstance(outcome, Conflict) for outcome in done] == [False, True, False, True]


async def test_many_conversations_at_once_do_not_meet(store: Store) -> None:
    """Hundreds of conversations that are committed together keep what is theirs."""
    keys = [f"k{number}" for number in range(300)]
    for version in range(2):
        await asyncio.gather(
            *(store.commit(commit(key, version, State(details={"name": key}), replies=(ASK,))) for key in keys)
        )
    stored = await asyncio.gather(*(store.load(key) for key in keys))
    assert [(kept.state.details["name"], kept.version) for kept in stored if kept] == [(key, 2) for key in keys]
    assert {pending.key for pending in await store.pending()} == set(keys)


async def test_effects_are_pending_until_settled(store: Store) -> None:
    """An effect stays pending, with its time, until an event settles it; nobody else's is touched by that."""
    await store.commit(commit(effects=(LOOK, WAKE)))
    await store.commit(commit("other", effects=(LOOK,)))
    assert [pending.effects for pending in await store.pending("k")] == [(LOOK, WAKE)]
    await store.commit(commit(expected=1, settles=frozenset({LOOK.effect.id, "unknown"})))
    assert [pending.effects for pending in await store.pending("k")] == [(WAKE,)]
    assert [pending.effects for pending in await store.pending("other")] == [(LOOK,)]


async def test_replies_are_pending_until_shown(store: Store) -> None:
    """A reply stays pending until it, or a later one of its conversation, was shown; their order is kept."""
    await store.commit(commit(replies=(ASK, LOOKING)))
    later = Line("b:0", Help())
    await store.commit(commit(expected=1, replies=(later,)))
    await store.commit(commit("other", replies=(ASK,)))
    assert [pending.replies for pending in await store.pending("k")] == [(ASK, LOOKING, later)]
    await store.shown("k", LOOKING.id)
    await store.shown("k", LOOKING.id)
    await store.shown("k", "unknown")
    assert [pending.replies for pending in await store.pending("k")] == [(later,)]
    await store.shown("k", later.id)
    assert [pending.key for pending in await store.pending()] == ["other"]


async def test_forgotten_conversation_is_gone(store: Store) -> None:
    """Forgetting removes the state and everything pending; the name can start afresh."""
    await store.commit(commit(effects=(LOOK,), replies=(ASK,)))
    await store.forget("k")
    assert await store.load("k") is None
    assert await store.pending() == ()
    assert await store.commit(commit()) == 1
    assert await store.pending() == ()


@pytest.mark.parametrize("text", ["\0", "\u202e", "\U0001f4a9", "'; DROP TABLE conversations; --", "%s {} $1 ?1"])
async def test_hostile_texts_come_back_as_they_were(store: Store, text: str) -> None:
    """No text in a state is taken for anything but text."""
    await store.commit(commit(state=State(host=text)))
    stored = await store.load("k")
    assert stored is not None
    assert stored.state.host == text


async def test_one_bad_commit_spoils_no_other(store: Store) -> None:
    """A conversation whose name no database takes fails alone; those in the same batch are committed."""
    jobs = [store.commit(commit(key)) for key in ("a", "bad\ud800", "b")]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert outcomes[0] == outcomes[2] == 1
    assert await store.load("a") is not None


async def test_preferences_come_back(kept: Storage) -> None:
    """What was set last comes back, by its kind; forgetting a scope leaves the others."""
    preferences = kept.preferences
    await preferences.put("mode", "1", "10", "off")
    await preferences.put("mode", "1", "10", "auto")
    await preferences.put("mode", "2", "20", "offer")
    await preferences.put("other", "1", "10", "x")
    assert sorted(await preferences.all("mode")) == [("1", "10", "auto"), ("2", "20", "offer")]
    await preferences.forget("mode", "1")
    assert await preferences.all("mode") == (("2", "20", "offer"),)
    assert await preferences.all("other") == (("1", "10", "x"),)


async def test_preference_is_dropped_alone(kept: Storage) -> None:
    """One value goes, those beside it stay; one that is not there is no trouble."""
    preferences = kept.preferences
    for kind, scope, name in (("mode", "1", "10"), ("mode", "1", "11"), ("mode", "2", "10"), ("other", "1", "10")):
        await preferences.put(kind, scope, name, "off")
    await preferences.drop("mode", "1", "10")
    await preferences.drop("mode", "9", "9")
    assert sorted(await preferences.all("mode")) == [("1", "11", "off"), ("2", "10", "off")]
    assert await preferences.all("other") == (("1", "10", "off"),)


async def test_places_come_back(kept: Storage) -> None:
    """The newest state of each place comes back; a forgotten one does not."""
    for number in range(3):
        kept.book.put(KeptPlace(key=f"k{number}", owner="7", body='{"channel":1}', server="9"))
    kept.book.put(KeptPlace(key="k0", owner="7", body='{"channel":2}'))
    kept.book.forget("k1")
    await kept.store.load("k0")
    found = {place.key: place for place in await kept.book.all()}
    assert sorted(found) == ["k0", "k2"]
    assert found["k0"] == KeptPlace(key="k0", owner="7", body='{"channel":2}')


async def test_place_is_safe_before_the_event_after_it(kept: Storage) -> None:
    """When an event is committed, the place that was noted before it is there, though nobody waited for it."""
    kept.book.put(KeptPlace(key="k", owner="7", body="{}"))
    await kept.store.commit(commit())
    assert [place.key for place in await kept.book.all()] == ["k"]


async def test_person_gets_and_deletes_what_is_theirs(kept: Storage) -> None:
    """Export names every conversation of a person and nothing of others; forgetting leaves nothing of it."""
    for key, owner, server in (("a", "7", "9"), ("b", "7", None), ("c", "8", "9")):
        kept.book.put(KeptPlace(key=key, owner=owner, body='{"channel":1}', server=server))
        await kept.store.commit(commit(key, state=State(host=f"{key}.example.com"), replies=(ASK,), effects=(WAKE,)))
    exported = await kept.privacy.export("7")
    assert {entry["conversation"] for entry in exported} == {"a", "b"}
    assert "a.example.com" in str(exported)
    assert "c.example.com" not in str(exported)
    assert set(await kept.privacy.forget("7")) == {"a", "b"}
    assert await kept.privacy.export("7") == []
    assert [pending.key for pending in await kept.store.pending()] == ["c"]
    assert [place.key for place in await kept.book.all()] == ["c"]


async def test_server_goes_with_all_that_is_its(kept: Storage) -> None:
    """When a server is forgotten, its conversations and settings go; those of others stay."""
    for key, server in (("a", "9"), ("b", None)):
        kept.book.put(KeptPlace(key=key, owner="7", body="{}", server=server))
        await kept.store.commit(commit(key))
    await kept.preferences.put("mode", "9", "0", "off")
    await kept.preferences.put("mode", "5", "0", "off")
    assert await kept.privacy.forget_server("9") == ("a",)
    assert await kept.preferences.all("mode") == (("5", "0", "off"),)
    assert [place.key for place in await kept.book.all()] == ["b"]


async def test_servers_are_named_by_all_that_is_kept_of_them(kept: Storage) -> None:
    """A place, a report: each names its server; what belongs to no server names none."""
    for key, server in (("a", "9"), ("b", None), ("c", "9")):
        kept.book.put(KeptPlace(key=key, owner="7", body="{}", server=server))
        await kept.store.commit(commit(key))
    await kept.incidents.note(Met("5", "example.com", "7", AT))
    assert await kept.privacy.servers() == {"9", "5"}
    await kept.privacy.forget_server("9")
    assert await kept.privacy.servers() == {"5"}
