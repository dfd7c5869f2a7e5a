"""Does the linter run every rule and list everything at once?"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import bot.kb.lint
from bot.kb.lint import RULES, Vocabulary, lint
from bot.kb.lint.vocabulary import Recognised
from bot.kb.load import load


def test_sound_knowledge_has_no_faults(faults_after: Callable[..., list[str]]) -> None:
    """The knowledge that the other tests break has no fault of its own."""
    assert faults_after("services.toml", "", "") == []


def test_no_rule_is_left_out() -> None:
    """Every module with a `check` is in the table of rules."""
    names = {path.stem for path in Path(bot.kb.lint.__file__).parent.glob("*.py")} - {"__init__"}
    modules = [import_module(f"bot.kb.lint.{name}") for name in sorted(names)]
    assert {module.check for module in modules if hasattr(module, "check")} == set(RULES)


def test_examples_are_not_tried_with_a_broken_pattern(folder: Path) -> None:
    """A recogniser dies of a pattern that does not compile: the pattern is told, and every other fault with it."""
    path = folder / "errors" / "gateway.toml"
    path.write_text(path.read_text().replace(r"'\bgateway game\b'", "'gateway (game'"))
    faults = lint(load(folder), Vocabulary(frozenset(), {}, frozenset()), _dies)
    assert [fault.place for fault in faults if "no regular expression" in fault.problem] == ["match.unless #1"]


def _dies(*_: object) -> Recognised:
    raise re.error("unterminated")


def test_all_faults_are_listed_in_order(folder: Path) -> None:
    """Faults of different rules come together, sorted by file and place."""
    faults = lint(load(folder), Vocabulary(frozenset(), {}, frozenset()))
    assert faults == sorted(faults)
    assert len({fault.file for fault in faults}) > 2
