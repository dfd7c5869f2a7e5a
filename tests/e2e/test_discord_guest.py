"""Does the unmodified bot process help people where nobody invited it: in servers of strangers, and between people?

There it reaches nobody but by answers to interactions: whatever it tries in the channel itself, Discord refuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from e2e.bot_process import BAD_GATEWAY, FINE, PAUSE_S, Desk, desk, pause
from e2e.stage import Stage
from standin import shapes
from standin.contexts import NotOfferedError
from standin.people import Person, person
from standin.record import Entry
from standin.seen import Seen
from standin.shown import ever_shown

pytestmark = pytest.mark.soak

VERDICT = "is down"
QUICK = {"watch_first_s": "0.3", "watch_longest_s": "0.5", "watch_good_apart_s": "0.3", "watch_good_answers": "2"}
TOLD_WITHIN_S = 45.0
BY_ANSWERS = ("/interactions/", "/webhooks/", "/users/@me", "/applications/", "/oauth2/", "/gateway")
PLACES = ("server", "thread", "group", "pair")


@dataclass
class Abroad:
    """A place that the bot is not in, and alice, who brings it along."""

    desk: Desk
    channel: str
    alice: Person
    bob: Person

    @property
    def strayed(self) -> list[Entry]:
        """Return the requests about channels and servers: there must be none but direct messages with a person."""
        world = self.desk.stand.world
        direct = {one["id"] for one in world.channels.values() if one["type"] == shapes.DM} - set(world.private)
        asked = [one for one in self.desk.stand.record.requests() if not one.path.startswith(BY_ANSWERS)]
        return [one for one in asked if one.path.split("/")[2] not in direct]

    async def then(self, shown: Seen, says: str, who: Person | None = None) -> Seen:
        """Wait until a message says something."""
        who = who or self.alice
        return await who.until(self.channel, lambda one: one.id == shown.id and says in one.text, says)

    async def presses(self, shown: Seen, label: str, says: str, who: Person | None = None) -> Seen:
        """Somebody presses a button a quarter of an hour after all that was before; its message changes."""
        self.desk.stand.interactions.grow_old()
        outcome = await (who or self.alice).clicks(shown, label)
        assert not outcome.failed, label
        return await self.then(shown, says, who)

    async def menu(self, name: str, text: str) -> Seen:
        """Alice picks from the menu of what bob wrote; return the verdict."""
        outcome = await self.alice.uses_context_menu(self.bob.writes(self.channel, text), name)
        assert not outcome.failed
        return await self.then(outcome.answer, VERDICT)


def opened(at: Desk, kind: str) -> Abroad:
    """Return a place of a kind."""
    world, alice, bob = at.stand.world, person(at.stand, "alma", member=False), person(at.stand, "bo", member=False)
    alice.installs()
    match kind:
        case "group":
            channel = world.add_group(alice.id, bob.id, person(at.stand, "cy", member=False).id)["id"]
        case "pair":
            channel = world.add_group(alice.id, bob.id)["id"]
        case _:
            channel = world.add_channel("far away", elsewhere=True)["id"]
    if kind == "thread":
        channel, _ = bob.opens_thread(channel, "no page", "it does not open")
    return Abroad(at, channel, alice, bob)


@pytest.fixture(params=PLACES)
async def abroad(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> AsyncIterator[Abroad]:
    """Return each kind of place; at the end nothing must have been tried in it, nor have failed."""
    async with desk(stage, tmp_path, **QUICK) as at:
        await at.bot.start()
        stage.site("shop", BAD_GATEWAY)
        place = opened(at, request.param)
        yield place
        assert place.strayed == []
        assert "Traceback" not in at.bot.log, at.bot.log
        refused = [one for one in at.stand.record.requests() if one.status in (401, 403, 404)]
        assert refused == [] or [one.reply["code"] for one in refused] == [50007]


async def test_both_menus_answer_one_person(abroad: Abroad) -> None:
    """`Diagnose this error` and `Check this link` tell their verdict to who picked them, and to nobody else."""
    url = abroad.desk.site()
    card = await abroad.menu("Diagnose this error", f"I get 502 Bad Gateway nginx/1.24.0 at {url}")
    assert "502 Bad Gateway" in card.text
    assert card.ephemeral
    assert (await abroad.menu("Check this link", f"does {url} open for you?")).ephemeral
    assert abroad.bob.sees(abroad.channel) == []


async def test_whole_way_by_answers_alone(abroad: Abroad) -> None:
    """/diagnose, form, verdict, why, guide, every step, report, a kill of the process: to `It works`."""
    at = abroad.desk
    form = (await abroad.alice.uses_slash(abroad.channel, "diagnose")).form
    done = await abroad.alice.submits_modal(form, paste="502 Bad Gateway nginx/1.24.0", address=at.site())
    panel = await abroad.then(done.answer, "")
    panel = await abroad.presses(panel, "I am visiting it", VERDICT) if "I am visiting it" in panel.buttons else panel
    panel = await abroad.then(panel, VERDICT)
    why = await (await abroad.alice.clicks(panel, "Why?")).whispered()
    assert why.text
    panel = await abroad.presses(panel, "Guide me", "")
    panel = await abroad.alice.until(abroad.channel, lambda one: "I am visiting it" in one.buttons, "a question")
    panel = await abroad.presses(panel, "I am visiting it", "Step 1")
    await at.bot.restart()
    panel = await abroad.presses(panel, "Still broken", "Step 2")
    panel = await abroad.presses(panel, "Back", "Step 1")
    assert (await (await abroad.alice.clicks(panel, "Ask a human")).whispered()).files
    panel = await abroad.alice.until(
        abroad.channel, lambda one: "Report for the site's people" in one.buttons, "ways out"
    )
    report = await (await abroad.alice.clicks(panel, "Report for the site's people")).whispered()
    assert report.ephemeral
    assert report.files
    panel = await abroad.presses(panel, "Back", "Step 1")
    at.stage.answer("shop", FINE)
    await pause(PAUSE_S)
    panel = await abroad.presses(panel, "Still broken", "Something changed")
    await abroad.presses(panel, "It works", "Good.")
    assert abroad.bob.sees(abroad.channel) == []


async def test_shared_look_is_for_all_and_each_is_led_alone(abroad: Abroad) -> None:
    """A shared /check is a card for all: others look again and are led too, also when a restart forgot the card."""
    at = abroad.desk
    shared = await abroad.alice.uses_slash(abroad.channel, "check", url=at.site(), share=True)
    card = await abroad.then(shared.answer, VERDICT, abroad.bob)
    for who in (abroad.alice, abroad.bob):
        outcome = await who.clicks(card, "Guide me")
        assert not outcome.failed
        panel = await who.until(abroad.channel, lambda one: "I am visiting it" in one.buttons, "a question")
        assert panel.ephemeral
        assert (await abroad.presses(panel, "I am visiting it", "Step 1", who)).ephemeral
    await at.bot.restart()
    await pause(PAUSE_S)
    await abroad.presses(card, "Check again", VERDICT, abroad.bob)
    assert (await (await abroad.bob.clicks(card, "Why?")).whispered()).text
    stranger = await (await abroad.bob.clicks(card, "Not this")).whispered()
    assert "add me to your apps" in stranger.text
    assert not (await abroad.alice.clicks(card, "Not this")).failed
    await at.stand.record.until(lambda: card.id not in {one.id for one in abroad.bob.sees(abroad.channel)}, "gone")


async def test_forgotten_look_says_so_and_goes_on(abroad: Abroad, tmp_path: Path) -> None:
    """Its database is gone: each button that was ever shown is answered, and nothing is tried in the channel."""
    at = abroad.desk
    shared = await abroad.alice.uses_slash(abroad.channel, "check", url=at.site(), share=True)
    card = await abroad.then(shared.answer, VERDICT, abroad.bob)
    alone = await abroad.menu("Diagnose this error", f"I get 502 Bad Gateway nginx/1.24.0 at {at.site()}")
    await at.bot.kill()
    for file in (tmp_path / "fiveohtwo").iterdir():
        file.unlink()
    await at.bot.start()
    told = await (await abroad.bob.clicks(card, "Guide me")).whispered()
    assert "no longer know" in told.text
    await abroad.presses(alone, "Guide me", "no longer know")
    for shown in ever_shown(at.stand.record).values():
        outcome = await abroad.alice.uses(shown)
        assert outcome is None or not outcome.failed, shown


async def test_who_waits_is_told_by_direct_message(abroad: Abroad) -> None:
    """The button promises a direct message and tries one at once; another one says that the site is back, once."""
    at = abroad.desk
    card = await abroad.menu("Diagnose this error", f"I get 502 Bad Gateway nginx/1.24.0 at {at.site()}")
    promise = await (await abroad.alice.clicks(card, "Tell me when it is back")).whispered()
    assert "direct message" in promise.text
    direct = at.stand.world.direct(abroad.alice.id)["id"]
    assert "shop.example.com" in abroad.alice.sees(direct)[0].text
    again = await (await abroad.alice.clicks(card, "Tell me when it is back")).whispered()
    assert again.text == promise.text
    assert len(abroad.alice.sees(direct)) == 1
    at.stage.answer("shop", FINE)
    await abroad.alice.until(direct, lambda one: "back: it has answered" in one.text, "the news", TOLD_WITHIN_S)
    await asyncio.sleep(1.0)
    assert len(abroad.alice.sees(direct)) == 2


async def test_who_cannot_be_told_hears_so_at_once(abroad: Abroad) -> None:
    """Whoever takes no direct messages is told at the click, and nobody waits for nothing: button and /watch."""
    at = abroad.desk
    at.stand.world.closed.add(abroad.alice.id)
    card = await abroad.menu("Diagnose this error", f"I get 502 Bad Gateway nginx/1.24.0 at {at.site()}")
    told = await (await abroad.alice.clicks(card, "Tell me when it is back")).whispered()
    assert "could not tell you" in told.text
    listed = await abroad.alice.uses_slash(abroad.channel, "watches")
    await abroad.then(listed.answer, "wait for no site")
    at.stand.world.closed.clear()
    await pause(PAUSE_S)
    begun = await abroad.alice.uses_slash(abroad.channel, "watch", url=at.site())
    await abroad.then(begun.answer, "direct message")


async def test_list_of_what_one_waits_for_ends_it(abroad: Abroad) -> None:
    """/watches shows it there, its button ends it, and no news comes."""
    at = abroad.desk
    url = at.site()
    begun = await abroad.alice.uses_slash(abroad.channel, "watch", url=url)
    await abroad.then(begun.answer, "direct message")
    listed = await abroad.alice.uses_slash(abroad.channel, "watches")
    seen = await abroad.then(listed.answer, "shop.example.com")
    await abroad.presses(seen, f"Stop: {urlsplit(url).netloc}", "wait for no site")
    at.stage.answer("shop", FINE)
    await asyncio.sleep(2.0)
    assert len(abroad.alice.sees(at.stand.world.direct(abroad.alice.id)["id"])) == 1


async def test_other_commands_answer(abroad: Abroad) -> None:
    """/help, /explain with its suggestions, /status and /privacy work; /settings is not offered."""
    at, alice, channel = abroad.desk, abroad.alice, abroad.channel
    told = (await alice.uses_slash(channel, "help")).answer.text
    assert "see no messages" in told
    assert "/settings" not in told
    suggested = await alice.autocompletes(channel, "explain", "code", "nginx 502")
    assert (await alice.uses_slash(channel, "explain", code=suggested[0]["value"])).answer.ephemeral
    assert not (await alice.uses_slash(channel, "status", service="no such thing")).failed
    with pytest.raises(NotOfferedError):
        await alice.uses_slash(channel, "settings")
    await abroad.menu("Diagnose this error", f"I get 502 Bad Gateway nginx/1.24.0 at {at.site()}")
    form = (await alice.uses_slash(channel, "diagnose")).form
    done = await alice.submits_modal(form, paste="502 Bad Gateway nginx/1.24.0", address=at.site())
    await abroad.then(done.answer, VERDICT)
    await alice.uses_slash(channel, "watch", url=at.site())
    await pause(1.0)
    await alice.uses_slash(channel, "privacy", what="export")
    kept = at.stand.record.requests("PATCH /webhooks")[-1].files[0][1]
    assert b"shop.example.com" in kept
    assert at.stand.world.elsewhere.encode() not in kept, "nothing must be kept of a server that did not invite the bot"
    assert "Deleted" in (await alice.uses_slash(channel, "privacy", what="delete")).answer.text


async def test_what_discord_shows_to_one_alone_still_works(abroad: Abroad) -> None:
    """Where apps of one's own are hushed a shared look is seen by who asked: all of its buttons lead on."""
    at = abroad.desk
    at.stand.world.hushed.add(abroad.channel)
    shared = await abroad.alice.uses_slash(abroad.channel, "check", url=at.site(), share=True)
    card = await abroad.then(shared.answer, VERDICT)
    assert card.ephemeral
    assert not (await abroad.alice.clicks(card, "Guide me")).failed
    panel = await abroad.alice.until(abroad.channel, lambda one: "I am visiting it" in one.buttons, "a question")
    await abroad.presses(panel, "I am visiting it", "Step 1")
    await at.bot.restart()
    await pause(PAUSE_S)
    await abroad.presses(card, "Check again", VERDICT)
    assert not (await abroad.alice.clicks(card, "Not this")).failed
    assert card.id not in {one.id for one in abroad.alice.sees(abroad.channel)}
    assert abroad.bob.sees(abroad.channel) == []


@pytest.mark.parametrize("abroad", ["thread"], indirect=True)
async def test_closed_thread_is_not_opened_there(abroad: Abroad) -> None:
    """A button in a thread that was closed meanwhile: the bot has no right to open it, and does not try."""
    at = abroad.desk
    card = await abroad.menu("Diagnose this error", f"I get 502 Bad Gateway nginx/1.24.0 at {at.site()}")
    at.stand.world.channels[abroad.channel]["thread_metadata"]["archived"] = True
    outcome = await abroad.alice.clicks(card, "Why?")
    assert (await outcome.whispered()).text
