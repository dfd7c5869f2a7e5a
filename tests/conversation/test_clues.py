"""Does a page that opens in a trial's own place lead on to what fixes the usual way?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Chose
from bot.conversation.replies import Ended, PlanShown, ReportReady
from bot.conversation.state import Phase
from bot.diagnosis.findings import Report
from bot.kb.model import KnowledgeBase
from playbook import NGINX_502, NGINX_502_NO_ADDRESS, Playbook, seen

DEFAULTS = {
    Phase.ASK_ROLE: "visitor",
    Phase.ASK_ADDRESS: "no-address",
    Phase.VERDICT: "guide",
    Phase.ASK_QUESTION: "dont-know",
    Phase.ASK_BROWSER: "chrome",
    Phase.ASK_SYSTEM: "windows",
    Phase.STEP: "skip",
}
OTHER_PLACES = frozenset({"new-session", "safe-mode", "other-browser", "other-network", "vpn-off"})
"""Steps that change nothing for good: after them the usual way is as it was."""


def at(kb: KnowledgeBase, text: str, step: str, look: Report | None = None) -> Playbook:
    """Return a conversation that has come to a step; all before it was skipped."""
    book = Playbook(kb).says(text)
    for _ in range(40):
        if book.phase is Phase.STEP and book.state.step == step:
            return book
        if book.phase is Phase.CHECKING and look is not None:
            book.looked(look)
        else:
            book.picks(DEFAULTS[book.phase])
    raise AssertionError(f"{step} is never offered: {book.phase}")


def test_same_error_again_is_no_to_the_usual_way(kb: KnowledgeBase) -> None:
    """Whoever says "still 502" when asked whether it works the usual way has answered: only there."""
    book = at(kb, NGINX_502, "new-session", seen(200)).picks("works")
    assert book.phase is Phase.ASK_USUAL
    book.says("still 502")
    assert (book.phase, book.state.step) == (Phase.STEP, "cookies")


@pytest.mark.parametrize(
    ("text", "look", "trial", "cure"),
    [
        (NGINX_502_NO_ADDRESS, None, "new-session", "cookies"),
        (NGINX_502, seen(200), "new-session", "cookies"),
        (NGINX_502, seen(200), "safe-mode", "find-add-on"),
        ("HTTP ERROR 502", None, "other-browser", "cookies"),
        ("500 Internal Server Error", None, "new-session", "cookies"),
        ("403 Forbidden nginx", None, "other-network", "vpn-off"),
        ("403 Forbidden nginx", None, "vpn-off", "allow-past-filter"),
        ("NET::ERR_CERT_DATE_INVALID", None, "other-network", "captive-portal"),
        ("https://shop.example.com/ ERR_CONNECTION_TIMED_OUT", seen(200), "vpn-off", "allow-past-filter"),
        ("504 Gateway Time-out", None, "other-network", "usual-network"),
        ("npm ERR! 502 Bad Gateway - GET https://registry.npmjs.org/x", seen(200), "proxy-settings", "drop-proxy"),
    ],
)
def test_trial_leads_on_to_the_cure(kb: KnowledgeBase, text: str, look: Report | None, trial: str, cure: str) -> None:
    """ "It works" at a trial asks about the usual way; if that fails, its cure is the next step, even if skipped."""
    book = at(kb, text, trial, look)
    assert book.picks("works").keys == ["ask-usual"]
    book.picks("only-there")
    while book.phase in (Phase.ASK_QUESTION, Phase.ASK_BROWSER, Phase.ASK_SYSTEM):
        book.picks(DEFAULTS[book.phase])
    assert book.phase is Phase.STEP
    assert book.state.step == cure
    assert book.state.outcomes[trial] == "told"


def test_cure_that_failed_before_does_not_come_again(kb: KnowledgeBase) -> None:
    """Only what was skipped has a new reason to be done."""
    book = at(kb, "HTTP ERROR 502", "other-browser")
    tried = book.state.model_copy(update={"outcomes": {**book.state.outcomes, "cookies": "failed"}})
    book = Playbook(kb, tried).feed(Chose(choice="works")).picks("only-there")
    assert book.state.step == "clear-cache"


def test_trial_after_which_all_works_is_the_end(kb: KnowledgeBase) -> None:
    """Where the usual way works, too, the conversation ends, and the step is credited as ever."""
    book = at(kb, NGINX_502_NO_ADDRESS, "new-session").picks("works").picks("yes")
    ended = book.replies[-1]
    assert isinstance(ended, Ended)
    assert (book.phase, ended.step, book.state.solved_by) == (Phase.ENDED, "new-session", "new-session")


def test_step_that_mends_for_good_ends_at_once(kb: KnowledgeBase) -> None:
    """Nobody is asked for the usual way after a step that was done there."""
    assert at(kb, NGINX_502_NO_ADDRESS, "cookies").picks("works").phase is Phase.ENDED


def test_trial_is_judged_as_the_answer_that_it_is(kb: KnowledgeBase) -> None:
    """A private window in which the page opens changes the verdict as the quick question would, and it is said."""
    book = at(kb, "https://shop.example.com/ 403 Forbidden nginx", "other-network", seen(200)).picks("works")
    assert book.picks("only-there").keys[0] == "verdict"
    assert book.state.answers["mobile-data"] == "works"
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "network-turned-away"


@pytest.mark.parametrize(
    "said",
    [
        "it works but only in the private window", "only opens in incognito", "yes, but only there", "only there",
        "It only works in private mode.", "no", "still broken",
    ],
)  # fmt: skip
def test_only_there_is_understood(kb: KnowledgeBase, said: str) -> None:
    """People say it in their own words, at the step already or when they are asked."""
    book = at(kb, NGINX_502_NO_ADDRESS, "new-session")
    if said in ("no", "still broken"):
        book.picks("works")
    book.says(said)
    assert book.state.outcomes["new-session"] == "told"
    assert book.state.answers["private-window"] == "works"
    assert book.state.step != "new-session"


@pytest.mark.parametrize("said", ["only there are ten of us", "it shows only a white page", "in incognito"])
def test_other_words_are_not_taken_for_it(kb: KnowledgeBase, said: str) -> None:
    """What does not end in such a place, or has no "only", says nothing of it."""
    book = at(kb, NGINX_502_NO_ADDRESS, "new-session").says(said)
    assert book.state.outcomes["new-session"] == "offered"


def test_only_there_at_a_step_without_another_place_asks_again(kb: KnowledgeBase) -> None:
    """Where there is no other place, nothing is guessed."""
    book = at(kb, NGINX_502_NO_ADDRESS, "reload").says("only there")
    assert book.keys == ["not-understood", "step"]
    assert book.state.step == "reload"


def test_only_there_is_a_yes_to_a_question_about_one_place(kb: KnowledgeBase) -> None:
    """ "Does it open in a private window?" - "Yes, but only there": that is what the question wants to know."""
    book = Playbook(kb).says("https://shop.example.com/ 400 Bad Request").picks("visitor").looked(seen(200))
    assert book.picks("guide").state.question == "private-window"
    assert book.says("yes, but only there").state.answers["private-window"] == "works"


def test_cure_is_not_offered_without_its_clue(kb: KnowledgeBase) -> None:
    """What only a clue calls for stays away from everybody else, also from the list of what is left out."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").picks("no-address").picks("guide")
    met = {left.step for reply in book.replies if isinstance(reply, PlanShown) for left in reply.skipped}
    while book.phase is not Phase.EXIT:
        met.add(book.state.step or "")
        book.picks(DEFAULTS[book.phase])
    assert met.isdisjoint({step.id for step in kb.guides["visitor"].steps if step.cure})


