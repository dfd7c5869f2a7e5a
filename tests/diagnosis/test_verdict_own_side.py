"""Is somebody told that it is their own device or network only where there is no evidence against it?"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure, Finding, Outcome, Report
from bot.diagnosis.identify import identify
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, Side, State
from playbook import report, seen

ANSWERS = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "tls.outcome": "ok"}
ELSEWHERE_TOO = {"other-sites": "fails"}
CLOUDFLARE_522 = "Error 522 Ray ID: 7c0ffee1 Browser Working Cloudflare Working shop.example.com Host Error"


def judged(kb: KnowledgeBase, text: str, facts: dict[str, JsonValue], answers: dict[str, str] | None = None) -> Verdict:
    """Judge a pasted text beside what the bot saw."""
    found = identify(kb, text)
    return judge(kb, {**gather(kb, found.match, found.hop, None, answers or {}), **facts})


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (CLOUDFLARE_522, "answers-well-here"),
        ("502 Bad Gateway nginx/1.24.0", "answers-well-here"),
        ("503 Service Unavailable No server is available to handle this request.", "answers-well-here"),
        ("This page isn't working HTTP ERROR 500", "answers-well-here"),
        ("403 Forbidden nginx", "turned-away-for-you"),
        ("HTTP error 429 Too Many Requests", "rate-limited-for-you"),
        ("413 Request Entity Too Large nginx", "request-too-large-here"),
        ("This site can't be reached ERR_CONNECTION_RESET", "visitor-offline"),
        ("No internet ERR_INTERNET_DISCONNECTED", "visitor-offline"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "visitor-dns-offline"),
        ("curl: (56) Received HTTP code 502 from proxy after CONNECT", "visitor-offline"),
        ("", "visitor-offline"),
    ],
)
def test_page_that_came_proves_the_line(kb: KnowledgeBase, text: str, cause: str) -> None:
    """Whoever holds a server's own page was connected: that other sites fail, too, does not make it their line."""
    verdict = judged(kb, text, ANSWERS, ELSEWHERE_TOO)
    assert verdict.cause == cause
    assert (verdict.side is Side.VISITOR) is ("offline" in cause)
    assert verdict.state in (State.UP, State.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo failed: Name or service not known", "other"),
        ("Error: getaddrinfo ENOTFOUND postgres", "other"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", "other"),
        ("connect ETIMEDOUT 10.0.0.5:6379", "other"),
        ("curl: (6) Could not resolve host: cdn.example.net", "other"),
        ("Error: getaddrinfo ENOTFOUND shop.example.com", "visitor-dns"),
        ("Error: connect ECONNREFUSED 198.51.100.20:443", "visitor-connection"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "visitor-dns"),
    ],
)
@pytest.mark.parametrize("answers", [{}, ELSEWHERE_TOO])
def test_fault_behind_the_site_is_not_the_devices(
    kb: KnowledgeBase, text: str, cause: str, answers: dict[str, str]
) -> None:
    """A program that did not find its database fails in the words of a browser's program: the name tells them apart."""
    found = identify(kb, text)
    dns = {"agreement": "same", "addresses": ["198.51.100.20"]}
    look = seen(200)
    findings = [one.model_copy(update={"facts": dns}) if one.check == "dns" else one for one in look.local.findings]
    verdict = judge(kb, gather(kb, found.match, found.hop, report(*findings), answers))
    if cause == "other":
        assert (verdict.state, verdict.side, verdict.cause) == (State.UP, Side.ORIGIN, "another-machine-failed")
    else:
        offline = {"visitor-dns": "visitor-dns-offline", "visitor-connection": "visitor-offline"}
        assert verdict.cause == (offline[cause] if answers else cause)


NOT_THE_PAGE = {"http.class": 4, "dns.agreement": "same"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("curl: (6) Could not resolve host: shop.example.com", "visitor-dns"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "visitor-dns"),
        ("No internet ERR_INTERNET_DISCONNECTED", "visitor-connection"),
        ("This site can't be reached ERR_CONNECTION_TIMED_OUT", "visitor-connection"),
        ("This site can't be reached ERR_PROXY_CONNECTION_FAILED", "own-proxy"),
        ("Your connection is not private NET::ERR_CERT_DATE_INVALID", "visitor-tls"),
        ("HTTP error 511 Network Authentication Required", "network-wants-sign-in-here"),
        ("This page isn't working ERR_TOO_MANY_REDIRECTS", "redirects-by-cookie"),
    ],
)
@pytest.mark.parametrize("status", [403, 404, 410, 422])
def test_refusal_of_the_bot_hides_no_fault_before_it(kb: KnowledgeBase, status: int, text: str, cause: str) -> None:
    """A site that answers the bot with 404 or 403 was reached: not getting that far is a different problem."""
    assert judged(kb, text, {**ANSWERS, **NOT_THE_PAGE, "http.status": status}).cause == cause


