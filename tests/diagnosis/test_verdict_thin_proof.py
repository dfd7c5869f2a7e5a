"""Is a site called down for everybody only where no known evidence is against it?"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import choose_guide
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, Side, State, Strength
from playbook import seen

LOOKED: dict[str, JsonValue] = {"checked": True, "canary.outcome": "ok"}
NGINX_502 = "502 Bad Gateway nginx/1.24.0"


def judged(kb: KnowledgeBase, text: str, facts: dict[str, JsonValue]) -> Verdict:
    """Judge a pasted text beside what the bot saw."""
    found = identify(kb, text)
    return judge(kb, {**gather(kb, found.match, found.hop, None, {}), **LOOKED, **facts})


@pytest.mark.parametrize("failure", ["nxdomain", "no-address", "servfail", "dns-timeout"])
@pytest.mark.parametrize("check", ["dns", "http"])
def test_page_in_hand_disproves_a_missing_name(kb: KnowledgeBase, check: str, failure: str) -> None:
    """Whoever holds a server's page found its name: a name that only their network knows is not missing for all."""
    facts: dict[str, JsonValue] = {f"{check}.failure": failure, "dns.agreement": "same"}
    verdict = judged(kb, NGINX_502, facts)
    assert (verdict.cause, verdict.state, verdict.strength) == (
        "page-in-hand-without-name", State.UNKNOWN, Strength.WEAK,
    )  # fmt: skip
    assert judged(kb, "DNS_PROBE_FINISHED_NXDOMAIN", facts).side is Side.DNS
    assert judged(kb, "curl: (56) Received HTTP code 502 from proxy after CONNECT", facts).side is Side.DNS
    assert judged(kb, "", facts).side is Side.DNS


@pytest.mark.parametrize(
    "facts",
    [
        {"tls.failure": "tls-handshake"},
        {"tls.failure": "reset"},
        {"http.failure": "tls-handshake"},
        {"http.failure": "timeout", "http.stage": "tls"},
    ],
)
def test_page_in_hand_disproves_a_dead_handshake(kb: KnowledgeBase, facts: dict[str, JsonValue]) -> None:
    """A server sent the person an error, so that no handshake comes about for the bot is not told as everybody's."""
    verdict = judged(kb, NGINX_502, facts)
    assert (verdict.cause, verdict.strength) == ("page-in-hand-without-handshake", Strength.WEAK)
    assert judged(kb, "", facts).cause == "tls-handshake"


@pytest.mark.parametrize(
    ("there", "cause"),
    [
        ((403, 404, 403), "answers-only-elsewhere"),
        ((502, 500), "fails-everywhere-differently"),
        ((200, 200), "silent-from-here"),
        ((Failure.TLS_HANDSHAKE, Failure.TLS_HANDSHAKE), "tls-handshake"),
    ],
)
def test_place_that_was_answered_disproves_a_dead_handshake(
    kb: KnowledgeBase, there: tuple[int | Failure, ...], cause: str
) -> None:
    """Other places that got an answer over https did agree on a secure connection."""
    look = seen(failure=("tls", Failure.TLS_HANDSHAKE), elsewhere=there)
    assert judge(kb, gather(kb, None, None, look, {})).cause == cause


@pytest.mark.parametrize(
    "facts",
    [
        {"http.status": 502, "http.class": 5, "http.confirmed": True, "http.writer": "filter"},
        {"http.status": 403, "http.class": 4, "http.writer": "filter"},
        {"http.status": 200, "http.class": 2, "http.writer": "filter"},
        {"http.status": 511, "http.class": 5, "http.confirmed": True},
        {"http.status": 407, "http.class": 4},
    ],
)
def test_filter_of_the_bots_network_says_nothing(kb: KnowledgeBase, facts: dict[str, JsonValue]) -> None:
    """What is between the bot and the internet wrote the answer, so neither site nor visitor is judged by it."""
    for text in ("", NGINX_502, "403 Forbidden nginx"):
        verdict = judged(kb, text, facts)
        assert (verdict.cause, verdict.state, verdict.side) == ("own-network-filters", State.UNKNOWN, Side.UNKNOWN)


EXPIRED: dict[str, JsonValue] = {"http.failure": "cert-expired", "tls.outcome": "ok"}
SOME_ODD: dict[str, JsonValue] = {"tls.mixed": True, "tls.odd": "cert-hostname"}


