"""Is the knowledge prepared completely and lazily?"""

from __future__ import annotations

import pytest

from bot.diagnosis.index import Index, compile_index
from bot.kb.model import KnowledgeBase


@pytest.fixture(scope="module")
def index(kb: KnowledgeBase) -> Index:
    return compile_index(kb)


def test_all_wordings_are_there(kb: KnowledgeBase, index: Index) -> None:
    """Each phrase and each weak string leads to its entry."""
    strong = {error for wording in index.wordings for error in wording.strong}
    weak = {error for wording in index.wordings for error in wording.weak}
    assert strong == {entry.id for entry in kb.errors.values() if entry.match.phrases}
    assert weak == {entry.id for entry in kb.errors.values() if entry.match.weak}


def test_numbers_of_wordings_are_exact(index: Index) -> None:
    """The numbers of a wording are kept apart, for they must never be fuzzy."""
    wording = next(each for each in index.wordings if each.text == "502 Bad Gateway")
    assert wording.numbers == ("so2",)


def test_short_and_code_like_wordings_are_exact(index: Index) -> None:
    """They are found as whole words only and have no seeds."""
    short = {each.text for each in index.wordings if each.exact}
    assert "Bad Gateway" in short
    assert "WU_E_PT_HTTP_STATUS_BAD_GATEWAY" in short
    seeded = {number for places in index.seeds.values() for number, _ in places}
    assert all(index.wordings[number].exact is None for number in seeded)


def test_lookups_lead_to_entries(index: Index) -> None:
    """Codes, statuses, failures and unknown Windows codes have their entries."""
    assert index.codes["80244021"] == ("windows-update-0x80244021",)
    assert "nginx-502" in index.statuses["nginx", 502]
    assert set(index.failures) == {"dns", "tls", "connection"}
    assert index.others
    assert index.shown["nginx-502"] == {502}


def test_literals_lead_to_signs(index: Index) -> None:
    """Each sign is either reachable by its literals or always tried."""
    reachable = {number for heads in index.heads.values() for _, numbers in heads for number in numbers}
    assert reachable | set(index.free) == set(range(len(index.signs)))


def test_shared_runs_are_left_out(index: Index) -> None:
    """What most wordings hold leads nowhere, unless a wording has little else."""
    for number, _ in index.seeds["error"]:
        assert len(index.wordings[number].squashed) < 30


def test_wording_without_letters_is_left_out(kb: KnowledgeBase) -> None:
    """A string of marks only can be found nowhere."""
    entry = kb.errors["generic-502"]
    marks = entry.model_copy(update={"match": entry.match.model_copy(update={"phrases": ("...",), "weak": ()})})
    bare = compile_index(kb.model_copy(update={"errors": {"generic-502": marks}, "locales": {}}))
    assert bare.wordings == ()