@pytest.mark.parametrize(
    ("status", "text", "cause"),
    [
        (404, "", "page-missing"),
        (404, "404 Not Found nginx", "page-missing"),
        (403, "403 Forbidden nginx", "refused-here"),
        (404, "502 Bad Gateway nginx/1.24.0", "no-page-for-me"),
        (403, "502 Bad Gateway nginx/1.24.0", "refuses-me-not-you"),
        (404, "upstream timed out (110: Connection timed out) while connecting to upstream", "no-page-for-me"),
    ],
)
def test_refusal_that_was_reached_is_told(kb: KnowledgeBase, status: int, text: str, cause: str) -> None:
    """Where the person got an answer, too, the bot's own refusal keeps its rules."""
    assert judged(kb, text, {**ANSWERS, **NOT_THE_PAGE, "http.status": status}).cause == cause


def test_every_text_beside_a_refusal_has_a_verdict(kb: KnowledgeBase) -> None:
    """No known error of the way there leaves a site that refuses the bot without a rule."""
    for entry in kb.errors.values():
        text = {"text.error": entry.id, "text.family": entry.family, "text.layer": entry.layer}
        seen_404 = {**ANSWERS, **NOT_THE_PAGE, "http.status": 404, "tls.outcome": "skip"}
        if entry.family in ("dns", "tls", "connection"):
            assert judge(kb, seen_404 | text).cause != "unknown", entry.id


WINDOW = {"private-window": "works"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("DNS_PROBE_FINISHED_NXDOMAIN", "visitor-dns"),
        ("This site can't be reached ERR_CONNECTION_REFUSED", "visitor-connection"),
        ("Your connection is not private NET::ERR_CERT_DATE_INVALID", "visitor-tls"),
        ("This page isn't working ERR_TOO_MANY_REDIRECTS", "browser-state"),
        ("This page isn't working ERR_EMPTY_RESPONSE", "browser-state"),
        ("", "browser-state"),
    ],
)
def test_private_window_speaks_only_of_what_a_browser_keeps(kb: KnowledgeBase, text: str, cause: str) -> None:
    """Cookies bring about no error of names, connections or certificates, so their cures stay."""
    verdict = judged(kb, text, {**ANSWERS, "dns.agreement": "same"}, WINDOW)
    assert verdict.cause == cause
    if text.startswith("DNS"):
        assert "kind:dns" not in kb.causes[cause].pointless


ONE_DEAD: dict[str, JsonValue] = {"dead": 1, "tried": 2, "v4": "mixed"}
NO_IPV6: dict[str, JsonValue] = {"dead": 1, "tried": 2, "v4": "ok", "v6": "fail"}
DEAD: dict[str, dict[str, JsonValue]] = {"one-address-dead": ONE_DEAD, "ipv6-broken": NO_IPV6}


