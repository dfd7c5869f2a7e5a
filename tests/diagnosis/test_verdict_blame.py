"""Does a verdict blame only what was seen, and name what the text itself names?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase, Side, State, Strength

SEEN_502 = {"checked": True, "canary.outcome": "ok", "http.status": 502, "http.class": 5, "http.confirmed": True}
ANSWERS = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "tls.outcome": "ok"}
FAILS = {"checked": True, "canary.outcome": "ok"}
HTTP_2 = {"tls.outcome": "ok", "tls.alpn": "h2"}


@pytest.mark.parametrize(
    ("facts", "cause", "strength"),
    [
        ({"dns.failure": "nxdomain", "dns.agreement": "same"}, "no-such-name", Strength.FIRM),
        ({"dns.failure": "nxdomain", "dns.agreement": "some-failed"}, "no-such-name-by-some", Strength.LIKELY),
        ({"dns.failure": "no-address", "dns.agreement": "same"}, "name-without-address", Strength.FIRM),
        (
            {"dns.failure": "no-address", "dns.agreement": "some-failed"},
            "name-without-address-by-some",
            Strength.LIKELY,
        ),
        ({"http.failure": "nxdomain"}, "no-such-name-by-some", Strength.LIKELY),
        ({"http.failure": "no-address"}, "name-without-address-by-some", Strength.LIKELY),
        ({"http.failure": "servfail"}, "name-servers-fail", Strength.LIKELY),
        ({"http.failure": "refused"}, "nothing-listens", Strength.LIKELY),
        ({"http.failure": "cert-expired"}, "certificate-expired", Strength.FIRM),
        ({"http.failure": "cert-not-yet-valid"}, "certificate-not-yet-valid", Strength.LIKELY),
        ({"http.failure": "cert-hostname"}, "certificate-wrong-name", Strength.FIRM),
        ({"http.failure": "cert-self-signed"}, "certificate-self-signed", Strength.FIRM),
        ({"http.failure": "cert-untrusted"}, "certificate-untrusted", Strength.LIKELY),
        ({"http.failure": "tls-handshake"}, "tls-handshake", Strength.LIKELY),
        ({"http.failure": "redirect-loop"}, "redirect-circle", Strength.LIKELY),
    ],
)
def test_fault_behind_a_redirect_has_the_same_cause(
    kb: KnowledgeBase, facts: dict[str, str], cause: str, strength: Strength
) -> None:
    """What fails on a later hop is reported as on the first; what one name server alone says is not certain."""
    verdict = judge(kb, {**FAILS, **facts})
    assert (verdict.cause, verdict.strength) == (cause, strength)


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"http.failure": "bad-location"}, "redirect-not-followed"),
        ({**HTTP_2, "http.failure": "empty-reply"}, "hangs-up-on-me"),
        ({**HTTP_2, "http.failure": "reset"}, "hangs-up-on-me"),
        ({**HTTP_2, "http.failure": "not-http"}, "hangs-up-on-me"),
        ({**HTTP_2, "http.failure": "tls-handshake", "http.stage": "tls"}, "hangs-up-on-me"),
        ({"tls.outcome": "ok", "http.failure": "tls-handshake", "http.stage": "http"}, "hangs-up-on-me"),
        ({"http.failure": "redirect-refused", "http.not-followed": "other"}, "redirect-not-followed"),
        ({"http.failure": "odd-http"}, "answer-odd-http"),
        ({"http.failure": "odd-http", "elsewhere.good": 2}, "answer-odd-http"),
        ({"http.status": 404, "http.class": 4, "http.secret-removed": True}, "address-without-its-secret"),
        ({"http.status": 500, "http.class": 5, "http.secret-removed": True}, "address-without-its-secret"),
        ({"http.status": 404, "http.class": 4, "http.other-page": True}, "other-page-refuses"),
        ({"http.not-looked": "busy"}, "look-must-wait"),
        ({"http.not-looked": "broken"}, "look-broke"),
    ],
)
def test_limit_of_the_bot_blames_nobody(kb: KnowledgeBase, facts: dict[str, str | int], cause: str) -> None:
    """Where only the bot's own strictness stands between it and the page, it says so and calls no site down."""
    verdict = judge(kb, {**FAILS, **facts})
    assert (verdict.state, verdict.cause) == (State.UNKNOWN, cause)
    assert judge(kb, {**SEEN_502, "http.secret-removed": True}).state is State.DOWN


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"tls.alpn": "http/1.1", "http.failure": "empty-reply"}, "answer-broken-off"),
        ({"tls.alpn": "h2", "http.failure": "timeout"}, "answer-too-slow"),
        ({"tls.alpn": "h2", "http.failure": "truncated"}, "answer-broken-off"),
        ({"tls.alpn": "h2", "http.failure": "reset", "http.redirected-from": "shop.example.com"}, "answer-broken-off"),
    ],
)
def test_fault_that_no_other_protocol_mends_is_the_sites(kb: KnowledgeBase, facts: dict[str, str], cause: str) -> None:
    """HTTP/2 excuses only whom it was seen at, and only what a server does that does not speak HTTP/1.1."""
    verdict = judge(kb, {**FAILS, "tls.outcome": "ok", "http.confirmed": True, **facts})
    assert (verdict.state, verdict.cause) == (State.DOWN, cause)


