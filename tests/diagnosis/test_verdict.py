"""Is a verdict the first rule that holds, limited by what was verified?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.facts import VOCABULARY, gather
from bot.diagnosis.identify import identify
from bot.diagnosis.verdict import Verdict, holds, judge, ranked
from bot.kb.model import KnowledgeBase, Side, State, Strength

SEEN_502 = {"checked": True, "canary.outcome": "ok", "http.status": 502, "http.class": 5, "http.confirmed": True}


def test_confirmed_502_blames_the_origin(kb: KnowledgeBase) -> None:
    """A 502 that was seen twice is the site's own server, likely."""
    verdict = judge(kb, {**SEEN_502, "vantages": 1})
    assert (verdict.state, verdict.side, verdict.strength) == (State.DOWN, Side.ORIGIN, Strength.LIKELY)


ALL_BAD = {"vantages": 4, "elsewhere.tried": 3, "elsewhere.good": 0, "elsewhere.bad": 3, "elsewhere.seen": "bad"}
ALL_SAME = {"elsewhere.same": 3, "elsewhere.all-same": True}


def test_other_places_that_fail_alike_make_it_firm(kb: KnowledgeBase) -> None:
    """The same 502 from all of several places is certain; that they looked, or some got another one, is not enough."""
    assert judge(kb, {**SEEN_502, **ALL_BAD, **ALL_SAME}).strength is Strength.FIRM
    assert judge(kb, {**SEEN_502, "vantages": 4}).strength is Strength.LIKELY
    assert (
        judge(kb, {**SEEN_502, **ALL_BAD, "elsewhere.same": 2, "elsewhere.all-same": False}).strength is Strength.LIKELY
    )
    assert judge(kb, {**SEEN_502, **ALL_BAD, **ALL_SAME, "elsewhere.tried": 1}).strength is Strength.LIKELY


def test_answer_of_another_page_is_likely_at_most(kb: KnowledgeBase) -> None:
    """A site whose other page fails is down, and the verdict says that it was another page; that it is not certain."""
    verdict = judge(kb, {**SEEN_502, **ALL_BAD, **ALL_SAME, "http.other-page": True})
    assert (verdict.state, verdict.strength) == (State.DOWN, Strength.LIKELY)
    assert "http.other-page" in {seen.fact for seen in verdict.evidence}
    assert judge(kb, {"checked": True, "canary.outcome": "fail", "http.failure": "timeout"}).strength is Strength.FIRM


SOME_GOOD = {
    "elsewhere.tried": 3,
    "elsewhere.good": 2,
    "elsewhere.bad": 1,
    "elsewhere.same": 1,
    "elsewhere.seen": "mixed",
}
REFUSED = {"checked": True, "canary.outcome": "ok", "tcp.failure": "refused"}


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (SEEN_502, SOME_GOOD, (State.DEGRADED, Side.NETWORK, "opens-elsewhere", Strength.LIKELY)),
        (
            SEEN_502 | {"http.edge": "cloudflare"}, SOME_GOOD,
            (State.DEGRADED, Side.EDGE, "opens-elsewhere-by-edge", Strength.LIKELY),
        ),
        (
            SEEN_502 | {"http.status": 522, "http.edge": "cloudflare"}, SOME_GOOD,
            (State.DEGRADED, Side.EDGE, "opens-elsewhere-by-edge", Strength.LIKELY),
        ),
        (REFUSED, SOME_GOOD, (State.DEGRADED, Side.NETWORK, "silent-from-here", Strength.LIKELY)),
        (
            REFUSED, {**ALL_BAD, **ALL_SAME},
            (State.DOWN, Side.ORIGIN, "nothing-listens-everywhere", Strength.FIRM),
        ),
        (
            REFUSED | {"tcp.failure": "timeout"}, {**ALL_BAD, **ALL_SAME},
            (State.DOWN, Side.ORIGIN, "no-connection-everywhere", Strength.FIRM),
        ),
        (REFUSED, {**ALL_BAD, "elsewhere.same": 0}, (State.DOWN, Side.ORIGIN, "nothing-listens", Strength.LIKELY)),
        (
            SEEN_502 | {"canary.outcome": "skip"}, {**ALL_BAD, **ALL_SAME},
            (State.DOWN, Side.ORIGIN, "gateway-without-answer-everywhere", Strength.LIKELY),
        ),
        (
            SEEN_502 | {"canary.outcome": "fail"}, SOME_GOOD,
            (State.UNKNOWN, Side.UNKNOWN, "own-connection", Strength.FIRM),
        ),
    ],
)  # fmt: skip
def test_places_decide_who_is_hit(kb: KnowledgeBase, here: object, there: object, expected: object) -> None:
    """Where all others fail alike it is down for all; where some of them get in it is regional."""
    verdict = judge(kb, {**here, **there})  # type: ignore[dict-item]
    assert (verdict.state, verdict.side, verdict.cause, verdict.strength) == expected


