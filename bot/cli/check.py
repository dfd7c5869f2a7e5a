"""What does `fiveohtwo check` print?"""

from __future__ import annotations

import asyncio
from typing import Any

import click

from bot.cli import CANNOT_TELL, OK, PROBLEM, REFUSED
from bot.cli.compose import known_language, make_runner, set_up_logging
from bot.cli.reader import reader_may_leave
from bot.cli.texts import address_given, json_of
from bot.conversation.prompts import judged
from bot.conversation.replies import AddressRefused
from bot.conversation.state import State
from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Finding, Report
from bot.diagnosis.verdict import judge
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.kb.model import State as SiteState
from bot.ports import OnFinding
from bot.settings import load_settings
from bot.settings.model import Settings
from bot.surfaces.terminal.render import finding_line, show
from bot.surfaces.terminal.screen import Screen
from bot.wording import verdict_json, word
from bot.wording.words import Words

EXIT_CODES = {
    SiteState.UP: OK,
    SiteState.DOWN: PROBLEM,
    SiteState.DEGRADED: PROBLEM,
    SiteState.BLOCKED: CANNOT_TELL,
    SiteState.UNKNOWN: CANNOT_TELL,
}


def run_check(url: str, *, as_json: bool) -> int:
    """Check one address; return the exit code."""
    settings = load_settings()
    set_up_logging(settings)
    kb = load(overlay=settings.knowledge_dir)
    words = Words(kb, known_language(kb, settings.language))
    console = Screen()

    def announce(finding: Finding) -> None:
        if not as_json:
            with reader_may_leave():
                console.print(finding_line(words, finding))

    report = asyncio.run(_look(kb, settings, url, announce))
    facts = gather(kb, None, None, report, {})
    verdict = judge(kb, facts)
    state = State(url=report.url, host=report.host, report=report, verdict=verdict)
    with reader_may_leave():
        if as_json:
            click.echo(json_of(as_shape(words, report, state, facts), indent=2))
        else:
            refusal = AddressRefused(host=report.host, reason=report.refusal) if report.refusal else None
            show(console, word(kb, refusal or judged(kb, state, facts, last=False), settings.language))
    return REFUSED if report.refusal is not None else EXIT_CODES[verdict.state]


async def _look(kb: KnowledgeBase, settings: Settings, url: str, announce: OnFinding) -> Report:
    """Look at it; if the findings cannot be written, nobody needs the rest."""
    lost: list[OSError] = []

    def tell(finding: Finding) -> None:
        try:
            announce(finding)
        except OSError as error:
            lost.append(error)
            looking.cancel()

    checker = make_runner(kb, settings)
    looking = asyncio.ensure_future(checker.run(address_given(url), fresh=True, elsewhere=True, on_finding=tell))
    try:
        return await looking
    except asyncio.CancelledError:
        if lost:
            raise lost[0] from None
        raise


def as_shape(words: Words, report: Report, state: State, facts: dict[str, Any]) -> dict[str, Any]:
    """Return a report and its verdict in the shape of `check --json`."""
    shape = report.model_dump(mode="json", include={"url", "host", "checked_at", "elapsed_ms", "vantages"})
    verdict = state.verdict or judge(words.kb, facts)
    return {**shape, "verdict": verdict_json(words, verdict, facts)}
