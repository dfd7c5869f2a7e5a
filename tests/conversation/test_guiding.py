"""Is a person taken through the steps that make sense, to a real end?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Chose
from bot.conversation.replies import AskRole, Ended, Exhausted, Judged, PlanShown, ReportReady, Why
from bot.conversation.state import Phase, State
from bot.diagnosis.experience import Moved, Tally
from bot.kb.model import KnowledgeBase
from playbook import NGINX_400_COOKIES, NGINX_502, PLAIN_502, Playbook, seen


def down(kb: KnowledgeBase, role: str = "visitor") -> Playbook:
    return Playbook(kb).says(NGINX_502).picks(role).looked(seen(502))


def shown_exit(book: Playbook) -> Exhausted:
    reply = book.replies[-1]
    assert isinstance(reply, Exhausted)
    return reply


def up(kb: KnowledgeBase, text: str = NGINX_502) -> Playbook:
    return Playbook(kb).says(text).picks("visitor").looked(seen(200)).picks("guide")


def asked_in(book: Playbook) -> list[str | None]:
    """Return which quick questions come, where nobody knows an answer."""
    asked = []
    while book.phase is Phase.ASK_QUESTION:
        asked.append(book.state.question)
        book.picks("dont-know")
    return asked


def in_own_browser(kb: KnowledgeBase) -> Playbook:
    """Return a conversation whose verdict is the browser's stored data."""
    book = Playbook(kb).says(NGINX_400_COOKIES).picks("visitor").looked(seen(200)).picks("guide")
    return book.picks("yes")


def test_plan_says_what_is_skipped_and_why(kb: KnowledgeBase) -> None:
    """Before the first step the person is told which steps are left out, and the cause for it."""
    book = down(kb).picks("guide")
    assert book.keys == ["plan", "step"]
    plan = book.replies[0]
    assert isinstance(plan, PlanShown)
    skipped = {skipped.step: skipped.cause for skipped in plan.skipped}
    assert {"restart-network", "dns-servers"} <= set(skipped)
    assert set(skipped.values()) == {book.state.verdict.cause if book.state.verdict else None}


def test_works_ends_and_remembers_the_step(kb: KnowledgeBase) -> None:
    """ "It works" at a step ends the conversation and notes which step did it."""
    book = down(kb).picks("guide").picks("works")
    ended = book.replies[0]
    assert isinstance(ended, Ended)
    assert (ended.outcome, ended.step) == ("solved", "reload")
    assert book.state.solved_by == "reload"


def test_works_before_any_step_credits_none(kb: KnowledgeBase) -> None:
    """If it works before a step was offered, no step gets the credit."""
    assert down(kb).picks("works").state.solved_by is None


def test_all_steps_lead_to_an_exit_with_a_human(kb: KnowledgeBase) -> None:
    """Skipping everything ends at the exit, where a report and a human are offered."""
    book = down(kb).picks("guide")
    for _ in range(20):
        if book.phase is not Phase.STEP:
            break
        book.picks("skip")
    assert book.keys == ["exhausted"]
    assert not shown_exit(book).early
    assert {"report-owner", "human", "later"} <= set(book.offered)


def test_provider_gets_no_report_where_the_evidence_clears_it(kb: KnowledgeBase) -> None:
    """Whoever fails from elsewhere or on another network too is offered no report for the provider; others are."""
    assert "report-isp" not in down(kb).picks("human").offered
    for elsewhere in ("yes", "no"):
        book = up(kb)
        while book.phase is Phase.ASK_QUESTION:
            book.picks({"mobile-data": elsewhere, "private-window": "no"}.get(book.state.question or "", "yes"))
        assert ("report-isp" in book.picks("human").offered) is (elsewhere == "yes")


@pytest.mark.parametrize("choice", ["report-owner", "human"])
def test_report_is_ready_and_more_can_follow(kb: KnowledgeBase, choice: str) -> None:
    """A report holds what was seen and tried, and the exit stays open."""
    book = down(kb).picks("guide").picks("still-broken").looked(seen(502, ids={"cf-ray": "8a1b"}))
    while book.phase is Phase.STEP:
        book.picks("skip")
    book.picks(choice)
    assert book.keys == ["report", "exhausted"]
    report = book.replies[0]
    assert isinstance(report, ReportReady)
    assert ("reload", "failed") in {(tried.step, tried.outcome) for tried in report.tried}
    assert report.ids["cf-ray"] == "8a1b"
    assert report.url == "https://shop.example.com/cart"
    assert not shown_exit(book).early