@given(facts=st.deferred(lambda: facts))
def test_number_of_places_proves_nothing(kb: KnowledgeBase, facts: dict[str, str | int | bool]) -> None:
    """Without what other places got, no number of them changes a verdict."""
    alone = {name: value for name, value in facts.items() if not name.startswith("elsewhere.")}
    assert judge(kb, {**alone, "vantages": 1}) == judge(kb, {**alone, "vantages": 9})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Error 1020 Ray ID: 7d2 Access denied", (State.BLOCKED, Side.UNKNOWN, "page-turns-away")),
        ("Error 1015 Ray ID: 7d2 You are being rate limited", (State.BLOCKED, Side.UNKNOWN, "page-turns-away")),
        ("Error 1016 Ray ID: 7d2 Origin DNS error", (State.DOWN, Side.ORIGIN, "page-names-origin-address")),
        ("Error 1027 This website has been temporarily rate limited", (State.DOWN, Side.ORIGIN, "page-blames-setup")),
        ("Error 1033 Ray ID: 7d2 Argo Tunnel error", (State.DOWN, Side.ORIGIN, "page-names-origin-address")),
        ("502 Bad Gateway\ncloudflare", (State.DOWN, Side.EDGE, "page-names-edge")),
        (
            "curl: (56) Received HTTP code 502 from proxy after CONNECT",
            (State.UNKNOWN, Side.VISITOR, "set-proxy-by-text"),
        ),
    ],
)
def test_page_that_nobody_checked_is_believed(kb: KnowledgeBase, text: str, expected: object) -> None:
    """What an edge says of itself is told from what it says of the site's owner, and from a visit that it refused."""
    found = identify(kb, text)
    verdict = judge(kb, gather(kb, found.match, found.hop, None, {}))
    assert (verdict.state, verdict.side, verdict.cause) == expected


def test_evidence_names_the_facts_of_the_rule(kb: KnowledgeBase) -> None:
    """A verdict cites the facts on which it rests, and nothing else."""
    verdict = judge(kb, {**SEEN_502, "vantages": 1, "host": "shop.example.com"})
    assert {seen.fact for seen in verdict.evidence} == {"http.status", "http.confirmed"}


def test_rules_that_hold_too_are_named(kb: KnowledgeBase) -> None:
    """Rules behind the deciding one are listed, the fall-back is not."""
    also = judge(kb, {**SEEN_502, "vantages": 1}).also
    assert "other-server-error" in also
    assert "unknown" not in also


def test_nothing_known_is_unknown(kb: KnowledgeBase) -> None:
    """Without any fact the verdict is unknown, and says so weakly."""
    verdict = judge(kb, {})
    assert (verdict.state, verdict.side, verdict.strength) == (State.UNKNOWN, Side.UNKNOWN, Strength.WEAK)


def test_own_connection_down_gives_no_verdict_about_the_site(kb: KnowledgeBase) -> None:
    """Whatever else was seen, a failing canary leaves the site unjudged, also when its page broke off on the way."""
    for seen in ({**SEEN_502, **ALL_BAD}, {**PAGE, "http.failure": "truncated"}):
        verdict = judge(kb, {**seen, "canary.outcome": "fail"})
        assert (verdict.state, verdict.side) == (State.UNKNOWN, Side.UNKNOWN)


FAILS = {"checked": True, "canary.outcome": "ok"}
PAGE = {**FAILS, "http.status": 200, "http.class": 2}


