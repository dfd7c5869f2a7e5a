"""Do memory, SQLite and PostgreSQL share watches among processes in the same way?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.diagnosis.recovery import Course, Next, Recovery
from bot.kb.model import State
from bot.ports import Claim, TooManyWatches, Watch, Watches
from bot.storage.memory_watches import MemoryWatches
from bot.storage.watches import SqlWatches
from databases import Server, open_database, sqlite_address

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
SHOP, BLOG = "https://shop.example.com/", "https://blog.example.net/"
LEASE_S = 60.0
STILL_DOWN = Next(Course(looks=1, pause_s=60.0, state=State.DOWN), 60.0, back=False)
BACK = Next(Course(looks=4, good=3, state=State.UP), 30.0, back=True)


def watch(name: str, url: str = SHOP, owner: str = "7", server: str | None = "9") -> Watch:
    return Watch(name, url, "discord", owner, "{}", AT, AT + timedelta(hours=48), server)


def claim(holder: str = "one", after_s: float = 0.0, limit: int = 9) -> Claim:
    now = AT + timedelta(seconds=after_s)
    return Claim(holder, now, now + timedelta(seconds=LEASE_S), limit)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def watches(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watches]:
    if request.param == "memory":
        yield MemoryWatches()
        return
    address = sqlite_address(tmp_path)
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        address = await server.empty_database()
    database = await open_database(address)
    kept = SqlWatches(database)
    yield kept
    await kept.aclose()
    await database.aclose()


async def add(watches: Watches, *given: Watch) -> None:
    for each in given:
        await watches.add(each, most_user=3, most_server=5)


async def test_address_is_looked_at_once_for_all_who_wait(watches: Watches) -> None:
    """Two people wait for one address: there is one look, held by one process."""
    await add(watches, watch("a"), watch("b", owner="8"), watch("c", BLOG))
    taken = await watches.claim(claim("one"))
    assert sorted(look.url for look in taken.looks) == [BLOG, SHOP]
    assert all(look.course == Course() for look in taken.looks)
    assert (await watches.claim(claim("two"))).looks == ()


async def test_result_sets_the_time_of_the_next_look(watches: Watches) -> None:
    """A site that is still down is looked at again after its pause, with its course."""
    await add(watches, watch("a"))
    await watches.claim(claim())
    assert await watches.settle("one", SHOP, STILL_DOWN, AT + timedelta(seconds=5))
    early = await watches.claim(claim(after_s=64))
    assert early.looks == ()
    assert early.next_at == AT + timedelta(seconds=65)
    assert (await watches.claim(claim(after_s=65))).looks == ((SHOP, STILL_DOWN.course),)


async def test_work_of_a_killed_process_is_taken_over(watches: Watches) -> None:
    """After its lease another process takes the address on, and the late result of the first counts no more."""
    await add(watches, watch("a"))
    await watches.claim(claim("one"))
    assert (await watches.claim(claim("two", LEASE_S - 1))).looks == ()
    assert len((await watches.claim(claim("two", LEASE_S))).looks) == 1
    assert not await watches.settle("one", SHOP, BACK, AT + timedelta(seconds=LEASE_S + 1))
    assert await watches.claim_news("discord", claim("one", LEASE_S + 2)) == ()
    assert await watches.settle("two", SHOP, BACK, AT + timedelta(seconds=LEASE_S + 3))


async def test_all_who_wait_are_told_once_and_the_address_is_let_go(watches: Watches) -> None:
    """Back: each watcher's news is claimed by one process; whoever was told no longer waits, and nobody looks again."""
    await add(watches, watch("a"), watch("b", owner="8"))
    await watches.claim(claim())
    await watches.settle("one", SHOP, BACK, AT + timedelta(seconds=5))
    news = await watches.claim_news("discord", claim("two", 6))
    assert sorted((each.watch.id, each.what, each.at) for each in news) == [
        ("a", "back", AT + timedelta(seconds=5)), ("b", "back", AT + timedelta(seconds=5)),
    ]  # fmt: skip
    assert await watches.claim_news("discord", claim("three", 7)) == ()
    assert await watches.claim_news("terminal", claim("three", 7)) == ()
    await watches.told("two", "a")
    await watches.told("three", "b")
    assert [each.watch.id for each in await watches.claim_news("discord", claim("three", 6 + LEASE_S))] == ["b"]
    await watches.told("three", "b")
    assert (await watches.claim(claim(after_s=9999))).looks == ()
    assert await watches.claim_news("discord", claim(after_s=9999)) == ()


@pytest.mark.parametrize("what", ["guarded", "partly"])
async def test_who_waits_hears_how_far_the_site_is_back(watches: Watches, what: Recovery) -> None:
    """What can be seen (a check, or some of its addresses) is reported as what it is, and nobody looks again."""
    await add(watches, watch("a"))
    await watches.claim(claim())
    await watches.settle("one", SHOP, BACK._replace(what=what), AT + timedelta(seconds=5))
    assert [each.what for each in await watches.claim_news("discord", claim("two", 6))] == [what]
    assert (await watches.claim(claim(after_s=9999))).looks == ()


