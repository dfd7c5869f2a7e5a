"""Do the `fiveohtwo db` commands reach the database that the settings name?"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli.compose import SystemClock
from bot.ports import KeptPlace, Met, Watch
from bot.storage.address import Address
from bot.storage.book import SqlPlaceBook
from bot.storage.incidents import SqlIncidents
from bot.storage.ours import Bot
from bot.storage.outcomes import SqlOutcomes
from bot.storage.sql import Database, SqlPreferences
from bot.storage.watches import SqlWatches
from cli_shared import Run
from databases import open_database
from e2e.command import Command
from fakes import HandClock


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
    run("db", "upgrade", database_url=url)
    assert json.loads(run("db", "export", "123", database_url=url).stdout) == []
    assert run("db", "forget", "<@123>", database_url=url).stdout == "Nothing is kept about 123.\n"


@pytest.mark.parametrize(
    "command", [("export", "123"), ("forget", "123"), ("outcomes",), ("outcomes", "--clear", "--yes")], ids=" ".join
)
def test_database_that_is_not_there_is_told(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Nothing is found or deleted in a database that is not there: no success is told, and none is made."""
    done = run("db", *command)
    assert done.exit_code == 2
    assert f"there is no database at {tmp_path}/fiveohtwo/fiveohtwo.sqlite3" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "fiveohtwo").exists()


def test_conversation_of_the_terminal_is_shown_and_deleted(run: Run, tmp_path: Path) -> None:
    """What `chat` keeps in a database can be seen and taken out again, though it belongs to nobody by name."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    Command(tmp_path, {"database_url": url}).run("chat", stdin=b"502 Bad Gateway nginx/1.24.0\n")
    (kept,) = json.loads(run("db", "export", "terminal", database_url=url).stdout)
    assert kept["conversation"] == "terminal"
    assert "502" in json.dumps(kept["state"])
    assert run("db", "forget", "terminal", database_url=url).stdout == "Deleted: 1 conversation(s) of terminal.\n"
    assert json.loads(run("db", "export", "terminal", database_url=url).stdout) == []
    assert run("db", "forget", "terminal", database_url=url).stdout == "Nothing is kept about terminal.\n"


def test_everything_that_was_deleted_is_told(run: Run, tmp_path: Path) -> None:
    """Somebody with a conversation, a watch, a report and a setting reads of each; a second time nothing is left."""

    async def fill() -> None:
        clock = SystemClock()  # what is over already would be deleted by the command itself
        database, at = await open_database(Address("sqlite", path=tmp_path / "x.sqlite3"), clock), clock.now()
        book, watches = SqlPlaceBook(database, "discord"), SqlWatches(database)
        book.put(KeptPlace("k", "7", "{}", "9"))
        for number in range(2):
            watch = Watch(f"w{number}", f"https://{number}.example.com/", "discord", "7", "{}", at, at, "9")
            await watches.add(watch, most_user=3, most_server=5)
        await SqlIncidents(database).note(Met("9", "example.com", "7", at))
        await SqlPreferences(database).put("language", "7", "", "de")
        await watches.aclose()
        await book.aclose()
        await database.aclose()

    asyncio.run(fill())
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    told = run("db", "forget", "7", database_url=url).stdout.splitlines()[0]
    assert told == "Deleted: 1 conversation(s), 2 watch(es), 1 report(s) of a site in trouble, 1 setting(s) of 7."
    assert run("db", "forget", "7", database_url=url).stdout == "Nothing is kept about 7.\n"


@pytest.mark.parametrize("command", ["export", "forget"])
@pytest.mark.parametrize("user", ["@alice", "alice", "", "<@alice>", "１２３"])
def test_person_is_named_by_id(run: Run, tmp_path: Path, command: str, user: str) -> None:
    """Nothing is kept under a name, so nothing is said to be deleted under one."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    run("db", "upgrade", database_url=url)
    done = run("db", command, user, database_url=url)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is no id of Discord" in done.stderr


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


def count_cookies(path: Path, *, solved: int, failed: int) -> None:
    """Count that clearing cookies helped, or did not, in a database of its own; and something that is known no more."""

    async def count() -> None:
        database = await open_database(Address("sqlite", path=path))
        outcomes = SqlOutcomes(database)
        for number in range(solved + failed):
            await outcomes.count("answers-well-here", "visitor", "cookies", solved=number < solved)
        await outcomes.count("answers-well-here", "no-such-guide", "cookies", solved=True)
        await outcomes.count("no-such-cause", "visitor", "cookies", solved=True)
        await database.aclose()

    asyncio.run(count())


