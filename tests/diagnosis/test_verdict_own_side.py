"""Is somebody told that it is their own device or network only where nothing speaks against it?"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
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
        ("403 Forbidden nginx", "answers-well-here"),
        ("HTTP error 429 Too Many Requests", "answers-well-here"),
        ("413 Request Entity Too Large nginx", "request-too-large-here"),
        ("This site can't be reached ERR_CONNECTION_RESET", "visitor-offline"),
        ("No internet ERR_INTERNET_DISCONNECTED", "visitor-offline"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "visitor-offline"),
        ("curl: (56) Received HTTP code 502 from proxy after CONNECT", "visitor-offline"),
        ("", "visitor-offline"),
    ],
)
def test_page_that_came_proves_the_line(kb: KnowledgeBase, text: str, cause: str) -> None:
    """Whoever holds a server's own page was connected: that other sites fail, too, does not make it their line."""
    verdict = judged(kb, text, ANSWERS, ELSEWHERE_TOO)
    assert verdict.cause == cause
    assert (verdict.side is Side.VISITOR) is (cause == "visitor-offline")
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
        assert verdict.cause == ("visitor-offline" if answers else cause)
