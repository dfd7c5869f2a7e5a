"""Is the host that failed blamed, and is the port named that could not be connected to?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage
from bot.diagnosis.verdict import Observation, judge
from bot.kb.model import KnowledgeBase

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
THERE: dict[str, JsonValue] = {"url": "https://other.example.org/x", "redirects": [{"status": 301}]}
OPEN = Finding(check="tcp", outcome=Outcome.OK, facts={"port": 443})


def report(*findings: Finding, url: str = "https://shop.example.com/") -> Report:
    canary = Finding(check="canary", outcome=Outcome.OK)
    vantage = Vantage(name="local", findings=(canary, *findings))
    return Report(url=url, host="shop.example.com", checked_at=AT, elapsed_ms=1, vantages=(vantage,))


def page(failure: Failure | None = None, **facts: JsonValue) -> Finding:
    outcome = Outcome.FAIL if failure else Outcome.OK
    return Finding(check="http", outcome=outcome, failure=failure, facts=facts)


def test_error_behind_a_redirect_is_the_other_hosts(kb: KnowledgeBase) -> None:
    """Whoever sends visitors on is not to blame for what answers there, nor named when all is well."""
    facts = gather(kb, None, None, report(page(**THERE, status=502)), {})
    assert (facts["host"], facts["http.redirected-from"]) == ("other.example.org", "shop.example.com")
    assert judge(kb, facts).evidence[-1] == Observation(fact="http.redirected-from", value="shop.example.com")
    facts = gather(kb, None, None, report(page(**THERE, status=200)), {})
    assert (facts["host"], "http.redirected-from" in facts) == ("shop.example.com", False)


@pytest.mark.parametrize(
    ("failure", "stage", "cause"),
    [
        (Failure.TIMEOUT, "connect", "no-connection"),
        (Failure.UNREACHABLE, "connect", "no-connection"),
        (Failure.REFUSED, "connect", "nothing-listens"),
        (Failure.RESET, "connect", "nothing-listens"),
        (Failure.TIMEOUT, "tls", "tls-handshake"),
        (Failure.RESET, "tls", "tls-handshake"),
        (Failure.TIMEOUT, "http", "answer-too-slow"),
        (Failure.RESET, "http", "answer-broken-off"),
    ],
)
def test_end_of_redirects_is_judged_as_if_asked_directly(
    kb: KnowledgeBase, failure: Failure, stage: str, cause: str
) -> None:
    """A host behind a redirect that takes no connection is never said to take the request."""
    facts = gather(kb, None, None, report(OPEN, page(failure, **THERE, stage=stage, confirmed=True)), {})
    assert judge(kb, facts).cause == cause
    assert facts["host"] == "other.example.org"
    assert facts.get("port") == (443 if stage == "connect" else None)


def test_address_that_was_asked_last_tells_of_encryption(kb: KnowledgeBase) -> None:
    """Only where the last address is an http one did the answer come without encryption."""
    for url, unencrypted in (("http://shop.example.com/", True), ("https://shop.example.com/", None)):
        facts = gather(kb, None, None, report(page(url=url, status=200), url="http://shop.example.com/"), {})
        assert facts.get("http.unencrypted") is unencrypted


def test_silence_behind_a_redirect_needs_the_canary(kb: KnowledgeBase) -> None:
    """Without a control a connection that did not come about says nothing, behind a redirect as before one."""
    facts = gather(kb, None, None, report(OPEN, page(Failure.TIMEOUT, **THERE, stage="connect")), {})
    unsure = {**facts, "canary.outcome": "skip"}
    assert judge(kb, unsure).cause == "unknown"
    for text in ({"text.status": 504}, {"text.status": 502}, {"text.family": "gateway-timeout"}):
        assert "answer" not in judge(kb, {**unsure, **text}).cause


@pytest.mark.parametrize(
    ("url", "port"),
    [("https://shop.example.com/", 443), ("http://shop.example.com/", 80), ("http://shop.example.com:8080/", 8080)],
)
@pytest.mark.parametrize("failure", [Failure.REFUSED, Failure.TIMEOUT, Failure.DEADLINE])
def test_port_without_a_connection_is_named(kb: KnowledgeBase, url: str, port: int, failure: Failure) -> None:
    """One closed port is not the whole machine: every sentence about it says which one it was."""
    closed = Finding(check="tcp", outcome=Outcome.FAIL, failure=failure)
    facts = gather(kb, None, None, report(closed, url=url), {})
    assert facts["port"] == port
    for beside in ({}, {"elsewhere.seen": "bad", "elsewhere.same": 3}):
        assert "{port}" in kb.causes[judge(kb, {**facts, **beside}).cause].summary


def test_open_port_is_no_port_without_a_connection(kb: KnowledgeBase) -> None:
    """Where a connection came about nothing is said of ports."""
    assert "port" not in gather(kb, None, None, report(OPEN, page(status=200)), {})