@pytest.mark.parametrize(
    ("why", "cause", "state"),
    [
        ("port", "redirect-to-port", State.BLOCKED),
        ("scheme", "redirect-to-app", State.BLOCKED),
        ("userinfo", "redirect-with-login", State.BLOCKED),
        ("inside", "redirect-inside", State.DOWN),
    ],
)
def test_redirect_that_is_not_followed_was_looked_at(kb: KnowledgeBase, why: str, cause: str, state: State) -> None:
    """A site that sends visitors where the bot does not go has answered; only a way into private space is its fault."""
    seen = {"http.failure": "redirect-refused", "http.status": 302, "http.class": 3, "text.status": 502}
    verdict = judge(kb, {**FAILS, **seen, "http.not-followed": why})
    assert (verdict.cause, verdict.state) == (cause, state)
    assert "{host} answers" in kb.causes[cause].summary


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Your connection is not private NET::ERR_CERT_DATE_INVALID", "visitor-tls"),
        ("Your connection is not private NET::ERR_CERT_REVOKED", "browser-is-stricter"),
        ("NET::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED", "browser-is-stricter"),
        ("ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "browser-is-stricter"),
        ("This page isn't working ERR_TOO_MANY_REDIRECTS", "redirects-by-cookie"),
        ("net::ERR_CONTENT_LENGTH_MISMATCH 200 (OK)", "answer-spoilt-on-the-way"),
        ("This site can't be reached ERR_CONNECTION_RESET", "visitor-connection"),
        ('[emerg] 1#1: host not found in upstream "app" in /etc/nginx/conf.d/default.conf:8', "answers-after-the-log"),
    ],
)
def test_good_look_tells_what_it_cannot_see(kb: KnowledgeBase, text: str, cause: str) -> None:
    """A good answer disproves only what the bot tests as well; the rest is not laid on the visitor's device."""
    found = identify(kb, text)
    verdict = judge(kb, {**gather(kb, found.match, found.hop, None, {}), **ANSWERS})
    assert verdict.cause == cause
    assert verdict.side is not Side.VISITOR or cause == "visitor-tls"


ONLY_HTTP = {**ANSWERS, "tls.outcome": "skip", "tcp.https": "refused", "http.unencrypted": True}


def test_site_without_encryption_is_told_as_such(kb: KnowledgeBase) -> None:
    """Where https did not come about and http did, the site works, and the verdict says how, and how sure it is."""
    verdict = judge(kb, ONLY_HTTP)
    assert (verdict.state, verdict.cause, verdict.strength) == (State.UP, "works-unencrypted", Strength.LIKELY)
    assert judge(kb, {**ONLY_HTTP, "text.family": "connection"}).cause == "works-unencrypted"
    assert judge(kb, {**ONLY_HTTP, "text.family": "dns", "dns.agreement": "same"}).cause == "visitor-dns"
    assert judge(kb, {**ONLY_HTTP, "text.status": 502}).cause == "answers-well-here"
    broken = judge(kb, {**SEEN_502, "tcp.https": "refused", "http.unencrypted": True})
    assert broken.cause == "gateway-without-answer"
    assert "tcp.https" in {seen.fact for seen in broken.evidence}


