"""Does recognition survive damage, and does the measure of it measure?"""

from __future__ import annotations

from random import Random

import pytest

from bot.kb.model import KnowledgeBase
from damage import KINDS, main, recall

FLOORS = {
    "none": 1.0, "typos 4 %": 0.87, "typos 10 %": 0.74, "scanned": 0.78, "wrapped and quoted": 0.99, "lost spaces": 0.85,
    "Markdown": 0.95, "terminal colours": 0.98, "zero-width": 0.99, "look-alikes": 0.99, "case": 0.98, "cut end": 0.65,
    "in talk": 0.96,
}  # fmt: skip
"""A point or more below what all examples together reach: each run takes a quarter of them."""
TEXT = "The server could not handle the request, for the upstream closed the connection early."


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_examples_are_still_recognised(kb: KnowledgeBase, kind: str) -> None:
    """Of the examples, damaged in one way, not fewer than usual lead to their entry."""
    found = recall(kb, KINDS[kind], seed=1, step=4)
    assert found.entry / found.total >= FLOORS[kind]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
def test_each_kind_damages(kind: str) -> None:
    """Each kind changes a text, and the same dice change it in the same way."""
    damaged = KINDS[kind](TEXT, Random(9))
    assert damaged != TEXT
    assert damaged == KINDS[kind](TEXT, Random(9))


def test_each_kind_is_printed(kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a line for each kind."""
    main(["--seeds", "0"])
    printed = capsys.readouterr().out
    assert all(kind in printed for kind in KINDS)
