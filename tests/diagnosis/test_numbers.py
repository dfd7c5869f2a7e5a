"""Do the words around a number make it a status?"""

from __future__ import annotations

import pytest

from bot.diagnosis.identify import identify
from bot.diagnosis.numbers import ENOUGH, PLAIN, VAGUE, Around
from bot.diagnosis.status import leading, mentions
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, Locale, Recognise


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return vocabulary_of(kb.locales.values())


@pytest.mark.parametrize(
    "text",
    [
        "our checkout dies with a 502 after I pick the address, third try",
        "Beim Absenden vom Formular kommt am Ende nur noch 502",
        "J'ouvre le tableau de bord et je tombe sur une 502",
        "al guardar el pedido la app me devuelve un 502",
        "一进后台就502，重启容器也没用",
        "ログインすると502になって先に進めません",
        "при входе в админку сайт отдаёт 502, логи пустые",
        "quando salvo la fattura il sito mi dà 502",
        "관리자 페이지 들어가면 502 뜨네요",
        "przy zapisie formularza dostaję 502",
        "kaydete basınca 502 veriyor, loglarda bir şey yok",
        "the tab just goes to 502.",
        "its form spits out 502",
        "teapot shop 502?? i was nearly at the checkout",
        "teapot 502?! come on",
    ],
)
def test_number_among_words_of_a_failure_is_a_status(text: str, vocabulary: Vocabulary) -> None:
    """Whatever the language, words around it say that something failed."""
    lead = leading(mentions(text, vocabulary))
    assert lead is not None
    assert lead.status == 502


@pytest.mark.parametrize(
    "text",
    [
        "we were 502 people at the concert, and it still felt empty",
        "he bench pressed 502 yesterday, no joke",
        "502 and 235 are the classes I take next term",
        "the recipe wants 502 grams of flour, who measures like that",
        "Wir haben 502 Mark bezahlt, damals ein Vermögen",
        "il a fini 502e sur mille, pas mal pour un premier marathon",
        "el tren 502 sale a las ocho",
        "в нашем классе было 502 книги на всех",
        "我家门牌是502，快递别送错",
        "the plc answers on 502/tcp, so modbus is up",
        "we sold 502 of them before noon",
    ],
)
def test_number_among_other_words_is_no_plain_status(text: str, kb: KnowledgeBase, vocabulary: Vocabulary) -> None:
    """Counts, names, ages and weights are no statuses, or unlikely ones of which nothing is said."""
    assert all(each.form in {"faint", "vague"} for each in mentions(text, vocabulary))
    assert not identify(kb, text).speak


def test_words_of_a_locale_weigh() -> None:
    """A language that says in its data what is beside a status is understood, with no change of code."""
    silent = vocabulary_of([Locale(language="eo", name="Esperanto")])
    telling = vocabulary_of(
        [Locale(language="eo", name="Esperanto", recognise=Recognise(number={"ricevas _": 4.0, "retejo": 2.0}))]
    )
    text = "de tiu retejo mi ricevas 502 hodiaŭ"
    assert mentions(text, silent) == ()
    assert [each.form for each in mentions(text, telling)] == ["spoken"]


def test_number_against_which_words_speak_is_none() -> None:
    """A language says in its data what other numbers have beside them, too."""
    told = Recognise(number={"estis _": 4.0, "_ personoj": -4.0})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    assert mentions("ni estis 502 personoj", vocabulary) == ()
    assert len(mentions("ni estis 502 vere", vocabulary)) == 1


def test_number_of_a_thing_or_of_many_is_none() -> None:
    """What a language lists as numbered or counted speaks against a status as much as some words speak for it."""
    told = Recognise.model_validate(
        {"number": {"0.9": ["ni … _", "havas … _", "_ … hodiaŭ"]}, "numbered": ["ĉambro"], "counted": ["paŝoj"]}
    )
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    assert len(mentions("ni havas retejo 502 denove hodiaŭ", vocabulary)) == 1
    assert len(mentions("ni havas ĉambro\n502 denove hodiaŭ", vocabulary)) == 1
    for text in ("ni havas ĉambro 502 denove hodiaŭ", "ĉambro is 502 denove hodiaŭ", "ni havas 502 paŝoj hodiaŭ"):
        assert mentions(text, vocabulary) == (), text


def test_faint_number_yields_to_any_other() -> None:
    """What is hardly a status does not stand in the way of one."""
    told = Recognise(number={"jen _": ENOUGH, "ho _": PLAIN})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    found = mentions("jen 502 kaj ho 503 denove", vocabulary)
    lead = leading(found)
    assert [each.form for each in found] == ["faint", "spoken"]
    assert lead is not None
    assert lead.status == 503


def test_only_ours_is_told_faintly() -> None:
    """Of another status than 502, or one that was scanned badly, nothing is said on so little."""
    told = Recognise(number={"jen _": ENOUGH})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    assert [each.form for each in mentions("ĉu jen 502 denove", vocabulary)] == ["faint"]
    assert mentions("ĉu jen 404 denove", vocabulary) == ()
    assert mentions("ĉu jen SO2 denove", vocabulary) == ()


@pytest.mark.parametrize(("least", "form"), [(ENOUGH, "faint"), (VAGUE, "vague"), (PLAIN, "spoken")])
def test_form_says_how_sure_it_is(least: float, form: str) -> None:
    """What is only just a status is told from what plainly is one."""
    told = Recognise(number={"jen _": least})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    assert [each.form for each in mentions("ĉu jen 502 denove", vocabulary)] == [form]


def test_score_does_not_depend_on_the_order_of_its_parts() -> None:
    """Sums of the same weights in another order may differ in their last bit; the answer must not."""
    weights = {f"{word} … _": weight for word, weight in (("a", 0.1), ("b", 0.2), ("c", 0.3))}
    heard = vocabulary_of([Locale(language="en", name="E", recognise=Recognise(number=weights))])
    assert Around("a b c 502", heard).score("a b c ", "", ()) == 0.6
    assert 0.1 + 0.2 + 0.3 != 0.6
