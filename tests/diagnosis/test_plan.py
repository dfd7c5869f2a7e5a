"""Are the steps those that still make sense, in the order of the evidence?"""

from __future__ import annotations

import pytest

from bot.diagnosis.experience import Moved, Tally
from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, details, exists_on, plan
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import Audience, GuideStep, KnowledgeBase

DOWN = {"checked": True, "canary.outcome": "ok", "http.status": 502, "http.class": 5, "http.confirmed": True}
GOOD = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2}

ELSEWHERE_BAD = {"elsewhere.tried": 3, "elsewhere.bad": 3, "elsewhere.same": 3, "elsewhere.seen": "bad"}


def verdict_of(kb: KnowledgeBase, **facts: object) -> Verdict:
    return judge(kb, {name.replace("__", ".").replace("_", "-"): value for name, value in facts.items()})  # type: ignore[misc]


def test_site_down_skips_local_steps_with_the_cause(kb: KnowledgeBase) -> None:
    """When the site is down for all, router and DNS steps are skipped, and the cause that says why is named."""
    verdict = judge(kb, DOWN)
    made = plan(kb, verdict, kb.guides["visitor"], Profile(), ())
    skipped = {skipped.step: skipped.cause for skipped in made.skipped}
    assert skipped["restart-network"] == skipped["dns-servers"] == verdict.cause
    assert made.steps == ("reload", "contact-site", "come-back-later")


def test_private_window_works_puts_cookies_first(kb: KnowledgeBase) -> None:
    """Evidence for the browser's state brings the cookies to the front."""
    verdict = judge(kb, {**GOOD, "answer.private-window": "works"})
    assert plan(kb, verdict, kb.guides["visitor"], Profile(), ()).steps[:2] == ("cookies", "clear-cache")


def test_other_network_works_puts_the_vpn_first(kb: KnowledgeBase) -> None:
    """A phone that gets in proves nothing of the computer: its VPN comes first, its browser stays in the plan."""
    made = plan(kb, judge(kb, {**GOOD, "answer.mobile-data": "works"}), kb.guides["visitor"], Profile(), ())
    assert made.steps[:2] == ("vpn-off", "restart-network")
    assert made.skipped == ()
    clean = judge(kb, {**GOOD, "answer.mobile-data": "works", "answer.private-window": "fails"})
    made = plan(kb, clean, kb.guides["visitor"], Profile(), ())
    assert made.steps[:2] == ("vpn-off", "restart-network")
    assert {"cookies", "other-browser"} <= {skipped.step for skipped in made.skipped}
    assert "restart-computer" in made.steps


@pytest.mark.parametrize("facts", [{}, ELSEWHERE_BAD], ids=["here", "everywhere"])
def test_overloaded_site_is_given_time_first(kb: KnowledgeBase, facts: dict[str, object]) -> None:
    """A site that has too many requests gets a pause before the next one."""
    verdict = judge(kb, {**DOWN, "http.status": 503, **facts})
    guide = choose_guide(kb, verdict, {}, "visitor")
    assert (guide.id, plan(kb, verdict, guide, Profile(), ()).steps[0]) == ("visitor-503", "wait-retry-after")


@pytest.mark.parametrize(
    "facts",
    [
        {"tcp.v4": "ok", "tcp.v6": "fail"},
        {"tcp.v6": "ok", "tcp.v4": "fail"},
        {"tcp.outcome": "ok", "tcp.dead": 1, "tcp.tried": 3},
        {"http.families-differ": True},
    ],
    ids=["ipv6", "ipv4", "one", "families"],
)
def test_owner_of_half_a_site_looks_at_its_addresses(kb: KnowledgeBase, facts: dict[str, object]) -> None:
    """Where only some addresses answer, the owner begins with the name's entries, whatever was pasted."""
    verdict = judge(kb, {**GOOD, **facts})
    guide = choose_guide(kb, verdict, {**GOOD, **facts}, "owner")
    assert (guide.id, plan(kb, verdict, guide, Profile(), ()).steps[0]) == ("owner-connection", "check-addresses")


def test_done_steps_do_not_come_again(kb: KnowledgeBase) -> None:
    """A step that was offered or tried is neither planned nor listed as skipped."""
    verdict = judge(kb, DOWN)
    made = plan(kb, verdict, kb.guides["visitor"], Profile(), {"reload", "restart-network"})
    assert "reload" not in made.steps
    assert "restart-network" not in {skipped.step for skipped in made.skipped}


def test_step_missing_on_the_device_is_skipped_without_a_cause(kb: KnowledgeBase) -> None:
    """A phone has no safe mode of the browser: the step is skipped, and no cause is blamed for it."""
    verdict = judge(kb, GOOD)
    made = plan(kb, verdict, kb.guides["visitor"], Profile(system="ios"), ())
    assert {skipped.step: skipped.cause for skipped in made.skipped}["safe-mode"] is None


