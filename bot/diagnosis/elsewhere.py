"""What did other places get, compared with the bot?"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from pydantic import JsonValue

from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage

VIEWS = ("good", "bad", "mixed", "unclear")
"""What other places saw overall: the values of `elsewhere.seen`."""

_NOT_THE_SITE = frozenset({Failure.SERVFAIL, Failure.DNS_REFUSED, Failure.DNS_TIMEOUT, Failure.REFUSED_ADDRESS})
"""Failures that are the place's own: its name servers, its rules."""
_NO_ANSWER = frozenset({"refused", "reset", "timeout", "unreachable", "deadline", "empty-reply"})
"""Ways to get no answer; which one it is may differ from place to place."""
_SHOWN_PLACES = 8


def seen_elsewhere(report: Report, status: JsonValue, failures: AbstractSet[JsonValue]) -> dict[str, JsonValue]:
    """Say what other places got, as counts and texts, beside the bot's own status (None: no answer) and failures."""
    looks = [(place, found) for place in report.places[1:] if (found := place.gist) is not None]
    if not looks:
        return {}
    views = [_view(place, found) for place, found in looks]
    good, bad = views.count("good"), views.count("bad")
    alike = [
        view == "bad" and _is_alike(found, status, failures) for view, (_, found) in zip(views, looks, strict=True)
    ]
    told: dict[str, JsonValue] = {
        "elsewhere.tried": len(looks),
        "elsewhere.good": good,
        "elsewhere.bad": bad,
        "elsewhere.same": alike.count(True),
        "elsewhere.all-same": all(alike),
        "elsewhere.seen": views[0] if len(set(views)) == 1 else "mixed" if good and bad else "unclear",
        "elsewhere.places": [f"{place.name} = {_got(found)}" for place, found in looks[:_SHOWN_PLACES]],
    }
    if any(isinstance(found.facts.get("status"), int) for _, found in looks):
        told["elsewhere.answered"] = True
    return told


def _is_alike(found: Finding, here: JsonValue, failures: AbstractSet[JsonValue]) -> bool:
    """Did another place get what the bot got: the same status, the same failure, or likewise no answer?"""
    status = found.facts.get("status")
    if status is not None or here is not None:
        return status == here
    return found.failure in failures or (found.failure in {*_NO_ANSWER, None} and bool(failures & _NO_ANSWER))


def _is_unproven(place: Vantage) -> bool:
    """Did a place get no answer, while nothing proves its own connection? It has no canary, and says so."""
    canary, http = place.finding("canary"), place.finding("http")
    answered = http is not None and isinstance(http.facts.get("status"), int)
    return canary is not None and canary.outcome is Outcome.SKIP and not answered


def _view(place: Vantage, found: Finding) -> str:
    status = found.facts.get("status")
    if (
        _is_unproven(place)
        or found.failure in _NOT_THE_SITE
        or found.outcome is Outcome.SKIP
        or "challenge" in found.facts
    ):
        return "unclear"
    if found.failure is not None or not isinstance(status, int) or status >= 500:
        return "bad"
    return "good" if status < 400 else "unclear"


def _got(found: Finding) -> str:
    status = found.facts.get("status")
    return found.failure.value if found.failure else str(status) if isinstance(status, int) else "no answer"
