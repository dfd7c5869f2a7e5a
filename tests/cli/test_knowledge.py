"""Do the `fiveohtwo kb` commands show what is known, and refuse what is broken?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli.knowledge import KINDS
from bot.kb.load import KnowledgeError
from bot.kb.model import KnowledgeBase
from cli_shared import Run, assert_golden


def test_shipped_knowledge_has_no_fault(run: Run) -> None:
    """The linter finds nothing in what ships."""
    done = run("kb", "lint")
    assert (done.exit_code, done.stdout.splitlines()[-1].split(" in ")[0]) == (0, "no faults")


def test_fault_is_named_with_file_place_and_remedy(run: Run, tmp_path: Path) -> None:
    """A faulty file of the operator's is named, and the exit code is 1."""
    (tmp_path / "mine" / "errors").mkdir(parents=True)
    entry = Path(__file__).parents[2] / "knowledge" / "errors" / "nginx-502.toml"
    text = entry.read_text().replace('guide = { visitor = "visitor"', 'guide = { visitor = "vistor"')
    (tmp_path / "mine" / "errors" / "nginx-502.toml").write_text(text)
    done = run("kb", "lint", knowledge_dir=str(tmp_path / "mine"))
    assert done.exit_code == 1
    mine = (tmp_path / "mine").as_posix()
    assert f'{mine}/errors/nginx-502.toml: guide.visitor: there is no guide "vistor"' in done.stdout


def test_unreadable_knowledge_stops_the_start(run: Run, tmp_path: Path) -> None:
    """A file that is no TOML stops every command that needs knowledge."""
    (tmp_path / "mine" / "errors").mkdir(parents=True)
    (tmp_path / "mine" / "errors" / "x.toml").write_text("id = ")
    with pytest.raises(KnowledgeError, match=r"errors/x\.toml"):
        run("kb", "list", knowledge_dir=str(tmp_path / "mine"))


def test_list_counts_each_kind(run: Run) -> None:
    """Everything that is known is listed, by kind; one kind may be asked for."""
    done = run("kb", "list")
    assert [line.split(" (")[0] for line in done.stdout.splitlines() if not line.startswith(" ")] == list(KINDS)
    one = run("kb", "list", "guides")
    assert all(line.startswith("  ") for line in one.stdout.splitlines())
    assert "  visitor  " in one.stdout


def test_list_in_json_is_titles_by_id(run: Run, kb: KnowledgeBase) -> None:
    """--json maps each kind to ids and titles; asked for one kind, it holds that one alone."""
    shape = json.loads(run("kb", "list", "--json").stdout)
    assert list(shape) == list(KINDS)
    assert all(isinstance(title, str) and title for titles in shape.values() for title in titles.values())
    assert shape["causes"]["unknown"] == kb.causes["unknown"].summary
    assert list(json.loads(run("kb", "list", "guides", "--json").stdout)) == ["guides"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("error", "nginx-502"),
        ("cause", "site-works"),
        ("guide", "visitor"),
        ("product", "nginx"),
        ("service", "github"),
    ],
)
def test_shown_entry_is_the_whole_entry(run: Run, kb: KnowledgeBase, kind: str, name: str) -> None:
    """--json holds an entry under its kind, with every field that is set: read back, it is the entry itself."""
    shape = json.loads(run("kb", "show", name, "--json").stdout)
    entries: dict[str, Any] = {
        "error": kb.errors, "cause": kb.causes, "guide": kb.guides,
        "product": {entry.id: entry for entry in kb.products}, "service": {entry.id: entry for entry in kb.services},
    }  # fmt: skip
    entry = entries[kind][name]
    assert type(entry).model_validate(shape[kind]) == entry
    if kind == "guide":
        assert_golden("kb-show-guide", {"guide": {**shape["guide"], "steps": []}})


def test_shown_entry_is_readable(run: Run) -> None:
    """Without --json the fields are lines; entries of several kinds may share a name, and all are shown."""
    assert "certainty: " in run("kb", "show", "nginx-502").stdout
    steps = run("kb", "show", "visitor").stdout
    assert "  steps:" in steps
    assert "      title: " in steps
    assert set(json.loads(run("kb", "show", "cloudflare", "--json").stdout)) == {"product", "service"}


def test_unknown_name_is_an_error(run: Run) -> None:
    """What is not known is said to be unknown, with the way to the list."""
    done = run("kb", "show", "no-such-thing")
    assert done.exit_code == 2
    assert "kb list" in done.stderr
