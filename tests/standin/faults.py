"""What goes wrong on request? Rate limits, server errors, slow and lost answers, refusals by code."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

MESSAGES = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10063: (404, "Unknown application command"),
    10062: (404, "Unknown interaction"),
    20012: (403, "You are not authorized to perform this action on this application"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has hit the maximum number of follow up messages."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50013: (403, "Missing Permissions"),
    50007: (403, "Cannot send messages to this user"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160004: (400, "A thread has already been created for this message"),
}
"""Discord's code -> status and text."""


class RefusedError(Exception):
    """A request that is answered with an error."""

    def __init__(
        self, code: int = 0, *, status: int | None = None, text: str = "", errors: Any = None,
        headers: dict[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        known = MESSAGES.get(code, (status or 400, text or f"{status}: error"))
        self.status = status or known[0]
        self.headers = headers or {}
        self.body: dict[str, Any] = {"message": text or known[1], "code": code, **more}
        if errors is not None:
            self.body["errors"] = errors
        super().__init__(f"{self.status} {self.body}")


class LostError(Exception):
    """A request whose connection breaks before its answer is sent."""


def nested(findings: list[str]) -> dict[str, Any]:
    """Return findings (`embeds.0.title: too long`) in the form in which Discord tells them.

    A place tells either faults of its own or those of its parts, so all go to the outermost place that has its own.
    """
    parted = [finding.partition(": ") for finding in findings]
    paths = [tuple(where.split(".")) if what and " " not in where else () for where, _, what in parted]
    told: dict[str, Any] = {}
    for path, finding in zip(paths, findings, strict=True):
        place = told
        for part in min((one for one in paths if one == path[: len(one)]), key=len):
            place = place.setdefault(part, {})
        place.setdefault("_errors", []).append({"code": 0, "message": finding})
    return told


@dataclass
class Fault:
    """Something that goes wrong with the next requests to a route."""

    route: str
    """Part of `POST /channels/{channel_id}/messages`."""
    refusal: RefusedError | LostError | None = None
    times: int = 1
    slow_s: float = 0.0
    after: bool = False
    """The request is done, and only its answer is lost."""
    hits: int = 0

    def afterwards(self) -> None:
        """Lose the answer of a request that was handled."""
        if self.refusal is not None:
            raise self.refusal


@dataclass
class Faults:
    """The faults that are planned."""

    planned: list[Fault] = field(default_factory=list)
    deliveries: int = 1
    """How often the next interaction is delivered."""
    late_s: float = 0.0
    """How late the next interaction is delivered."""

    def refuse(self, route: str, code: int, *, times: int = 1) -> Fault:
        """Answer with one of Discord's codes."""
        return self._plan(Fault(route, RefusedError(code), times))

    def fail(self, route: str, status: int = 502, *, times: int = 1, after: bool = False) -> Fault:
        """Answer with a server error; `after`: the work is done all the same."""
        return self._plan(Fault(route, RefusedError(status=status, text=f"{status}: failed"), times, after=after))

    def limit(self, route: str, retry_after: float = 0.2, *, times: int = 1, via: bool = True) -> Fault:
        """Answer 429; without `Via` it is the answer of the proxy in front that has banned us."""
        headers = {"Retry-After": str(retry_after), **({"Via": "1.1 google"} if via else {})}
        refusal = RefusedError(
            status=429, text="You are being rate limited.", headers=headers, retry_after=retry_after,
            **{"global": False},
        )  # fmt: skip
        return self._plan(Fault(route, refusal, times))

    def cut(self, route: str, *, times: int = 1, after: bool = False) -> Fault:
        """Break the connection off instead of an answer; `after`: the work is done all the same."""
        return self._plan(Fault(route, LostError(route), times, after=after))

    def slow(self, route: str, seconds: float, *, times: int = 1) -> Fault:
        """Answer late."""
        return self._plan(Fault(route, times=times, slow_s=seconds))

    def lateness(self) -> float:
        """Return how long ago the present interaction was sent already when the bot gets it."""
        late, self.late_s = self.late_s, 0.0
        return late

    def repeats(self) -> int:
        """Return how often the present interaction is delivered again."""
        more, self.deliveries = self.deliveries - 1, 1
        return more

    async def before(self, route: str) -> Fault | None:
        """Do what is planned before a request is handled; the fault if there is more to come after it."""
        fault = next((one for one in self.planned if one.hits < one.times and one.route in route), None)
        if fault is None:
            return None
        fault.hits += 1
        if fault.slow_s:
            await asyncio.sleep(fault.slow_s)
        if fault.refusal is not None and not fault.after:
            raise fault.refusal
        return fault

    def _plan(self, fault: Fault) -> Fault:
        self.planned.append(fault)
        return fault
