"""Is what is directly before or after a place found, and cheaply?"""

from __future__ import annotations

from bot.diagnosis.beside import begins_with, ends_with


def test_end_of_a_text_is_found_behind_its_marks() -> None:
    """The pattern must reach the end; of the text without marks only its last word is looked at first."""
    status = ends_with(r"\bstatus[: ]{0,3}", "status")
    assert status.search("the Status: ", "the status")
    assert not status.search("the status of ", "the status of")
    found = ends_with(r"\b(?P<word>room|bus) ", "room", "bus").found("take bus ", "take bus")
    assert found
    assert found["word"] == "bus"


def test_words_that_end_it_are_looked_at_first() -> None:
    """A text that ends with none of them is not searched."""
    assert not ends_with(r"\w+", "room").search("bus", "bus")


def test_beginning_of_a_text_is_matched() -> None:
    """Letter case does not matter, and nothing but the beginning does."""
    people = begins_with(r"\s?people\b")
    assert people.match(" People came")
    assert not people.match(" many people came")