def test_outcomes_of_a_new_installation(run: Run, tmp_path: Path) -> None:
    """Where nothing was counted, that is said."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    run("db", "upgrade", database_url=url)
    assert run("db", "outcomes", database_url=url).stdout == "Nothing was counted yet.\n"
    assert json.loads(run("db", "outcomes", "--json", database_url=url).stdout) == []


def test_outcomes_say_what_helped_and_what_moved(run: Run, tmp_path: Path) -> None:
    """An operator sees the counts, and which step comes earlier because of them."""
    count_cookies(tmp_path / "x.sqlite3", solved=19, failed=12)
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    lines = run("db", "outcomes", database_url=url).stdout.splitlines()
    assert lines[0].split() == ["cause", "guide", "step", "helped", "tried"]
    assert lines[2].split() == ["answers-well-here", "visitor", "cookies", "19", "31", "comes", "earlier"]
    assert [line.split()[3:] for line in (lines[1], lines[3])] == [["1", "1"], ["1", "1"]]
    rows = json.loads(run("db", "outcomes", "--json", database_url=url).stdout)
    assert rows[1] == {
        "cause": "answers-well-here", "guide": "visitor", "step": "cookies", "solved": 19, "failed": 12, "moved": True,
    }  # fmt: skip
    assert [row["moved"] for row in rows] == [False, True, False]


def test_few_outcomes_move_nothing(run: Run, tmp_path: Path) -> None:
    """Below the least the counts are shown, and nothing comes earlier."""
    count_cookies(tmp_path / "x.sqlite3", solved=5, failed=0)
    assert "earlier" not in run("db", "outcomes", database_url=f"sqlite:///{tmp_path}/x.sqlite3").stdout


def test_outcomes_are_deleted_when_it_is_meant(run: Run, tmp_path: Path) -> None:
    """Whoever says no, or nothing, keeps the counts; whoever says yes, here or beforehand, starts afresh."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    for answer in ("n\n", ""):
        count_cookies(tmp_path / "x.sqlite3", solved=1, failed=0)
        assert run("db", "outcomes", "--clear", stdin=answer, database_url=url).exit_code == 1
        assert "cookies" in run("db", "outcomes", database_url=url).stdout
    assert run("db", "outcomes", "--clear", stdin="y\n", database_url=url).stdout.endswith("of 3 step(s).\n")
    assert run("db", "outcomes", database_url=url).stdout == "Nothing was counted yet.\n"
    assert run("db", "outcomes", "--clear", "--yes", database_url=url).stdout == "Deleted: the counts of 0 step(s).\n"
    cleared = run("db", "outcomes", "--clear", "--yes", "--json", database_url=url).stdout
    assert json.loads(cleared) == {"deleted": 0}


def test_forgetting_says_what_a_running_bot_does(run: Run, tmp_path: Path) -> None:
    """Where something was deleted, the operator reads when the bot's memory and answers follow."""
    place = KeptPlace("k", "123", '{"channel":1}')

    async def fill() -> None:
        database = await open_database(Address("sqlite", path=tmp_path / "x.sqlite3"))
        book = SqlPlaceBook(database, "discord")
        book.put(place)
        await database.ask(lambda _: None)
        await database.aclose()

    asyncio.run(fill())
    told = run("db", "forget", "123", database_url=f"sqlite:///{tmp_path}/x.sqlite3").stdout
    assert "Deleted: 1 conversation(s)" in told
    assert "within some seconds" in told


def test_release_lets_another_bot_in(run: Run, tmp_path: Path) -> None:
    """The bot whose database it was is named; a database that is nobody's stays so."""

    async def claim() -> None:
        database = Database(Address("sqlite", path=tmp_path / "x.sqlite3"), HandClock(), bot=Bot("discord", "5"))
        await database.open()
        await database.aclose()

    asyncio.run(claim())
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    released = run("db", "release", database_url=url).stdout
    assert "no longer that of application 5" in released
    assert "still runs, stop it now" in released
    assert run("db", "release", database_url=url).stdout == "The database is no bot's already.\n"


def test_release_needs_a_database(run: Run) -> None:
    """Nothing is made only to be released."""
    assert run("db", "release").exit_code == 2
