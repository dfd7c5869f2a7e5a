"""Does somebody get their answer although Discord's own word to the bot was lost on the way?

The request arrived and its reply did not, or it never arrived: the bot cannot tell, so it tries again.
"""

from __future__ import annotations

import pytest

from e2e.bot_process import PAUSE_S, Desk, pause
from standin.people import Outcome

pytestmark = pytest.mark.soak

CALLBACK = "/callback"
POST = "POST /channels/{channel_id}/messages"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"
VERDICT = "is down"
LOST = {"502": [502, 400], "cut after": [0, 400], "cut before": [0, 200]}
"""How it is lost -> what the two tries are answered."""
HOWS = tuple(LOST)


def lose(at: Desk, route: str, how: str) -> None:
    """Lose the reply to the next request: by a server error, or by a connection that breaks."""
    if how == "502":
        at.stand.faults.fail(route, 502, after=True)
    else:
        at.stand.faults.cut(route, after=how == "cut after")


async def tried(at: Desk, how: str, times: int) -> None:
    """Wait for both tries of each answer so far."""
    asked = at.stand.record.requests
    await at.stand.record.until(lambda: len(asked(CALLBACK)) >= 2 * times, f"{2 * times} tries")
    assert [entry.status for entry in asked(CALLBACK)] == LOST[how] * times


@pytest.mark.parametrize("how", HOWS)
async def test_click_goes_on(at: Desk, how: str) -> None:
    """Why? and Check again: acknowledged once, and answered."""
    card = await at.card(at.site())
    lose(at, CALLBACK, how)
    why = await at.alice.clicks(card, "Why?")
    assert (await why.whispered()).text
    await tried(at, how, 1)
    await pause(PAUSE_S)
    before = card.shape["edited_timestamp"]
    lose(at, CALLBACK, how)
    assert not (await at.alice.clicks(card, "Check again")).failed
    await at.alice.until(
        at.channel, lambda one: one.id == card.id and one.shape["edited_timestamp"] != before and "Why?" in one.buttons,
        "a new look",
    )  # fmt: skip


@pytest.mark.parametrize("how", HOWS)
async def test_commands_and_forms_are_answered(at: Desk, how: str) -> None:
    """A command that is deferred, one that is answered at once, a form that opens, and one that is handed in."""
    lose(at, CALLBACK, how)
    checked = await at.alice.uses_slash(at.channel, "check", url=at.site())
    await at.alice.until(at.channel, lambda one: one.id == checked.answer.id and VERDICT in one.text, "a verdict")
    await tried(at, how, 1)
    lose(at, CALLBACK, how)
    assert "/check" in (await at.alice.uses_slash(at.channel, "help")).answer.text
    await tried(at, how, 2)
    lose(at, CALLBACK, how)
    form = (await at.alice.uses_slash(at.channel, "diagnose")).form
    await tried(at, how, 3)
    lose(at, CALLBACK, how)
    empty = await at.alice.submits_modal(form)
    assert "empty" in empty.answer.text
    await tried(at, how, 4)
    assert len(told(empty)) == 1
    lose(at, CALLBACK, how)
    done = await at.alice.submits_modal(form, paste="502 Bad Gateway nginx/1.24.0")
    assert not done.failed


def told(outcome: Outcome) -> list[str]:
    """Return all that was said to somebody by an interaction."""
    return [outcome.answer.text, *(one.text for one in outcome.told)]


@pytest.mark.parametrize("how", ["cut after", "cut before"])
async def test_card_and_panel_are_shown_once(at: Desk, how: str) -> None:
    """The connection breaks on the card, on an edit of a panel and on a sentence aside: each is there, the card once."""
    lose(at, POST, how)
    card = await at.card(at.site())
    assert [one.id for one in at.bob.sees(at.channel)] == [card.id]
    lose(at, FOLLOW_UP, how)
    assert (await (await at.alice.clicks(card, "Why?")).whispered()).text
    _, panel = await at.guided(card)
    lose(at, ORIGINAL, how)
    await at.presses(panel, "I am visiting it", "Step 1")
    lose(at, POST, how)
    assert await at.called(at.bob)


async def test_second_delivery_is_left_to_the_first(at: Desk) -> None:
    """Refused at the very first try, an interaction was answered by another delivery: nothing is said twice."""
    card = await at.card(at.site())
    at.stand.faults.deliveries = 2
    why = await at.alice.clicks(card, "Why?")
    await why.whispered()
    await pause(0.5)
    assert len(why.told) == 1
