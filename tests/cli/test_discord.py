"""Does `fiveohtwo run` refuse what cannot work before it connects to anything?"""

from __future__ import annotations

import pytest

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
