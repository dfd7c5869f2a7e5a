"""Do answers about other sites and networks keep the steps that the pasted error needs?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase, Side, Strength

ANSWERS = {
    "checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "tls.outcome": "ok",
    "dns.agreement": "same",
}  # fmt: skip
WARNING = "Your connection is not private NET::ERR_CERT_DATE_INVALID"
NO_NAME = "DNS_PROBE_FINISHED_NXDOMAIN"
CURL_60 = "curl: (60) SSL certificate problem: unable to get local issuer certificate"
SITES_FAIL = {"other-sites": "fails"}
MOBILE_WORKS = {"mobile-data": "works"}


@pytest.mark.parametrize(
    ("text", "answers", "leads", "first"),
    [
        (WARNING, SITES_FAIL, ("visitor-tls", "visitor-tls"), ["check-clock", "captive-portal"]),
        (WARNING, MOBILE_WORKS, ("visitor-tls-by-network", "visitor-tls"), ["captive-portal", "vpn-off", "check-clock"]),
        (
            WARNING, SITES_FAIL | MOBILE_WORKS,
            ("visitor-tls-by-network", "visitor-tls"), ["captive-portal", "vpn-off", "check-clock"],
        ),
        ("PR_END_OF_FILE_ERROR", MOBILE_WORKS, ("visitor-tls-by-network", "visitor-tls"), ["captive-portal", "vpn-off"]),
        (CURL_60, MOBILE_WORKS, ("program-trust", "visitor-client-tls"), ["program-roots"]),
        (NO_NAME, MOBILE_WORKS, ("visitor-dns-by-network", "visitor-dns"), ["dns-servers", "vpn-off"]),
        (NO_NAME, SITES_FAIL, ("visitor-dns-offline", "visitor-dns"), ["captive-portal", "vpn-off", "dns-servers"]),
        ("ERR_CONNECTION_TIMED_OUT", SITES_FAIL, ("visitor-offline", "visitor-connection"), ["captive-portal"]),
        ("ERR_CONNECTION_TIMED_OUT", MOBILE_WORKS, ("visitor-network", "visitor"), ["vpn-off", "restart-network"]),
    ],
)  # fmt: skip
def test_answer_keeps_the_steps_of_the_error(
    kb: KnowledgeBase, text: str, answers: dict[str, str], leads: tuple[str, str], first: list[str]
) -> None:
    """A warning about a certificate keeps clock and sign-in page, an unknown name its name servers."""
    found = identify(kb, text)
    facts = {**gather(kb, found.match, found.hop, None, answers), **ANSWERS}
    verdict = judge(kb, facts)
    chosen = choose_guide(kb, verdict, facts, "visitor")
    steps = plan(kb, verdict, chosen, Profile(), (), facts=facts).steps
    assert ((verdict.cause, chosen.id), list(steps[: len(first)])) == (leads, first)


def test_warning_on_one_network_says_to_type_nothing(kb: KnowledgeBase) -> None:
    """Whoever meets a false certificate on one network only is told not to trust that network."""
    action = kb.causes["visitor-tls-by-network"].action
    assert "type no passwords" in action
    assert "do not go past the warning" in action


@pytest.mark.parametrize(
    "text",
    ["502 Bad Gateway Server: McAfee Web Gateway", "502 Bad Gateway Zscaler", "Cannot Connect Skyhigh Web Gateway 502"],
)
def test_filter_met_on_two_networks_proves_no_side(kb: KnowledgeBase, text: str) -> None:
    """A network's filter is blamed until the same page shows on mobile data; then the site may be at fault."""
    found = identify(kb, text)
    assert found.match is not None
    assert found.match.source == "proxy-corporate"
    assert judge(kb, gather(kb, found.match, found.hop, None, {})).side is Side.VISITOR
    facts = gather(kb, found.match, found.hop, None, {"mobile-data": "fails"})
    verdict = judge(kb, facts)
    assert (verdict.cause, verdict.side, verdict.strength) == ("filter-on-two-networks", Side.UNKNOWN, Strength.WEAK)
    steps = plan(kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts).steps
    assert steps[:2] == ("contact-admin", "come-back-later")


def test_setting_of_the_device_is_blamed_on_any_network(kb: KnowledgeBase) -> None:
    """A proxy that the browser is set to use goes along to mobile data."""
    found = identify(kb, "No internet. There is something wrong with the proxy server ERR_PROXY_CONNECTION_FAILED")
    verdict = judge(kb, gather(kb, found.match, found.hop, None, {"mobile-data": "fails"}))
    assert (verdict.cause, verdict.side) == ("page-blames-visitor", Side.VISITOR)


@pytest.mark.parametrize(
    "text",
    [
        "curl: (56) Received HTTP code 502 from proxy after CONNECT",
        "There is something wrong with the proxy server ERR_TUNNEL_CONNECTION_FAILED",
        "OSError: Tunnel connection failed: 502 Bad Gateway",
    ],
)
def test_proxy_that_was_asked_for_a_way_is_the_readers_own(kb: KnowledgeBase, text: str) -> None:
    """Only a proxy that one's own settings name gets a CONNECT; nobody is told that it may be the site's."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    cause = kb.causes[verdict.cause]
    assert (verdict.cause, verdict.side) == ("set-proxy-by-text", Side.VISITOR)
    assert "one of the site's" not in cause.reason
    steps = plan(kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts).steps
    assert steps[0] == "proxy-settings"


def test_guide_to_the_own_proxy_does_not_say_who_wrote_the_error(kb: KnowledgeBase) -> None:
    """Also browsers that did not reach the proxy lead there: then it wrote nothing."""
    guide = kb.guides["visitor-local-proxy"]
    assert "wrote" not in " ".join([guide.title, guide.intro, guide.exit.text, *(step.why for step in guide.steps)])
