"""Do help, why, back, stop, silence and waking up work at any time, and lose nothing?"""

from __future__ import annotations

from bot.conversation.state import Phase
from bot.kb.model import KnowledgeBase
from playbook import NGINX_400_COOKIES, NGINX_502, NGINX_502_NO_ADDRESS, Playbook, seen


def at_step(kb: KnowledgeBase) -> Playbook:
    return Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")


def test_help_keeps_the_place(kb: KnowledgeBase) -> None:
    """Help is followed by the open question."""
    book = at_step(kb).says("help")
    assert book.keys == ["help", "step"]


def test_why_cites_the_verdict_and_keeps_the_place(kb: KnowledgeBase) -> None:
    """ "Why?" lays the reasons open, then the step comes again."""
    assert at_step(kb).picks("why").keys == ["why", "step"]


def test_why_works_before_a_verdict(kb: KnowledgeBase) -> None:
    """Before anything was seen there is an honest answer, too."""
    assert Playbook(kb).says(NGINX_502).says("why").keys == ["why", "ask-role"]


def test_back_returns_step_by_step(kb: KnowledgeBase) -> None:
    """Back goes to the step before, then to the verdict, then to the first question."""
    book = at_step(kb).picks("skip")
    assert book.state.step == "contact-site"
    assert book.picks("back").state.step == "reload"
    assert book.picks("back").phase is Phase.VERDICT
    assert book.says("back").phase is Phase.ASK_ROLE
    assert book.says("back").keys == ["nothing-before", "ask-role"]


def test_back_from_the_address_reaches_the_role(kb: KnowledgeBase) -> None:
    """A wrong role can be taken back."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("owner").picks("back")
    assert book.phase is Phase.ASK_ROLE
    book.picks("visitor")
    assert book.state.role == "visitor"


def test_changed_role_after_the_verdict_changes_the_guide(kb: KnowledgeBase) -> None:
    """Going back to the role after the verdict leads to the other guide."""
    book = at_step(kb).picks("back").says("back").picks("owner")
    assert (book.state.guide or "").startswith("owner")


def test_stop_ends_even_during_a_look(kb: KnowledgeBase) -> None:
    """Stop works while checks run; their late result is dropped."""
    book = Playbook(kb).says(NGINX_502).picks("visitor")
    effect = book.state.waiting_for
    book.picks("stop")
    assert (book.phase, book.state.outcome) == (Phase.ENDED, "stopped")
    assert effect != book.state.waiting_for


def test_silence_keeps_everything_and_resumes(kb: KnowledgeBase) -> None:
    """After a long silence the conversation sleeps; "resume" shows the same step again."""
    book = at_step(kb).silence()
    assert book.keys == ["asleep"]
    book.picks("resume")
    assert (book.phase, book.state.step) == (Phase.STEP, "reload")


def test_answer_wakes_the_sleeper(kb: KnowledgeBase) -> None:
    """Whoever simply goes on after a silence is understood as if nothing had been."""
    book = at_step(kb).silence().says("it works now")
    assert book.state.solved_by == "reload"


def test_second_silence_ends(kb: KnowledgeBase) -> None:
    """If nobody comes back for days, the conversation ends and says so."""
    book = at_step(kb).silence().silence()
    assert (book.phase, book.state.outcome) == (Phase.ENDED, "silent")


def test_new_paste_after_the_end_begins_anew(kb: KnowledgeBase) -> None:
    """An ended conversation takes the next error like the first one."""
    book = at_step(kb).picks("works").says(NGINX_502)
    assert "recognised" in book.keys
    assert book.state.outcomes == {}


def test_leaving_ends_without_a_word(kb: KnowledgeBase) -> None:
    """Nobody is talked to who has gone."""
    book = at_step(kb).leaves()
    assert book.replies == ()
    assert book.phase is Phase.ENDED


def test_restart_keeps_the_device(kb: KnowledgeBase) -> None:
    """Starting over forgets the case, not the browser."""
    book = Playbook(kb).says(NGINX_400_COOKIES).picks("visitor").looked(seen(200)).picks("guide").picks("yes")
    book.picks("safari").picks("macos").says("start over")
    assert book.phase is Phase.IDLE
    assert book.state.profile.browser == "safari"
    assert book.state.verdict is None


def test_back_never_returns_to_what_another_address_made_worthless(kb: KnowledgeBase) -> None:
    """Whoever gives another address in the middle of a step cannot go back to that step: its guide is gone."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
    while book.phase is not Phase.STEP:
        book.picks(book.offered[0])
    book.says("other.example.org").looked(seen(502))
    while book.state.trail:
        book.says("back")
        assert book.phase is not Phase.STEP or book.state.step is not None
