"""What was recognised in a text? The values that `identify` returns."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.diagnosis.addresses import is_masked
from bot.diagnosis.scheme import without_scheme

Station = Literal["working", "error", "unknown"]


class Value(BaseModel):
    """Base of the values below: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Alternative(Value):
    """Another known error that the text might mean."""

    error: str
    confidence: float


class Known(Value):
    """The most specific known error that the text shows."""

    error: str
    """Id of `knowledge/errors/<error>.toml`."""
    status: int | None
    family: str
    source: str
    substatus: str | None
    code: str | None
    confidence: float = Field(ge=0, le=1)
    alternatives: tuple[Alternative, ...] = ()
    local: bool = False
    """The address that failed is on the reader's own machine (localhost)."""
    unreached: str | None = None
    """Host that the error itself names as not found or not reached."""


class Target(Value):
    """The address that failed, as far as the text says."""

    url: str
    """Absolute, with a scheme (https is assumed when the text gives none)."""
    host: str
    assumed: bool = False
    """The scheme was added by us."""

    @property
    def asked(self) -> str:
        """What is looked at: without a scheme where the text gives none."""
        return without_scheme(self.url) if self.assumed else self.url


class Hops(Value):
    """What the text itself proves about each station on the way."""

    visitor: Station
    edge: Station
    origin: Station


class Evidence(Value):
    """One thing in the text that counted, for `identify --explain` and "Why?"."""

    kind: str
    """`phrase`, `weak`, `pattern`, `status`, `plea`, `over`, ..."""
    text: str
    """The knowledge's own wording that was found (never the user's text)."""
    weight: float


class Identification(Value):
    """Which error is it, which address, and should the bot speak up unasked?"""

    speak: bool = False
    match: Known | None = None
    target: Target | None = None
    hop: Hops | None = None
    details: dict[str, str] = Field(default_factory=dict)
    """Named facts of the text that a report should keep: `ray`, `winhttp`, `reference`, `request-id`, ...; of an app
    that the text names `app`, or `service` and `site`: its id and its domain in `services.toml`."""
    evidence: tuple[Evidence, ...] = ()
    secrets: tuple[str, ...] = ()
    """Kinds of secrets that the text holds (`password-in-url`, `discord-token`, ...); never the secrets."""

    @property
    def address(self) -> Target | None:
        """The target, if it may be looked at: a masked name ("xxx.com") belongs to somebody else."""
        return None if self.target is None or is_masked(self.target.host) else self.target
