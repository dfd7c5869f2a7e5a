"""Are the signs of known errors gathered with their weight and place?"""

from __future__ import annotations

import pytest

from bot.diagnosis.codes import codes
from bot.diagnosis.evidence import Search, Suspect
from bot.diagnosis.index import Index, compile_index
from bot.diagnosis.normalise import normalise
from bot.diagnosis.phrases import find
from bot.diagnosis.status import mentions
from bot.kb.model import KnowledgeBase


@pytest.fixture(scope="module")
def index(kb: KnowledgeBase) -> Index:
    return compile_index(kb)


def suspects(index: Index, text: str) -> dict[str, Suspect]:
    read = normalise(text)
    return Search(index, read, index.lookup.present(read.flat.lower())).suspects(
        find(index, read), mentions(read.plain, index.vocabulary), codes(read.flat)
    )


def test_phrase_points_to_its_entry(index: Index) -> None:
    """A machine's sentence is strong evidence and known to be a machine's."""
    found = suspects(index, "page says: The web server reported a bad gateway error.")["cloudflare-502-origin"]
    assert {each.kind for each in found.kinds} >= {"phrase"}
    assert any(place.known for place in found.places)


def test_pattern_hands_on_named_parts(index: Index) -> None:
    """Named groups of a pattern are details of the text."""
    found = suspects(index, "Error 502 Ray ID: 5f0c1d2e3a4b5c6d • 2026-03-04 05:06:07 UTC\nBad gateway")
    assert found["cloudflare-502-origin"].details["ray"] == "5f0c1d2e3a4b5c6d"


def test_weak_string_needs_company(index: Index) -> None:
    """The bare words accuse nobody; together with a name they do."""
    assert "nginx-502" not in suspects(index, "502 Bad Gateway")
    found = suspects(index, "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>")
    assert [each.kind for each in found["nginx-502"].kinds] == ["weak"]


def test_exception_excludes(index: Index) -> None:
    """An `unless` of an entry keeps it out."""
    assert "nginx-502" not in suspects(index, "502 Bad Gateway\nopenresty, a relative of nginx")


def test_code_points_to_its_entry(index: Index) -> None:
    """A known code is the strongest sign; later ones weigh less; unknown ones lead to the general entry."""
    found = suspects(index, "error 0x80244021, then 0x80244022")
    assert found["windows-update-0x80244021"].score > found["windows-update-0x80244022"].score
    assert "windows-update-other-code" in suspects(index, "Windows Update: 80244fff")
    assert suspects(index, "0x80070057") == {}


def test_shared_and_generic_wordings_weigh_less(index: Index) -> None:
    """What everybody writes says little."""
    found = suspects(index, "502 Bad Gateway")["generic-502"]
    assert max(each.weight for each in found.kinds if each.kind == "phrase") < 30


def test_places_are_translated(index: Index) -> None:
    """Places found in the flat text are places of the readable one."""
    text = "hello\n\n  there\nerror   0x80244021"
    read = normalise(text)
    place = next(each for each in suspects(index, text)["windows-update-0x80244021"].places if each.known)
    assert read.plain[place.start : place.end] == "0x80244021"


def test_weak_string_is_no_machines_line(index: Index) -> None:
    """What is true of a text only beside a status was written by nobody in particular."""
    found = suspects(index, "502: vacía la caché, solo en /wp-admin. Suele ser PHP")
    assert {place.known for place in found["wordpress-502"].places} == {False}
