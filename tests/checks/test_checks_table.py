"""Is the table of checks complete and true?"""

from __future__ import annotations

from importlib import import_module

from bot.checks import CHECKS
from bot.diagnosis import facts


def test_every_check_has_a_module_and_facts() -> None:
    """The table names real modules, and every check has its vocabulary, in the same order."""
    assert list(CHECKS) == list(facts.CHECKS)
    for module in CHECKS.values():
        assert import_module(module).__doc__
