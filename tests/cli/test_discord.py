"""Does `fiveohtwo run` refuse what cannot work before it connects, and keep the collector off what it loaded?"""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from click.testing import Result

from bot.cli.discord import _look_again, _pass_over
from bot.kb.faults import KnowledgeError
from bot.settings import SettingsError
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
        (("--shard-ids", "0,0", "--shard-count", "2"), "name a shard twice"),
        (("--shard-count", "0"), "0 is not in the range"),
    ],
)
def test_impossible_shards_are_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """Shards that cannot be are refused with the reason."""
    done = run("run", *arguments, discord_token="a.b.c", database_url="memory:")
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.fixture
def ready(run: Run) -> Run:
    """Return `run` with all that `fiveohtwo run` needs; nothing answers where it would connect to."""

    def run_it(**settings: str) -> Result:
        nowhere = {"discord_api": "http://127.0.0.1:9/api", "discord_gateway": "ws://127.0.0.1:9"}
        return run("run", discord_token="a.b.c", database_url="memory:", **nowhere, **settings)

    return run_it


def test_file_without_certificates_is_told_before_connecting(ready: Run, tmp_path: Path) -> None:
    """Certificates that no look could use are refused at the start."""
    (tmp_path / "no.pem").write_text("root:x:0:0\n")
    with pytest.raises(SettingsError, match="FIVEOHTWO_CA_FILE: it cannot be read as certificates"):
        ready(ca_file=str(tmp_path / "no.pem"))


def test_broken_knowledge_is_told_before_connecting(ready: Run, tmp_path: Path) -> None:
    """An operator's file that is no TOML ends `run` at once, as it ends every other command."""
    (tmp_path / "mine" / "errors").mkdir(parents=True)
    (tmp_path / "mine" / "errors" / "x.toml").write_text("id = ")
    with pytest.raises(KnowledgeError, match=r"mine/errors/x\.toml"):
        ready(knowledge_dir=str(tmp_path / "mine"))


def test_language_without_words_is_told_before_connecting(ready: Run) -> None:
    """A language that nobody has written is refused, not silently taken for English."""
    done = ready(language="xx")
    assert done.exit_code == 2
    assert 'the bot has no words in "xx"' in done.stderr


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
