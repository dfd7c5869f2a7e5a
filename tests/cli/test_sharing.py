"""Are looks shared where there is a store for them, on the terms of this installation's checks?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.checks.limits import CheckSettings
from bot.cli.compose import SystemClock
from bot.cli.sharing import shared, terms_of
from bot.cli.stores import in_database
from bot.engine.sharing import Sharing, Site
from bot.ports import Checker
from bot.settings.model import Settings
from databases import Server, sqlite_address
from fakes import ScriptedChecker
from playbook import seen

SHOP = "https://shop.example.com/"


def settings(**values: str) -> Settings:
    return Settings.model_validate(values)


def test_terms_are_those_of_the_checks() -> None:
    """An address has its one canonical form; good and failing reports live as long as in one process."""
    terms, checks = terms_of(settings()), CheckSettings()
    assert terms.site_of("HTTPS://Shop.Example.com:443/cart#top") == Site(
        "https://shop.example.com/cart", "shop.example.com"
    )
    assert terms.site_of("//Shop.Example.com/cart#top") == Site("//shop.example.com/cart", "shop.example.com")
    assert terms.site_of("http://10.0.0.1:22/") is None
    assert (terms.lives_s(seen(200)), terms.lives_s(seen(502))) == (checks.fresh_for, checks.failing_fresh_for)
    assert terms.pause_s == checks.target_pause
    assert terms.lease_s > checks.deadline + terms.patience_s + 1
    assert terms.wide_rules is None


def test_looks_that_ask_elsewhere_take_longer_and_are_marked() -> None:
    """With Globalping a look lasts longer, and reports without other places are kept apart."""
    alone, wide = terms_of(settings()), terms_of(settings(vantages="local,globalping"))
    assert wide.lease_s > alone.lease_s + 5
    assert wide.rules == alone.rules != wide.wide_rules


def test_looks_that_ask_peers_are_told_apart_from_those_that_ask_globalping() -> None:
    """Others with different peers give this process no wide report; the slowest decides how long a look is held."""
    nats = {"nats_url": "nats://127.0.0.1"}
    marks = {
        terms_of(settings(vantages=vantages, **nats)).wide_rules
        for vantages in ("local", "local,peers", "local,globalping", "local,globalping,peers", "peers,globalping,local")
    }
    assert len(marks) == 4
    alone, wide = terms_of(settings()), terms_of(settings(vantages="local,peers", peers_timeout_s="15", **nats))
    assert (wide.lease_s - alone.lease_s, wide.rules) == (15.0, alone.rules)


@pytest.mark.parametrize(
    "other",
    [{"allow_networks": "10.0.0.0/8"}, {"allow_ports": "3128"}, {"resolvers": "127.0.0.1"}, {"check_deadline_s": "5"}],
    ids=lambda other: next(iter(other)),
)
def test_who_may_see_something_else_has_another_mark(other: dict[str, str]) -> None:
    """Reports pass only between processes whose operators allow the same; the contact address does not matter."""
    assert terms_of(settings(**other)).rules != terms_of(settings()).rules
    assert terms_of(settings(contact="me")).rules == terms_of(settings()).rules
    twice = {"allow_networks": "10.0.0.0/8,127.0.0.0/8"}, {"allow_networks": "127.0.0.0/8,10.0.0.0/8"}
    assert len({terms_of(settings(**values)).rules for values in twice}) == 1


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
async def processes(server: Server) -> AsyncIterator[list[tuple[Checker, ScriptedChecker]]]:
    """Return what two processes on one database look with."""
    address, made = await server.empty_database(), []
    everything = [await in_database(address, SystemClock()) for _ in range(2)]
    for kept in everything:
        checker = ScriptedChecker(seen(502))
        made.append((shared(checker, kept.looks, settings()), checker))
    yield made
    for kept in everything:
        await kept.close()


async def test_file_is_not_shared(tmp_path: Path) -> None:
    """On a file there is nothing in front of the checks, and nothing is counted elsewhere."""
    kept = await in_database(sqlite_address(tmp_path), SystemClock())
    assert (kept.looks, kept.acts) == (None, None)
    checker = ScriptedChecker(seen(200))
    assert shared(checker, kept.looks, settings()) is checker
    await kept.close()


async def test_one_process_looks_for_all(processes: list[tuple[Checker, ScriptedChecker]]) -> None:
    """Many people ask two processes at the same moment: one look is made, and all get its report."""
    (one, looks), (other, others_looks) = processes
    looks.gate = others_looks.gate = asyncio.Event()
    asked = [
        asyncio.ensure_future(checker.run(SHOP, fresh=fresh)) for checker in (one, other) for fresh in (False, True)
    ]
    await asyncio.sleep(0.5)
    looks.gate.set()
    reports = await asyncio.gather(*asked)
    assert len(looks.asked) + len(others_looks.asked) == 1
    assert all(report.vantages == seen(502).vantages and report.age_s < 2 for report in reports)
    assert (await other.run(SHOP)).vantages == seen(502).vantages
    assert len(looks.asked) + len(others_looks.asked) == 1


async def test_database_that_goes_away_fails_no_look(server: Server) -> None:
    """While the server is stopped each process looks by itself; when it is back, looks are shared again."""
    kept = await in_database(await server.empty_database(), SystemClock())
    checker = ScriptedChecker(seen(502))
    sharing = shared(checker, kept.looks, settings())
    await sharing.run(SHOP)
    server.stop()
    try:
        for number in range(3):
            assert (await asyncio.wait_for(sharing.run(f"{SHOP}{number}"), 5)).vantages == seen(502).vantages
    finally:
        server.start()
    assert len(checker.asked) == 4
    assert isinstance(sharing, Sharing)
    sharing._store._rests_until = 0.0
    assert (await sharing.run(SHOP)).age_s > 0
    assert len(checker.asked) == 4
    await kept.close()
