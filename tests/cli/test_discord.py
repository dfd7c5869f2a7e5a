"""Does `fiveohtwo run` refuse what cannot work before it connects, and keep the collector off what it loaded?"""

from __future__ import annotations

import gc
import weakref

import pytest

from bot.cli.discord import _look_again, _pass_over
from cli_shared import Run


def test_missing_token_is_told(run: Run) -> None:
    """Without a token the command says which setting is missing."""
    done = run("run")
    assert done.exit_code == 2
    assert "FIVEOHTWO_DISCORD_TOKEN" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--shard-ids", "0,1"), "needs --shard-count"),
        (("--shard-ids", "a", "--shard-count", "2"), "are no numbers"),
        (("--shard-ids", "2", "--shard-count", "2"), "must lie between 0 and 1"),
        (("--shard-count", "0"), "0 is not in the range"),
    ],
)
def test_impossible_shards_are_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """Shards that cannot be are refused with the reason."""
    done = run("run", *arguments, discord_token="a.b.c", database_url="memory:")
    assert done.exit_code == 2
    assert said in done.stderr


def test_what_was_loaded_is_passed_over_until_the_next_client() -> None:
    """The collector no longer looks through what is there; rubbish of a former client goes all the same."""

    class Node:
        itself: Node

    try:
        node = Node()
        node.itself, gone = node, weakref.ref(node)
        _pass_over()
        assert gc.get_freeze_count() > 0
        del node
        gc.collect()
        assert gone() is not None
        _pass_over()
        assert gone() is not None
        _look_again()
        _pass_over()
        assert gone() is None
    finally:
        gc.unfreeze()