def test_owner_steps_are_never_pointless(kb: KnowledgeBase) -> None:
    """What is pointless for a visitor is the very place where an owner must look."""
    verdict = judge(kb, DOWN)
    assert plan(kb, verdict, kb.guides["owner-nginx"], Profile(), ()).skipped == ()


def test_after_keeps_steps_behind_their_forerunners(kb: KnowledgeBase) -> None:
    """A step that must follow another one follows it, whatever the evidence puts first."""
    guide = kb.guides["windows-update"]
    later = next(step for step in guide.steps if step.after)
    cause = kb.causes["unknown"].model_copy(update={"first": (later.id,)})
    changed = kb.model_copy(update={"causes": {**kb.causes, "unknown": cause}})
    steps = plan(changed, judge(changed, {}), guide, Profile(), ()).steps
    assert all(steps.index(before) < steps.index(later.id) for before in later.after)


@pytest.mark.parametrize(
    ("facts", "audience", "expected"),
    [
        ({**DOWN, "text.error": "nginx-502", "text.status": 502}, "owner", "owner-nginx"),
        (
            {**DOWN, "text.error": "generic-502", "text.status": 502, "http.error": "haproxy-503"},
            "owner",
            "owner-haproxy",
        ),
        ({**DOWN, "text.error": "haproxy-503", "http.error": "nginx-502"}, "owner", "owner-haproxy"),
        (DOWN, "owner", "owner-generic"),
        (DOWN, "visitor", "visitor"),
        ({**DOWN, "http.status": 500}, "visitor", "visitor-500"),
    ],
)
def test_guide_follows_the_best_evidence(kb: KnowledgeBase, facts: dict, audience: str, expected: str) -> None:
    """The cause chooses the guide, else the text, else the page that the bot saw, else the default."""
    assert choose_guide(kb, judge(kb, facts), facts, audience).id == expected  # type: ignore[arg-type]


def test_unknown_device_excludes_nothing(kb: KnowledgeBase) -> None:
    """What is not known of the reader never takes a step away."""
    step = GuideStep.model_validate(
        {"id": "a", "kind": "browser", "title": "t", "do": "d", "why": "w", "verify": "v?", "systems": ["windows"]}
    )
    assert exists_on(step, Profile())
    assert exists_on(step, Profile(system="other"))
    assert not exists_on(step, Profile(system="ios"))


def test_most_exact_detail_comes_first() -> None:
    """Details for browser and system go before those for one of them; at most two are shown."""
    step = GuideStep.model_validate(
        {
            "id": "a", "kind": "browser", "title": "t", "do": "d", "why": "w", "verify": "v?",
            "details": [
                {"do": "any system", "browser": ["chrome"]},
                {"do": "both", "browser": ["chrome"], "system": ["windows"]},
                {"do": "everybody"},
                {"do": "other", "browser": ["firefox"]},
            ],
        }
    )  # fmt: skip
    chosen = [detail.do for detail in details(step, Profile(browser="chrome", system="windows"))]
    assert chosen == ["both", "any system"]


CLEAR = Tally(guide="visitor", step="cookies", solved=19, failed=12)


def test_experience_orders_behind_this_conversations_evidence(kb: KnowledgeBase) -> None:
    """Counts of earlier conversations move a step up, but not past what the cause puts first."""
    verdict = judge(kb, GOOD)
    base = plan(kb, verdict, kb.guides["visitor"], Profile(), ())
    made = plan(kb, verdict, kb.guides["visitor"], Profile(), (), tallies=(CLEAR,))
    assert sorted(made.steps) == sorted(base.steps)
    assert made.steps.index("cookies") < base.steps.index("cookies")
    assert made.steps[:2] == ("reload", "cookies")
    assert made.moved == (Moved(step="cookies", solved=19, tried=31),)


def test_order_does_not_change_while_steps_are_done(kb: KnowledgeBase) -> None:
    """Each plan is the rest of the one before, and still tells what moved."""
    verdict, done = judge(kb, GOOD), list[str]()
    whole = plan(kb, verdict, kb.guides["visitor"], Profile(), (), tallies=(CLEAR,))
    for step in whole.steps:
        left = plan(kb, verdict, kb.guides["visitor"], Profile(), done, tallies=(CLEAR,))
        assert left.steps == whole.steps[len(done) :]
        assert left.moved == whole.moved
        done.append(step)