def test_front_that_sends_visitors_to_encryption_is_no_site_without_it(kb: KnowledgeBase) -> None:
    """A bare domain whose port 80 leads to https elsewhere is an ordinary site."""
    assert judge(kb, {**ANSWERS, "tcp.https": "refused"}).cause == "site-works"


SOME_EXPIRED = {"tls.outcome": "ok", "tls.mixed": True, "tls.odd": "cert-expired"}
SOME_HANG_UP = {"tls.outcome": "ok", "tls.mixed": True, "tls.odd": "reset"}


@pytest.mark.parametrize(
    ("facts", "cause", "strength"),
    [
        ({**ANSWERS, **SOME_EXPIRED}, "certificates-differ", Strength.LIKELY),
        ({**ANSWERS, **SOME_EXPIRED, "text.family": "tls"}, "certificates-differ", Strength.LIKELY),
        ({**FAILS, **SOME_EXPIRED, "http.failure": "cert-expired"}, "certificates-differ", Strength.LIKELY),
        ({**SEEN_502, **SOME_EXPIRED, "text.family": "tls"}, "certificates-differ", Strength.LIKELY),
        ({**ANSWERS, **SOME_HANG_UP}, "handshakes-differ", Strength.WEAK),
        ({**FAILS, **SOME_HANG_UP, "http.failure": "reset", "http.stage": "tls"}, "handshakes-differ", Strength.WEAK),
    ],
)
def test_addresses_that_differ_are_a_degraded_site(
    kb: KnowledgeBase, facts: dict[str, str | int | bool], cause: str, strength: Strength
) -> None:
    """Whichever address the page came from: some visitors get it and some a warning, and no device is to blame."""
    verdict = judge(kb, facts)
    assert (verdict.state, verdict.side, verdict.cause, verdict.strength) == (
        State.DEGRADED, Side.TLS, cause, strength,
    )  # fmt: skip


def test_addresses_that_differ_do_not_hide_an_outage(kb: KnowledgeBase) -> None:
    """A confirmed 502 is down for everybody; a failed handshake beside a page needs a working control."""
    assert judge(kb, {**SEEN_502, **SOME_EXPIRED}).cause == "gateway-without-answer"
    assert judge(kb, {**ANSWERS, **SOME_HANG_UP, "canary.outcome": "fail"}).cause == "site-works"


def test_filter_is_blamed_only_while_the_site_answers(kb: KnowledgeBase) -> None:
    """A filter's page blames the network of its reader, but not when the site fails for the bot, or anywhere else."""
    text = {"text.source": "proxy-corporate", "text.status": 502}
    assert judge(kb, {**text, **ANSWERS}).cause == "local-proxy"
    assert judge(kb, text).cause == "local-proxy-by-text"
    assert judge(kb, {**text, **SEEN_502}).cause == "gateway-without-answer"
    assert judge(kb, {**text, **ANSWERS, "answer.mobile-data": "fails"}).side is Side.UNKNOWN
    assert judge(kb, {**text, "answer.mobile-data": "fails"}).side is not Side.VISITOR


SQUID = "ERROR The requested URL could not be retrieved. The following error was encountered while trying to retrieve the URL: http://shop.example.com/ Connection to 10.0.0.5 failed. The system returned: (111) Connection refused. Generated Thu, 30 Nov 2025 19:00:00 GMT by {} (squid/5.7)"


