"""Does a conversation make the right thing of a look at the site?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Checked, Joined
from bot.conversation.replies import Judged, Why
from bot.conversation.state import Phase, State
from bot.diagnosis.findings import Failure, Outcome, Report
from bot.diagnosis.incidents import Others
from bot.kb.model import KnowledgeBase
from playbook import AT, NGINX_502, NGINX_502_NO_ADDRESS, Playbook, report, seen


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
    while book.phase is Phase.ASK_QUESTION:
        book.picks("dont-know")
    book.picks("other").picks("other")
    assert book.phase is Phase.STEP
    assert book.state.step != "reload"


@pytest.mark.parametrize(
    ("answers", "before", "after", "step"),
    [
        (("yes",), "recovered", "browser-state", "cookies"),
        (("no", "yes"), "recovered-in-part", "visitor-network-any-window", "vpn-off"),
        (("dont-know", "yes"), "recovered", "visitor-network", "vpn-off"),
    ],
)
def test_recovery_that_a_reload_disproves_is_taken_back(
    kb: KnowledgeBase, answers: tuple[str, ...], before: str, after: str, step: str
) -> None:
    """Whose page fails again while the site works has told what differs: window or network, and hears so."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(200)).picks("guide")
    for answer in answers:
        book.picks(answer)
    assert cause_of(book) == before
    book.picks("still-broken").looked(seen(200))
    assert book.keys[:2] == ["same", "verdict"]
    assert cause_of(book) == after
    while book.phase is not Phase.STEP:
        book.picks("other")
    assert book.state.step == step


def test_step_that_failed_while_the_site_was_down_disproves_nothing(kb: KnowledgeBase) -> None:
    """A site that came back after the reload may have recovered since; one that goes down again was not seen to."""
    book = at_step(kb).picks("still-broken").looked(seen(200)).picks("guide").picks("yes")
    assert cause_of(book) == "recovered"
    while book.phase is not Phase.STEP:
        book.picks("other")
    book.picks("still-broken")
    assert book.state.failed_again
    assert not book.looked(seen(502)).state.failed_again


def test_recovery_without_a_look_is_taken_back(kb: KnowledgeBase) -> None:
    """Also where nobody looked the answer then speaks of the usual network."""
    book = Playbook(kb).says("502 Bad Gateway").picks("visitor").picks("no-address").picks("guide").picks("yes")
    assert (cause_of(book), book.state.step) == ("recovered-by-answer", "reload")
    book.picks("still-broken")
    assert (book.keys[0], cause_of(book)) == ("verdict", "other-network-works-by-answer")


def cause_of(book: Playbook) -> str | None:
    return book.state.verdict.cause if book.state.verdict is not None else None


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
    while book.phase in (Phase.ASK_BROWSER, Phase.ASK_SYSTEM):
        book.picks("other")
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
    book = (
        Playbook(kb)
        .says("https://shop.example.com/cart DNS_PROBE_FINISHED_NXDOMAIN")
        .picks("visitor")
        .looked(seen(failure=("dns", Failure.NXDOMAIN)))
    )
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "no-such-name"
    book.picks("guide")
    assert book.state.step == "check-address"


FOUR = Others(count=4, since=AT)


def looked_with_others(kb: KnowledgeBase, found: Report, others: Others | None = FOUR) -> Playbook:
    """Return a conversation whose look came back with word of others."""
    book = Playbook(kb).says(NGINX_502).picks("visitor")
    return book.feed(Checked(effect=book.state.waiting_for or "", report=found, others=others))


def test_others_come_with_the_verdict(kb: KnowledgeBase) -> None:
    """Who else met it is a fact, part of the verdict, and among the reasons."""
    book = looked_with_others(kb, seen(502))
    (shown,) = book.replies
    assert isinstance(shown, Judged)
    assert shown.others == FOUR
    assert (shown.facts["others.count"], shown.facts["others.since"]) == (4, AT.isoformat())
    book.picks("why")
    (why,) = [reply for reply in book.replies if isinstance(reply, Why)]
    assert why.others == FOUR


@pytest.mark.parametrize("found", [seen(502), seen(502, confirmed=False), seen(403, challenge="cloudflare")])
def test_others_prove_nothing(kb: KnowledgeBase, found: Report) -> None:
    """What the bot saw itself decides: with four others the cause and its strength are those without them."""
    alone, many = looked_with_others(kb, found, None).state.verdict, looked_with_others(kb, found).state.verdict
    assert alone == many


def test_others_speak_against_only_you(kb: KnowledgeBase) -> None:
    """The page opens from here and others failed: the verdict does not lead to the person's own device."""
    verdict = looked_with_others(kb, seen(200)).state.verdict
    assert verdict is not None
    assert (verdict.cause, verdict.state.value, verdict.strength.value) == ("others-met-it", "up", "weak")
    alone = looked_with_others(kb, seen(200), None).state.verdict
    assert alone is not None
    assert alone.cause == "answers-well-here"


def test_somebody_joins_a_verdict(kb: KnowledgeBase) -> None:
    """The verdict is said again with the new count; nothing else changes, and what can be picked stays."""
    book = looked_with_others(kb, seen(502), None)
    before = book.state.verdict
    offered = book.offered
    book.feed(Joined(others=FOUR))
    (shown,) = book.replies
    assert isinstance(shown, Judged)
    assert shown.others == FOUR
    assert (book.phase, book.state.verdict, book.offered) == (Phase.VERDICT, before, offered)


def test_somebody_who_joins_elsewhere_changes_nothing(kb: KnowledgeBase) -> None:
    """In the middle of a look or a guide nobody is interrupted: the next look brings the others along."""
    for book in (Playbook(kb), Playbook(kb).says(NGINX_502).picks("visitor"), at_step(kb)):
        before = book.state
        book.feed(Joined(others=FOUR))
        assert (book.state, book.replies) == (before, ())


def test_each_look_brings_the_others_anew(kb: KnowledgeBase) -> None:
    """After a while nobody else has trouble: the next look says so; a refused address has no others at all."""
    book = looked_with_others(kb, seen(502)).picks("recheck").looked(seen(502))
    assert book.state.others is None
    assert "others.count" not in book.replies[-1].model_dump()["facts"]
    assert looked_with_others(kb, report(refusal="loopback-v4")).state.others is None


def test_others_belong_to_one_site(kb: KnowledgeBase) -> None:
    """Another address, another error, or no address at all: whoever met the first one does not count."""
    for text in ("https://other.example.org/x", "502 Bad Gateway nginx/1.24.0 at https://other.example.org/"):
        assert looked_with_others(kb, seen(502)).says(text).state.others is None


def test_states_from_before_there_were_others_are_read(kb: KnowledgeBase) -> None:
    """A conversation that an earlier release stored goes on."""
    old = looked_with_others(kb, seen(502)).state.model_dump(mode="json")
    del old["others"]
    assert Playbook(kb, State.model_validate(old)).feed(Joined(others=FOUR)).state.others == FOUR