def begins(kb: KnowledgeBase, text: str, audience: Audience, **seen: object) -> tuple[str, str]:
    """Return guide and first step for somebody who pasted the text, together with what the bot saw."""
    found = identify(kb, text)
    facts = {**gather(kb, found.match, found.hop, None, {}), **{k.replace("__", "."): v for k, v in seen.items()}}
    verdict = judge(kb, facts)  # type: ignore[arg-type]
    guide = choose_guide(kb, verdict, facts, audience)  # type: ignore[arg-type]
    return guide.id, plan(kb, verdict, guide, Profile(), (), facts=facts).steps[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["HTTP Error 503. The service is unavailable.", "HTTP Error 503.0 - Service Unavailable"]
)
@pytest.mark.parametrize("seen", [{}, {**DOWN, "http.status": 503}], ids=["unseen", "seen"])
def test_stopped_pool_is_started_first(kb: KnowledgeBase, text: str, seen: dict[str, object]) -> None:
    """Windows' own 503 is a stopped application pool, whether or not the bot has looked."""
    assert begins(kb, text, "owner", **seen) == ("owner-iis", "check-pool")
    assert begins(kb, text, "visitor", **seen) == ("visitor-503", "wait-retry-after")


@pytest.mark.parametrize("seen", [{}, GOOD], ids=["unseen", "seen"])
def test_too_large_an_upload_is_made_smaller(kb: KnowledgeBase, seen: dict[str, object]) -> None:
    """Nothing but the size matters at 413: the owner raises the limit, the visitor is kept from reloading and waiting."""
    nginx = "413 Request Entity Too Large\nnginx/1.18.0 (Ubuntu)"
    assert begins(kb, nginx, "owner", **seen) == ("owner-413", "check-body-size")
    assert begins(kb, "413 Payload Too Large", "owner", **seen) == ("owner-413", "check-body-size")
    assert begins(kb, nginx, "visitor", **seen) == ("visitor-413", "smaller-request")


@pytest.mark.parametrize("text", ["HTTP Error 408", "Your browser didn't send a complete request in time."])
def test_unfinished_request_looks_at_the_visitors_line(kb: KnowledgeBase, text: str) -> None:
    """408 is the reverse of 504: the server did not get the request, so nobody is told that it arrived."""
    guide, first = begins(kb, text, "visitor")
    assert (guide, first) == ("visitor", "reload")
    found = identify(kb, text)
    verdict = judge(kb, gather(kb, found.match, found.hop, None, {}))
    assert plan(kb, verdict, kb.guides["visitor"], Profile(), {"reload"}).steps[:2] == ("vpn-off", "restart-network")
    assert "answer did not come in time" not in kb.guides[guide].intro


DISTRUST = {
    "npm": "npm ERR! code SELF_SIGNED_CERT_IN_CHAIN",
    "node": "npm ERR! code UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "leaf": "npm ERR! code UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "git": "fatal: unable to access 'https://git.example.com/a.git/': SSL certificate problem: unable to get local issuer "
    "certificate",
    "curl": "curl: (60) SSL certificate problem: unable to get local issuer certificate",
    "docker": "Error response from daemon: Get https://registry.example.com/v2/: x509: certificate signed by unknown "
    "authority",
    "pip": "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed "
    "certificate in certificate chain (_ssl.c:1006)'))",
}


@pytest.mark.parametrize("text", DISTRUST.values(), ids=DISTRUST)
@pytest.mark.parametrize("seen", [{}, {**GOOD, "tls.outcome": "ok"}], ids=["unseen", "seen"])
def test_program_is_told_the_root_certificate_first(kb: KnowledgeBase, text: str, seen: dict[str, object]) -> None:
    """A program that trusts no signer is taught a root certificate, whether or not the site's own one is fine."""
    assert begins(kb, text, "visitor", **seen) == ("visitor-client-tls", "program-roots")


def test_program_with_an_old_certificate_is_not_led_through_a_browser(kb: KnowledgeBase) -> None:
    """Other certificate errors of programs lead to the guide for programs, too; a browser's lead to its own."""
    good = {**GOOD, "tls.outcome": "ok"}
    assert begins(kb, "npm ERR! code CERT_HAS_EXPIRED", "visitor", **good) == ("visitor-client-tls", "check-clock")
    assert begins(kb, "npm ERR! code CERT_HAS_EXPIRED", "visitor")[0] == "visitor-client-tls"
    for seen in ({}, good):
        assert begins(kb, "NET::ERR_CERT_AUTHORITY_INVALID", "visitor", **seen) == ("visitor-tls", "check-clock")
        assert begins(kb, "NET::ERR_CERT_AUTHORITY_INVALID", "owner", **seen)[0] == "owner-tls"


