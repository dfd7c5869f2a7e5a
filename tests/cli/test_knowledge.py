"""Do the `fiveohtwo kb` commands show what is known, and refuse what is broken?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.kb.load import KnowledgeError
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
    assert 'errors/nginx-502.toml: guide.visitor: there is no guide "vistor"' in done.stdout


def test_unreadable_knowledge_stops_the_start(run: Run, tmp_path: Path) -> None:
    """A file that is no TOML stops every command that needs knowledge."""
    (tmp_path / "mine" / "errors").mkdir(parents=True)
    (tmp_path / "mine" / "errors" / "x.toml").write_text("id = ")
    with pytest.raises(KnowledgeError, match=r"errors/x\.toml"):
        run("kb", "list", knowledge_dir=str(tmp_path / "mine"))


def test_list_counts_each_kind(run: Run) -> None:
    """Everything that is known is listed, by kind; one kind may be asked for."""
    done = run("kb", "list")
    for kind in ("errors (", "causes (", "guides (", "products (", "services ("):
        assert kind in done.stdout
    shape = json.loads(run("kb", "list", "guides", "--json").stdout)
    assert list(shape) == ["guides"]
    assert "visitor" in shape["guides"]


def test_show_prints_an_entry_whole(run: Run) -> None:
    """An entry is shown with all its fields, as text or as JSON; entries of several kinds may share a name."""
    assert "certainty: " in run("kb", "show", "nginx-502").stdout
    shape = json.loads(run("kb", "show", "visitor", "--json").stdout)
    assert_golden("kb-show-guide", {"guide": {**shape["guide"], "steps": []}})
    assert set(json.loads(run("kb", "show", "cloudflare", "--json").stdout)) == {"product", "service"}


def test_unknown_name_is_an_error(run: Run) -> None:
    """What is not known is said to be unknown, with the way to the list."""
    done = run("kb", "show", "no-such-thing")
    assert done.exit_code == 2
    assert "kb list" in done.stderr