def test_bad_certificate_behind_a_redirect_is_told_beside_a_mixed_front(kb: KnowledgeBase) -> None:
    """What the first host's addresses show does not hide that the one redirected to has expired."""
    behind = {**EXPIRED, "http.redirected-from": "shop.example.com"}
    assert judged(kb, "", {**behind, **SOME_ODD}).cause == "certificate-expired"
    assert judged(kb, "", behind).cause == "certificate-expired"
    assert judged(kb, "", {**EXPIRED, **SOME_ODD}).cause == "certificates-differ"


CLOUDFLARE_522 = "Error 522 Ray ID: 7c0ffee1 Browser Working Cloudflare Working shop.example.com Host Error"
CLOUDFLARE_ERROR = "Error 502 Ray ID: 7c0ffee1 Browser Working Cloudflare Error shop.example.com Host Working"


@pytest.mark.parametrize(
    ("text", "cause", "state"),
    [
        (CLOUDFLARE_522, "page-blames-origin-unseen", State.DOWN),
        (CLOUDFLARE_ERROR, "page-blames-edge-unseen", State.DOWN),
        ("This page isn't working HTTP ERROR 502", "challenges-me-not-you", State.BLOCKED),
        ("403 Forbidden nginx", "robot-refused", State.BLOCKED),
        ("HTTP error 511 Network Authentication Required", "robot-refused", State.BLOCKED),
        ("", "robot-refused", State.BLOCKED),
    ],
)
@pytest.mark.parametrize("status", [403, 503])
def test_challenge_of_the_bot_outranks_no_proof(
    kb: KnowledgeBase, status: int, text: str, cause: str, state: State
) -> None:
    """A page that names who failed still does so where the bot is turned away; cookies are no cure of a 5xx."""
    facts = {"http.status": status, "http.class": status // 100, "http.challenge": "cloudflare", "http.confirmed": True}
    verdict = judged(kb, text, facts)
    assert (verdict.cause, verdict.state) == (cause, state)
    assert "kind:browser" not in kb.causes[cause].first or cause == "robot-refused"


@pytest.mark.parametrize(
    ("status", "told", "cause"),
    [
        (500, {"writer": "edge", "product": "cloudflare"}, "edge-failure"),
        (504, {"writer": "edge", "error": "cloudflare-504-edge"}, "edge-failure"),
        (502, {"error": "google-502-thats-an-error"}, "edge-failure"),
        (500, {"error": "google-500-thats-an-error"}, "edge-failure"),
        (504, {"writer": "edge", "error": "cloudflare-504-origin"}, "gateway-timeout"),
        (503, {"writer": "edge", "error": "fastly-503"}, "nothing-healthy-behind"),
        (500, {"product": "nginx", "writer": "server"}, "internal-error"),
        (409, {"writer": "edge", "error": "cloudflare-1001"}, "edge-names-setup"),
        (403, {"writer": "edge", "error": "cloudflare-1014"}, "edge-names-setup"),
        (403, {"writer": "edge", "error": "cloudflare-1018"}, "edge-names-setup"),
        (403, {"error": "nginx-403"}, "refused-here"),
    ],
)
def test_network_in_front_that_speaks_of_itself_is_named(
    kb: KnowledgeBase, status: int, told: dict[str, JsonValue], cause: str
) -> None:
    """What an edge writes about itself is no failure of the site's program, and what it says of the set-up is heard."""
    verdict = judge(kb, gather(kb, None, None, seen(status, **told), {}))
    assert verdict.cause == cause
    assert (verdict.side is Side.EDGE) is (cause == "edge-failure")


HUNG_UP: dict[str, JsonValue] = {
    "tls.outcome": "ok", "tls.alpn": "h2", "http.failure": "empty-reply", "http.confirmed": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "there", "cause"),
    [
        ("", {}, "hangs-up-on-me"),
        ("403 Forbidden nginx", {}, "hangs-up-on-me"),
        ("This site can't be reached ERR_CONNECTION_TIMED_OUT", {}, "hangs-up-on-me"),
        ("This page isn't working ERR_EMPTY_RESPONSE", {}, "answer-broken-off"),
        ("curl: (52) Empty reply from server", {}, "answer-broken-off"),
        (NGINX_502, {}, "answer-broken-off"),
        ("", {"elsewhere.seen": "bad", "elsewhere.tried": 3}, "answer-broken-off"),
    ],
)
def test_browser_that_got_nothing_is_no_better_visitor(
    kb: KnowledgeBase, text: str, there: dict[str, JsonValue], cause: str
) -> None:
    """ "A browser may get its page" is not said to somebody whose browser, or another place, got none either."""
    assert judged(kb, text, {**HUNG_UP, **there}).cause == cause


