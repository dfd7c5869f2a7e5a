"""Is an expression tried wherever it can match, and found at its first place?"""

from __future__ import annotations

import re

from bot.diagnosis.anchors import Guarded, Lookup, Shelf
from bot.diagnosis.normalise import normalise
from bot.kb.model import KnowledgeBase


def test_demands_hold_for_all_knowledge(kb: KnowledgeBase) -> None:
    """Wherever a pattern of the knowledge matches an example, everything that it demands is in it."""
    for entry in kb.errors.values():
        for source in entry.match.patterns:
            guarded, pattern = Guarded(source), re.compile(source, re.IGNORECASE)
            lookup = Lookup.of([guarded])
            for text in (example.text for example in entry.examples):
                plain = normalise(text)
                for form in (plain.flat, plain.markup):
                    assert not pattern.search(form) or (
                        guarded.fits(lookup.present(form.lower())) and guarded.admits(form.lower())
                    )


def test_guarded_expression_is_tried_only_where_it_can_match() -> None:
    """Without all that it demands the expression is not even compiled; where nobody looked it is tried."""
    guarded = Guarded(r"bad gate\w+ (?:from|by) nginx")
    lookup = Lookup.of([guarded])
    assert guarded.search("all is well", lookup.present("all is well")) is None
    assert list(guarded.finditer("Bad Gateway by someone", lookup.present("bad gateway by someone"))) == []
    assert not guarded.admits("bad gateway by someone")
    assert "pattern" not in vars(guarded)
    assert guarded.search("Bad Gateway by nginx", lookup.present("bad gateway by nginx"))
    assert len(list(guarded.finditer("bad gates by NGINX"))) == 1
    assert Guarded(r"\d+").search("502", frozenset())


def test_shelf_gives_what_is_likely() -> None:
    """A literal leads to the expressions that demand it; all are likely where nobody looked."""
    shelf = Shelf.of([Guarded("bad gateway"), Guarded("bad gateway.*nginx"), Guarded("teapot"), Guarded(r"\d")])
    lookup = Lookup.of(shelf.expressions)
    assert shelf.likely(lookup.present("a bad gateway")) == [0, 3]
    assert shelf.likely(lookup.present("a bad gateway of nginx")) == [0, 1, 3]
    assert shelf.likely(None) == [0, 1, 2, 3]


def test_half_a_character_pair_hides_nothing() -> None:
    """A text that no output can hold is looked through all the same."""
    lookup = Lookup.of([Guarded("bad gateway")])
    assert lookup.present("\ud800 bad gateway \udfff") == {"bad gateway"}


def test_first_place_is_that_of_a_search(kb: KnowledgeBase) -> None:
    """Looking only where an expression can begin finds what a search finds."""
    for entry in kb.errors.values():
        for source in (*entry.match.patterns, *entry.match.near):
            guarded, pattern = Guarded(source), re.compile(source, re.IGNORECASE)
            for example in entry.examples:
                flat = f"x {normalise(example.text).flat} and {normalise(example.text).flat}"
                found, expected = guarded.first(flat, flat.lower()), pattern.search(flat)
                assert (found and found.span()) == (expected and expected.span()), source


def test_two_letters_of_another_script_tell_enough() -> None:
    """What nearly every text holds is no literal to look for; two letters of other scripts are as rare as three."""
    assert [Guarded(source).needs for source in ("cf", "afd", "클플", "버")] == [
        (),
        (("afd",),),
        (("클플",),),
        (),
    ]