@pytest.mark.parametrize(
    ("text", "answers", "cause"),
    [
        ("No internet ERR_INTERNET_DISCONNECTED", ELSEWHERE_TOO, "visitor-offline"),
        ("", ELSEWHERE_TOO, "visitor-offline"),
        ("This site can't be reached ERR_PROXY_CONNECTION_FAILED", {}, "own-proxy"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", {}, "visitor-dns"),
        ("Your connection is not private NET::ERR_CERT_DATE_INVALID", {}, "visitor-tls"),
        ("HTTP error 511 Network Authentication Required", {}, "network-wants-sign-in-here"),
        ("413 Request Entity Too Large nginx", {}, "request-too-large-here"),
        ("404 Not Found nginx", WINDOW, "browser-state"),
        ("This site can't be reached ERR_CONNECTION_TIMED_OUT", {}, "dead"),
        ("502 Bad Gateway nginx/1.24.0", {}, "dead"),
        ("", {}, "dead"),
    ],
)
@pytest.mark.parametrize("dead", DEAD)
def test_dead_address_explains_only_what_it_can_bring_about(
    kb: KnowledgeBase, dead: str, text: str, answers: dict[str, str], cause: str
) -> None:
    """No dead address takes a person's line down, changes names or certificates, or writes a refusal."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, seen(200, tcp=DEAD[dead]), answers) | {"dns.agreement": "same"}
    assert judge(kb, facts).cause == (dead if cause == "dead" else cause)


@pytest.mark.parametrize(
    ("status", "failure", "cause"),
    [
        (302, Failure.REDIRECT_LOOP, "redirect-circle"),
        (200, Failure.TRUNCATED, "answer-broken-off"),
        (302, Failure.NXDOMAIN, "no-such-name-by-some"),
    ],
)
@pytest.mark.parametrize("tcp", [ONE_DEAD, NO_IPV6, {}])
def test_answer_that_ends_in_a_failure_is_no_page(
    kb: KnowledgeBase, status: int, failure: Failure, cause: str, tcp: dict[str, JsonValue]
) -> None:
    """A redirect that goes round and a page that breaks off have a good status, and open for nobody."""
    filtered = {"text.source": "proxy-corporate", "text.status": 502}
    look = seen(status, failure=("http", failure), tcp=tcp, confirmed=True)
    facts = gather(kb, None, None, look, {})
    assert judge(kb, facts).cause == judge(kb, facts | filtered).cause == cause
    assert not kb.causes[cause].opens


def looked(url: str) -> Report:
    """Return a look at an http address whose last answer came from `url`, so that no handshake was tried by itself."""
    found = {"status": 200, "url": url}
    return report(
        *(Finding(check=check, outcome=Outcome.OK) for check in ("canary", "dns", "tcp")),
        Finding(check="tls", outcome=Outcome.SKIP),
        Finding(check="http", outcome=Outcome.OK, facts=found),
    )


@pytest.mark.parametrize(
    ("url", "text", "cause"),
    [
        ("https://shop.example.com/", "Your connection is not private NET::ERR_CERT_DATE_INVALID", "visitor-tls"),
        ("https://shop.example.com/", "Software is Preventing MOZILLA_PKIX_ERROR_MITM_DETECTED", "visitor-tls"),
        ("https://shop.example.com/", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "browser-is-stricter"),
        ("https://shop.example.com/", "curl: (60) SSL certificate problem", "program-trust"),
        ("https://shop.example.com/", "", "site-works"),
        ("http://shop.example.com/", "", "site-works"),
        ("http://shop.example.com/", "NET::ERR_CERT_DATE_INVALID", "certificate-not-seen"),
    ],
)
def test_certificate_is_praised_only_where_one_was_seen(kb: KnowledgeBase, url: str, text: str, cause: str) -> None:
    """An answer over https proves its certificate, wherever the look began; one over http proves none."""
    found = identify(kb, text)
    assert judge(kb, gather(kb, found.match, found.hop, looked(url), {})).cause == cause
    assert "certificate" not in kb.causes["site-works"].reason


@pytest.mark.parametrize(
    ("text", "answers", "is_own_line"),
    [
        ("502 Bad Gateway", {}, True),
        ("my script gets HTTP 504 from requests", {}, True),
        ("502 Bad Gateway", {"mobile-data": "works"}, True),
        ("502 Bad Gateway", {"mobile-data": "fails"}, False),
        ("502 Bad Gateway", {"private-window": "works"}, False),
        ("502 Bad Gateway nginx/1.24.0", {}, False),
        ("HTTP ERROR 500", {}, False),
        ("502 Bad Gateway at http://localhost:3000/", {}, False),
    ],
)
@pytest.mark.parametrize("looked", [True, False], ids=["up", "unseen"])
def test_gateway_error_that_names_no_machine_may_be_of_the_own_line(
    kb: KnowledgeBase, text: str, answers: dict[str, str], is_own_line: bool, looked: bool
) -> None:
    """Where other sites fail, too, a proxy's own 502 is thought of, unless the text or an answer speaks against it."""
    verdict = judged(kb, text, ANSWERS if looked else {}, {**ELSEWHERE_TOO, **answers})
    assert (verdict.cause in ("other-sites-fail-with-error", "other-sites-fail-by-answer")) is is_own_line
