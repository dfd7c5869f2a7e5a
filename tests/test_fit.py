"""Are weights fitted to what labelled texts say, and written where they belong?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.diagnosis.identify import index_of
from bot.kb.model import KnowledgeBase
from fit import (
    BELIEVED,
    QUESTIONS,
    Labelled,
    Shown,
    by_language,
    fitted,
    freedom,
    labelled,
    meaning,
    pleading,
    standing,
)
from fitted import LOCALES, retabled, with_section

PLEAS = ("my kettle shop shows 502 right now", "502 right now on the kettle shop", "right now: 502 on our shop")
TALK = ("a 502 means kettle trouble upstream", "502 means trouble upstream", "it means 502, some trouble upstream")


def shown(texts: tuple[str, ...], answer: bool) -> list[Shown]:
    return [Shown(frozenset(), frozenset(text.split()), "en", answer, 1.0) for text in texts]


OTHERS = 100 * (shown(("a boat",), True) + shown(("a boat",), False))
"""Among them words of a few texts are rare."""


def test_words_speak_for_the_texts_that_hold_them() -> None:
    """What only pleas hold counts for them, what only talk holds against, and what both hold hardly at all."""
    found = fitted(4 * shown(PLEAS, True) + 4 * shown(TALK, False) + OTHERS, {}, {}, enough=0.0)
    assert found.words["right"] > 0 > found.words["trouble"]
    assert abs(found.words.get("502", 0)) < found.words["right"]
    assert all(found.answer(each) for each in shown(PLEAS, True))
    assert not any(found.answer(each) for each in shown(TALK, False))


def test_weights_stay_where_texts_say_nothing() -> None:
    """A word that no text holds keeps its weight, and a trait that none shows keeps its own."""
    found = fitted(shown(PLEAS, True) + shown(TALK, False), {"denied": -4.0}, {"teapot": 1.25}, enough=0.0)
    assert found.words["teapot"] == 1.25
    assert found.traits == {"denied": -4.0}


def test_weights_are_believed_in_part() -> None:
    """Texts that tell nothing new leave a weight at the part of it that is believed."""
    boats = Shown(frozenset(), frozenset({"boat", "harbour"}), "en", True, 1.0)
    found = fitted([boats, boats._replace(answer=False), *OTHERS], {}, {"harbour": 3.0}, enough=0.0)
    assert found.words["harbour"] == pytest.approx(BELIEVED * 3.0, abs=0.5)


def test_sum_that_is_enough_is_given() -> None:
    """The answer needs a fixed amount of evidence whatever is unknown, and the threshold may be moved afterwards."""
    found = fitted(shown(PLEAS, True) + shown(TALK, False), {}, {}, enough=1.5, lean=-0.2)
    assert found.enough == 1.3
    assert not found.answer(Shown(frozenset(), frozenset({"unheard"}), "en", True, 1.0))
    doubtful = [
        each
        for word, count in (("boat", 300), ("cart", 300), ("kayak", 60))
        for answer in (True, False)
        for each in count * shown((word,), answer)
    ]
    found = fitted(doubtful, {}, {}, enough=2.0)
    for word in ("boat", "cart", "kayak"):  # as often yes as no: their weights come to the border, common or rare
        assert found.words[word] == pytest.approx(2.0, abs=0.5)


def test_rare_words_move_more_freely_than_common_ones() -> None:
    """What all texts show hardly moves, what a few show moves most; on average all move as the strength says."""
    rare, usual, everywhere = freedom(np.array([3, 300, 3_000]), 3_000)
    assert rare > 2 * usual > 0
    assert everywhere < 0.01
    assert rare + usual + everywhere == pytest.approx(3)


def test_rare_words_have_no_weight() -> None:
    """A word of two texts only, and one of our own example addresses, tell nothing."""
    rare = [each._replace(weight=50.0) for each in 2 * shown(("unicorn now",), True)]
    found = fitted(20 * shown(("example 502 now",), True) + rare + 20 * shown(TALK, False), {}, {}, enough=0.0)
    assert not {"unicorn", "example"} & found.words.keys()


def test_real_texts_count_as_they_are_given(kb: KnowledgeBase, tmp_path: Path) -> None:
    """A corpus is read by its labels; what is held back, and what shows another status, is not read."""
    for name, row in {
        "errors-a": '{"origin": "o1", "text": "shop shows 502 now", "lang": "en", "status": 502}',
        "errors-b": '{"origin": "o1", "text": "shop shows 503 now", "lang": "en", "status": 503}',
        "negatives-a": '{"origin": "o1", "text": "room 502", "lang": "de", "class": "hard-number", "weight": 0.5}',
        "errors-c": '{"origin": "o0", "text": "held back", "lang": "en", "status": 502}',
        "addresses": "not read",
    }.items():
        (tmp_path / f"{name}.jsonl").write_text(row, "utf-8")
    real = [each for each in labelled([tmp_path]) if each.weight != 1]
    assert real == [
        Labelled("shop shows 502 now", "en", wants_help=True, number=False, weight=12.0),
        Labelled("room 502", "de", wants_help=False, number=True, weight=0.5),
    ]


def test_texts_show_their_words_and_traits(kb: KnowledgeBase) -> None:
    """What a text shows has its words beside the number and anywhere, and the traits of the place that counted."""
    plea = Labelled("login shows 502 since noon", "en", wants_help=True, number=False)
    (pleads,), (means,) = pleading(kb, [plea]), meaning(kb, [plea])
    assert {"shows _", "_ since", "login", "since noon"} <= pleads.words & means.words
    (reloads,) = pleading(kb, [plea._replace(text="login shows 502 since reloading it")])
    assert "reloa~" in reloads.words
    assert "short" in pleads.traits
    assert pleads.answer
    assert means.answer
    assert not list(meaning(kb, [plea._replace(text="bad gateway since noon")]))


@pytest.mark.parametrize("section", QUESTIONS)
def test_written_form_is_the_one_in_the_files(kb: KnowledgeBase, section: str) -> None:
    """Writing the weights that are there changes no locale and no module: so a fit changes weights only."""
    question = QUESTIONS[section]
    words = question.words(index_of(kb).vocabulary)
    of = by_language([], words, standing(kb, section))
    for path in LOCALES.glob("*.toml"):
        text = path.read_text("utf-8")
        assert with_section(text, f"recognise.{section}", of.get(path.stem, {})) == text, path.stem
    source = Path(str(question.module.__file__)).read_text("utf-8")
    traits = getattr(question.module, question.table)
    assert retabled(source, question.table, traits, question.module.ENOUGH) == source


def test_section_is_made_where_there_was_none() -> None:
    """A language without weights gets a section at its end, and loses it with its last word."""
    text = 'language = "eo"\n\n[recognise]\ncontext = ["eraro"]\n'
    with_words = with_section(text, "recognise.words", {"nun _": 0.5, 'ho "ve"': 0.5, "paco": -1.0})
    assert with_words.endswith('\n\n[recognise.words]\n"0.50" = ["ho \\"ve\\"", "nun _"]\n"-1.00" = ["paco"]\n')
    assert with_section(with_words, "recognise.words", {}).rstrip() == text.rstrip()


def test_words_stay_in_their_language(kb: KnowledgeBase) -> None:
    """A new word goes to the language whose texts have it most often; one that is somewhere already stays there."""
    texts = [
        Shown(frozenset(), frozenset({"jetzt", "now"}), language, True, 1.0) for language in ("de", "de", "en", "xx")
    ]
    assert by_language(texts, {"jetzt": 1.0, "now": 0.5}, {"now": ["en"]}) == {"de": {"jetzt": 1.0}, "en": {"now": 0.5}}
