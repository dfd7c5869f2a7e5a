"""Is the knowledge prepared completely and lazily?"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from bot import diagnosis
from bot.diagnosis.alternatives import AnyOf
from bot.diagnosis.anchors import Guarded, Lookup, occurrences
from bot.diagnosis.index import OWN, Index, Sign, Signs, compile_index
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
    seeded = {number for places in index.seeds.places for number, _ in places}
    assert all(index.wordings[number].exact is None for number in seeded)


def test_lookups_lead_to_entries(index: Index) -> None:
    """Codes, statuses, failures and unknown Windows codes have their entries."""
    assert index.codes["80244021"] == ("windows-update-0x80244021",)
    assert "nginx-502" in index.statuses["nginx", 502]
    assert set(index.failures) == {"dns", "tls", "connection"}
    assert index.others
    assert "nginx-502" in index.shown[502]
    assert "nginx-502" not in index.shown[504]


def test_all_literals_are_looked_for(index: Index) -> None:
    """Whatever a regular expression demands, ours or the knowledge's, the lookup knows."""
    expressions = [sign.expression for sign in (*index.signs.all, *index.near.all)]
    expressions += [sign.expression for signs in index.unless.values() for sign in signs]
    known = set(index.lookup.literals)
    assert all(known.issuperset(need) for each in (*OWN, *expressions) for need in each.needs)


@pytest.mark.parametrize("name", [each.name for each in iter_modules(diagnosis.__path__)])
def test_no_expression_of_ours_is_forgotten(name: str) -> None:
    """Each guarded expression in the code is among those whose literals are looked for."""
    for value in vars(import_module(f"bot.diagnosis.{name}")).values():
        several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        parts = (each.guarded if isinstance(each, AnyOf) else (each,) for each in several)
        assert all(part in OWN for each in parts for part in each if isinstance(part, Guarded))


def test_likely_signs_keep_their_order(index: Index) -> None:
    """Of the signs those are tried whose literals are there, in the order of the knowledge."""
    text = "502 bad gateway, says nginx"
    likely = index.signs.likely(index.lookup.present(text.lower()))
    assert 0 < len(likely) < len(index.signs.all) / 20
    assert likely == [sign for sign in index.signs.all if sign in likely]
    assert {sign.entry for sign in index.signs.all if sign.expression.pattern.search(text)} <= {
        sign.entry for sign in likely
    }


def test_only_the_most_demanding_of_many_signs_are_tried() -> None:
    """A text with pieces of all patterns costs no more than one with pieces of a few."""
    signs = Signs.of(Sign("x", Guarded("bad gateway"[: 3 + number % 8])) for number in range(40))
    likely = signs.likely(signs_lookup(signs).present("bad gateway"))
    assert len(likely) == 18
    assert min(len(sign.expression.source) for sign in likely) == 7


def signs_lookup(signs: Signs) -> Lookup:
    return Lookup.of(sign.expression for sign in signs.all)


def test_shared_runs_are_left_out(index: Index) -> None:
    """What most wordings hold leads nowhere, unless a wording has little else."""
    (run, *_), *_ = occurrences(index.seeds.marks, "error")
    for number, _ in index.seeds.places[run]:
        assert len(index.wordings[number].squashed) < 30


def test_wording_without_letters_is_left_out(kb: KnowledgeBase) -> None:
    """A string of marks only can be found nowhere."""
    entry = kb.errors["generic-502"]
    marks = entry.model_copy(update={"match": entry.match.model_copy(update={"phrases": ("...",), "weak": ()})})
    bare = compile_index(kb.model_copy(update={"errors": {"generic-502": marks}, "locales": {}}))
    assert bare.wordings == ()
