"""Does the bot process follow a message that changes, or goes, while its card is being sent?"""

from __future__ import annotations

import pytest

from e2e.bot_process import BAD_GATEWAY, PAUSE_S, Desk, pause

pytestmark = pytest.mark.soak
POST = "POST /channels/{channel_id}/messages"
PASTE = "help, I get 502 Bad Gateway nginx/1.24.0 all the time"


async def test_edit_while_the_card_is_sent_changes_that_card(at: Desk) -> None:
    """The author adds a word before Discord has taken the card: one card, with the verdict, and no second one."""
    warm = await at.called(at.mod)
    fault = at.stand.faults.slow(POST, 1.0)
    plea = f"help, I get 502 Bad Gateway nginx/1.24.0 at {at.stage.site('edited', BAD_GATEWAY)}"
    source = at.alice.writes(at.channel, plea)
    await at.stand.record.until(lambda: fault.hits, "a card under way")
    at.alice.edits(source, f"{plea} anyone?")
    await at.alice.until(at.channel, lambda one: one.id != warm.id and "Guide me" in one.buttons, "a verdict")
    await pause(PAUSE_S)
    cards = [one for one in at.bob.sees(at.channel) if one.id != warm.id]
    assert [one.answers for one in cards] == [source.id]
    assert "Looking at" not in cards[0].text


async def test_message_deleted_while_its_hint_is_sent_leaves_none(at: Desk) -> None:
    """Where the bot only offers help, the offer goes with a message that was deleted before the offer stood there."""
    await at.mod.uses_slash(at.channel, "settings", mode="offer")
    fault = at.stand.faults.slow(POST, 1.0)
    source = at.alice.writes(at.channel, PASTE)
    await at.stand.record.until(lambda: fault.hits, "a hint under way")
    at.alice.deletes(source)
    await at.stand.record.until(lambda: at.stand.record.requests(POST), "the hint")
    await at.stand.record.until(lambda: not at.bob.sees(at.channel), "the hint to go")
