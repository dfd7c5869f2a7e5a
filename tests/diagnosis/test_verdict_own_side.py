"""Is somebody told that it is their own device or network only where nothing speaks against it?"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, Side, State

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
