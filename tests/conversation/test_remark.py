"""Is "still 502" in mid-conversation taken as an answer, and never as a new start?"""

from __future__ import annotations

import pytest

from bot.conversation.remark import says_again
from bot.conversation.state import Phase
from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase
from playbook import NGINX_502, NGINX_502_NO_ADDRESS, PLAIN_502, Playbook, seen

REMARKS = (
    "still 502",
    "done, still 502",
    "nope, same 502 error",
    "still getting 502 bad gateway",
    "I cleared the cache and restarted the browser, but I am still getting the same 502 Bad Gateway",
    "https://shop.example.com/ still says 502",
    "502 Bad Gateway nginx/1.24.0",
)


def _at_question(kb: KnowledgeBase) -> Playbook:
    return Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(200)).picks("guide")


def _at_step(kb: KnowledgeBase) -> Playbook:
    """Stand at the third step, with two that failed and two answers given."""
    book = _at_question(kb).picks("no").picks("no")
    for _ in range(9):
        if book.phase is Phase.ASK_BROWSER:
            book.picks("chrome")
        elif book.phase is Phase.ASK_SYSTEM:
            book.picks("windows")
        elif book.phase is Phase.ASK_QUESTION:
            book.picks("dont-know")
        elif book.state.number < 3:
            book.picks("still-broken").looked(seen(200))
    assert (book.phase, book.state.number) == (Phase.STEP, 3)
    return book


@pytest.mark.parametrize("text", REMARKS)
def test_same_error_at_a_step_means_still_broken(kb: KnowledgeBase, text: str) -> None:
    """The step has failed and the bot looks again; what was answered and tried stays known."""
    book = _at_step(kb)
    answers, outcomes, at = book.state.answers, book.state.outcomes, book.state.step
    book.says(text)
    assert (book.keys, book.phase) == (["checking"], Phase.RECHECKING)
    assert book.state.answers == answers
    assert book.state.outcomes == {**outcomes, at: "failed"}


@pytest.mark.parametrize("text", REMARKS)
def test_same_error_at_a_question_means_no(kb: KnowledgeBase, text: str) -> None:
    """Whoever meets the same error in a private window has answered the question."""
    book = _at_question(kb)
    assert book.state.question == "private-window"
    book.says(text)
    assert book.state.answers == {"private-window": "fails"}
    assert book.state.question == "mobile-data"


def test_same_error_tells_nothing_of_other_sites(kb: KnowledgeBase) -> None:
    """Asked about other sites the bot asks again: this one failing does not make them fail."""
    book = Playbook(kb).says(PLAIN_502).picks("visitor").looked(seen(200)).picks("guide").picks("no").picks("dont-know")
    assert book.state.question == "other-sites"
    assert book.says("still 502").keys == ["ask-question"]
    assert "other-sites" not in book.state.answers


def test_same_error_during_a_look_waits_for_it(kb: KnowledgeBase) -> None:
    """The look goes on, and the next step follows as if nothing had been said."""
    book = _at_step(kb).picks("still-broken").says("still 502")
    assert (book.keys, book.phase) == (["checking"], Phase.RECHECKING)
    assert book.looked(seen(200)).state.number == 4


@pytest.mark.parametrize("text", ["now it is 504 Gateway Time-out", "502 Bad Gateway Apache/2.4.57 Proxy Error"])
def test_other_error_begins_anew_with_the_answers(kb: KnowledgeBase, text: str) -> None:
    """Another error, or another writer, of the same site is judged again; nobody is asked the same again."""
    book = _at_step(kb)
    answers = book.state.answers
    book.says(text)
    assert book.keys == ["recognised", "checking"]
    assert book.state.outcomes == {}
    assert book.state.answers == answers


def test_other_site_begins_anew_without_the_answers(kb: KnowledgeBase) -> None:
    """What was answered about one site tells nothing of another."""
    book = _at_step(kb).says("https://blog.example.dev/ says 502 Bad Gateway")
    assert book.keys == ["recognised", "checking"]
    assert (book.state.host, book.state.answers, book.state.outcomes) == ("blog.example.dev", {}, {})


def test_writer_of_the_error_is_news(kb: KnowledgeBase) -> None:
    """A page that says more than the first words did is no remark."""
    book = Playbook(kb).says("https://shop.example.com/ gives me a 502 error").picks("visitor").looked(seen(502))
    book.picks("guide")
    assert book.phase is Phase.STEP
    assert book.says("502 Bad Gateway nginx/1.24.0").keys == ["recognised", "checking"]


def test_same_error_without_an_address_goes_on(kb: KnowledgeBase) -> None:
    """Without anything to look at the next step follows at once."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").picks("no-address").picks("guide")
    assert book.phase is Phase.STEP
    book.says("still 502")
    while book.phase in (Phase.ASK_BROWSER, Phase.ASK_SYSTEM):
        book.picks("other")
    assert (book.state.number, book.checks) == (2, [])


def test_what_is_hardly_recognised_is_no_remark(kb: KnowledgeBase) -> None:
    """What the bot would not be sure of by itself is not taken for the error of this conversation."""
    state, found = _at_step(kb).state, identify(kb, "still 502")
    assert found.match is not None
    assert says_again(state, found)
    faint = found.match.model_copy(update={"confidence": 0.3})
    assert not says_again(state, found.model_copy(update={"match": faint}))
