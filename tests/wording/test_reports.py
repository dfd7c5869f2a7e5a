"""Does a report say only what is known, and nothing that is secret?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.conversation.replies import ReportReady, Tried
from bot.diagnosis.plan import Profile
from bot.kb.model import KnowledgeBase
from bot.wording.reports import report_blocks
from bot.wording.words import Words

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
EMPTY: dict[str, Any] = {
    "to": "owner", "url": None, "error": None, "verdict": None, "facts": {}, "ids": {}, "answers": {}, "guide": None,
    "tried": (), "profile": Profile(), "seen_at": None, "written_at": AT,
}  # fmt: skip


def lines(kb: KnowledgeBase, **changes: Any) -> list[str]:
    report = ReportReady.model_validate({**EMPTY, **changes})
    return [block.text for block in report_blocks(Words(kb, "en"), report)]


def test_unknown_things_are_left_out(kb: KnowledgeBase) -> None:
    """A report of nothing says when it was written and that nobody looked from outside."""
    assert lines(kb) == ["Time (UTC): 2026-11-03 12:04", "Answer seen from outside: not looked at from outside"]


def test_address_is_told_without_its_query(kb: KnowledgeBase) -> None:
    """A query may hold a secret under any name: a report says only that there was one."""
    assert lines(kb, url="https://a.example/x?magic=LOGIN1234")[0] == (
        "Address: https://a.example/x (with a query, left out)"
    )
    assert lines(kb, url="https://a.example/x")[0] == "Address: https://a.example/x"


def test_failure_is_said_when_there_was_no_answer(kb: KnowledgeBase) -> None:
    """Without an HTTP answer the first thing that failed is named."""
    assert "Answer seen from outside: connection turned away" in lines(kb, seen_at=AT, facts={"tcp.failure": "refused"})


def test_answer_names_the_product_that_wrote_it(kb: KnowledgeBase) -> None:
    """An HTTP answer is told with its number and, when that is known, with the program behind it."""
    facts = {"http.status": 502, "http.product": "nginx", "product.name": "nginx"}
    assert "Answer seen from outside: HTTP 502, nginx" in lines(kb, seen_at=AT, facts=facts)
    assert "Answer seen from outside: HTTP 502" in lines(kb, seen_at=AT, facts={"http.status": 502})


def test_product_alone_is_no_answer(kb: KnowledgeBase) -> None:
    """A program that is known from the text alone was not seen from outside."""
    assert lines(kb, seen_at=AT, facts={"product.name": "nginx"}) == ["Time (UTC): 2026-11-03 12:04"]
    failed = {"product.name": "nginx", "tcp.failure": "timeout"}
    assert "Answer seen from outside: no answer in time" in lines(kb, seen_at=AT, facts=failed)


def test_look_that_saw_nothing_leaves_no_empty_line(kb: KnowledgeBase) -> None:
    """A look without an answer and without a failure adds no line."""
    assert lines(kb, seen_at=AT) == ["Time (UTC): 2026-11-03 12:04"]


def test_steps_that_were_only_offered_do_not_count(kb: KnowledgeBase) -> None:
    """Only what was tried or skipped is reported, and only steps of this guide."""
    tried = (
        Tried(step="reload", outcome="failed"),
        Tried(step="cookies", outcome="offered"),
        Tried(step="x", outcome="failed"),
    )
    text = "\n".join(lines(kb, guide="visitor", tried=tried))
    assert "did not help" in text
    assert "ookies" not in text


def test_several_ids_stand_on_one_line(kb: KnowledgeBase) -> None:
    """Each id keeps its name."""
    assert "Reference: ray 8a1b; request-id 77" in lines(kb, ids={"ray": "8a1b", "request-id": "77"})


def test_unanswered_questions_are_left_out(kb: KnowledgeBase) -> None:
    """ "I cannot try that" tells nobody anything."""
    assert not any(line.startswith("On my side") for line in lines(kb, answers={"mobile-data": "unknown"}))


def test_unlisted_device_is_left_out(kb: KnowledgeBase) -> None:
    """ "Something else" is no device."""
    assert not any(line.startswith("Device") for line in lines(kb, profile=Profile(browser="other")))
