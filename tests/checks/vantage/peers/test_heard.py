"""Is each peer heard once, under its own name, and no more of them than are wanted?"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.checks.vantage.peers.heard import MOST_MESSAGES, Heard
from peers_stage import said, saw, statuses

ID = "a" * 32
QUESTION = {"id": ID}


def heard(*messages: dict[str, Any], here: str | None = None, most: int = 8) -> Heard:
    all_heard = Heard(ID, here, most)
    for message in messages:
        all_heard.take(json.dumps(message).encode())
    return all_heard


def test_who_said_that_it_looks_is_waited_for() -> None:
    """Nobody is missing at first; whoever looks is, until it saw something or is busy."""
    looking = said(QUESTION, "looking")
    assert heard().complete
    assert not heard(looking).complete
    assert heard(looking, saw(QUESTION)).complete
    assert heard(looking, said(QUESTION, "busy")).complete
    assert not heard(looking, saw(QUESTION, place="Oslo")).complete


def test_places_stand_in_order_of_their_names() -> None:
    """Whoever answers first has no advantage, and a busy one saw nothing."""
    both = heard(saw(QUESTION, 502, "Oslo"), said(QUESTION, "busy", "Rome"), saw(QUESTION, 200, "Bonn"))
    assert list(statuses(both.vantages()).items()) == [("peer: Bonn", 200), ("peer: Oslo", 502)]


def test_first_word_counts() -> None:
    """Nobody changes what it saw, nor says that it looks after all."""
    twice = heard(saw(QUESTION, 502), saw(QUESTION, 200), said(QUESTION, "looking"))
    assert statuses(twice.vantages()) == {"peer: Frankfurt": 502}
    assert twice.complete
    assert twice.twins == set()


def test_two_of_one_name_are_one_place() -> None:
    """The process that spoke first is the place; the other one is noted, however its name is spelt."""
    other = "d" * 32
    both = heard(
        said(QUESTION, "looking"), saw(QUESTION, 200, "FRANKFURT", process=other), saw(QUESTION, 502),
        said(QUESTION, "looking", process=other),
    )  # fmt: skip
    assert statuses(both.vantages()) == {"peer: Frankfurt": 502}
    assert {name.casefold() for name in both.twins} == {"frankfurt"}


def test_own_name_is_never_another_place() -> None:
    """Whoever calls itself as this place is called is dropped, and noted."""
    own = heard(saw(QUESTION, 200, "oslo"), here="Oslo")
    assert (own.vantages(), own.twins) == ((), {"oslo"})


def test_places_beyond_the_bound_are_dropped() -> None:
    """The first ones stay; nobody waits for others."""
    many = heard(*(said(QUESTION, "looking", f"Place {number}") for number in range(5)), saw(QUESTION, place="Place 0"),
                 saw(QUESTION, place="Place 4"), saw(QUESTION, place="Place 1"), most=2)  # fmt: skip
    assert list(statuses(many.vantages())) == ["peer: Place 0", "peer: Place 1"]
    assert many.complete


def test_strange_messages_are_counted_and_bounded() -> None:
    """Other questions' answers and garbage are counted; after too many nothing more is read."""
    strange = heard(saw({"id": "b" * 32}), saw(QUESTION, v=2), {})
    assert (strange.strange, strange.vantages(), strange.full) == (3, (), False)
    assert heard(*[{}] * MOST_MESSAGES).full


def test_peers_that_are_there_are_told() -> None:
    """Answers to hello are kept apart from looks."""
    here = said(QUESTION, "here", at="2026-11-24T12:00:00Z", release="0.1.0")
    greeted = heard(here, saw(QUESTION, place="Oslo"))
    assert [found.place for found in greeted.present()] == ["Frankfurt"]
    assert greeted.present()[0].release == "0.1.0"


@given(st.lists(st.sampled_from(["looking", "busy", "seen", "here", "strange"]), max_size=20), st.data())
def test_any_order_of_answers_leaves_each_place_once(kinds: list[str], data: st.DataObject) -> None:
    """However they come, no place is there twice, nor more of them than may."""
    all_heard = Heard(ID, "Oslo", 2)
    for kind in kinds:
        place = data.draw(st.sampled_from(["Oslo", "Bonn", "BONN", "Rome", "Kyiv"]))
        message = saw(QUESTION, 502, place) if kind == "seen" else said(QUESTION, kind, place)
        all_heard.take(json.dumps(message).encode())
    names = [vantage.name.casefold() for vantage in all_heard.vantages()]
    assert len(names) == len(set(names)) <= 2
    assert "peer: oslo" not in names