def test_back_from_the_cure_asks_for_the_usual_way_again(kb: KnowledgeBase) -> None:
    """Whoever answered too early can take it back."""
    book = at(kb, NGINX_502_NO_ADDRESS, "new-session").picks("works").picks("only-there").picks("back")
    assert book.keys == ["ask-usual"]
    assert book.picks("back").state.step == "new-session"


def test_report_says_that_it_works_only_there(kb: KnowledgeBase) -> None:
    """The people who get the report learn what the trial has shown."""
    book = at(kb, NGINX_502_NO_ADDRESS, "new-session").picks("works").picks("only-there").picks("human")
    report = book.replies[0]
    assert isinstance(report, ReportReady)
    assert ("new-session", "told") in {(tried.step, tried.outcome) for tried in report.tried}


def test_every_trial_of_another_place_has_a_clue(kb: KnowledgeBase) -> None:
    """No visitor's guide ends with "Glad that it works again" where only the trial worked."""
    guides = [guide for guide in kb.guides.values() if guide.audience == "visitor"]
    trials = [(guide.id, step) for guide in guides for step in guide.steps if step.id in OTHER_PLACES]
    assert len(trials) > len(OTHER_PLACES)
    assert [(guide, step.id) for guide, step in trials if step.clue is None] == []


def test_silence_over_the_usual_way_keeps_the_place(kb: KnowledgeBase) -> None:
    """Whoever falls asleep over the question is asked it again."""
    book = at(kb, NGINX_502_NO_ADDRESS, "new-session").picks("works").silence()
    assert book.feed(Chose(choice="resume")).keys == ["ask-usual"]


def test_trial_that_works_only_there_is_no_recovery(kb: KnowledgeBase) -> None:
    """Whose usual window fails while the site works is not told that the site has just recovered."""
    book = at(kb, NGINX_502, "new-session", seen(200)).picks("works").picks("only-there")
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "browser-state"