def test_report_names_the_address_that_was_found(kb: KnowledgeBase) -> None:
    """An address without a scheme is named as it was looked at and, when no look came back, as https."""
    found = seen(502).model_copy(update={"url": "http://shop.example.com/cart"})
    looked = Playbook(kb).says("shop.example.com/cart").looked(found)
    unseen = Playbook(kb).says("shop.example.com/cart").silence()
    for book, url in ((looked, "http://shop.example.com/cart"), (unseen, "https://shop.example.com/cart")):
        told = book.picks("human").picks("human").replies[0]
        assert isinstance(told, ReportReady)
        assert told.url == url


def test_human_before_the_end_is_not_called_the_end(kb: KnowledgeBase) -> None:
    """Whoever asks for a human while steps are left is not told that all was tried; going back leads on."""
    at_verdict = down(kb).picks("human")
    assert shown_exit(at_verdict).early
    assert at_verdict.picks("back").phase is Phase.VERDICT
    at_step = down(kb).picks("guide")
    while at_step.phase is Phase.STEP:
        last = at_step.state
        at_step.picks("skip")
    at_last_step = Playbook(kb, last).feed(Chose(choice="human"))
    assert shown_exit(at_last_step).early
    assert at_last_step.picks("back").state.step == last.step


def test_later_ends_kindly(kb: KnowledgeBase) -> None:
    """ "I come back later" is an end of its own."""
    book = down(kb).picks("guide")
    while book.phase is Phase.STEP:
        book.picks("skip")
    assert book.picks("later").state.outcome == "later"


def test_tried_steps_are_left_out(kb: KnowledgeBase) -> None:
    """Several steps can be marked as tried at once; the next one that is left follows."""
    book = down(kb).picks("guide").picks("tried")
    book.picks("step:reload", "step:contact-site")
    assert book.state.step == "come-back-later"
    assert book.state.outcomes["contact-site"] == "before"


def test_nothing_tried_returns_to_the_step(kb: KnowledgeBase) -> None:
    """ "None of them" shows the step again."""
    book = down(kb).picks("guide").picks("tried").picks("none-tried")
    assert (book.phase, book.state.step) == (Phase.STEP, "reload")


def test_questions_come_first_when_the_site_works(kb: KnowledgeBase) -> None:
    """When the site works from here, the person is asked at most three questions before the steps."""
    assert asked_in(up(kb, PLAIN_502)) == ["private-window", "mobile-data", "other-sites"]


def test_question_that_decides_nothing_here_is_not_asked(kb: KnowledgeBase) -> None:
    """Whoever holds a server's own page was connected: no verdict hangs on other sites, so nobody is asked of them."""
    assert asked_in(up(kb)) == ["private-window", "mobile-data"]


def test_own_line_comes_first_where_other_sites_fail_too(kb: KnowledgeBase) -> None:
    """A 502 that names no machine may be a proxy's own: once other sites fail, nothing of the browser is touched."""
    book = up(kb, PLAIN_502).picks("dont-know").picks("dont-know").picks("no")
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "other-sites-fail-with-error"
    assert book.state.step == "captive-portal"


def test_answer_that_decides_is_told_at_once(kb: KnowledgeBase) -> None:
    """An answer that changes the verdict brings the new verdict in the same breath, then the next step."""
    book = in_own_browser(kb)
    assert book.keys[0] == "verdict"
    judged = book.replies[0]
    assert isinstance(judged, Judged)
    assert judged.verdict.cause == "browser-state"
    assert judged.choices == ()


def test_recovered_site_is_reloaded_before_anything_is_cleared(kb: KnowledgeBase) -> None:
    """If the 502 is gone in a private window, reloading comes first; only when that fails is stored data touched."""
    book = up(kb).picks("yes")
    assert (book.keys[0], book.state.step) == ("verdict", "reload")
    book.picks("still-broken").looked(seen(200))
    assert book.keys == ["same", "verdict", "ask-browser"]
    while book.phase is not Phase.STEP:
        book.picks("other")
    assert book.keys == ["plan", "step"]
    assert book.state.step == "cookies"


def test_device_is_asked_once_and_remembered(kb: KnowledgeBase) -> None:
    """Browser and system are asked when a step needs them, and never again."""
    book = in_own_browser(kb)
    assert book.phase is Phase.ASK_BROWSER
    book.picks("firefox")
    assert book.phase is Phase.ASK_SYSTEM
    book.picks("windows")
    assert book.phase is Phase.STEP
    assert book.state.step == "cookies"
    book.says("start over").says(NGINX_400_COOKIES).picks("visitor").looked(seen(200)).picks("guide").picks("yes")
    assert book.phase is Phase.STEP


NPM = "npm ERR! code E502\nnpm ERR! 502 Bad Gateway - GET https://registry.example.org/left-pad"


