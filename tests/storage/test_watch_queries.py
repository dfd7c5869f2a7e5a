"""Do watches go when they must: by expiry, with their person, with their server?"""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.util.concurrency import await_only

from bot.diagnosis.recovery import Course
from bot.storage import watch_queries
from bot.storage.lifetimes import WATCHES_LIVE_S
from bot.storage.sql import Database, SqlPrivacy
from bot.storage.tables import watched
from bot.storage.watches import SqlWatches
from databases import Server, open_database
from storage.test_watches import BLOG, SHOP, add, claim, watch


async def test_person_sees_and_deletes_their_watches(database: Database) -> None:
    """Export holds a person's watches; forgetting a person or a server deletes theirs and no others."""
    watches, privacy = SqlWatches(database), SqlPrivacy(database, "discord")
    await add(watches, watch("a"), watch("b", BLOG, owner="8"), watch("c", BLOG, owner="9", server="10"))
    (exported,) = await privacy.export("7")
    assert [one["url"] for one in exported["watches"]] == [SHOP]
    await privacy.forget("7")
    assert await watches.of("discord", "7") == ()
    await privacy.forget_server("9")
    assert await watches.of("discord", "8") == ()
    assert len(await watches.of("discord", "9")) == 1


async def test_watch_names_its_server(database: Database) -> None:
    """A server where somebody waits is one of which something is kept; a person who waits elsewhere names none."""
    watches, privacy = SqlWatches(database), SqlPrivacy(database, "discord")
    await add(watches, watch("a"), watch("b", owner="8", server=None))
    assert await privacy.servers() == {"9"}


async def test_what_nobody_could_be_told_goes(database: Database) -> None:
    """A week after it was asked for, a watch is gone, and with it the address."""
    watches = SqlWatches(database)
    await add(watches, watch("a"))
    database.clock.jump(WATCHES_LIVE_S + 1)  # type: ignore[attr-defined]
    await database.expire()
    assert await watches.of("discord", "7") == ()
    assert (await watches.claim(claim(after_s=WATCHES_LIVE_S + 2))).next_at is None


async def test_address_stays_for_whoever_is_just_adding_a_watch(server: Server) -> None:
    """The hourly task and a new watch meet at an address that nobody waited for: the watch is looked at all the same."""
    address = await server.empty_database()
    tidying, adding = await open_database(address), await open_database(address)
    watches = SqlWatches(tidying)
    await add(watches, watch("a"))
    assert await watches.drop("discord", "7", "a")
    added, go_on = asyncio.Event(), asyncio.Event()

    def slowly(connection: Connection) -> None:
        watch_queries.add(connection, watch("b", owner="8"), 3, 5)
        added.set()
        await_only(go_on.wait())

    new = asyncio.ensure_future(adding.ask(slowly))
    await added.wait()
    expiry = asyncio.ensure_future(tidying.expire())
    await asyncio.wait((expiry,), timeout=0.3)
    go_on.set()
    await asyncio.gather(new, expiry)
    assert [look.url for look in (await watches.claim(claim())).looks] == [SHOP]
    await watches.aclose()
    await tidying.aclose()
    await adding.aclose()


async def test_unreadable_course_stops_no_other_watch(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A course that another release wrote starts afresh; it and all others are looked at, and no value is logged."""
    watches = SqlWatches(database)
    await add(watches, watch("a"), watch("b", BLOG))
    newer = '{"looks": 3, "seen_by": "https://intranet.example.com/"}'
    await database.ask(lambda connection: connection.execute(update(watched).values(course=newer)))
    looks = (await watches.claim(claim())).looks
    assert sorted(looks) == [(BLOG, Course()), (SHOP, Course())]
    assert "begins anew (seen_by: extra_forbidden)" in caplog.text
    assert "intranet" not in caplog.text
