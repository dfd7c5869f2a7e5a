"""Where are we? One frozen value per conversation, with a version, to JSON and back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.diagnosis.experience import Tally
from bot.diagnosis.findings import Report
from bot.diagnosis.identification import Alternative, Hops, Known, Value
from bot.diagnosis.incidents import Others
from bot.diagnosis.plan import Profile
from bot.diagnosis.verdict import Verdict
from bot.kb.model import Audience

SCHEMA: Literal[1] = 1
"""Version of the stored form; a later one can read this one."""


class Phase(StrEnum):
    """What the bot waits for."""

    IDLE = "idle"
    CLARIFY = "clarify"
    PICK_ERROR = "pick-error"
    ASK_ROLE = "ask-role"
    ASK_ADDRESS = "ask-address"
    CHECKING = "checking"
    VERDICT = "verdict"
    ASK_QUESTION = "ask-question"
    ASK_USUAL = "ask-usual"
    ASK_BROWSER = "ask-browser"
    ASK_SYSTEM = "ask-system"
    STEP = "step"
    RECHECKING = "rechecking"
    PICK_TRIED = "pick-tried"
    EXIT = "exit"
    ASLEEP = "asleep"
    ENDED = "ended"


class Mark(Value):
    """A place to which "back" can return."""

    phase: Phase
    guide: str | None = None
    step: str | None = None
    number: int = 0
    question: str | None = None


class State(Value):
    """All that a conversation remembers. Pasted text itself is not kept, only what was recognised in it."""

    version: Literal[1] = SCHEMA
    phase: Phase = Phase.IDLE
    lang: str = "en"
    role: Audience | None = None
    brief: bool = False
    """Nothing is asked before the person wants to be guided."""
    known: Known | None = None
    alternatives: tuple[Alternative, ...] = ()
    guess: Known | None = None
    """The unsure match that the alternatives were offered for: what its text says holds for whichever is picked."""
    hop: Hops | None = None
    details: dict[str, str] = Field(default_factory=dict)
    url: str | None = None
    """What is looked at; `//host/path` where no scheme was given: each look finds out which one is served."""
    host: str | None = None
    address_declined: bool = False
    report: Report | None = None
    others: Others | None = None
    """Who else on this server met an error of the site: evidence, never proof."""
    verdict: Verdict | None = None
    experience: tuple[Tally, ...] = ()
    """How steps went in earlier conversations about the verdict's cause, when it became the cause: plans rest on it,
    and their order must not change while somebody follows it."""
    answers: dict[str, str] = Field(default_factory=dict)
    question: str | None = None
    profile: Profile = Profile()
    guide: str | None = None
    step: str | None = None
    number: int = 0
    outcomes: dict[str, str] = Field(default_factory=dict)
    """Step id -> `offered`, `failed`, `skipped`, `before`, or `told`: a trial that works only in its own place. Its
    keys are the steps that do not come again."""
    failed_again: bool = False
    """After a step the page still failed, though the site had been seen to work: it has not just recovered."""
    guiding: bool = False
    """The person asked to be guided, so a verdict is followed by the next step at once."""
    waiting_for: str | None = None
    """Id of the effect whose result is wanted; any other result is stale."""
    wake: str | None = None
    """Id of the newest `Wake`; any other one is stale."""
    slept_in: Phase | None = None
    trail: tuple[Mark, ...] = ()
    seen: tuple[str, ...] = ()
    """Ids of the newest accepted events: an event that a platform delivers twice counts once."""
    started_at: datetime | None = None
    outcome: str | None = None
    solved_by: str | None = None
