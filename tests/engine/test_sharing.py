"""Does one process look for all: reports shared, turns kept, and nobody worse off when the store is away?"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from itertools import count

import pytest

from bot.cli.compose import SystemClock
from bot.diagnosis.findings import Finding, Report
from bot.engine import sharing
from bot.engine.sharing import Sharing, Site, Terms
from bot.ports import Asker, Busy, StoreUnavailable, Turn, Wanted
from fakes import ScriptedChecker, settle
from playbook import report, seen

SHOP = "https://shop.example.com/cart"
FINE, BROKEN = seen(200), seen(502)
NUMBERS = count(1)


class OneRow:
    """Looks at one address, in memory: times stand still unless the test says otherwise."""

    def __init__(self) -> None:
        self.holder: str | None = None
        self.lapses = 0
        """How often a question is answered with busy; then the holder's turn is over."""
        self.after_s = 0.0
        self.kept: Report | None = None
        self.lives_s = 0.0
        self.asked: list[Wanted] = []
        self.away = False

    async def take(self, wanted: Wanted, holder: str, lease_s: float) -> Report | Turn | Busy:
        self._answer()
        self.asked.append(wanted)
        if self.kept is not None and (not wanted.fresh or wanted.waited_s):
            return self.kept
        if self.holder not in (None, holder):
            self.lapses -= 1
            if self.lapses != 0:
                return Busy(lease_s)
        self.holder = holder
        return Turn(self.after_s)

    async def put(self, wanted: Wanted, holder: str, report: Report, lives_s: float) -> None:
        self._answer()
        self.kept, self.lives_s = report, lives_s
        await self.leave(wanted, holder)

    async def leave(self, wanted: Wanted, holder: str) -> None:
        self._answer()
        if self.holder == holder:
            self.holder = None

    def _answer(self) -> None:
        if self.away:
            raise StoreUnavailable("gone")


def sharing_with(looks: OneRow, checker: ScriptedChecker, wide_rules: str | None = None) -> Sharing:
    def site_of(text: str) -> Site | None:
        return Site(text.rstrip("#"), "shop.example.com") if "refused" not in text else None

    terms = Terms(
        site_of,
        lambda one: 30.0 if one == BROKEN else 60.0,
        pause_s=2.0,
        lease_s=50.0,
        rules="r",
        wide_rules=wide_rules,
    )
    return Sharing(checker, looks, terms, SystemClock(), lambda: f"look-{next(NUMBERS)}")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "FIRST_ASKED_AGAIN_S", 0.01)
    monkeypatch.setattr(sharing, "LAST_ASKED_AGAIN_S", 0.01)


@pytest.mark.parametrize(("report", "lives_s"), [(FINE, 60.0), (BROKEN, 30.0)])
async def test_what_was_seen_is_shared(report: Report, lives_s: float) -> None:
    """The process that looks hands its report to the store, with its lifetime, and holds nothing any more."""
    looks, checker = OneRow(), ScriptedChecker(report)
    assert await sharing_with(looks, checker).run(SHOP) == report
    assert (looks.kept, looks.lives_s, looks.holder) == (report, lives_s, None)
    assert looks.asked[0][:5] == (SHOP, "shop.example.com", "r", False, 2.0)


async def test_report_of_another_process_is_handed_out() -> None:
    """Nothing is contacted, its age is given, and the listener is told the findings."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    looks.kept = BROKEN.model_copy(update={"age_s": 12.0})
    heard: list[Finding] = []
    report = await sharing_with(looks, checker).run(SHOP, on_finding=heard.append)
    assert (report.age_s, checker.asked) == (12.0, [])
    assert heard == list(BROKEN.local.findings)


@pytest.mark.parametrize("fresh", [False, True])
async def test_look_of_another_process_is_waited_for(fresh: bool) -> None:
    """While it looks nobody else does; when it is done its report goes to all who waited, also for a fresh one."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    looks.holder = "another process"
    waiting = asyncio.ensure_future(sharing_with(looks, checker).run(SHOP, fresh=fresh))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    looks.kept, looks.holder = BROKEN, None
    assert await waiting == BROKEN
    assert checker.asked == []


async def test_dead_process_is_waited_for_until_its_lease_is_over() -> None:
    """Then the one who waited looks itself."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    looks.holder, looks.lapses = "a dead process", 4
    assert await sharing_with(looks, checker).run(SHOP, fresh=True) == FINE
    assert checker.asked == [(SHOP, True)]
    assert len(looks.asked) == 4


async def test_look_waits_for_its_turn() -> None:
    """A host that another process looks at just now is left alone for the pause."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    looks.after_s = 0.1
    look = asyncio.ensure_future(sharing_with(looks, checker).run(SHOP))
    await asyncio.sleep(0.05)
    assert checker.asked == []
    await look
    assert checker.asked == [(SHOP, False)]


