"""How does a text describe a failure?"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis import telling
from bot.diagnosis.index import compile_index
from bot.diagnosis.shapes import Shape
from bot.diagnosis.telling import Place, Told
from bot.diagnosis.vocabulary import Vocabulary
from bot.kb.lint.backtracking import danger
from bot.kb.model import KnowledgeBase


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return compile_index(kb).vocabulary


def traits(text: str, vocabulary: Vocabulary, *, known: bool = False) -> tuple[Shape, dict[str, AbstractSet[str]]]:
    at = text.index("502")
    place = Place(at, at + 3, known)
    return Told(text, vocabulary, places=[place]).traits(place)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Since the update I'm getting a 502 from the shop", {"plea", "now", "met"}),
        (
            "it was only the cache, the 502 is gone now",
            {"over", "no plea", "no plea, over", "referred to", "said of it"},
        ),
        ("a 502 usually means that the server behind the proxy died", {"general", "explained"}),
        ("customers saw 502s last night", {"others", "past", "several of them"}),
        ("Add a page for 502", {"order", "change"}),
        ("fix(proxy): answer 502 when nobody listens", {"commit", "order"}),
        (
            "it would be nice if the 502 page had our colours",
            {
                "wish",
            },
        ),
        ("maintenance tonight, expect a 502", {"news"}),
        ("no 502 since Monday", {"denied"}),
        ("login fails with error 502", {"called an error", "ends with it", "shown", "met", "few words"}),
        ("Is it me? https://shop.example.com says 502!", {"asked", "link", "exclaimed", "shown"}),
        ("login says 502 gateway timeout", {"ends with it", "few words"}),
        ("notes about 502", {"spoken of"}),
        ("my brain on mondays: 502", {"figure"}),
        ("mein Gehirn im Meeting: 502", {"figure"}),
        ("502 since 2.1.0 was installed", {"version"}),
        ("- 502 when the upstream is away", {"item"}),
        ("raise web.HTTPBadGateway(text='502')  # or so", {"symbol"}),
        ("return StatusCode::BAD_GATEWAY; // 502", {"symbol", "code beside"}),
        ("when bad_gateway, 502 -> code.bad_gateway", {"symbol"}),
        ("| 502 | the worker is away | restart it |", {"table"}),
        ("retry_policy of apiClient and HttpProxy: 502", {"identifiers"}),
        ("it answers 502, 503 or 504", {"several statuses"}),
        ("# Outage\n\n- one\n- two\n\nwe had 502 for an hour", {"heading", "bullets"}),
    ],
)
def test_manners_are_heard(vocabulary: Vocabulary, text: str, held: set[str]) -> None:
    """Each way to describe it is a trait of its own."""
    _, found = traits(text, vocabulary)
    assert held <= found.keys()


@pytest.mark.parametrize(
    ("text", "is_title"),
    [
        ("Disable keep-alive towards the mill, fixes a 502", True),
        ("Uploads of boats\n\nStops 502 on large ones", True),
        ("Disable keep-alive towards my mill, I get a 502", False),
        ("Fix your mill please, 502", False),
        ("Disable keep-alive towards the mill, or is the 502 wanted?", False),
        ("The mill answers 502", False),
    ],
)
def test_title_of_a_change_speaks_to_nobody(vocabulary: Vocabulary, text: str, *, is_title: bool) -> None:
    """A verb at the start of a line is a title where no person is spoken of and nothing is asked."""
    assert ("titled" in traits(text, vocabulary)[1]) is is_title


def test_longest_phrase_counts_alone(vocabulary: Vocabulary) -> None:
    """What does not work any more is a need; what is not there any more is over."""
    _, need = traits("the login doesn't work anymore, 502", vocabulary)
    assert "plea" in need
    assert "over" not in need
    _, over = traits("I see no 502 anymore", vocabulary)
    assert over["over"] == {"anymore"}


def test_words_of_other_sentences_are_kept_apart(vocabulary: Vocabulary) -> None:
    """In a long text only a sentence's own words say that it is over; others are noted as such."""
    text = (
        "The printer is fixed. " + "We walked along the river and bought bread on the way home. " * 4 + "Shop says 502."
    )
    _, found = traits(text, vocabulary)
    assert "over" not in found
    assert found["over elsewhere"] == {"is fixed"}


