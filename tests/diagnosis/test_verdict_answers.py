"""Where the bot cannot judge a site, do the person's answers lead on?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure, Finding, Outcome, Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, Side, State, Strength
from playbook import report, seen

CHALLENGE: dict[str, Any] = {"status": 503, "challenge": "cloudflare"}
REFUSALS: list[dict[str, Any]] = [{"status": 403}, {"status": 401}, {"status": 429}, {"status": 999}, CHALLENGE]
SILENT = [("tcp", Failure.TIMEOUT), ("tcp", Failure.UNREACHABLE), ("tcp", Failure.REFUSED), ("tls", Failure.TIMEOUT)]
OWN_FILTER = {"status": 502, "writer": "filter"}
OWN_LINE = report(Finding(check="canary", outcome=Outcome.FAIL, failure=Failure.TIMEOUT))
NGINX_502 = "502 Bad Gateway nginx/1.24.0"


def _judged(kb: KnowledgeBase, look: Report | None, text: str = "", **answers: str) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict and the steps that it leads a visitor through."""
    found = identify(kb, text)
    said = {question.replace("_", "-"): answer for question, answer in answers.items()}
    facts = gather(kb, found.match, found.hop, look, said)
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, "visitor")
    return verdict, plan(kb, verdict, guide, Profile(), (), facts=facts).steps


@pytest.mark.parametrize("look", REFUSALS, ids=str)
@pytest.mark.parametrize("text", ["", "403 Forbidden nginx", "HTTP error 429 Too Many Requests"])
def test_refusal_that_a_private_window_passes_is_the_browsers(
    kb: KnowledgeBase, look: dict[str, Any], text: str
) -> None:
    """Where the page opens without cookies and extensions those come first; the bot's own refusal says nothing."""
    verdict, steps = _judged(kb, seen(**look), text, private_window="works")
    assert (verdict.cause, verdict.side, verdict.strength) == ("browser-state-unseen", Side.VISITOR, Strength.WEAK)
    assert steps[0] == "cookies"


@pytest.mark.parametrize("look", REFUSALS, ids=str)
@pytest.mark.parametrize("text", ["", "403 Forbidden nginx", "HTTP error 429 Too Many Requests"])
def test_refusal_that_another_network_passes_is_about_the_network(
    kb: KnowledgeBase, look: dict[str, Any], text: str
) -> None:
    """Where the page opens on mobile data the usual network is what differs, and cookies are no cure."""
    for window in ({}, {"private_window": "fails"}):
        verdict, steps = _judged(kb, seen(**look), text, mobile_data="works", **window)
        assert (verdict.cause, verdict.side) == ("network-turned-away-unseen", Side.NETWORK)
        assert steps[0] == "vpn-off"
        assert "cookies" not in steps


@pytest.mark.parametrize("look", [{"status": 403}, {"status": 404}, CHALLENGE], ids=str)
@pytest.mark.parametrize("answer", ["private_window", "mobile_data"])
def test_server_error_that_is_over_by_answer_is_recovered(kb: KnowledgeBase, look: dict[str, Any], answer: str) -> None:
    """If the page follows a 502, the site has recovered; cookies or the line are not in the way."""
    verdict, steps = _judged(kb, seen(**look), NGINX_502, **{answer: "works"})
    assert (verdict.cause, verdict.state, verdict.side) == ("recovered-unseen", State.UP, Side.UNKNOWN)
    assert steps[0] == "reload"


@pytest.mark.parametrize("failure", SILENT, ids=str)
@pytest.mark.parametrize("text", ["", "ERR_CONNECTION_TIMED_OUT", NGINX_502])
def test_silent_site_that_opens_on_another_network_is_not_off(
    kb: KnowledgeBase, failure: tuple[str, Failure], text: str
) -> None:
    """What opens on mobile data is up, and some networks do not get there."""
    verdict, _ = _judged(kb, seen(failure=failure), text, mobile_data="works")
    assert (verdict.cause, verdict.state, verdict.side, verdict.strength) == (
        "silent-but-for-another-network", State.DEGRADED, Side.NETWORK, Strength.WEAK,
    )  # fmt: skip
    assert _judged(kb, seen(failure=failure), text, mobile_data="fails")[0].cause != verdict.cause


@pytest.mark.parametrize(
    "look",
    [seen(failure=SILENT[0]), seen(**CHALLENGE), seen(**OWN_FILTER), OWN_LINE],
    ids=["silent", "challenge", "own-filter", "own-connection"],
)
def test_other_sites_that_fail_come_before_a_site_nobody_sees(kb: KnowledgeBase, look: Report) -> None:
    """Where several sites fail the line comes first, and the bot says no more of the site than it saw."""
    for text in ("", "ERR_CONNECTION_TIMED_OUT", "DNS_PROBE_FINISHED_NXDOMAIN"):
        verdict, steps = _judged(kb, look, text, other_sites="fails")
        assert (verdict.cause, verdict.state, verdict.side) == ("other-sites-fail-unseen", State.UNKNOWN, Side.VISITOR)
        assert "captive-portal" in steps[:2]
        assert _judged(kb, look, text, other_sites="works")[0].cause != verdict.cause
    assert _judged(kb, look, NGINX_502, other_sites="fails")[0].side is not Side.VISITOR


def test_other_sites_that_fail_are_heard_without_a_look(kb: KnowledgeBase) -> None:
    """Without an address the answer is all that there is; a server's own page still came over that line."""
    for text in ("", "ERR_CONNECTION_TIMED_OUT", "DNS_PROBE_FINISHED_NXDOMAIN"):
        assert _judged(kb, None, text, other_sites="fails")[0].cause == "other-sites-fail-by-answer"
    assert _judged(kb, None, NGINX_502, other_sites="fails")[0].side is not Side.VISITOR