@pytest.mark.parametrize(
    ("machine", "look", "expected"),
    [
        ("proxy.office.test", ANSWERS, ("local-proxy", State.UP, Side.VISITOR)),
        ("proxy.office.test", ANSWERS | {"http.squid": True}, ("site-proxy-recovered", State.UP, Side.UNKNOWN)),
        ("front.example.com", ANSWERS, ("site-proxy-recovered", State.UP, Side.UNKNOWN)),
        ("front.example.com", {}, ("page-of-failed-server", State.DOWN, Side.ORIGIN)),
        ("proxy.office.test", {}, ("proxy-by-text", State.UNKNOWN, Side.UNKNOWN)),
    ],
)
def test_proxy_of_the_site_is_not_the_visitors(
    kb: KnowledgeBase, machine: str, look: dict[str, str | int | bool], expected: object
) -> None:
    """A Squid that the good answer passed, or that bears the site's name, is the site's; a site seen up is not down."""
    found = identify(kb, SQUID.format(machine))
    verdict = judge(kb, {**gather(kb, found.match, found.hop, None, {}), **look})
    assert (verdict.cause, verdict.state, verdict.side) == expected


def test_filtering_name_server_does_not_outweigh_what_was_seen(kb: KnowledgeBase) -> None:
    """Whoever got a status has resolved the name: that one resolver denies it is not the cause."""
    conflict = {**ANSWERS, "dns.agreement": "conflict"}
    assert judge(kb, conflict).cause == "resolvers-disagree"
    assert judge(kb, {**conflict, "text.status": 502}).cause == "answers-well-here"


NOT_FOUND = "This site can't be reached. DNS_PROBE_FINISHED_NXDOMAIN"


@pytest.mark.parametrize(
    ("text", "dns", "expected"),
    [
        (NOT_FOUND, {"dns.agreement": "same"}, ("visitor-dns", State.UP, Side.VISITOR)),
        (NOT_FOUND, {"dns.agreement": "addresses-differ"}, ("visitor-dns", State.UP, Side.VISITOR)),
        (NOT_FOUND, {"dns.agreement": "conflict"}, ("resolvers-disagree", State.DEGRADED, Side.DNS)),
        (
            NOT_FOUND,
            {"dns.agreement": "some-failed", "dns.failed": 2},
            ("resolvers-disagree", State.DEGRADED, Side.DNS),
        ),
        (
            NOT_FOUND,
            {"dns.agreement": "some-failed", "dns.failed": 1},
            ("resolvers-disagree", State.DEGRADED, Side.DNS),
        ),
        ("", {"dns.agreement": "some-failed", "dns.failed": 2}, ("resolvers-disagree", State.DEGRADED, Side.DNS)),
        ("", {"dns.agreement": "some-failed", "dns.failed": 1}, ("resolver-fails", State.UP, Side.DNS)),
    ],
)
def test_name_that_fails_for_the_bot_too_is_not_the_visitors(
    kb: KnowledgeBase, text: str, dns: dict[str, str | int], expected: object
) -> None:
    """Where some of the bot's own name servers fail on a name, the name is in doubt; a single one alone is a weak sign."""
    found = identify(kb, text)
    verdict = judge(kb, {**gather(kb, found.match, found.hop, None, {}), **ANSWERS, **dns})
    assert (verdict.cause, verdict.state, verdict.side) == expected
    assert "several" not in kb.causes["visitor-dns"].reason


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("This site can't be reached ERR_PROXY_CONNECTION_FAILED", "page-blames-visitor"),
        ("There is something wrong with the proxy server ERR_TUNNEL_CONNECTION_FAILED", "set-proxy-by-text"),
        ("No internet ERR_INTERNET_DISCONNECTED", "page-blames-visitor"),
        ("This page isn't working ERR_TOO_MANY_REDIRECTS", "redirects-by-text"),
        ("Error 522 Connection timed out cloudflare", "page-names-firewall"),
        ("Error 523 Origin is unreachable cloudflare", "page-names-origin-address"),
        ("Error 525 SSL handshake failed cloudflare", "page-names-origin-handshake"),
        ("Error 526 Invalid SSL certificate cloudflare", "page-names-origin-certificate"),
        ('at=error code=H12 desc="Request timeout" method=GET path="/" status=503', "page-names-slow-server"),
        ("upstream sent too big header while reading response header from upstream", "page-names-header-size"),
        ("502: BAD_GATEWAY Code: ERR_NGROK_8012", "page-names-tunnel"),
        ("HTTP error 407 Proxy Authentication Required", "network-wants-sign-in"),
        ("HTTP error 511 Network Authentication Required", "network-wants-sign-in"),
        ("HTTP error 431 Request Header Fields Too Large", "request-not-accepted"),
        ("HTTP error 401 Unauthorized", "request-not-accepted"),
        ("Windows Update error 0x80072F8F", "windows-update-clock"),
        ("Windows Update error 0x80244022", "windows-update-gateway"),
    ],
)
def test_text_alone_names_what_to_do_first(kb: KnowledgeBase, text: str, cause: str) -> None:
    """Where the error itself says which part failed, the verdict is about that part."""
    found = identify(kb, text)
    assert judge(kb, gather(kb, found.match, found.hop, None, {})).cause == cause


