"""Does a conversation make the right thing of a look at the site?"""

from __future__ import annotations

from bot.conversation.replies import Judged
from bot.conversation.state import Phase
from bot.diagnosis.findings import Failure, Outcome
from bot.kb.model import KnowledgeBase
from playbook import NGINX_502, NGINX_502_NO_ADDRESS, Playbook, report, seen


def at_step(kb: KnowledgeBase) -> Playbook:
    """Return a conversation at the first step of a site that is down."""
    return Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")


def test_verdict_has_one_reason_one_action_and_a_way_to_a_human(kb: KnowledgeBase) -> None:
    """The look ends in a verdict that offers guidance, a re-check, the reasons and a human."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502))
    assert book.keys == ["verdict"]
    assert {"guide", "recheck", "why", "human", "stop"} <= set(book.offered)
    shown = book.replies[0]
    assert isinstance(shown, Judged)
    assert shown.verdict.side.value == "origin"


def test_still_broken_looks_again_before_the_next_step(kb: KnowledgeBase) -> None:
    """After "still broken" a fresh look comes first, then the next step."""
    book = at_step(kb)
    first = book.state.step
    book.picks("still-broken")
    assert book.phase is Phase.RECHECKING
    assert book.checks[0].fresh
    book.looked(seen(502))
    assert book.keys == ["same", "step"]
    assert book.state.step != first
    assert book.state.outcomes[first or ""] == "failed"


def test_recovery_half_way_is_told(kb: KnowledgeBase) -> None:
    """If the site came back between two steps, the bot says so instead of going on."""
    book = at_step(kb).picks("still-broken").looked(seen(200))
    assert book.keys == ["changed", "verdict"]
    assert book.offered[0] == "works"


def test_guide_goes_on_from_a_changed_verdict(kb: KnowledgeBase) -> None:
    """From the new verdict the person is guided on, and steps that were done do not come again."""
    book = at_step(kb).picks("still-broken").looked(seen(200)).picks("guide")
    assert book.phase is Phase.ASK_QUESTION
    for _ in range(3):
        book.picks("dont-know")
    book.picks("other").picks("other")
    assert book.phase is Phase.STEP
    assert book.state.step != "reload"


def test_recheck_looks_afresh(kb: KnowledgeBase) -> None:
    """ "Check again" asks for a fresh look and ends in a verdict."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("recheck")
    assert book.checks[0].fresh
    assert book.looked(seen(200)).keys == ["verdict"]


def test_recheck_without_an_address_asks_for_one(kb: KnowledgeBase) -> None:
    """Whoever wants a look and has given no address is asked for it."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").picks("no-address").says("recheck")
    assert book.phase is Phase.ASK_ADDRESS


def test_still_broken_without_an_address_goes_on(kb: KnowledgeBase) -> None:
    """Without an address there is nothing to look at again: the next step follows at once."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").picks("no-address").picks("guide")
    while book.phase is Phase.ASK_QUESTION:
        book.picks("dont-know")
    book.picks("still-broken")
    assert book.checks == []
    assert book.phase in (Phase.STEP, Phase.EXIT)


def test_address_that_becomes_forbidden_is_refused(kb: KnowledgeBase) -> None:
    """If the name leads to a private address at the second look, the look is refused then."""
    book = at_step(kb).picks("still-broken").looked(report(refusal="private-v4"))
    assert book.keys == ["address-refused", "ask-address"]


def test_lost_look_is_judged_without_it(kb: KnowledgeBase) -> None:
    """If the result never comes, the conversation goes on without it."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").silence()
    assert book.keys == ["verdict"]
    assert book.state.waiting_for is None


def test_own_connection_down_asks_the_user(kb: KnowledgeBase) -> None:
    """When the bot cannot see, it says so and turns to the person's own observations."""
    broken = seen(502)
    findings = tuple(
        finding.model_copy(update={"outcome": Outcome.FAIL}) if finding.check == "canary" else finding
        for finding in broken.local.findings
    )
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(report(*findings))
    assert book.state.verdict is not None
    assert book.state.verdict.state.value == "unknown"
    assert book.picks("guide").keys == ["ask-question"]


def test_dead_name_skips_local_steps(kb: KnowledgeBase) -> None:
    """A name that does not exist is the site's side, and DNS steps at home are left out."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(failure=("dns", Failure.NXDOMAIN)))
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "no-such-name"
    book.picks("guide")
    assert book.state.step == "check-address"