async def test_same_question_is_asked_once_here() -> None:
    """Many in this process wait for one look, are told its findings, and the store is asked once."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    shared, heard = sharing_with(looks, checker), [[], []]  # type: ignore[var-annotated]
    reports = await asyncio.gather(*(shared.run(f"{SHOP}#", on_finding=one.append) for one in heard))
    assert reports == [FINE, FINE]
    assert heard == [list(FINE.local.findings)] * 2
    assert (len(looks.asked), len(checker.asked)) == (1, 1)


async def test_refused_address_is_none_of_the_stores_business() -> None:
    """What the guard does not accept as it is is refused here, and nothing is shared."""
    looks, refused = OneRow(), report(refusal="scheme")
    assert await sharing_with(looks, ScriptedChecker(refused)).run("refused:") == refused
    assert looks.asked == []


async def test_refusal_of_ones_own_address_is_not_shared() -> None:
    """It holds for one machine; any other refusal is shared like a report."""
    for reason, kept in (("own-address", False), ("own-network", False), ("private-v4", True)):
        looks = OneRow()
        await sharing_with(looks, ScriptedChecker(report(refusal=reason))).run(SHOP)
        assert (looks.kept is not None, looks.holder) == (kept, None)


async def test_look_that_is_given_up_leaves_its_turn() -> None:
    """Whoever goes away, or fails, holds nobody up."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    checker.gate = asyncio.Event()
    look = asyncio.ensure_future(sharing_with(looks, checker).run(SHOP))
    await settle()
    assert looks.holder is not None
    look.cancel()
    await asyncio.wait({look})
    assert looks.holder is None
    checker._reports.clear()
    with pytest.raises(IndexError):
        await sharing_with(looks, checker).run(SHOP)
    assert (looks.holder, looks.kept) == (None, None)


async def test_store_that_is_away_fails_no_look(caplog: pytest.LogCaptureFixture) -> None:
    """Each process looks by itself then; one line says so, however many look."""
    caplog.set_level(logging.WARNING)
    looks, checker = OneRow(), ScriptedChecker(FINE)
    looks.away = True
    shared = sharing_with(looks, checker)
    assert [await shared.run(SHOP) for _ in range(3)] == [FINE] * 3
    assert len(checker.asked) == 3
    assert len(caplog.records) == 1
    assert "not shared" in caplog.text


async def test_store_that_goes_away_meanwhile_fails_no_look() -> None:
    """A report that cannot be shared is handed out all the same; a wait for another process ends with a look."""
    looks, checker = OneRow(), ScriptedChecker(FINE)
    checker.gate = asyncio.Event()
    look = asyncio.ensure_future(sharing_with(looks, checker).run(SHOP))
    await settle()
    looks.away = True
    checker.gate.set()
    assert await look == FINE
    looks = OneRow()
    looks.holder = "another process"
    waiting = asyncio.ensure_future(sharing_with(looks, checker).run(SHOP))
    await asyncio.sleep(0.03)
    looks.away = True
    assert await asyncio.wait_for(waiting, 5) == FINE


async def test_look_is_made_on_the_account_of_who_asked() -> None:
    """Whoever hands out places hears who wants the look, also of an address that is not shared."""
    checker = ScriptedChecker(BROKEN)
    sharing = sharing_with(OneRow(), checker)
    for url in (SHOP, f"{SHOP}/refused"):
        await sharing.run(url, by=Asker("ann", "one"))
    assert checker.askers == [Asker("ann", "one")] * 2


async def test_report_of_no_look_is_not_shared() -> None:
    """A report that lives for no time is nothing to others: they may look."""
    looks = OneRow()
    sharing = sharing_with(looks, ScriptedChecker(BROKEN))
    sharing._terms = replace(sharing._terms, lives_s=lambda _: 0.0)
    await sharing.run(SHOP)
    assert (looks.kept, looks.holder) == (None, None)


@pytest.mark.parametrize(("wide_rules", "elsewhere", "mark"), [("w", True, "w"), ("w", False, "r"), (None, True, "r")])
async def test_looks_that_ask_elsewhere_have_a_mark_of_their_own(
    wide_rules: str | None, elsewhere: bool, mark: str
) -> None:
    """Whoever wants other places gets no report without them; where nobody is ever asked there is one mark."""
    looks, checker = OneRow(), ScriptedChecker(BROKEN)
    await sharing_with(looks, checker, wide_rules).run(SHOP, elsewhere=elsewhere)
    assert looks.asked[0][2] == mark
    assert checker.elsewhere == [mark == "w"]
