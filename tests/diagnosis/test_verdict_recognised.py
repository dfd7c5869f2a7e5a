"""Does an error that was recognised get a cause that agrees with it, even where nobody looked?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.fingerprint import fingerprint
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, Side, Strength
from playbook import seen

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
    """Cloudflare's check is reported as what it is, and the first step lets it finish."""
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


IMPERVA = "Request unsuccessful. Incapsula incident ID: 123-456 "
TIMED_OUT = f"{IMPERVA}Error code 20: The proxy failed to connect to the web server, due to TCP connection timeout"
NO_ENTRY = "Error code 22: The proxy failed to resolve site from host name"
BLOCKED = f"{IMPERVA}Error code 15: This request was blocked by our security service"


@pytest.mark.parametrize(
    ("text", "cause", "side"),
    [
        (TIMED_OUT, "page-names-firewall", Side.ORIGIN),
        (NO_ENTRY, "page-blames-setup", Side.ORIGIN),
        (BLOCKED, "page-turns-away", Side.UNKNOWN),
        ("Error 520 Web server is returning an unknown error Cloudflare", "page-names-odd-answer", Side.ORIGIN),
        ("Error 524 A timeout occurred Cloudflare", "page-names-slow-server", Side.ORIGIN),
        ("Error 522 Connection timed out Cloudflare", "page-names-firewall", Side.ORIGIN),
    ],
)
def test_edge_that_tells_how_it_failed_is_believed(kb: KnowledgeBase, text: str, cause: str, side: Side) -> None:
    """A block, a server that is not reached, and one that answers badly or too late are three matters."""
    verdict, _, _ = _led(kb, text, {})
    assert (verdict.cause, verdict.side) == (cause, side)


@pytest.mark.parametrize(
    ("status", "cause", "first"),
    [
        (520, "edge-got-odd-answer", "read-gateway-log"),
        (522, "edge-cannot-reach-origin", "check-firewall"),
        (524, "edge-waited-in-vain", "check-timeouts"),
    ],
)
def test_code_of_the_edge_says_how_far_it_got(kb: KnowledgeBase, status: int, cause: str, first: str) -> None:
    """520 and 524 reached the site's server: their owners are not sent after a firewall."""
    facts = gather(kb, None, None, seen(status, error=f"cloudflare-{status}"), {})
    verdict = judge(kb, facts)
    assert (verdict.cause, verdict.side) == (cause, Side.ORIGIN)
    guide = choose_guide(kb, verdict, facts, "owner")
    assert plan(kb, verdict, guide, Profile(), (), facts=facts).steps[0] == first


def test_error_page_that_is_not_met_leaves_the_site_no_certainty(kb: KnowledgeBase) -> None:
    """Whoever shows an error page without a number is not told that the site surely works."""
    verdict, _, steps = _led(kb, TIMED_OUT, WORKS)
    assert (verdict.cause, verdict.strength, steps[0]) == ("page-not-met-here", Strength.LIKELY, "reload")


@pytest.mark.parametrize(
    ("number", "error", "challenge", "cause"),
    [
        (8, "imperva-origin", None, "edge-names-origin"),
        (22, "imperva-setup", None, "edge-names-setup"),
        (15, "imperva-incident", "imperva", "robot-refused"),
    ],
)
def test_frame_of_imperva_is_read_by_its_number(
    kb: KnowledgeBase, number: int, error: str, challenge: str | None, cause: str
) -> None:
    """The same sentence is in Imperva's frame for blocks and for a dead server; `edet` tells them apart."""
    frame = f'<iframe src="/_Incapsula_Resource?incident_id=12-34&edet={number}&cinfo=ff">{IMPERVA}</iframe>'
    found = identify(kb, frame).match
    assert found is not None
    assert found.error == error
    seen_by_look = fingerprint(kb.products, 503, [("x-iinfo", "1-2")], frame)
    assert (seen_by_look.writer, seen_by_look.challenge) == ("edge", challenge)
    report = seen(503, error=error, writer="edge", challenge=challenge)
    assert judge(kb, gather(kb, None, None, report, {})).cause == cause


VERCEL = "\nCode: {0}\nID: fra1::abcde-1760432553000-0123456789ab"


@pytest.mark.parametrize(
    ("text", "error", "step"),
    [
        ("508 Resource Limit Is Reached", "generic-508", "shared-hosting"),
        ("509 Bandwidth Limit Exceeded", "generic-509", "shared-hosting"),
        ("508 Loop Detected", "generic-508-loop", "check-target"),
        ("508: INFINITE_LOOP_DETECTED" + VERCEL.format("INFINITE_LOOP_DETECTED"), "vercel-508", "check-function"),
        ("INFINITE_LOOP_DETECTED", "vercel-508", "check-function"),
        ("402: PAYMENT_REQUIRED" + VERCEL.format("DEPLOYMENT_DISABLED"), "vercel-402", "check-service"),
        ("Fastly error: unknown domain: shop.example.com", "fastly-unknown-domain", "check-domain"),
    ],
)
def test_owner_begins_at_what_the_page_names(kb: KnowledgeBase, text: str, error: str, step: str) -> None:
    """A used-up plan, a circle and a name that nobody entered are three matters, whatever number they share."""
    found = identify(kb, text)
    assert found.match is not None
    assert found.match.error == error
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    assert verdict.side is Side.ORIGIN
    guide = choose_guide(kb, verdict, facts, "owner")
    assert plan(kb, verdict, guide, Profile(), (), facts=facts).steps[0] == step


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, "fastly-unknown-domain"),
        (404, "azure-frontdoor-404"),
        (530, "cloudflare-1016"),
        (503, "cloudflare-1102"),
        (402, "vercel-402"),
        (508, "vercel-508"),
    ],
)
def test_page_about_the_setup_is_believed_whatever_its_status(kb: KnowledgeBase, status: int, error: str) -> None:
    """A network that names what the owner has to fix does so with 4xx and 5xx alike."""
    report = seen(status, error=error, writer="edge")
    verdict = judge(kb, gather(kb, None, None, report, {}))
    assert (verdict.cause, verdict.side) == ("edge-names-setup", Side.ORIGIN)