@pytest.mark.parametrize(
    "beside",
    [
        {"tcp.outcome": "ok", "tcp.dead": 1},
        {"tcp.v4": "ok", "tcp.v6": "fail"},
        {"tcp.v6": "ok", "tcp.v4": "fail"},
        {"http.families-differ": True},
        {"http.flapping": True},
    ],
)
def test_page_in_hand_is_believed_without_the_canary(kb: KnowledgeBase, beside: dict[str, str | int]) -> None:
    """A page came although the canaries did not: the site works, likely; what else did not answer may be my own line."""
    verdict = judge(kb, {**PAGE, **beside, "canary.outcome": "fail"})
    assert (verdict.state, verdict.cause, verdict.strength) == (State.UP, "site-works", Strength.LIKELY)
    assert judge(kb, {**PAGE, **beside}).state is State.DEGRADED


@pytest.mark.parametrize("failure", ["tls-handshake", "timeout", "reset", "empty-reply", "deadline", "refused"])
def test_page_in_hand_outweighs_a_failed_handshake(kb: KnowledgeBase, failure: str) -> None:
    """A handshake that sent nothing and failed proves nothing against the page that came over another one."""
    handshake = {"tls.outcome": "fail", "tls.failure": failure}
    assert judge(kb, {**PAGE, **handshake}).cause == "site-works"
    assert judge(kb, {**FAILS, **handshake}).cause == "tls-handshake"


facts = st.dictionaries(
    st.sampled_from(sorted(VOCABULARY)),
    st.one_of(
        st.sampled_from(["ok", "fail", "skip", "works", "fails", "timeout", "refused", "nxdomain", "error", "edge"]),
        st.integers(0, 600),
        st.booleans(),
    ),
)


@given(facts=facts)
def test_any_facts_have_a_verdict(kb: KnowledgeBase, facts: dict[str, str | int | bool]) -> None:
    """Judging never fails, and its evidence was given to it."""
    verdict = judge(kb, facts)
    assert isinstance(verdict, Verdict)
    assert all(facts[seen.fact] == seen.value for seen in verdict.evidence)


@given(facts=facts)
def test_others_are_never_proof(kb: KnowledgeBase, facts: dict[str, str | int | bool]) -> None:
    """Whatever is known, reports of others do not make a verdict surer, nor turn a working site into a broken one."""
    alone = judge(kb, {name: value for name, value in facts.items() if not name.startswith("others.")})
    many = judge(kb, {**facts, "others.count": 40, "others.since": "2026-11-03T12:04:00+00:00"})
    sure = [Strength.WEAK, Strength.LIKELY, Strength.FIRM]
    assert sure.index(many.strength) <= sure.index(alone.strength)
    assert many.state is alone.state


def test_rules_that_count_others_are_weak(kb: KnowledgeBase) -> None:
    """A rule may listen to others only weakly, and only beside something that the bot has seen itself."""
    listening = [(c, group) for c in kb.causes.values() for group in c.when if any("others." in name for name in group)]
    assert listening
    for cause, group in listening:
        assert cause.strength is Strength.WEAK
        assert any(name.startswith("http.") for name in group)


@given(facts=facts)
def test_no_control_no_firm_verdict_about_a_site(kb: KnowledgeBase, facts: dict[str, str | int | bool]) -> None:
    """Once a site was looked at without a working control, no verdict about it is firm."""
    facts |= {"checked": True, "canary.outcome": "skip"}
    verdict = judge(kb, facts)
    assert verdict.strength is not Strength.FIRM or verdict.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("seen", "strength"),
    [
        ({"tcp.outcome": "fail", "tcp.failure": "refused"}, Strength.WEAK),
        ({"tcp.outcome": "fail", "tcp.failure": "timeout"}, Strength.WEAK),
        ({"dns.outcome": "fail", "dns.failure": "nxdomain", "dns.agreement": "same"}, Strength.WEAK),
        ({"http.status": 502, "http.class": 5, "http.confirmed": True}, Strength.LIKELY),
        ({"tcp.outcome": "ok", "tls.outcome": "fail", "tls.failure": "cert-expired"}, Strength.LIKELY),
        ({"tcp.outcome": "fail", "tcp.failure": "refused", **ALL_BAD, **ALL_SAME}, Strength.LIKELY),
        (
            {"tcp.outcome": "fail", "tcp.failure": "refused", "text.status": 502, "text.layer": "page"},
            Strength.LIKELY,
        ),
    ],
    ids=["refused", "silent", "no-name", "answered", "certificate", "told-elsewhere", "page-in-hand"],
)
def test_silence_without_a_control_is_weak(kb: KnowledgeBase, seen: dict[str, str | int], strength: Strength) -> None:
    """Nobody knows whose silence it is, unless the site, other places or the person's own page tell the same."""
    assert judge(kb, {"checked": True, "canary.outcome": "skip", **seen}).strength is strength


