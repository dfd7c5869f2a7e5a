"""What does `fiveohtwo watch` show: is the site back, and when is it looked at next?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from bot.cli import CANNOT_TELL, OK, REFUSED
from bot.cli.compose import SystemClock, known_language, make_runner, set_up_logging
from bot.cli.texts import address_given, json_of
from bot.conversation.replies import AddressRefused
from bot.diagnosis.facts import gather
from bot.diagnosis.neutral import neutral
from bot.diagnosis.recovery import Course, Next, follow
from bot.diagnosis.verdict import Verdict, judge
from bot.engine.watcher import promised_s, sight_of
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.ports import Checker
from bot.settings import load_settings
from bot.settings.model import Settings
from bot.surfaces.terminal.render import STATE_STYLES, show
from bot.surfaces.terminal.screen import Screen
from bot.wording import word
from bot.wording.words import Parameter, Words, fill, plain

TICK_S = 1.0
"""The countdown of the live display."""


class Seen(NamedTuple):
    """One look, and what follows from it."""

    url: str
    host: str
    at: datetime
    verdict: Verdict
    after: Next
    refusal: str | None


def run_watch(url: str, *, as_json: bool, hours: float | None) -> int:
    """Look until the site is back; return the exit code."""
    settings = load_settings()
    set_up_logging(settings)
    kb = load(overlay=settings.knowledge_dir)
    given_up_after = timedelta(hours=hours or settings.watch_hours)
    watching = _Watching(kb, settings, Screen(), as_json=as_json)
    return asyncio.run(watching.run(address_given(url), given_up_after))


async def looks(
    kb: KnowledgeBase, checker: Checker, settings: Settings, url: str, until: datetime
) -> AsyncIterator[Seen]:
    """Yield one look after another; the caller waits in between."""
    clock, course = SystemClock(), Course()
    while True:
        report = await checker.run(url, fresh=True)
        verdict = judge(kb, gather(kb, None, None, report, {}))
        jitter = random.random()  # noqa: S311 - nothing secret depends on it
        after = follow(course, sight_of(kb, verdict), settings.pace(), jitter, promised_s(report))
        yield Seen(report.url, report.host, clock.now(), verdict, after, report.refusal)
        course = after.course
        if after.back or report.refusal is not None or clock.now() >= until:
            return


class _Watching:
    """One watch in a terminal, a pipe, or for a script."""

    def __init__(self, kb: KnowledgeBase, settings: Settings, console: Console, *, as_json: bool) -> None:
        self._kb = kb
        self._settings = settings
        self._words = Words(kb, known_language(kb, settings.language))
        self._console = console
        self._as_json = as_json
        self._live = console.is_terminal and not as_json

    async def run(self, url: str, patience: timedelta) -> int:
        """Show looks until one of them is the last."""
        checker, until = make_runner(self._kb, self._settings), SystemClock().now() + patience
        async for seen in looks(self._kb, checker, self._settings, url, until):
            if seen.refusal is not None:
                return self._refused(seen)
            self._print(seen)
            if seen.after.back:
                return OK
            left = (until - seen.at).total_seconds()
            await self._wait(seen, min(seen.after.after_s, max(left, 0.0)))
        if not self._as_json:
            self._console.print(self._say("over"))
        return CANNOT_TELL

    def _refused(self, seen: Seen) -> int:
        if self._as_json:
            click.echo(json_of({"url": seen.url, "refusal": seen.refusal}))
        else:
            refused = AddressRefused(host=seen.host, reason=seen.refusal or "")
            show(self._console, word(self._kb, refused, self._settings.language))
        return REFUSED

    def _print(self, seen: Seen) -> None:
        course, back = seen.after.course, seen.after.back
        if self._as_json:
            click.echo(json_of(as_shape(seen)))
            return
        state = self._words.word(f"discord.title.{seen.verdict.state.value}")
        style = STATE_STYLES.get(seen.verdict.state.value, "")
        text = Text.assemble(
            (f"{seen.at.astimezone():%H:%M:%S}  ", "dim"), neutral(seen.host, 80), ": ", (state, style)
        )
        if back:
            text.append(f"  {self._say(seen.after.what)}", style="bold green")
        elif course.good:
            text.append(f"  {self._say('good', good=course.good, of=self._settings.watch_good_answers)}", style="dim")
        self._console.print(text)
        if back and self._live:
            self._console.bell()

    async def _wait(self, seen: Seen, seconds: float) -> None:
        """Count down where somebody may be watching."""
        end = asyncio.get_running_loop().time() + seconds
        display = Live(console=self._console, transient=True, auto_refresh=False) if self._live else nullcontext()
        with display as live:
            while (left := end - asyncio.get_running_loop().time()) > 0:
                if live is not None:
                    minutes, rest = divmod(round(left), 60)
                    looked = self._say("next", left=f"{minutes}:{rest:02d}", looks=seen.after.course.looks)
                    live.update(Text(looked, style="dim"), refresh=True)
                await asyncio.sleep(min(TICK_S, left))

    def _say(self, key: str, **values: Parameter) -> str:
        return plain(fill(self._words.word(f"watch.{key}"), values))


def as_shape(seen: Seen) -> dict[str, Any]:
    """Return one look in the shape of `watch --json`."""
    return {
        "url": seen.url,
        "looked_at": seen.at.isoformat(),
        "state": seen.verdict.state.value,
        "cause": seen.verdict.cause,
        "looks": seen.after.course.looks,
        "good": seen.after.course.good,
        "back": seen.after.back,
        "partly": seen.after.what == "partly",
        "guarded": seen.after.what == "guarded",
        "next_in_s": None if seen.after.back else round(seen.after.after_s, 1),
    }