def test_figure_that_has_the_failure_is_no_plea(vocabulary: Vocabulary) -> None:
    """Whoever needs help may joke, but what "gives me" a 502 must not be a brain."""
    _, joke = traits("lol my brain gives me a 502, anyone else?", vocabulary)
    assert {"figure", "no plea"} <= joke.keys()
    assert "plea" not in joke
    _, plea = traits("my brain hurts. anyone else? the page says 502", vocabulary)
    assert "plea" in plea
    assert "figure" not in plea


def test_joke_in_another_sentence_is_no_joke_about_it(vocabulary: Vocabulary) -> None:
    """Of somebody's brain a long text may speak, and of a site that fails."""
    text = "My brain hurts. " + "We walked along the river and bought bread on the way home. " * 4 + "Shop says 502."
    assert "figure" not in traits(text, vocabulary)[1]


def test_machines_are_judged_by_what_speaks_against_them(vocabulary: Vocabulary) -> None:
    """A machine's line needs no plea; code and headings around it are noted."""
    shape, found = traits("2026-11-03 08:14:55 ERROR upstream answered 502", vocabulary)
    assert shape is Shape.MACHINE
    assert not found.keys() & {"no plea", "plea"}
    _, found = traits("## Errors\n\n502 Bad Gateway usually means a dead server", vocabulary, known=True)
    assert {"known", "machine, heading", "machine, general"} <= found.keys()


def test_line_of_a_machine_has_the_same_marks(vocabulary: Vocabulary) -> None:
    """How a line is written counts for machines, too, by a name of its own."""
    shape, found = traits("- 2026-11-03 08:14:55 ERROR http_status of proxyClient in appServer: 502", vocabulary)
    assert shape is Shape.MACHINE
    assert {"machine, item", "machine, identifiers"} <= found.keys()


def test_other_lines_are_no_part_of_it(vocabulary: Vocabulary) -> None:
    """A symbol, an item or a remark on another line says nothing of this one."""
    _, found = traits("- raise HTTPBadGateway() // x\nI get 502\n- BAD_GATEWAY => x", vocabulary)
    assert not found.keys() & {"item", "symbol", "code beside", "identifiers"}


def test_program_is_seen_as_one(vocabulary: Vocabulary) -> None:
    """Code and comments of several lines are a program; a log and a curl output are none."""
    _, found = traits("if (failed) {\n  res.status(502).end();\n}\nreturn;", vocabulary)
    assert "program" in found
    _, found = traits("# the proxy answers 502\n# when nobody listens\n# on the port", vocabulary)
    assert "program" in found
    _, found = traits("cat <<END >502.html\n502 Bad Gateway\nEND", vocabulary)
    assert "program" in found
    _, found = traits("* Connected\n> GET / HTTP/1.1\n< HTTP/1.1 502 Bad Gateway\n* Closing {", vocabulary)
    assert "program" not in found


def test_explanation_holds_for_its_whole_line(vocabulary: Vocabulary) -> None:
    """What is explained of the number is explained of the words beside it."""
    text = 'a 502 means "Bad Gateway"\nBad Gateway'
    places = [Place(at, at + size) for at, size in ((2, 3), (13, 11), (26, 11))]
    told = Told(text, vocabulary, places=places)
    assert ["explained" in told.traits(place)[1] for place in places] == [True, True, False]


def test_length_is_a_trait(vocabulary: Vocabulary) -> None:
    """A word or two, a short line and a long text are told apart; signs that say as much as a syllable count more."""
    lengths = {"few words", "short", "long"}
    found = [
        traits(text, vocabulary)[1].keys() & lengths for text in ("502", "502 " + "so " * 25, "502 " + "so " * 200)
    ]
    assert found == [{"few words", "short"}, {"short"}, {"long"}]
    assert traits("502" + "网" * 30, vocabulary)[1].keys() & lengths == {"short"}


def test_error_that_is_gone_is_told_from_one_that_is_waited_for(vocabulary: Vocabulary) -> None:
    """What is said of the status itself decides; a question or a hope does not."""
    assert "gone" in traits("thanks, the 502 is gone for me", vocabulary)[1]
    assert "gone" not in traits("any news when the 502 is gone", vocabulary)[1]
    assert "gone" not in traits("so the 502 is gone?", vocabulary)[1]
    assert "gone" not in traits("the 502 was fixed but came back, is the 502 gone?", vocabulary)[1]


