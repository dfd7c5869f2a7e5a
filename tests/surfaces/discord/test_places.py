"""Is the place of a conversation found by everything that belongs to it, and gone when it is forgotten?"""

from __future__ import annotations

from dataclasses import replace

from bot.ports import Asker, KeptPlace
from bot.surfaces.discord.places import Place, Places, asker_in


class Book:
    """A `PlaceBook` in a dict."""

    def __init__(self, *kept: KeptPlace) -> None:
        self.kept = {place.key: place for place in kept}

    async def all(self) -> tuple[KeptPlace, ...]:
        return tuple(self.kept.values())

    def put(self, place: KeptPlace) -> None:
        self.kept[place.key] = place

    def forget(self, key: str) -> None:
        self.kept.pop(key, None)


CARD = Place("a", "card", owner=1, channel=10, guild=100, source=5, message=6)
THREAD = Place("b", "thread", owner=1, channel=20, guild=100, message=7, origin="a")


async def test_place_is_found_by_everything_that_belongs_to_it() -> None:
    """A card by both messages, a thread by itself, all by person, channel and server."""
    places = Places(Book())
    places.put(CARD)
    places.put(THREAD)
    assert places.of_message(5) == places.of_message(6) == CARD
    assert places.of_thread(20) == THREAD
    assert places.of_thread(21) is None
    assert places.of_owner(1) == places.of_guild(100) == [CARD, THREAD]
    assert places.of_channel(10) == [CARD]


def test_looks_of_a_conversation_are_its_persons() -> None:
    """Wherever it stands; in direct messages there is no server, and those that are forgotten share one account."""
    direct = replace(CARD, kind="direct", guild=None)
    assert [asker_in(place) for place in (CARD, direct, None)] == [Asker("1", "100"), Asker("1"), Asker("")]


async def test_person_has_also_the_places_that_other_processes_remember() -> None:
    """What is newer here goes before what is written down; others' places are not among them."""
    book = Book()
    elsewhere = Places(book)
    elsewhere.put(CARD)
    elsewhere.put(replace(CARD, key="c", owner=2))
    places = Places(book)
    places.put(THREAD)
    assert await places.all_of_owner(1) == [CARD, THREAD]


async def test_change_is_kept_beyond_the_process() -> None:
    """What changes is written down, and the next process reads it; what cannot be read is skipped."""
    book = Book(KeptPlace("broken", "1", "{", None))
    places = Places(book)
    places.put(CARD)
    places.change("a", thread=20)
    assert places.change("nobody", thread=1) is None
    later = Places(book)
    await later.load()
    found = later.get("a")
    assert found is not None
    assert found.thread == 20
    assert later.of_message(6) == found


async def test_place_is_kept_again_when_it_must_be() -> None:
    """What others deleted is written down once more as it is known here; of what nobody knows there is nothing."""
    book = Book()
    places = Places(book)
    places.put(CARD)
    kept = book.kept.pop("a")
    assert places.put(CARD) == CARD
    assert book.kept == {}
    places.keep("a")
    places.keep("nobody")
    assert book.kept == {"a": kept}


async def test_newer_knowledge_is_not_overwritten_by_older() -> None:
    """What this process learnt before its memory came back is newer."""
    book = Book()
    Places(book).put(CARD)
    places = Places(book)
    places.put(Place("a", "card", owner=1, channel=10, message=99))
    await places.load()
    assert places.get("a") == Place("a", "card", owner=1, channel=10, message=99)


async def test_forgotten_place_is_gone() -> None:
    """After forgetting nothing leads there, and forgetting twice does no harm."""
    book = Book()
    places = Places(book)
    for place in (CARD, THREAD):
        places.put(place)
        places.forget(place.key)
        places.forget(place.key)
    assert (places.of_message(5), places.of_thread(20), book.kept) == (None, None, {})


async def test_conversations_of_others_are_read_as_their_process_left_them() -> None:
    """When this process takes on what another one held, what that one wrote last counts."""
    book = Book()
    theirs, here = Places(book), Places(book)
    theirs.put(CARD)
    await here.load()
    theirs.change("a", thread=20)
    await here.load()
    assert here.get("a") == CARD
    await here.load(lambda place: place.guild == 100)
    assert here.get("a") == theirs.get("a") != CARD