def test_answers_count_without_a_look(kb: KnowledgeBase) -> None:
    """What the person saw on another network decides where nobody could look at the site."""
    text = {"text.status": 502, "text.family": "bad-gateway"}
    assert judge(kb, {"text.family": "dns", "answer.mobile-data": "works"}).side is Side.NETWORK
    assert judge(kb, {**text, "answer.mobile-data": "works"}).cause == "recovered-by-answer"
    assert judge(kb, {**text, "text.side": "visitor", "answer.mobile-data": "works"}).side is Side.NETWORK
    fails = {**text, "answer.mobile-data": "fails"}
    assert judge(kb, {**fails, "answer.other-sites": "works"}).cause == "other-network-fails-by-answer"
    assert judge(kb, fails).cause == "server-side-by-number"


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({**ANSWERS, "http.secret-removed": True}, "front-works-without-its-secret"),
        ({**ANSWERS, "http.other-page": True}, "other-page-works"),
        ({**ANSWERS, "text.status": 407}, "network-wants-sign-in-here"),
        ({**ANSWERS, "text.status": 511}, "network-wants-sign-in-here"),
        ({**ANSWERS, "text.status": 408}, "request-unfinished-here"),
        ({**ANSWERS, "text.error": "curl-60", "text.family": "tls", "answer.mobile-data": "works"}, "program-trust"),
        ({"text.error": "curl-60", "text.family": "tls", "answer.mobile-data": "works"}, "program-trust-by-text"),
        (
            {"text.error": "firefox-redirect-loop", "text.family": "connection", "answer.private-window": "works"},
            "redirects-by-own-cookie",
        ),
    ],
)
def test_more_exact_rule_is_not_hidden(kb: KnowledgeBase, facts: dict[str, str | int | bool], cause: str) -> None:
    """A good look and an answer of the person leave standing what the error itself proves."""
    assert judge(kb, facts).cause == cause


WINDOW, MOBILE = {"private-window": "works"}, {"mobile-data": "works"}
BOTH = {"private-window": "fails", "mobile-data": "works"}
CLOUDFLARE_522 = "Error 522 Ray ID: 7c0ffee1 Browser Working Cloudflare Working shop.example.com Host Error"


@pytest.mark.parametrize(
    ("text", "answers", "cause"),
    [
        ("502 Bad Gateway nginx/1.24.0", WINDOW, "recovered"),
        ("502 Bad Gateway nginx/1.24.0", MOBILE, "recovered"),
        ("502 Bad Gateway nginx/1.24.0", BOTH, "recovered-in-part"),
        (CLOUDFLARE_522, WINDOW, "recovered"),
        (CLOUDFLARE_522, BOTH, "recovered-in-part"),
        ("This page isn't working HTTP ERROR 500", WINDOW, "recovered"),
        ("curl: (22) The requested URL returned error: 503", MOBILE, "recovered"),
    ],
)
def test_page_of_the_site_is_no_fault_of_the_browser(
    kb: KnowledgeBase, text: str, answers: dict[str, str], cause: str
) -> None:
    """If a server's own error is gone now, it was probably a recovery: weak, nobody's side, reload first."""
    found = identify(kb, text)
    verdict = judge(kb, {**gather(kb, found.match, found.hop, None, answers), **ANSWERS})
    assert (verdict.cause, verdict.side, verdict.strength) == (cause, Side.UNKNOWN, Strength.WEAK)
    assert kb.causes[cause].first[0] == "reload"


