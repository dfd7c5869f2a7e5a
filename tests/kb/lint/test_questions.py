"""Is a question refused whose answer changes neither a verdict nor the steps?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.kb.lint import questions
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.load import load
from bot.kb.model import KnowledgeBase

VOCABULARY = Vocabulary(facts=frozenset(), replies={}, choices=frozenset(), guides=frozenset({"visitor"}))
FAULT = (
    'causes/origin.toml: ask: asks "mobile-data", and nothing reads the answer. '
    "Remove it, or write a rule of lower rank, or a step with `told_by`, that does."
)
ASKS = ('first = ["reload"]', 'first = ["reload"]\nask = ["mobile-data"]')
READER = """
id = "regional"
rank = {rank}
state = "degraded"
side = "network"
strength = "weak"
summary = "{{host}} opens on another network."
reason = "You say so."
action = "Take that network."
changes = "Another answer."

[[when]]
{when}
"""


def test_question_for_nothing_is_refused(faults_after: Callable[..., list[str]]) -> None:
    """Where no rule and no step reads the answer, the question is reported, and nothing else is."""
    assert faults_after("causes/origin.toml", *ASKS) == [FAULT]


def _faults(folder: Path, **files: str) -> list[str]:
    """Return what is wrong with a question when other files are there, too."""
    path = folder / "causes/origin.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(*ASKS), encoding="utf-8")
    for name, text in files.items():
        (folder / f"causes/{name}.toml").write_text(text, encoding="utf-8")
    return [str(fault) for fault in questions.check(load(folder), VOCABULARY)]


@pytest.mark.parametrize(
    "when",
    [
        '"answer.mobile-data" = "works"',
        '"answer.mobile-data" = "works"\n"http.status" = 502',
        '"answer.mobile-data" = { known = true }\n"http.status" = { min = 500 }',
        '"answer.mobile-data" = ["works", "fails"]\n"http.class" = 5',
        '"answer.mobile-data" = "works"\n"http.product" = { known = false }',
        '"answer.mobile-data" = "works"\n"text.error" = "gateway"',
    ],
)
def test_rule_before_it_reads_the_answer(folder: Path, when: str) -> None:
    """An earlier rule that needs the answer, and no other look, can take the asking one's place."""
    assert _faults(folder, regional=READER.format(rank=5, when=when)) == []


@pytest.mark.parametrize(
    ("rank", "when"),
    [
        (20, '"answer.mobile-data" = "works"'),
        (5, '"answer.other-sites" = "fails"'),
        (5, '"answer.mobile-data" = { not = "fails" }\n"http.status" = 502'),
        (5, '"answer.mobile-data" = "works"\n"http.status" = 404'),
        (5, '"answer.mobile-data" = "works"\n"http.status" = { max = 499 }'),
        (5, '"answer.mobile-data" = "works"\n"http.status" = { not = [502, 504] }'),
        (5, '"answer.mobile-data" = "works"\n"http.status" = { known = false }'),
        (5, '"answer.mobile-data" = "works"\n"http.class" = 4'),
        (5, '"answer.mobile-data" = "works"\n"http.product" = { known = true }'),
        (5, '"answer.mobile-data" = "works"\n"checked" = { known = false }'),
    ],
)
def test_rule_that_cannot_take_over_is_no_reader(folder: Path, rank: int, when: str) -> None:
    """A later rule, one that other looks bring about, and one that only an answer ends, read nothing."""
    assert _faults(folder, regional=READER.format(rank=rank, when=when)) == [FAULT]


def test_rule_that_its_own_answer_ends_reads_it(folder: Path) -> None:
    """A rule that holds until the answer comes asks with good reason."""
    path = folder / "causes/origin.toml"
    ended = path.read_text(encoding="utf-8") + '"answer.mobile-data" = { not = "works" }\n'
    path.write_text(ended, encoding="utf-8")
    assert _faults(folder) == []


@pytest.mark.parametrize(("pointless", "faults"), [("kind:browser", []), ("kind:reload", [FAULT])])
def test_step_that_an_answer_tells_reads_it(folder: Path, pointless: str, faults: list[str]) -> None:
    """An answer that makes a step pointless shortens the plan, unless the cause has left that step out."""
    path = folder / "guides/visitor.toml"
    told = path.read_text(encoding="utf-8").replace(
        'kind = "reload"', 'kind = "reload"\ntold_by = { mobile-data = ["fails"] }'
    )
    path.write_text(told, encoding="utf-8")
    cause = folder / "causes/origin.toml"
    cause.write_text(cause.read_text(encoding="utf-8").replace("kind:browser", pointless), encoding="utf-8")
    assert _faults(folder) == faults


def test_no_question_of_the_knowledge_is_asked_for_nothing(kb: KnowledgeBase) -> None:
    """Each question that ships has a reader."""
    assert list(questions.check(kb, VOCABULARY)) == []