@pytest.mark.parametrize("seen", [{}, DOWN], ids=["unseen", "seen"])
@pytest.mark.parametrize(
    ("text", "guide", "step"),
    [
        ("Error code 522\nConnection timed out\nCloudflare", "owner-cloudflare", "check-firewall"),
        ("Error code 526\nInvalid SSL certificate\nCloudflare", "owner-cloudflare", "check-tls-backend"),
        (
            "upstream sent too big header while reading response header from upstream",
            "owner-nginx",
            "check-header-size",
        ),
        (
            "connect() failed (111: Connection refused) while connecting to upstream",
            "owner-nginx",
            "check-service",
        ),
        (
            'FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream',
            "owner-php-fpm",
            "check-script",
        ),
        (
            'ERR error="Unable to reach the origin service. The service may be down or it may not be responding to '
            'traffic from cloudflared: dial tcp 127.0.0.1:8080: connect: connection refused"',
            "owner-cloudflare",
            "check-tunnel-service",
        ),
    ],
)
def test_owner_begins_with_what_the_error_names(
    kb: KnowledgeBase, seen: dict[str, object], text: str, guide: str, step: str
) -> None:
    """The step that the error itself names comes first after a reload, also when the bot has looked at the site."""
    assert begins(kb, text, "owner", **seen) == (guide, step)


NPM = "npm ERR! code E502\nnpm ERR! 502 Bad Gateway - GET https://registry.example.org/left-pad"


def test_program_gets_the_guide_of_programs_where_the_site_is_fine(kb: KnowledgeBase) -> None:
    """Whoever met the error with a program never gets a browser's steps, least of all when the site works."""
    guide, _ = begins(kb, NPM, "visitor", **GOOD)
    assert guide == "visitor-client"
    facts = {**GOOD, "text.error": "npm-502", "text.status": 502, "text.layer": "client"}
    made = plan(kb, judge(kb, facts), kb.guides[guide], Profile(), (), facts=facts)
    assert made.steps[:3] == ("reload", "proxy-settings", "tool-settings")
    assert "check-status" not in made.steps


@pytest.mark.parametrize(
    ("text", "seen", "guide"),
    [
        ("Error: connect ECONNREFUSED 127.0.0.1:3000", {}, "visitor-client-connection"),
        (
            "curl: (7) Failed to connect to api.example.org port 443: Connection refused",
            {},
            "visitor-client-connection",
        ),
        (NPM, {**GOOD, "http.status": 503, "http.class": 5, "http.confirmed": True}, "visitor-client"),
        ("502 Bad Gateway\nnginx/1.18.0", {}, "visitor"),
    ],
)
def test_guide_about_browsers_gives_way_to_that_about_programs(
    kb: KnowledgeBase, text: str, seen: dict[str, object], guide: str
) -> None:
    """A guide that names another one for programs is replaced by it, and only for those who use one."""
    assert begins(kb, text, "visitor", **seen)[0] == guide


def test_owner_of_the_server_is_not_told_that_it_is_somebody_elses(kb: KnowledgeBase) -> None:
    """A program's message of an own server leads to that server's log, not to a stranger's status page."""
    text = "requests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: https://api.example.org/orders"
    assert begins(kb, text, "owner", **DOWN) == ("owner-generic", "find-writer")


@pytest.mark.parametrize(("status", "state"), [(405, "blocked"), (401, "blocked"), (429, "blocked"), (404, "unknown")])
def test_refusal_of_the_bot_says_nothing_of_a_pasted_502(kb: KnowledgeBase, status: int, state: str) -> None:
    """The bot's plain visit was refused or misled: the guide stays that of the pasted error, and nobody is blamed."""
    seen = {"checked": True, "canary.outcome": "ok", "http.status": status, "http.class": 4}
    facts = {**seen, "text.error": "nginx-502", "text.status": 502, "text.layer": "page", "text.source": "nginx"}
    found = judge(kb, facts)
    assert (found.state, found.side) == (state, "unknown")
    assert choose_guide(kb, found, facts, "owner").id == "owner-nginx"
    assert choose_guide(kb, found, facts, "visitor").id == "visitor"


def test_own_proxy_is_cleared_by_another_network(kb: KnowledgeBase) -> None:
    """Whoever meets the proxy's error on mobile data, too, is not told that it is the proxy of their own side."""
    facts = {**GOOD, "text.error": "chromium-err-proxy-connection-failed", "text.layer": "browser"}
    assert judge(kb, facts).cause == "own-proxy"
    assert judge(kb, {**facts, "answer.mobile-data": "fails"}).cause != "own-proxy"


def test_step_that_an_answer_told_is_left_out_and_says_so(kb: KnowledgeBase) -> None:
    """Whoever said that a private window fails, too, is not asked to try one, nor to delete cookies."""
    facts = {**GOOD, "text.status": 502, "answer.private-window": "fails"}
    made = plan(kb, judge(kb, facts), kb.guides["visitor"], Profile(), (), facts=facts)
    told = {left.step for left in made.skipped if left.question is not None}
    assert {"new-session", "cookies", "clear-cache"} <= told
    assert not told & set(made.steps)
