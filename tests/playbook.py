"""How is a dialogue written down as a test? What a person does, what comes back, line by line.

Reports are short: `seen(502)` is a look that found the site answering 502 twice.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from pydantic import JsonValue

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.events import Cancelled, Checked, Chose, Event, Pasted, Woke
from bot.conversation.replies import Reply
from bot.conversation.state import Phase, State
from bot.conversation.step import Step, step
from bot.diagnosis.experience import Tally
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage
from bot.kb.model import KnowledgeBase

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
HOST = "shop.example.com"
NGINX_502 = f"https://{HOST}/cart\n502 Bad Gateway\nnginx/1.24.0"
NGINX_400_COOKIES = f"https://{HOST}/cart\n400 Bad Request\nRequest Header Or Cookie Too Large\nnginx/1.24.0"
PLAIN_502 = f"https://{HOST}/cart\n502 Bad Gateway"
NGINX_502_NO_ADDRESS = "502 Bad Gateway\nnginx/1.24.0"


def seen(
    status: int | None = None,
    *,
    failure: tuple[str, Failure] | None = None,
    elsewhere: tuple[int | Failure, ...] = (),
    tcp: dict[str, JsonValue] | None = None,
    **http: Any,
) -> Report:
    """Return what a look found: an HTTP status, or the check that failed and how; and what other places got."""
    findings = [Finding(check="canary", outcome=Outcome.OK)]
    for check in ("dns", "tcp", "tls"):
        if failure is not None and failure[0] == check:
            said: dict[str, JsonValue] = {"agreement": "same"} if check == "dns" else {}
            findings.append(Finding(check=check, outcome=Outcome.FAIL, failure=failure[1], facts=said))
            break
        findings.append(Finding(check=check, outcome=Outcome.OK, facts=(tcp or {}) if check == "tcp" else {}))
    own = failure[1] if failure is not None and failure[0] == "http" else None
    if status is not None or own is not None:
        known: dict[str, JsonValue] = {} if status is None else {"status": status, "confirmed": status >= 500}
        outcome = Outcome.OK if own is None and status is not None and status < 500 else Outcome.FAIL
        findings.append(Finding(check="http", outcome=outcome, failure=own, facts=known | http))
    here = report(*findings)
    there = (Vantage(name=f"globalping: Place {at}", findings=(_page(got),)) for at, got in enumerate(elsewhere))
    return here.model_copy(update={"vantages": (here.local, *there)})


def _page(got: int | Failure) -> Finding:
    if isinstance(got, Failure):
        return Finding(check="http", outcome=Outcome.FAIL, failure=got)
    return Finding(check="http", outcome=Outcome.OK if got < 500 else Outcome.FAIL, facts={"status": got})


def report(*findings: Finding, refusal: str | None = None, host: str = HOST) -> Report:
    """Return a report of the bot's own look."""
    vantage = Vantage(name="local", findings=findings)
    return Report(
        url=f"https://{host}/cart", host=host, checked_at=AT, elapsed_ms=200, vantages=(vantage,), refusal=refusal
    )


_numbers = count(1)
"""Event ids are unique for ever, also between two playbooks that share a state."""


class Playbook:
    """One conversation, driven by hand: no engine, no clock, no network."""

    def __init__(self, kb: KnowledgeBase, state: State | None = None) -> None:
        self.kb = kb
        self.state = state or State()
        self.replies: tuple[Reply, ...] = ()
        self.said: list[str] = []
        self.effects: tuple[Any, ...] = ()
        self.experience: dict[str, tuple[Tally, ...]] = {}
        """What the engine would know of earlier conversations."""

    def feed(self, event: Event) -> Playbook:
        """Run one event."""
        stamps = {"id": event.id or f"event-{next(_numbers)}", "at": AT, "experience": self.experience}
        stamped = event.model_copy(update=stamps)
        done: Step = step(self.kb, State.model_validate_json(self.state.model_dump_json()), stamped)
        self.state, self.replies, self.effects = done
        self.said += [reply.key for reply in done.replies]
        return self

    def says(self, text: str) -> Playbook:
        """A person writes something."""
        return self.feed(Pasted(text=text))

    def picks(self, choice: str, *values: str) -> Playbook:
        """A person picks a choice, which must be on offer."""
        assert choice in self.offered, f"{choice} is not on offer: {self.offered}"
        return self.feed(Chose(choice=choice, values=values))

    def looked(self, report: Report) -> Playbook:
        """The checks that were asked for come back."""
        assert self.state.waiting_for is not None
        return self.feed(Checked(effect=self.state.waiting_for, report=report))

    def silence(self) -> Playbook:
        """Nothing happens for so long that the newest wake-up comes."""
        assert self.state.wake is not None
        return self.feed(Woke(effect=self.state.wake))

    def leaves(self) -> Playbook:
        """The person is gone."""
        return self.feed(Cancelled())

    @property
    def keys(self) -> list[str]:
        """Keys of the newest replies."""
        return [reply.key for reply in self.replies]

    @property
    def offered(self) -> list[str]:
        """Ids of the choices that are on offer."""
        for reply in reversed(self.replies):
            if reply.choices:
                return [choice.id for choice in reply.choices]
        return []

    @property
    def phase(self) -> Phase:
        """What the bot waits for."""
        return self.state.phase

    @property
    def checks(self) -> list[RunChecks]:
        """The looks that the newest turn asked for."""
        return [effect for effect in self.effects if isinstance(effect, RunChecks)]

    @property
    def wakes(self) -> list[Wake]:
        """The wake-ups that the newest turn asked for."""
        return [effect for effect in self.effects if isinstance(effect, Wake)]
