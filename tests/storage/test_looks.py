"""Do processes that share looks find each other's reports, wait for each other, and keep a host's pause together?"""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from sqlalchemy import Connection, func, select, update

from bot.diagnosis.findings import Report
from bot.ports import Busy, Turn, Wanted
from bot.storage.looks import SqlLooks
from bot.storage.sql import Database
from bot.storage.tables import looks as table
from databases import Server, open_database
from playbook import seen

SHOP = Wanted("https://shop.example.com/", "shop.example.com", "r", fresh=False, pause_s=2.0)
CART = SHOP._replace(url="https://shop.example.com/cart")
BLOG = Wanted("https://blog.example.org/", "blog.example.org", "r", fresh=False, pause_s=2.0)
LEASE_S, LIVES_S = 50.0, 30.0
REPORT = seen(502, product="nginx")


@pytest.fixture
def looks(database: Database) -> SqlLooks:
    return SqlLooks(database)


async def later(database: Database, seconds: float) -> None:
    """Let time pass in the table: everything in it becomes older."""
    times = ("began_at", "held_until", "seen_at", "fresh_until", "expires_at")
    older = {name: table.c[name] - seconds for name in times}
    await database.ask(lambda connection: connection.execute(update(table).values(**older)))


async def rows(database: Database) -> int:
    def count(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return await database.ask(count)


async def looked(looks: SqlLooks, wanted: Wanted = SHOP, holder: str = "a", report: Report = REPORT) -> None:
    assert isinstance(await looks.take(wanted, holder, LEASE_S), Turn)
    await looks.put(wanted, holder, report, LIVES_S)


async def test_first_one_looks_at_once_and_others_wait(looks: SqlLooks) -> None:
    """While one looks, another one is told for how long at most; whoever looks may ask again."""
    assert await looks.take(SHOP, "a", LEASE_S) == Turn(0.0)
    busy = await looks.take(SHOP, "b", LEASE_S)
    assert isinstance(busy, Busy)
    assert LEASE_S - 5 < busy.for_s <= LEASE_S
    assert isinstance(await looks.take(SHOP, "a", LEASE_S), Turn)


async def test_report_comes_back_whole_and_with_its_age(database: Database, looks: SqlLooks) -> None:
    """Whoever asks within its lifetime gets the report as it was made, and how old it is."""
    await looked(looks)
    await later(database, 20)
    report = await looks.take(SHOP, "b", LEASE_S)
    assert isinstance(report, Report)
    assert 20 <= report.age_s < 25
    assert report.model_copy(update={"age_s": 0.0}) == REPORT


async def test_age_that_a_report_came_with_counts(looks: SqlLooks) -> None:
    """What a process hands on and saw itself a while ago is not made younger by it, and lives no longer."""
    await looked(looks, report=REPORT.model_copy(update={"age_s": 25.0}))
    report = await looks.take(SHOP, "b", LEASE_S)
    assert isinstance(report, Report)
    assert 25 <= report.age_s < 30
    await looks.put(SHOP, "a", REPORT.model_copy(update={"age_s": 30.0}), LIVES_S)
    assert isinstance(await looks.take(SHOP, "b", LEASE_S), Turn)


async def test_turn_that_is_far_away_is_not_taken(database: Database, looks: SqlLooks) -> None:
    """Where many look at one host, others learn what was seen of another page of the same site, or ask again later."""
    for number in range(3):
        page = SHOP._replace(url=f"https://shop.example.com/{number}", patience_s=4.0)
        assert isinstance(await looks.take(page, "a", LEASE_S), Turn)
    late, there = CART._replace(patience_s=4.0), SHOP._replace(url="https://shop.example.com:8443/", patience_s=4.0)
    busy = await looks.take(late, "b", LEASE_S)
    assert isinstance(busy, Busy)
    assert 0 < busy.for_s <= 2
    await looks.put(SHOP._replace(url="https://shop.example.com/0"), "a", REPORT, LIVES_S)
    other = await looks.take(late, "b", LEASE_S)
    assert isinstance(other, Report)
    assert other.url == CART.url
    assert other.local.findings[-1].facts["other-page"] is True
    assert isinstance(await looks.take(there, "b", LEASE_S), Busy)  # another port is another site
    own = await looks.take(SHOP._replace(url="https://shop.example.com/0", fresh=True, patience_s=1.0), "b", LEASE_S)
    assert isinstance(own, Report)
    assert "other-page" not in own.local.findings[-1].facts
    await later(database, 2)
    assert isinstance(await looks.take(late, "b", LEASE_S), Turn)


async def test_old_report_is_handed_out_no_more(database: Database, looks: SqlLooks) -> None:
    """After its lifetime somebody looks again."""
    await looked(looks)
    await later(database, LIVES_S + 1)
    assert await looks.take(SHOP, "b", LEASE_S) == Turn(0.0)


async def test_fresh_look_is_a_new_one(database: Database, looks: SqlLooks) -> None:
    """What was seen before the question is not fresh, unless that look began within the pause."""
    await looked(looks)
    fresh = SHOP._replace(fresh=True)
    assert isinstance(await looks.take(fresh, "b", LEASE_S), Report)
    await later(database, 5)
    assert await looks.take(fresh, "b", LEASE_S) == Turn(0.0)


async def test_report_that_was_waited_for_is_fresh(database: Database, looks: SqlLooks) -> None:
    """A look that ended while somebody waited for it will do, however long ago it began."""
    slow = REPORT.model_copy(update={"elapsed_ms": 15_000.0})
    await looked(looks, report=slow)
    await later(database, 3)
    assert isinstance(await looks.take(SHOP._replace(fresh=True, waited_s=10), "b", LEASE_S), Report)


async def test_who_needs_nothing_newer_waits_for_no_look(database: Database, looks: SqlLooks) -> None:
    """While somebody takes a fresh look, the older report is still handed out to others."""
    await looked(looks)
    await later(database, 5)
    assert isinstance(await looks.take(SHOP._replace(fresh=True), "b", LEASE_S), Turn)
    assert isinstance(await looks.take(SHOP, "c", LEASE_S), Report)
    assert isinstance(await looks.take(SHOP._replace(fresh=True), "c", LEASE_S), Busy)


async def test_turn_of_a_dead_process_lapses(database: Database, looks: SqlLooks) -> None:
    """After the lease another one looks; a late report of the first one is taken, and ends nobody's turn."""
    await looks.take(SHOP, "a", LEASE_S)
    await later(database, LEASE_S + 1)
    assert await looks.take(SHOP, "b", LEASE_S) == Turn(0.0)
    await looks.put(SHOP, "a", REPORT, LIVES_S)
    assert isinstance(await looks.take(SHOP, "c", LEASE_S), Report)
    await later(database, LIVES_S + 1)
    assert isinstance(await looks.take(SHOP, "c", LEASE_S), Busy)


async def test_turn_that_was_given_up_is_free(looks: SqlLooks) -> None:
    """Whoever waits looks; only the holder of the turn can give it up."""
    await looks.take(SHOP, "a", LEASE_S)
    await looks.leave(SHOP, "b")
    assert isinstance(await looks.take(SHOP, "b", LEASE_S), Busy)
    await looks.leave(SHOP, "a")
    turn = await looks.take(SHOP, "b", LEASE_S)
    assert isinstance(turn, Turn)
    assert 1 < turn.after_s <= 2


async def test_host_is_left_alone_between_looks(database: Database, looks: SqlLooks) -> None:
    """Looks at one host, whatever the address and the rules, begin with the pause between them; other hosts do not wait."""
    turns = [await looks.take(one, "a", LEASE_S) for one in (SHOP, CART, SHOP._replace(rules="other"), BLOG)]
    waits = [turn.after_s for turn in turns if isinstance(turn, Turn)]
    assert waits == [0.0, pytest.approx(2, abs=0.5), pytest.approx(4, abs=0.9), 0.0]
    await later(database, 10)
    assert await looks.take(CART._replace(url="https://shop.example.com/new"), "b", LEASE_S) == Turn(0.0)


async def test_other_rules_share_no_report(looks: SqlLooks) -> None:
    """What a process may see that its operator lets into a private network is not told to one that may not."""
    await looked(looks)
    assert isinstance(await looks.take(SHOP._replace(rules="stricter"), "b", LEASE_S), Turn)


async def test_report_without_a_turn_is_shared(looks: SqlLooks) -> None:
    """A look that began while the database was away is known as soon as it is back."""
    await looks.put(SHOP, "a", REPORT, LIVES_S)
    assert isinstance(await looks.take(SHOP, "b", LEASE_S), Report)


async def test_report_of_another_release_is_passed_over(database: Database, looks: SqlLooks) -> None:
    """What cannot be read is as if it were not there."""
    await looked(looks)
    await database.ask(lambda connection: connection.execute(update(table).values(report='{"new":1}')))
    assert isinstance(await looks.take(SHOP, "b", LEASE_S), Turn)


async def test_rows_go_with_the_next_question(database: Database, looks: SqlLooks) -> None:
    """What is over is deleted in passing, and by the hourly task where nobody passes."""
    await looked(looks)
    await looks.take(BLOG, "a", LEASE_S)
    await later(database, LEASE_S + 1)
    await looks.take(CART, "b", LEASE_S)
    assert await rows(database) == 1
    database.clock.jump(400 * 86400)  # type: ignore[attr-defined]
    await database.expire()
    assert await rows(database) == 0


async def test_of_many_processes_one_looks(server: Server) -> None:
    """Of many that ask at the same moment exactly one gets the turn, and no two turns at a host are closer than the pause."""
    address = await server.empty_database()
    databases = [await open_database(address) for _ in range(4)]
    try:
        crowd = [SqlLooks(database) for database in databases]
        answers = await asyncio.gather(
            *(looks.take(SHOP, f"{number}.{turn}", LEASE_S) for number, looks in enumerate(crowd) for turn in range(10))
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Busy"] * 39 + ["Turn"]
        pages = [SHOP._replace(url=f"{SHOP.url}{number}", pause_s=5.0) for number in range(12)]
        turns = await asyncio.gather(
            *(crowd[number % 4].take(page, str(number), LEASE_S) for number, page in enumerate(pages))
        )
        began = sorted(await databases[0].ask(lambda connection: list(connection.scalars(select(table.c.began_at)))))
        assert len(turns) == 12
        assert all(after - before >= 4.999 for before, after in pairwise(began))
    finally:
        for database in databases:
            await database.aclose()
