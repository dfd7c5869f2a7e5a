"""Does an error that was recognised get a cause that agrees with it, also where nobody looked?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, Side

WORKS = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "tls.outcome": "ok"}


def _led(kb: KnowledgeBase, text: str, look: dict[str, str | int | bool]) -> tuple[Verdict, str, tuple[str, ...]]:
    """Return the verdict, the visitor's guide and its steps."""
    found = identify(kb, text)
    facts = {**gather(kb, found.match, found.hop, None, {}), **look}
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, "visitor")
    return verdict, guide.id, plan(kb, verdict, guide, Profile(), (), facts=facts).steps


def test_every_known_error_has_a_cause(kb: KnowledgeBase) -> None:
    """Nobody reads the name of their error and then that it fits no pattern."""
    texts = {entry.id: entry.examples[0].text for entry in kb.errors.values()}
    assert [error for error, text in texts.items() if _led(kb, text, {})[0].cause == "unknown"] == []


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "Our services aren't available right now. We're working to restore all services. 0abc Ref",
            "server-side-by-page",
        ),
        (
            "An error occurred while processing your request. Reference #97.1a2b3c4d.1700000000.5e6f7a8b",
            "server-side-by-page",
        ),
        ("Performance & security by Cloudflare Ray ID: 8f1a2b3c4d5e6f70", "page-of-the-site"),
    ],
)
def test_page_of_a_machine_clears_the_line(kb: KnowledgeBase, text: str, cause: str) -> None:
    """A page without a number came over the visitor's line all the same: neither router nor provider is tried."""
    verdict, _, steps = _led(kb, text, {})
    assert verdict.cause == cause
    assert not {"restart-network", "dns-servers", "contact-isp"} & {*steps}


def test_check_for_robots_is_no_fault(kb: KnowledgeBase) -> None:
    """Cloudflare's check is told as what it is, and the first step lets it finish."""
    verdict, guide, steps = _led(kb, kb.errors["cloudflare-challenge"].examples[0].text, {})
    assert (verdict.cause, verdict.side, guide, steps[0]) == (
        "page-checks-visitor",
        Side.NONE,
        "visitor-403",
        "reload",
    )


@pytest.mark.parametrize("look", [{}, WORKS])
def test_site_opened_by_its_number_is_opened_by_name(kb: KnowledgeBase, look: dict[str, str | int | bool]) -> None:
    """Cloudflare's 1003 has one cure, which a good look at the site does not change."""
    verdict, guide, steps = _led(kb, "Error 1003 Direct IP access not allowed Cloudflare", look)
    assert (verdict.cause, guide, steps[0]) == ("opened-by-number", "visitor-404", "check-address")
    assert "name" in kb.causes[verdict.cause].action


@pytest.mark.parametrize("look", [{}, WORKS])
def test_mixed_request_leads_to_what_rewrites_it(kb: KnowledgeBase, look: dict[str, str | int | bool]) -> None:
    """Cloudflare's 1013 is no matter of router or DNS."""
    verdict, _, steps = _led(kb, "Error 1013 HTTP hostname and TLS SNI hostname mismatch cloudflare", look)
    assert (verdict.cause, verdict.side, steps[0]) == ("request-names-two-sites", Side.VISITOR, "proxy-settings")