@pytest.mark.parametrize(
    "facts",
    [
        {"tls.failure": "tls-handshake"},
        {"http.failure": "tls-handshake", "http.stage": "tls"},
        {"http.failure": "tls-handshake", "http.stage": "http"},
    ],
)
def test_certificate_of_the_visitor_is_told_where_it_is_missing(kb: KnowledgeBase, facts: dict[str, JsonValue]) -> None:
    """A server that breaks off for want of a visitor's certificate is not down for everybody."""
    verdict = judged(kb, "ERR_BAD_SSL_CLIENT_AUTH_CERT", facts)
    assert (verdict.cause, verdict.state) == ("wants-client-certificate", State.BLOCKED)


@pytest.mark.parametrize("status", [600, 999])
def test_number_that_no_standard_has_is_a_refusal(kb: KnowledgeBase, status: int) -> None:
    """Sites turn robots away with numbers of their own, such as 999; that is no fault and no riddle."""
    assert judge(kb, gather(kb, None, None, seen(status), {})).cause == "refused-here"


OWN_LINE_DOWN: dict[str, JsonValue] = {"checked": True, "canary.outcome": "fail", "dns.failure": "dns-timeout"}
OWN_FILTER: dict[str, JsonValue] = {"http.status": 403, "http.class": 4, "http.writer": "filter"}
ON_THE_WAY = [
    ("ERR_INTERNET_DISCONNECTED", ("page-blames-visitor-unseen", Side.VISITOR, "visitor-connection")),
    ("DNS_PROBE_FINISHED_NO_INTERNET", ("page-blames-visitor-unseen", Side.VISITOR, "visitor-connection")),
    ("ERR_PROXY_CONNECTION_FAILED", ("page-blames-visitor-unseen", Side.VISITOR, "visitor-local-proxy")),
    ("DNS_PROBE_FINISHED_NXDOMAIN", ("not-reached-and-not-seen", Side.UNKNOWN, "visitor-dns")),
    ("curl: (6) Could not resolve host: shop.example.com", ("not-reached-and-not-seen", Side.UNKNOWN, "visitor-dns")),
    ("NET::ERR_CERT_DATE_INVALID", ("not-reached-and-not-seen", Side.UNKNOWN, "visitor-tls")),
    ("ERR_CONNECTION_TIMED_OUT", ("not-reached-and-not-seen", Side.UNKNOWN, "visitor-connection")),
]


@pytest.mark.parametrize("look", [OWN_LINE_DOWN, OWN_FILTER], ids=["own-connection", "own-filter"])
@pytest.mark.parametrize(("text", "expected"), ON_THE_WAY)
def test_look_that_came_to_nothing_hides_no_error_of_the_way(
    kb: KnowledgeBase, look: dict[str, JsonValue], text: str, expected: tuple[str, Side, str]
) -> None:
    """Where the bot could not look, what the person's error says of their own way there is all there is to go by."""
    facts = gather(kb, (found := identify(kb, text)).match, found.hop, None, {}) | look
    verdict = judge(kb, facts)
    assert (verdict.cause, verdict.side, choose_guide(kb, verdict, facts, "visitor").id) == expected
    assert verdict.state is State.UNKNOWN


@pytest.mark.parametrize("text", ["", "502 Bad Gateway nginx/1.24.0", "Error: getaddrinfo ENOTFOUND postgres"])
def test_own_dead_connection_is_said_where_no_error_of_the_way_is_told(kb: KnowledgeBase, text: str) -> None:
    """What a server wrote, or an error about a machine behind it, says nothing of the person's own way."""
    other = {"text.other-host": True} if "postgres" in text else {}
    assert judged(kb, text, OWN_LINE_DOWN | other).cause == "own-connection"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("ERR_INTERNET_DISCONNECTED", "visitor-connection"),
        ("ERR_PROXY_CONNECTION_FAILED", "own-proxy"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "visitor-dns"),
        ("NET::ERR_CERT_DATE_INVALID", "visitor-tls"),
        ("ERR_CONNECTION_TIMED_OUT", "visitor-connection"),
        ("403 Forbidden nginx", "robot-refused"),
    ],
)
@pytest.mark.parametrize("status", [200, 403, 503])
def test_challenge_of_the_bot_hides_no_error_of_the_way(kb: KnowledgeBase, status: int, text: str, cause: str) -> None:
    """Whoever did not even reach the site is not sent to cookies because robots are turned away there."""
    facts = {"http.status": status, "http.class": status // 100, "http.challenge": "cloudflare", "http.confirmed": True}
    facts |= {"tls.outcome": "ok", "dns.agreement": "same", "canary.outcome": "ok"}
    if status == 503 and cause != "robot-refused":
        cause = "challenges-what-you-did-not-reach"
    assert judged(kb, text, facts).cause == cause
