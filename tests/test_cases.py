"""Saved field cases: what was pasted and seen, and the verdict and first step that a good engineer would give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def test_there_are_enough_cases() -> None:
    """At least twenty cases are kept, with healthy sites and "only you" among them."""
    names = {case.name for case in CASES}
    assert len(names) >= 20
    assert any(name.startswith("healthy") for name in names)
    assert any(name.startswith("only-you") for name in names)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case_is_judged_as_saved(kb, case: Path) -> None:
    """The paste and the findings of a saved case still give its verdict, its first step and its skipped steps."""
    saved = json.loads((case / "findings.json").read_text())
    expected = json.loads((case / "verdict.json").read_text())
    found = identify(kb, (case / "paste.txt").read_text())
    if expected["error"] is not None:
        assert found.match is not None
        assert found.match.error == expected["error"]
    report = Report.model_validate(saved["report"])
    facts = gather(kb, found.match, found.hop, report, saved["answers"])
    verdict = judge(kb, facts)
    seen = (verdict.state.value, verdict.side.value, verdict.cause, verdict.strength.value)
    assert seen == tuple(expected[key] for key in ("state", "side", "cause", "strength"))
    guide = choose_guide(kb, verdict, facts, saved["role"])
    made = plan(kb, verdict, guide, Profile(), (), facts=facts)
    assert made.steps, "a verdict without any step left helps nobody"
    if expected["first_step"] is not None:
        assert made.steps[0] == expected["first_step"]
    assert set(expected["skipped"]) <= {skipped.step for skipped in made.skipped}
