"""What does `fiveohtwo watch` make of one look after another? (`tests/e2e/test_watch.py` tries it on real sites.)"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.cli import CANNOT_TELL, OK, REFUSED, command
from bot.cli.watch import _Watching, as_shape, looks
from bot.diagnosis.findings import Failure, Report
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.settings.model import Settings
from fakes import ScriptedChecker
from playbook import report, seen

KB = load()
URL = "https://shop.example.com/cart"
QUICK = Settings(watch_first_s=0.1, watch_longest_s=0.1, watch_good_apart_s=0.1, watch_good_answers=2)
DAY = timedelta(days=1)


async def run(
    monkeypatch: pytest.MonkeyPatch, *reports: Report, patience: timedelta = DAY, kb: KnowledgeBase = KB
) -> tuple[int, str]:
    """Watch in a terminal; return the exit code and all that was shown."""
    monkeypatch.setattr("bot.cli.watch.make_runner", lambda _kb, _settings: ScriptedChecker(*reports))
    console = Console(force_terminal=True, width=100, record=True, highlight=False)
    code = await _Watching(kb, QUICK, console, as_json=False).run(URL, patience)
    return code, console.export_text()


async def test_person_sees_each_look_and_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look is a line with its state; good answers are counted; the last line says that it is back."""
    code, shown = await run(monkeypatch, seen(502, product="nginx"), seen(200))
    assert code == OK
    lines = [line for line in shown.splitlines() if "shop.example.com" in line]
    assert len(lines) == 3
    assert "down" in lines[0]
    assert "good answer 1 of 2" in lines[1]
    assert "It is back." in lines[2]


async def test_words_are_filled_as_all_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locale that names what there is not, or writes a brace of its own, does not end the watch."""
    words = {**KB.locales["en"].words, "watch.good": "{good}/{of} {nothing}{ :)"}
    english = KB.locales["en"].model_copy(update={"words": words})
    kb = KB.model_copy(update={"locales": {"en": english}})
    code, shown = await run(monkeypatch, seen(502, product="nginx"), seen(200), kb=kb)
    assert code == OK
    assert "1/2 { :)" in shown


async def test_site_that_opens_with_a_dead_address_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead IPv6 address beside a page that opens is reported as that, and nobody waits to the end."""
    code, shown = await run(monkeypatch, seen(200, tcp={"v4": "ok", "v6": "fail"}), patience=timedelta(minutes=1))
    assert code == OK
    assert "not on all addresses" in shown
    assert "stop looking" not in shown


async def test_site_that_sends_people_into_an_app_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bot is sent on to what it does not follow, people are told to try it themselves."""
    sent_on = seen(302, failure=("http", Failure.REDIRECT_REFUSED), **{"not-followed": "scheme"})
    code, shown = await run(monkeypatch, sent_on, patience=timedelta(minutes=1))
    assert code == OK
    assert "shows me no page" in shown


async def test_other_places_are_not_asked_while_one_waits() -> None:
    """Looks of a watch are the bot's own, however often they fail."""
    checker = ScriptedChecker(seen(502), seen(200))
    async for _ in looks(KB, checker, QUICK, URL, datetime.now(UTC) + DAY):
        pass
    assert len(checker.elsewhere) >= 3
    assert not any(checker.elsewhere)


async def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that stays down is given up, and that is said."""
    code, shown = await run(monkeypatch, seen(502, product="nginx"), patience=timedelta(0))
    assert code == CANNOT_TELL
    assert "I stop looking now" in shown


async def test_refused_address_is_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that must not be contacted ends it at once, with the reason."""
    code, shown = await run(monkeypatch, report(refusal="private"))
    assert code == REFUSED
    assert "must not contact" in shown


async def test_script_gets_the_same_shape_each_time() -> None:
    """The names of `watch --json` are a promise."""
    taken = looks(KB, ScriptedChecker(seen(200)), QUICK, URL, datetime.now(UTC) + DAY)
    shapes = [as_shape(one) async for one in taken]
    assert [list(shape) for shape in shapes] == [
        ["url", "looked_at", "state", "cause", "looks", "good", "back", "partly", "guarded", "next_in_s"]
    ] * 2
    assert [(shape["looks"], shape["good"], shape["back"]) for shape in shapes] == [(1, 1, False), (2, 2, True)]
    assert shapes[0]["next_in_s"] is not None
    assert shapes[1]["next_in_s"] is None


@pytest.mark.parametrize("hours", ["0", "-1", "500", "soon", "nan"])
def test_nonsense_of_hours_is_refused(hours: str) -> None:
    """A wrong number of hours is told before anything is looked at."""
    done = CliRunner().invoke(command, ["watch", URL, "--hours", hours])
    assert done.exit_code == REFUSED
    assert "--hours" in done.output
