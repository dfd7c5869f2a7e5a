"""Do rare queries return what belongs to whom they ask about, with names that people can read?"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from bot.conversation.effects import RunChecks
from bot.conversation.state import Phase, State
from bot.ports import Commit, Due, KeptPlace, Met
from bot.storage import queries
from bot.storage.book import SqlPlaceBook
from bot.storage.incidents import SqlIncidents
from bot.storage.lifetimes import REPORTS_LIVE_S
from bot.storage.sql import Database, SqlStore
from bot.storage.tables import effects

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


async def test_export_unfolds_what_is_stored(database: Database) -> None:
    """A person gets the fields of each table as they are stored, and JSON as structure instead of text."""
    SqlPlaceBook(database, "discord").put(KeptPlace("k", "7", '{"channel":1}', "9"))
    look = Due(RunChecks(id="a:checks", url="https://shop.example.com/"), AT)
    await SqlStore(database).commit(Commit("k", 0, State(phase=Phase.CHECKING, host="shop.example.com"), AT, (look,)))
    (kept,) = await database.ask(lambda connection: queries.export(connection, "discord", "7"))
    assert kept["place"]["body"] == {"channel": 1}
    assert (kept["state"]["host"], kept["phase"], kept["version"]) == ("shop.example.com", "checking", 1)
    assert kept["effects"][0]["body"]["url"] == "https://shop.example.com/"
    assert kept["replies"] == []


async def test_broken_row_hides_nothing_from_an_export(database: Database) -> None:
    """A text that is no JSON is handed out as it stands, and everything else beside it."""
    SqlPlaceBook(database, "discord").put(KeptPlace("k", "7", '{"channel":'))
    SqlPlaceBook(database, "discord").put(KeptPlace("l", "7", '{"channel":1}'))
    look = Due(RunChecks(id="a:checks", url="https://shop.example.com/"), AT)
    await SqlStore(database).commit(Commit("k", 0, State(), AT, (look,)))
    await database.ask(lambda connection: connection.execute(update(effects).values(body="no json")))
    broken, whole = await database.ask(lambda connection: queries.export(connection, "discord", "7"))
    assert broken["place"]["body"] == '{"channel":'
    assert broken["effects"][0]["body"] == "no json"
    assert whole["place"]["body"] == {"channel": 1}


async def test_conversation_without_a_place_is_exported_and_forgotten_by_its_key(database: Database) -> None:
    """A terminal's conversation is nobody's by name: all of it is found by its key, and of others nothing."""
    store, look = SqlStore(database), Due(RunChecks(id="a:checks", url="https://shop.example.com/"), AT)
    for key in ("mine", "other"):
        await store.commit(Commit(key, 0, State(host="shop.example.com"), AT, (look,)))
    (kept,) = await database.ask(lambda connection: queries.export_one(connection, "mine"))
    assert (kept["conversation"], kept["state"]["host"], len(kept["effects"])) == ("mine", "shop.example.com", 1)
    assert await database.ask(lambda connection: queries.forget_one(connection, "mine")) == ("mine",)
    assert await database.ask(lambda connection: queries.export_one(connection, "mine")) == []
    assert await database.ask(lambda connection: queries.forget_one(connection, "mine")) == ()
    assert [pending.key for pending in await store.pending()] == ["other"]


async def test_settings_of_a_person_are_exported_and_forgotten(database: Database) -> None:
    """What somebody set for themselves belongs to them, though no conversation does."""
    await database.ask(lambda connection: queries.put_preference(connection, "language", "7", "", "de"))
    (kept,) = await database.ask(lambda connection: queries.export(connection, "discord", "7"))
    assert kept["preferences"][0]["value"] == "de"
    await database.ask(lambda connection: queries.forget(connection, "discord", owner="7"))
    assert await database.ask(lambda connection: queries.export(connection, "discord", "7")) == []


async def test_place_outlives_its_time_beside_a_living_conversation(database: Database) -> None:
    """A place whose time is over stays as long as its conversation, and goes with it."""
    SqlPlaceBook(database, "discord").put(KeptPlace("k", "7", "{}"))
    later = datetime(2026, 12, 1, tzinfo=UTC)
    await SqlStore(database).commit(Commit("k", 0, State(), later))
    place_over, all_over = AT.timestamp() + 31 * 86400, later.timestamp() + 31 * 86400
    assert await database.ask(lambda connection: queries.expire(connection, place_over)) == 0
    assert await database.ask(lambda connection: queries.expire(connection, all_over)) == 2
    assert await SqlPlaceBook(database, "discord").all() == ()


async def test_reports_expire(database: Database) -> None:
    """A report goes a day after its person last met the error, and not before."""
    incidents = SqlIncidents(database)
    await incidents.note(Met("9", "example.com", "7", AT))
    over = AT.timestamp() + REPORTS_LIVE_S
    assert await database.ask(lambda connection: queries.expire(connection, over)) == 0
    assert await database.ask(lambda connection: queries.expire(connection, over + 1)) == 1
    assert await database.ask(lambda connection: queries.export(connection, "discord", "7")) == []
