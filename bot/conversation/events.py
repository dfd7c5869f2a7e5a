"""What can happen? Values that surfaces and finished effects hand to the engine; ids and times arrive on them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field

from bot.diagnosis.experience import Tally
from bot.diagnosis.findings import Report
from bot.diagnosis.identification import Value
from bot.diagnosis.incidents import Others
from bot.kb.model import Audience


class Happened(Value):
    """Base of all events. The engine stamps `id` (unique) and `at` (UTC) when a surface leaves them out."""

    id: str = ""
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    experience: dict[str, tuple[Tally, ...]] = Field(default_factory=dict)
    """Cause -> how its steps went in earlier conversations; stamped by the engine, too, as far as it knows."""


class Pasted(Happened):
    """A person wrote or pasted something: an error, an address, a word, nonsense."""

    kind: Literal["pasted"] = "pasted"
    text: str
    address: str | None = None
    """The address that was given beside the text: it decides what is looked at, whatever the text names."""
    overheard: bool = False
    """It was said where people talk, and nobody gave its address to the bot: see `diagnosis.harmless`."""
    brief: bool = False
    """Ask nothing until the person wants to be guided: recognise, look, judge (for a card in a channel)."""
    role: Audience | None = None
    """Whose site it is, when the person said so together with the text."""


class Chose(Happened):
    """A person picked a choice by its id; `values` are the marked ones where several may be."""

    kind: Literal["chose"] = "chose"
    choice: str
    values: tuple[str, ...] = ()


class Checked(Happened):
    """The checks that effect `effect` asked for are done."""

    kind: Literal["checked"] = "checked"
    effect: str
    report: Report
    others: Others | None = None
    """Who else on this server met an error of the site lately."""


class Joined(Happened):
    """Somebody else on this server met an error of the site that this conversation is about."""

    kind: Literal["joined"] = "joined"
    others: Others


class Woke(Happened):
    """The time that effect `effect` asked for is up."""

    kind: Literal["woke"] = "woke"
    effect: str


class Cancelled(Happened):
    """The person left, or the surface closes: end quietly."""

    kind: Literal["cancelled"] = "cancelled"


Event = Annotated[Pasted | Chose | Checked | Joined | Woke | Cancelled, Field(discriminator="kind")]
