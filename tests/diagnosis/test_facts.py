"""Does all evidence end up in one flat mapping with the names that rules use?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.diagnosis.facts import CHECKS, NOT_LOOKED, VOCABULARY, facts_of_others, gather
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage
from bot.diagnosis.identification import Hops, Known
from bot.diagnosis.incidents import Others
from bot.kb.model import KnowledgeBase

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def report(*findings: Finding, refusal: str | None = None) -> Report:
    vantage = Vantage(name="local", findings=findings)
    return Report(
        url="https://shop.example.com/", host="shop.example.com", checked_at=AT, elapsed_ms=1, vantages=(vantage,),
        refusal=refusal,
    )  # fmt: skip


def known(error: str = "nginx-502", source: str = "nginx") -> Known:
    return Known(
        error=error, status=502, family="bad-gateway", source=source, substatus=None, code=None, confidence=0.9
    )


def test_text_report_and_answers_are_flat(kb: KnowledgeBase) -> None:
    """Text, findings and answers appear under their own prefixes; what nobody saw is missing."""
    http = Finding(check="http", outcome=Outcome.FAIL, facts={"status": 502, "product": "nginx", "edge": None})
    hop = Hops(visitor="working", edge="unknown", origin="error")
    facts = gather(kb, known(), hop, report(http), {"mobile-data": "fails", "other-sites": "unknown"})
    assert facts["text.status"] == 502
    assert facts["text.side"] == kb.errors["nginx-502"].side.value
    assert facts["text.hop.origin"] == "error"
    assert "text.hop.edge" not in facts
    assert facts["http.class"] == 5
    assert facts["answer.mobile-data"] == "fails"
    assert "answer.other-sites" not in facts
    assert "http.edge" not in facts
    assert facts["agrees"] is True
    assert facts["reached"] is True


def test_names_of_products_come_from_knowledge(kb: KnowledgeBase) -> None:
    """The product that wrote the answer is named as people know it, and the CDN, too."""
    http = Finding(check="http", outcome=Outcome.OK, facts={"status": 200, "product": "nginx", "edge": "cloudflare"})
    facts = gather(kb, None, None, report(http), {})
    names = {product.id: product.name for product in kb.products}
    assert facts["product.name"] == names["nginx"]
    assert facts["edge.name"] == names["cloudflare"]


def test_text_names_the_product_when_no_answer_does(kb: KnowledgeBase) -> None:
    """Without an answer the pasted text's source gives the name; an unknown source gives none."""
    assert gather(kb, known(), None, None, {})["product.name"] == "nginx"
    assert "product.name" not in gather(kb, known(source="generic"), None, None, {})


def test_unknown_error_id_keeps_its_own_facts(kb: KnowledgeBase) -> None:
    """An error that left the knowledge base (an old conversation) still tells its status."""
    facts = gather(kb, known(error="gone-long-ago"), None, None, {})
    assert facts["text.status"] == 502
    assert "text.side" not in facts


@pytest.mark.parametrize(
    ("check", "failure", "reached"),
    [("dns", Failure.NXDOMAIN, True), ("tcp", Failure.REFUSED, True), ("tcp", Failure.TIMEOUT, False)],
)
def test_refusal_is_an_answer_and_silence_is_not(
    kb: KnowledgeBase, check: str, failure: Failure, reached: bool
) -> None:
    """Something that says no was reached; something that says nothing was not."""
    finding = Finding(check=check, outcome=Outcome.FAIL, failure=failure)
    facts = gather(kb, None, None, report(finding), {})
    assert facts["reached"] is reached
    assert facts[f"{check}.failure"] == failure.value


def test_families_that_differ_are_told(kb: KnowledgeBase) -> None:
    """A good answer over one address family and a bad one over the other is a fact of its own."""
    http = Finding(check="http", outcome=Outcome.OK, facts={"status": 200, "by_family": {"v4": 200, "v6": "timeout"}})
    assert gather(kb, None, None, report(http), {})["http.families-differ"] is True
    http = Finding(check="http", outcome=Outcome.OK, facts={"status": 200, "by_family": {"v4": 200, "v6": 301}})
    assert "http.families-differ" not in gather(kb, None, None, report(http), {})


@pytest.mark.parametrize("families", [{"v4": 200, "v6": 403}, {"v4": 429, "v6": 200}])
def test_family_that_turns_the_bot_away_proves_nothing(kb: KnowledgeBase, families: dict[str, int]) -> None:
    """A refusal over one address family is the bot's trouble, and no reason to call the site degraded."""
    http = Finding(check="http", outcome=Outcome.OK, facts={"status": 200, "by_family": dict(families)})
    assert "http.families-differ" not in gather(kb, None, None, report(http), {})


def got(
    status: int | None = None, failure: Failure | None = None, outcome: Outcome = Outcome.FAIL, **more: str
) -> Finding:
    return Finding(check="http", outcome=outcome, failure=failure, facts=more | ({"status": status} if status else {}))


def test_refused_address_is_not_checked(kb: KnowledgeBase) -> None:
    """A refusal of the guard is a fact, and nothing counts as looked at."""
    facts = gather(kb, None, None, report(refusal="loopback-v4"), {})
    assert facts["refusal"] == "loopback-v4"
    assert "checked" not in facts


def test_others_are_facts() -> None:
    """How many others met it, and since when; nobody is no fact."""
    facts = facts_of_others(Others(count=4, since=AT))
    assert facts == {"others.count": 4, "others.since": "2026-11-03T12:04:00+00:00"}
    assert set(facts) <= set(VOCABULARY)
    assert facts_of_others(None) == {}


def test_vocabulary_documents_every_fact() -> None:
    """Every name has an explanation, and facts of checks are facts that checks give."""
    assert all(VOCABULARY.values())
    derived = {
        "outcome",
        "failure",
        "class",
        "families-differ",
        "redirected-from",
        "unencrypted",
        "error-side",
        "encrypted",
    }
    for name in VOCABULARY:
        check, _, fact = name.partition(".")
        if check in CHECKS and fact not in derived:
            assert fact in CHECKS[check], name


@pytest.mark.parametrize("why", NOT_LOOKED)
def test_site_at_which_nobody_looked_is_not_checked(why: str, kb: KnowledgeBase) -> None:
    """No rule that rests on a look holds without one."""
    facts = gather(kb, None, None, report(Finding(check="http", outcome=Outcome.SKIP, facts={"not-looked": why})), {})
    assert (facts["http.not-looked"], "checked" in facts) == (why, False)
