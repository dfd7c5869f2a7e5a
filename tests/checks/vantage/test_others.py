"""Are all other places asked at the same time, each only where it is wanted?"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from bot.checks.address import Address
from bot.checks.course import Seen
from bot.checks.page import Reader
from bot.checks.refusal import Refusal
from bot.checks.vantage import globalping
from bot.checks.vantage.api import Access
from bot.checks.vantage.others import Others, Wanted
from bot.checks.vantage.peers.account import account_in
from bot.checks.vantage.peers.terms import Terms
from bot.diagnosis.findings import Outcome
from globalping_standin import GlobalpingStandin, finished
from nats_servers import NatsServer
from peers_stage import Looker, check, peer, statuses

READER = Reader((), None, lambda: datetime(2026, 11, 24, tzinfo=UTC))
BROKEN = (check("canary"), check("http", Outcome.FAIL, status=502, url="https://shop.example.com/cart"))
SEEN = Seen(BROKEN, None, Address("https", "shop.example.com", 443, "/cart"), (ip_address("93.184.216.34"),))


@pytest.fixture
async def nats(tmp_path: Path) -> AsyncIterator[NatsServer]:
    with NatsServer(tmp_path) as server:
        yield server


async def test_all_are_asked_at_once(lo: Any, standin: GlobalpingStandin, nats: NatsServer) -> None:
    """The operator's own machines stand first, and together they take no longer than the slowest."""
    standin.results = [finished(502)]
    wanted = Wanted(Terms(account_in(nats.url), patience=5), globalping.Terms(Access(standin.url), pause=1.0))
    looker = Looker(check("canary"), check("http", status=200), takes_s=1.2)
    async with peer(lo.reach(), nats.url, checker=looker):
        began = time.monotonic()
        told = await Others(lo.reach(), READER, wanted).look(SEEN)
        assert time.monotonic() - began < 2.0
    assert list(statuses(told).values()) == [200, 502]
    assert [vantage.name for vantage in told] == ["peer: Frankfurt", "globalping: Frankfurt, DE, AS3320"]


async def test_nobody_is_asked_where_nobody_is_wanted_or_may_know(lo: Any, standin: GlobalpingStandin) -> None:
    """By default there are no others; an address that the guard refuses is nobody's business."""
    nobody = Others(lo.reach(), READER, Wanted())
    assert not nobody
    assert await nobody.look(SEEN) == ()
    others = Others(lo.reach(), READER, Wanted(globalping=globalping.Terms(Access(standin.url))))
    assert others
    assert await others.look(Seen(BROKEN, Refusal("block", "private"), SEEN.address)) == ()
    assert standin.asked == []


def test_time_and_mark_are_those_of_all() -> None:
    """Whoever waits for a look waits for the slowest; looks that ask others are told apart."""
    peers, world = Terms(account_in("nats://x"), patience=20), globalping.Terms()
    assert (Wanted().patience, Wanted(peers).patience, Wanted(peers, world).patience) == (0.0, 20, 20)
    assert Wanted(None, world).patience == world.patience
    marks = [Wanted().mark, Wanted(peers).mark, Wanted(None, world).mark, Wanted(peers, world).mark]
    assert marks[0] == ""
    assert len(set(marks)) == 4


def test_library_of_nats_is_loaded_where_peers_are_wanted_alone() -> None:
    """No command pays for what it does not need: neither settings nor checks bring it."""
    code = (
        "import sys; import bot.settings.model, bot.checks.runner, bot.cli.compose, bot.cli.sharing; "
        "from bot.settings.model import Settings; from bot.cli.sharing import terms_of; "
        "terms_of(Settings(vantages='local,peers', nats_url='nats://x', _env_file=None)); "
        "print([name for name in sys.modules if name.partition('.')[0] in ('nats', 'nkeys', 'nacl')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
