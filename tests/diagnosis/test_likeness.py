"""Are near strings found?"""

from __future__ import annotations

from bot.diagnosis import likeness
from bot.diagnosis.likeness import aligner, alike, nearest


def test_nearest_word_is_found() -> None:
    """The nearest of those that are near enough is returned, or none."""
    words = dict.fromkeys(("gateway", "getaway", "server"), "")
    assert nearest("gatewya", words, 1) == "gateway"
    assert nearest("sarver", words, 1) == "server"
    assert nearest("sarvor", words, 1) is None


def test_alignment_tells_the_place() -> None:
    """A string is found inside a longer one."""
    found = aligner()("gateway", "a bad gatewy of", score_cutoff=80)
    assert found is not None
    assert "a bad gatewy of"[found.dest_start : found.dest_end].strip() == "gatewy"
    assert aligner()("gateway", "something else", score_cutoff=80) is None


def test_strings_that_stand_in_a_text_are_told_by_number() -> None:
    """Those come back that some part of the text is like, in their own order."""
    assert alike("a bad gatewy of the server", ["server", "nothing of it", "gateway"], 80) == [0, 2]


def test_functions_are_imported_when_they_are_first_needed() -> None:
    """Each is made once, whoever asked first."""
    for made in (likeness.aligner, likeness._likenesses, likeness._distance):
        made.cache_clear()
        assert made() is made()
