"""Is a site called working only when a page came?"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase, Side, State, Strength

ANSWERS = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "tls.outcome": "ok"}


@pytest.mark.parametrize("text", ["", "502 Bad Gateway nginx/1.24.0"])
@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"http.poses-as": "nginx-502", "http.confirmed": True}, (State.DOWN, Side.ORIGIN, "error-page-sent-as-good")),
        ({"http.poses-as": "nginx-502"}, (State.UNKNOWN, Side.ORIGIN, "answer-without-page")),
        (
            {"http.no-page": "location", "http.status": 301, "http.class": 3},
            (State.UNKNOWN, Side.ORIGIN, "answer-without-page"),
        ),
        ({"http.no-page": "coding"}, (State.UNKNOWN, Side.ORIGIN, "answer-without-page")),
    ],
    ids=["error-page", "error-page-once", "no-location", "spoilt"],
)
def test_good_status_without_a_page_is_no_working_site(
    kb: KnowledgeBase, text: str, seen: dict[str, JsonValue], expected: tuple[State, Side, str]
) -> None:
    """ "All that I looked at is in order" is said of pages only, and nobody is told that such a site has recovered."""
    found = identify(kb, text)
    verdict = judge(kb, {**gather(kb, found.match, found.hop, None, {}), **ANSWERS, **seen})
    assert (verdict.state, verdict.side, verdict.cause) == expected
    assert verdict.strength is not Strength.FIRM
