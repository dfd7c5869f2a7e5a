"""Is each fact of the kind that the linter takes it for?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.identify import identify
from bot.diagnosis.kinds import COUNTED, STATUSES, kinds
from bot.kb.model import KnowledgeBase

CASES = sorted(path for path in (Path(__file__).parents[1] / "cases").iterdir() if path.is_dir())
TYPES = {"number": (int, float), "text": str, "yes-no": bool, "list": list}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_facts_of_a_case_are_of_their_kind(kb: KnowledgeBase, case: Path) -> None:
    """Whatever was gathered in the field has the type that conditions are held to."""
    saved = json.loads((case / "findings.json").read_text())
    found = identify(kb, (case / "paste.txt").read_text())
    gathered = gather(kb, found.match, found.hop, Report.model_validate(saved["report"]), saved["answers"])
    of = kinds()
    facts = {name: value for name, value in gathered.items() if name in of}
    wrong = {name: value for name, value in facts.items() if not isinstance(value, TYPES[of[name]])}
    assert wrong == {}
    assert [name for name, value in facts.items() if isinstance(value, bool) and of[name] != "yes-no"] == []


def test_counted_facts_exist_and_statuses_are_statuses() -> None:
    """What is listed by name is in the vocabulary, and the lowest status is the first of HTTP."""
    assert kinds().keys() >= COUNTED
    assert kinds()["http.status"] == "number"
    assert STATUSES[0] == 100
