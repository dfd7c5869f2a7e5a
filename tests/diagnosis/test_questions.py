"""Is asked only what can change the verdict?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.questions import decides
from bot.kb.model import KnowledgeBase, Question
from playbook import seen

WINDOW, NETWORK, OTHERS = Question.PRIVATE_WINDOW, Question.MOBILE_DATA, Question.OTHER_SITES


@pytest.mark.parametrize(
    ("text", "answers", "left", "expected"),
    [
        ("502 Bad Gateway", {}, (OTHERS,), True),
        ("502 Bad Gateway nginx/1.24.0", {}, (OTHERS,), False),
        ("502 Bad Gateway nginx/1.24.0", {}, (WINDOW, NETWORK), True),
        ("502 Bad Gateway", {"mobile-data": "fails"}, (OTHERS,), False),
        ("", {}, (OTHERS,), True),
    ],
)
def test_only_what_a_rule_reads_here_decides(
    kb: KnowledgeBase, text: str, answers: dict[str, str], left: tuple[Question, ...], expected: bool
) -> None:
    """A rule about other texts, or one that an earlier answer rules out, gives a question no meaning."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, seen(200), answers)
    assert decides(kb, facts, left[0], left[1:]) is expected


def test_answer_that_decides_only_with_a_later_one_is_wanted(kb: KnowledgeBase) -> None:
    """A rule that needs two answers is reached: the first of them is asked for the sake of the second."""
    facts = {"http.class": 2, "text.status": 403, "checked": True}
    alone = {"answer.mobile-data": "fails", **facts}
    assert decides(kb, alone, WINDOW, ())
    assert decides(kb, facts, NETWORK, (WINDOW,))