async def test_watch_is_given_up_after_its_time(watches: Watches) -> None:
    """Whoever waited long enough is told so, and the address is looked at no more after the next look."""
    await add(watches, watch("a"))
    days = 48 * 3600.0
    assert len((await watches.claim(claim(after_s=days))).looks) == 1
    (news,) = await watches.claim_news("discord", claim(after_s=days + 1))
    assert news.what == "expired"
    assert await watches.of("discord", "7") == ()
    await watches.settle("one", SHOP, STILL_DOWN, AT + timedelta(seconds=days + 2))
    assert (await watches.claim(claim(after_s=2 * days))).next_at is None


async def test_same_wish_twice_is_one_watch(watches: Watches) -> None:
    """Whoever asks again keeps the watch that they have."""
    await add(watches, watch("a"))
    assert (await watches.add(watch("b"), most_user=1, most_server=1)).id == "a"
    assert [each.id for each in await watches.of("discord", "7")] == ["a"]


async def test_wish_that_is_repeated_holds_where_it_was_said_last(watches: Watches) -> None:
    """Whoever asks again in another place is told there, and waits from now on."""
    first = watch("a")
    await add(watches, first)
    later = replace(
        first, id="b", body='{"channel": 2}', server="6", asked_at=first.asked_at + timedelta(hours=1),
        expires_at=first.expires_at + timedelta(hours=1),
    )  # fmt: skip
    kept = await watches.add(later, most_user=1, most_server=1)
    assert kept == replace(later, id="a")
    assert await watches.of("discord", "7") == (kept,)


async def test_nobody_waits_for_too_much(watches: Watches) -> None:
    """A person and a server have a limit; what waits no more does not count."""
    await add(watches, *(watch(name, f"https://{name}.example.com/") for name in "abc"))
    with pytest.raises(TooManyWatches) as caught:
        await add(watches, watch("d", "https://d.example.com/"))
    assert (caught.value.who, caught.value.most) == ("user", 3)
    await add(watches, *(watch(name, owner=name) for name in "ef"))
    with pytest.raises(TooManyWatches) as caught:
        await add(watches, watch("g", owner="g"))
    assert caught.value.who == "server"
    await add(watches, watch("h", owner="h", server=None))
    assert await watches.drop("discord", "7", "a")
    await add(watches, watch("d", "https://d.example.com/"))


async def test_only_the_owner_stops_a_watch(watches: Watches) -> None:
    """Nobody ends somebody else's watch; an address for which nobody waits any more is let go at its look."""
    await add(watches, watch("a"))
    assert not await watches.drop("discord", "8", "a")
    assert await watches.drop("discord", "7", "a")
    assert not await watches.drop("discord", "7", "a")
    await watches.claim(claim())  # unless the hourly tidying was faster
    await watches.settle("one", SHOP, BACK, AT)
    assert await watches.claim_news("discord", claim()) == ()
    assert (await watches.claim(claim())).next_at is None


async def test_waiting_process_hears_of_a_new_watch(watches: Watches) -> None:
    """A process that waits is woken by a new watch and by news, long before its time is over."""
    seen = await watches.changed(-1, 0)
    waiting = asyncio.ensure_future(watches.changed(seen, 30))
    await asyncio.sleep(0.05)
    await add(watches, watch("a"))
    assert await asyncio.wait_for(waiting, 5) > seen
    await watches.claim(claim())
    seen = await watches.changed(-1, 0)
    waiting = asyncio.ensure_future(watches.changed(seen, 30))
    await asyncio.sleep(0.05)
    await watches.settle("one", SHOP, BACK, AT)
    assert await asyncio.wait_for(waiting, 5) > seen


async def test_another_process_hears_through_postgresql(server: Server) -> None:
    """What one process adds another one learns at once."""
    address = await server.empty_database()
    mine, other = await open_database(address), await open_database(address)
    here, there = SqlWatches(mine), SqlWatches(other)
    seen = await there.changed(-1, 0)
    waiting = asyncio.ensure_future(there.changed(seen, 30))
    await asyncio.sleep(0.05)
    await add(here, watch("a"))
    assert await asyncio.wait_for(waiting, 5) > seen
    for kept, database in ((here, mine), (there, other)):
        await kept.aclose()
        await database.aclose()


async def test_processes_that_claim_at_once_share_the_work(server: Server) -> None:
    """Four processes claim at the same moment: every address goes to exactly one of them."""
    address = await server.empty_database()
    databases = [await open_database(address) for _ in range(4)]
    shared = [SqlWatches(database) for database in databases]
    for number in range(40):
        await shared[0].add(watch(f"w{number}", f"https://{number}.example.com/"), most_user=99, most_server=99)
    taken = await asyncio.gather(*(each.claim(claim(str(number), limit=15)) for number, each in enumerate(shared)))
    urls = [look.url for one in taken for look in one.looks]
    assert len(urls) == len(set(urls)) == 40
    for kept, database in zip(shared, databases, strict=True):
        await kept.aclose()
        await database.aclose()
