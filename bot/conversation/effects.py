"""What may the state machine ask of the world? Data that the engine carries out once the state is saved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.diagnosis.identification import Value


class RunChecks(Value):
    """Check an address; the result comes back as `Checked` that names this effect. May run twice, shows once."""

    kind: Literal["run-checks"] = "run-checks"
    id: str
    url: str
    """As in the state: perhaps without a scheme."""
    fresh: bool = False
    """Do not answer from the cache: the person changed something and wants to know now."""


class Wake(Value):
    """Send `Woke` after this many seconds, unless a later `Wake` of the same conversation replaces it."""

    kind: Literal["wake"] = "wake"
    id: str
    after_s: float


Effect = Annotated[RunChecks | Wake, Field(discriminator="kind")]