@pytest.mark.parametrize(
    ("text", "answers", "cause"),
    [
        ("400 Bad Request Request Header Or Cookie Too Large nginx", WINDOW, "browser-state"),
        ("curl: (56) Received HTTP code 502 from proxy after CONNECT", MOBILE, "visitor-network"),
        ("This site can't be reached ERR_CONNECTION_RESET", BOTH, "visitor-network-any-window"),
        ("HTTP error 511 Network Authentication Required", WINDOW, "network-wants-sign-in-here"),
        ("This site can't be reached ERR_CONNECTION_RESET", {"other-sites": "fails"}, "visitor-offline"),
        ("502 Bad Gateway cloudflare", {"other-sites": "fails"}, "answers-well-here"),
    ],
)
def test_own_side_is_named_where_no_server_failed(
    kb: KnowledgeBase, text: str, answers: dict[str, str], cause: str
) -> None:
    """An error about the request, of a proxy or of the way there leaves the answers their word; a CDN's own does not."""
    found = identify(kb, text)
    assert judge(kb, {**gather(kb, found.match, found.hop, None, answers), **ANSWERS}).cause == cause


@pytest.mark.parametrize(
    ("status", "cause", "says_certificate"),
    [(525, "edge-handshake-fails", False), (526, "edge-rejects-origin-certificate", True)],
)
def test_failed_handshake_is_no_refused_certificate(
    kb: KnowledgeBase, status: int, cause: str, says_certificate: bool
) -> None:
    """Cloudflare's 526 speaks of the certificate; 525 says only that no secure connection came about."""
    facts = {"checked": True, "canary.outcome": "ok", "http.status": status, "http.class": 5, "http.confirmed": True}
    assert judge(kb, facts).cause == cause
    assert ("certificate" in kb.causes[cause].summary + kb.causes[cause].reason) is says_certificate


@pytest.mark.parametrize(
    ("code", "cause", "first"),
    [
        ("0x80070643", "windows-update-on-this-pc", "troubleshooter"),
        ("0x800f0831", "windows-update-on-this-pc", "troubleshooter"),
        ("0x80070002", "windows-update-on-this-pc", "troubleshooter"),
        ("0x80072EE2", "windows-update-connection", "proxy-settings"),
        ("0x80072EFD", "windows-update-connection", "proxy-settings"),
        ("0x80072EFE", "windows-update-connection", "proxy-settings"),
        ("0x80D02002", "windows-update-connection", "proxy-settings"),
        ("0x8024402C", "windows-update-name", "proxy-settings"),
        ("0x8024401B", "windows-update-proxy", "proxy-settings"),
        ("0x80244018", "windows-update-other", "reload"),
        ("0x80244021", "windows-update-gateway", "reload"),
        ("0x801901F7", "windows-update-gateway", "reload"),
        ("-2145844748", "windows-update-gateway", "reload"),
        ("0x80190194", "windows-update-other", "reload"),
        ("2149122449", "windows-update-other", "reload"),
        ("0x80190197", "windows-update-proxy", "proxy-settings"),
        ("0x80200010", "windows-update-connection", "proxy-settings"),
        ("0x80072EFF", "windows-update-connection", "proxy-settings"),
        ("0x80072AF9", "windows-update-connection", "proxy-settings"),
        ("0x80072F05", "windows-update-clock", "check-clock"),
        ("0x80072F7D", "windows-update-clock", "check-clock"),
    ],
)
def test_windows_update_code_is_blamed_on_what_it_speaks_of(
    kb: KnowledgeBase, code: str, cause: str, first: str
) -> None:
    """A code of an installation is no failed connection, and the plan begins with what the verdict says."""
    found = identify(kb, f"Windows Update error {code}")
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    steps = plan(kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts).steps
    assert (verdict.cause, steps[0]) == (cause, first)
    assert ("repair-files" in steps) is (verdict.side is Side.VISITOR and "proxy-settings" not in steps)


def test_update_that_a_vpn_can_stop_is_tried_without_one(kb: KnowledgeBase) -> None:
    """Microsoft names the VPN and the disk for one and the same code: neither is skipped."""
    found = identify(kb, "Windows Update error 0x800F0922")
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    steps = plan(kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts).steps
    assert steps[0] == "vpn-off"
    assert "repair-files" in steps
