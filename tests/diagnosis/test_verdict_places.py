"""Is nothing said about "everywhere" that some place contradicts?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure
from bot.diagnosis.identify import identify
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase, State, Strength
from playbook import seen

REFUSED, SILENT = ("tcp", Failure.REFUSED), ("tcp", Failure.TIMEOUT)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (502, (502, 502), (State.DOWN, "gateway-without-answer-everywhere", Strength.FIRM)),
        (502, (502,), (State.DOWN, "gateway-without-answer", Strength.LIKELY)),
        (522, (522, 522), (State.DOWN, "edge-cannot-reach-origin-everywhere", Strength.FIRM)),
        (525, (525, 525), (State.DOWN, "edge-handshake-fails-everywhere", Strength.FIRM)),
        (526, (526, 526), (State.DOWN, "edge-rejects-origin-certificate-everywhere", Strength.FIRM)),
        (522, (522,), (State.DOWN, "edge-cannot-reach-origin", Strength.LIKELY)),
        (522, (522, 502), (State.DOWN, "edge-cannot-reach-origin", Strength.LIKELY)),
        (502, (502, 500, 503), (State.DOWN, "gateway-without-answer", Strength.LIKELY)),
        (503, (503, Failure.TIMEOUT), (State.DOWN, "service-unavailable", Strength.LIKELY)),
        (SILENT, (Failure.TIMEOUT, Failure.REFUSED), (State.DOWN, "no-connection-everywhere", Strength.FIRM)),
        (SILENT, (Failure.TIMEOUT,), (State.DOWN, "no-connection", Strength.WEAK)),
        (SILENT, (Failure.TIMEOUT, 502, 502), (State.DOWN, "fails-everywhere-differently", Strength.LIKELY)),
        (REFUSED, (Failure.TIMEOUT, 500, 500), (State.DOWN, "fails-everywhere-differently", Strength.LIKELY)),
        (REFUSED, (404, 401), (State.DEGRADED, "answers-only-elsewhere", Strength.WEAK)),
        (SILENT, (Failure.TIMEOUT, 403), (State.DEGRADED, "answers-only-elsewhere", Strength.WEAK)),
        (REFUSED, (200, 404), (State.DEGRADED, "silent-from-here", Strength.LIKELY)),
        (("http", Failure.REFUSED), (502, 500), (State.DOWN, "fails-everywhere-differently", Strength.LIKELY)),
        (("http", Failure.EMPTY_REPLY), (403, 404), (State.DEGRADED, "answers-only-elsewhere", Strength.WEAK)),
    ],
)
def test_one_place_that_differs_is_heard(
    kb: KnowledgeBase, here: int | tuple[str, Failure], there: tuple[int | Failure, ...], expected: tuple[object, ...]
) -> None:
    """ "Everywhere" needs several places that all got the same; any HTTP answer disproves that nothing is there."""
    report = seen(here, elsewhere=there) if isinstance(here, int) else seen(failure=here, elsewhere=there)
    verdict = judge(kb, gather(kb, None, None, report, {}))
    assert (verdict.state, verdict.cause, verdict.strength) == expected


@pytest.mark.parametrize(
    ("there", "cause", "strength"),
    [((503, 503), "edge-failure-everywhere", Strength.FIRM), ((503, 502), "edge-failure", Strength.LIKELY)],
)
def test_error_of_a_network_in_front_is_heard_of_elsewhere(
    kb: KnowledgeBase, there: tuple[int, ...], cause: str, strength: Strength
) -> None:
    """What an edge says of itself is certain, too, once several places get the same."""
    report = seen(503, elsewhere=there, writer="edge", error="cloudflare-503")
    verdict = judge(kb, gather(kb, None, None, report, {}))
    assert (verdict.cause, verdict.strength) == (cause, strength)


@pytest.mark.parametrize(
    ("there", "cause"),
    [
        ((200, 200, 200), "opens-elsewhere"),
        ((200, 404), "opens-elsewhere"),
        ((503, 503), "maintenance"),
        ((), "maintenance"),
    ],
)
def test_pause_is_believed_until_others_get_in(kb: KnowledgeBase, there: tuple[int, ...], cause: str) -> None:
    """A site that asks to wait is closed, unless other places get its page at the same time."""
    for said in ({"retry_after_s": 60}, {"maintenance": True}):
        report = seen(503, elsewhere=there, **said)
        assert judge(kb, gather(kb, None, None, report, {})).cause == cause


OWN_FILTER: tuple[dict[str, Any], ...] = (
    {"status": 502, "writer": "filter"},
    {"status": 200, "writer": "filter"},
    {"status": 511},
    {"status": 407},
)


@pytest.mark.parametrize("here", OWN_FILTER, ids=str)
@pytest.mark.parametrize(
    ("there", "cause", "state"),
    [
        ((200, 200, 200), "opens-elsewhere-not-here", State.UP),
        ((200, 403), "opens-elsewhere-not-here", State.UP),
        ((200, 502), "opens-in-some-places-not-here", State.DEGRADED),
        ((502, 502), "own-network-filters", State.UNKNOWN),
        ((403,), "own-network-filters", State.UNKNOWN),
        ((), "own-network-filters", State.UNKNOWN),
    ],
)
def test_filter_of_the_bots_network_does_not_hide_what_other_places_get(
    kb: KnowledgeBase, here: dict[str, Any], there: tuple[int, ...], cause: str, state: State
) -> None:
    """A place elsewhere that got the page proves the site, whatever is in the bot's way."""
    for text in ("", "502 Bad Gateway nginx/1.24.0"):
        found = identify(kb, text)
        verdict = judge(kb, gather(kb, found.match, found.hop, seen(elsewhere=there, **here), {}))
        assert (verdict.cause, verdict.state) == (cause, state)