@given(facts=facts)
def test_no_verdict_about_a_site_with_a_broken_control(kb: KnowledgeBase, facts: dict[str, str | int | bool]) -> None:
    """With a failing canary the state is unknown for all facts but a whole page, and then nothing is firm."""
    verdict = judge(kb, {**facts, "checked": True, "canary.outcome": "fail"})
    if facts.get("http.class") in (2, 3) and "http.failure" not in facts:
        assert verdict.strength is not Strength.FIRM
    else:
        assert verdict.state is State.UNKNOWN


@pytest.mark.parametrize(("answer", "side"), [("works", Side.VISITOR), ("fails", Side.UNKNOWN)])
def test_only_answers_make_it_the_visitor(kb: KnowledgeBase, answer: str, side: Side) -> None:
    """Without an answer of the visitor, a pasted error of their network or device, nothing is "your side"."""
    good = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "text.status": 400}
    assert judge(kb, good).side is not Side.VISITOR
    assert judge(kb, {**good, "answer.private-window": answer}).side is side


def test_nothing_is_certain_of_the_visitors_side(kb: KnowledgeBase) -> None:
    """What speaks of somebody's own device or line rests on answers and on one text, so it is never called certain."""
    sure = [cause.id for cause in kb.causes.values() if cause.strength is Strength.FIRM]
    assert not [each for each in sure if kb.causes[each].side in (Side.VISITOR, Side.NETWORK)]


def test_only_a_page_that_came_opens_a_site(kb: KnowledgeBase) -> None:
    """A rule may tell those who wait that people get in only where the bot got in, or was sent on to where it stops."""
    groups = {cause.id: cause.when for cause in kb.causes.values() if cause.opens}
    assert {"ipv6-broken", "one-address-dead", "resolvers-disagree", "redirect-to-app"} <= set(groups)
    for group in (one for several in groups.values() for one in several):
        sent_on = group.get("http.failure") == "redirect-refused" and group["http.not-followed"] != "inside"
        assert group.get("http.class") == [2, 3] or sent_on


def test_rank_orders_the_rules(kb: KnowledgeBase) -> None:
    """Lower ranks come first, equal ones by id."""
    ranks = [(cause.rank, cause.id) for cause in ranked(kb.causes.values())]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("condition", "value", "known", "expected"),
    [
        (502, 502, True, True),
        (502, 503, True, False),
        (502, None, False, False),
        (True, True, True, True),
        (1, True, True, False),
        ([502, 504], 504, True, True),
        ([502, 504], 500, True, False),
        ({"known": True}, 1, True, True),
        ({"known": True}, None, False, False),
        ({"known": False}, None, False, True),
        ({"known": False}, 1, True, False),
        ({"min": 500}, 502, True, True),
        ({"min": 500}, 404, True, False),
        ({"min": 500}, "x", True, False),
        ({"min": 500}, None, False, False),
        ({"max": 499}, 404, True, True),
        ({"max": 499}, True, True, False),
        ({"min": 500, "max": 599}, 600, True, False),
        ({"not": "squid"}, "nginx", True, True),
        ({"not": ["squid", "nginx"]}, "nginx", True, False),
        ({"not": "squid"}, None, False, True),
        ({"has": "a"}, ["a", "b"], True, True),
        ({"has": "c"}, ["a", "b"], True, False),
        ({"has": "a"}, "a", True, False),
    ],
)
def test_condition_holds_as_documented(condition: object, value: object, known: bool, expected: bool) -> None:
    """Each form of a condition means what the schema says."""
    assert holds(condition, value, known=known) is expected  # type: ignore[arg-type]


def test_answer_to_a_program_is_not_laid_on_a_browser(kb: KnowledgeBase) -> None:
    """Whoever pasted docker's or curl's error used no browser, so the verdict speaks of none."""
    for text in (
        "Error response from daemon: received unexpected HTTP status: 502 Bad Gateway",
        "curl: (22) error: 502",
    ):
        found = identify(kb, text)
        cause = kb.causes[judge(kb, gather(kb, found.match, found.hop, None, {})).cause]
        assert "browser" not in f"{cause.summary} {cause.reason}"