def test_program_is_asked_neither_for_a_private_window_nor_for_a_browser(kb: KnowledgeBase) -> None:
    """Whoever met the error with a program gets a program's steps at once."""
    book = Playbook(kb).says(NPM)
    role = book.replies[-1]
    assert isinstance(role, AskRole)
    assert role.about == "program"
    book.picks("visitor").looked(seen(200)).picks("guide")
    assert (book.phase, book.state.guide, book.state.step) == (Phase.STEP, "visitor-client", "reload")


def test_private_window_is_no_question_for_a_program_whatever_the_verdict(kb: KnowledgeBase) -> None:
    """Verdicts that ask for a private window ask only those who have one."""
    for text, asked in ((NPM, False), (NGINX_502, True)):
        book = Playbook(kb).says(text).picks("visitor").looked(seen(403)).picks("guide")
        questions = []
        while book.phase is Phase.ASK_QUESTION:
            questions.append(book.state.question)
            book.picks("dont-know")
        assert ("private-window" in questions) is asked


def test_player_is_asked_about_an_app_and_never_about_a_browser(kb: KnowledgeBase) -> None:
    """Neither the role nor the questions before the steps speak of a site in a browser."""
    book = Playbook(kb).says("Roblox error code 502 when joining, https://www.roblox.com/")
    role = book.replies[-1]
    assert isinstance(role, AskRole)
    assert role.about == "app"
    book.picks("visitor").looked(seen(200)).picks("guide")
    while book.phase is Phase.ASK_QUESTION:
        assert book.state.question != "private-window"
        book.picks("dont-know")
    assert (book.phase, book.state.guide, book.state.step) == (Phase.STEP, "visitor-app", "reload")


def test_windows_update_is_asked_about_in_its_own_words(kb: KnowledgeBase) -> None:
    """Nobody whose PC gets no updates is asked about a site."""
    role = Playbook(kb).says("Windows Update: 0x80244021").replies[-1]
    assert isinstance(role, AskRole)
    assert role.about == "updates"


def test_other_device_still_gets_steps(kb: KnowledgeBase) -> None:
    """An unlisted browser and system get the general words."""
    book = in_own_browser(kb).picks("other").picks("other")
    assert book.phase is Phase.STEP


def test_owner_gets_the_products_guide_without_questions(kb: KnowledgeBase) -> None:
    """An owner is led through the guide of the product that wrote the page."""
    book = down(kb, "owner").picks("guide")
    assert book.state.guide == "owner-nginx"
    assert book.phase is Phase.STEP


HELPED = Tally(guide="visitor", step="cookies", solved=19, failed=12)


def up_with_experience(kb: KnowledgeBase) -> Playbook:
    """Return a conversation at its first step, where cookies have helped people before."""
    book = Playbook(kb)
    book.experience = dict.fromkeys(kb.causes, (HELPED,))
    book.says(NGINX_502).picks("visitor").looked(seen(200)).picks("guide")
    while book.phase is Phase.ASK_QUESTION:
        book.picks("dont-know")
    return book


def test_step_that_helped_others_comes_earlier_and_says_why(kb: KnowledgeBase) -> None:
    """The plan names what moved; at that step, and at no other, "Why?" has the counts."""
    book = up_with_experience(kb)
    moved = (Moved(step="cookies", solved=19, tried=31),)
    assert [reply.moved for reply in book.replies if isinstance(reply, PlanShown)] == [moved]
    assert book.state.step == "reload"
    assert shown_why(book).moved is None
    book.picks("skip").picks("firefox").picks("windows")
    assert book.state.step == "cookies"
    assert shown_why(book).moved == moved[0]


def test_order_stays_while_somebody_follows_it(kb: KnowledgeBase) -> None:
    """What others do meanwhile changes no plan that was begun; another cause brings its own counts."""
    book = up_with_experience(kb)
    book.experience = {}
    assert book.picks("skip").picks("firefox").picks("windows").state.step == "cookies"
    book.picks("still-broken").looked(seen(200))
    assert book.state.experience == (HELPED,)
    book.picks("still-broken").looked(seen(502))
    assert book.state.experience == ()


def test_older_state_has_no_experience(kb: KnowledgeBase) -> None:
    """A state that was saved before experience was kept goes on in the guide's own order."""
    saved = up_with_experience(kb).state.model_dump(mode="json", exclude={"experience"})
    book = Playbook(kb, State.model_validate(saved))
    assert book.says("skip").picks("firefox").picks("windows").state.step == "new-session"


def shown_why(book: Playbook) -> Why:
    reply = Playbook(book.kb, book.state).feed(Chose(choice="why")).replies[0]
    assert isinstance(reply, Why)
    return reply
