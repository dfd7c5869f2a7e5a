"""Do the `fiveohtwo db` commands reach the database that the settings name?"""

from __future__ import annotations

import json
from pathlib import Path

from cli_shared import Run


def test_upgrade_makes_the_schema(run: Run, tmp_path: Path) -> None:
    """A new file is brought up to date, and a second time changes nothing."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    first = run("db", "upgrade", database_url=url)
    assert first.exit_code == 0
    assert "The database is ready (schema " in first.stdout
    assert run("db", "upgrade", database_url=url).stdout == first.stdout


def test_nobody_in_particular_has_nothing(run: Run, tmp_path: Path) -> None:
    """Of a person who was never there, nothing is exported and nothing is deleted."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    assert json.loads(run("db", "export", "123", database_url=url).stdout) == []
    assert "Deleted: 0 conversation(s)" in run("db", "forget", "123", database_url=url).stdout


def test_memory_is_no_database(run: Run) -> None:
    """Where nothing is kept there is nothing to upgrade, and that is said."""
    done = run("db", "upgrade", database_url="memory:")
    assert done.exit_code == 2
    assert "there is no database" in done.stderr


def test_file_that_is_no_database_is_refused(run: Run, tmp_path: Path) -> None:
    """A file of another kind is left as it is, and a clear error says so."""
    path = tmp_path / "note.txt"
    path.write_text("this is a letter, not a database, and it is long enough to look like something " * 20)
    done = run("db", "upgrade", database_url=f"sqlite:///{path}")
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert path.read_text().startswith("this is a letter")
