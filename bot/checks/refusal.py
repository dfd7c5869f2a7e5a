"""Why does the bot not contact an address?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decision = Literal["block", "invalid"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """`invalid`: not an address that the bot takes. `block`: well-formed, but the policy forbids it."""

    decision: Decision
    reason: str
    """One of the labels of `guard.REASONS`; `wording` has a sentence for each."""


class Refused(Exception):  # noqa: N818 - an answer of the parser to itself, never an error that leaves the package
    """Carries a refusal out of the depths of the parser."""

    def __init__(self, decision: Decision, reason: str) -> None:
        super().__init__(f"{decision}: {reason}")
        self.refusal = Refusal(decision, reason)
