"""Are undamaged wordings found whole, and do seeds lead to the damaged ones?"""

from __future__ import annotations

from collections import Counter

import pytest

from bot.diagnosis.index import Index, compile_index
from bot.diagnosis.normalise import squash
from bot.diagnosis.wordings import GRAM, _begins, wordings_of
from bot.kb.model import KnowledgeBase, Locale
from bot.kb.recognise import Recognise


@pytest.fixture(scope="module")
def index(kb: KnowledgeBase) -> Index:
    return compile_index(kb)


def whole(index: Index, text: str) -> tuple[dict[str, int], str]:
    found, rest = index.whole.found(squash(text))
    return {index.wordings[number].text: at for number, at in found.items()}, rest


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["pordo fuŝa"], {"pordo fuŝa", "pordo-fuŝa"}),
        (["pordofuŝa", "pordo fuŝa"], {"pordo fuŝa", "pordo-fuŝa", "pordofuŝa"}),
        (["pordo fuŝa", "pordofuŝa"], {"pordo fuŝa", "pordo-fuŝa", "pordofuŝa"}),
        (["pordofuŝa"], {"pordofuŝa"}),
    ],
)
def test_loose_wording_is_found_in_each_way_that_it_is_written(written: list[str], told: set[str]) -> None:
    """In one word only where a language writes it so; a hyphen may always join two; and it is one wording."""
    recognise = Recognise.model_validate({"loose": {"502": written}})
    (wording,) = wordings_of((), [Locale(language="eo", name="Esperanto", recognise=recognise)])
    assert wording.exact
    texts = {"pordo fuŝa", "pordo-fuŝa", "pordofuŝa", "pordoj fuŝa"}
    assert {text for text in texts if wording.exact.search(f"jen {text}!")} == told
    assert wording.loose == (502,)


def test_undamaged_wordings_are_found_at_their_first_place(index: Index) -> None:
    """Those inside others are found, too."""
    found, _ = whole(index, "it says: 502 Bad Gateway, and once more 502 Bad Gateway")
    assert found == {"502": 6, "Bad Gateway": 9, "502 Bad Gateway": 6}


def test_inside_of_undamaged_wordings_is_blank(index: Index) -> None:
    """What is at their ends stays, for the seeds of longer wordings may begin or end there."""
    _, rest = whole(index, "oops 502 Bad Gateway oops 502 Bad Gateway")
    assert rest == "oopsso2b     ewayoopsso2b     eway"


def test_wordings_that_overlap_are_blank_together(index: Index) -> None:
    """The length of the text stays."""
    text = "503 Service Temporarily Unavailable"
    _, rest = whole(index, text)
    assert rest == "so3s" + " " * (len(squash(text)) - 8) + "abie"


def test_short_literals_stay(index: Index) -> None:
    """Whether they are there as whole words is not known yet."""
    found, rest = whole(index, "notabadgatewayitem")
    assert "Bad Gateway" in found
    assert rest == "notabadgatewayitem"


def test_seeds_lead_to_a_damaged_wording_and_its_place(index: Index) -> None:
    """Most of its seeds say the same begin."""
    begins = index.seeds.begins(squash("now: upstream prematurly closed connection while reading"))
    texts = {index.wordings[number].text: starts for number, starts in begins.items()}
    starts = next(starts for text, starts in texts.items() if text.startswith("upstream prematurely closed connection"))
    assert starts.count(3) > 1


def test_seeds_that_repeat_count_a_few_times(index: Index) -> None:
    """An error that is pasted again and again costs no more than one that is pasted eight times."""
    text = squash("upstream prematurly closed connection ")
    assert max(len(starts) for starts in index.seeds.begins(text * 40).values()) == max(
        len(starts) for starts in index.seeds.begins(text * 8).values()
    )


def test_wordings_with_too_few_seeds_are_left_out(index: Index) -> None:
    """One run of letters of a long sentence leads nowhere."""
    begins = index.seeds.begins(squash("the premature baby is fine"))
    assert all(len(starts) >= index.wordings[number].enough for number, starts in begins.items())


def test_runs_that_were_left_out_are_not_waited_for(index: Index) -> None:
    """A wording of which shared runs lead nowhere needs as many fewer; some are of that kind."""
    kept = Counter(number for places in index.seeds.places for number, _ in places)
    parted = 0
    for number, wording in enumerate(index.wordings):
        if kept[number] and len(wording.squashed) >= GRAM:
            left_out = len(_begins(wording.squashed)) - kept[number]
            parted += left_out > 0 and wording.surviving > wording.enough
            assert index.seeds.whole_enough[number] == max(wording.enough, wording.surviving - left_out)
    assert parted


def test_common_runs_are_left_out_only_where_enough_others_stay(index: Index) -> None:
    """A wording keeps all its seeds, or twice as many as it takes, or so many that allowed damage leaves enough."""
    kept = Counter(wording for places in index.seeds.places for wording, _ in places)
    too_few = []
    for at, each in enumerate(index.wordings):
        seeds = len(_begins(each.squashed)) if each.exact is None and len(each.squashed) >= GRAM else 0
        left_by_damage = kept[at] - (seeds - each.surviving)
        if seeds and kept[at] < seeds and kept[at] <= 2 * each.enough and left_by_damage < each.enough:
            too_few.append(each.text)
    assert too_few == []