def test_head_of_a_page_is_seen(vocabulary: Vocabulary) -> None:
    """A page of documentation begins with its title between lines; a log or a list does not."""
    assert "document" in traits("---\ntitle: Errors 502 and 503\ndescription: What to do\n---\nRead on.", vocabulary)[1]
    assert "document" in traits("---\nid: 7\nslug: gateway-502\n---\nRead on.", vocabulary)[1]
    assert "document" not in traits("---\n502 on my site\ntitle: none", vocabulary)[1]
    assert "document" not in traits("- title: my site\n- error: 502", vocabulary)[1]


@pytest.mark.parametrize(
    ("text", "is_document"),
    [
        ("502 Bad Gateway\nCommon causes\n- the app is down\n## How to fix it\n1. Restart it", True),
        ("Error 502\n\nMögliche Ursachen:\n- Zeitüberschreitung\n\nLösung: Server neu starten", True),
        ("502 Bad Gateway\n주요 원인\n- 서버 다운\n해결 방법\n- 재시작", True),
        ("TL;DR What broke: PHP died, nginx sent 502. How to fix it: raise the limit.", True),
        ("502 since noon. Cause: no idea, can somebody help?", False),
        ("502 again\ncaused by: timeout\nfixed: no", False),
    ],
)
def test_parts_of_a_document_are_seen(text: str, vocabulary: Vocabulary, *, is_document: bool) -> None:
    """A text with parts on where an error comes from and how it is fixed explains it; a report does not have both."""
    assert ("document" in traits(text, vocabulary)[1]) is is_document


@pytest.mark.parametrize(
    ("text", "is_form"),
    [
        ("Priority: high\nDescription: the shop shows 502", True),
        ("Was ist passiert: 502\nSeit wann: heute", True),
        ("复现步骤:点保存\n实际结果:502", True),
        ("Priority is what we lack; since monday 502", False),
        ("Description: the shop shows 502", False),
    ],
)
def test_form_that_somebody_filled_in_is_seen(text: str, vocabulary: Vocabulary, *, is_form: bool) -> None:
    """Two labels of a report, in any language, make a form."""
    assert ("form" in traits(text, vocabulary)[1]) is is_form


def test_heading_with_the_answer_is_seen(vocabulary: Vocabulary) -> None:
    """Notes name the solution in a line of its own; a question for one does not."""
    assert "answered" in traits("Shop was down: 502\n\nResolved: it is up", vocabulary)[1]
    assert "answered" not in traits("502\nDescribe the solution that you want", vocabulary)[1]


@pytest.mark.parametrize(
    ("name", "pattern"), [(name, each.pattern) for name, each in vars(telling).items() if isinstance(each, re.Pattern)]
)
def test_no_hostile_text_is_read_again_and_again(name: str, pattern: str) -> None:
    """Each expression costs a bounded number of steps for each letter: empty lines once held the bot up for seconds."""
    assert danger(pattern) is None, name


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.text(max_size=300))
def test_any_text_has_traits(kb: KnowledgeBase, before: str, after: str) -> None:
    """No text makes it fail, and the shape is always one of its traits."""
    text = f"{before}502{after}"
    place = Place(len(before), len(before) + 3)
    shape, found = Told(text, compile_index_once(kb)).traits(place)
    assert shape.value in found


def compile_index_once(kb: KnowledgeBase, kept: list[Vocabulary] = []) -> Vocabulary:  # noqa: B006 - kept on purpose
    if not kept:
        kept.append(compile_index(kb).vocabulary)
    return kept[0]


@pytest.mark.parametrize("form", ["vague", "faint", "loose"])
def test_unsure_number_is_told(form: str, vocabulary: Vocabulary) -> None:
    """A number that is only just a status counts less, and that has a name."""
    place = Place(9, 12, form=form)
    told = Told("wait why 502", vocabulary, places=[place])
    assert form in told.traits(place)[1]
    assert form not in told.traits(Place(9, 12, form="spoken"))[1]
