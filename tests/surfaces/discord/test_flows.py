"""Does a person get from a pasted error to a site that works, in a Discord that plays by the rules?"""

from __future__ import annotations

from bot.surfaces.discord.render import COLOURS
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    World,
    choices,
    colour,
    labels,
    opened,
    options,
    panel,
    text,
    whispers,
)


async def test_pasted_error_becomes_a_card_of_four_lines(world: World) -> None:
    """A pasted error is answered with the error and its machine, what is wrong, how that was seen, and the way on."""
    url = world.site("shop", BAD_GATEWAY)
    source = await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart?user=7")
    lines = text(world.card).splitlines()
    assert len(lines) == 3
    assert lines[0] == "**502 Bad Gateway from nginx · `shop.example.com`**"
    assert "is down" in lines[1]
    assert lines[2].startswith("-# The site's own server · Seen from here at")
    assert "twice" in lines[2]
    assert labels(world.card) == ["Guide me", "Check again", "Why?", "Tell me when it is back", "Not this"]
    assert colour(world.card) == COLOURS["down"]
    assert world.card.reference is not None
    assert world.card.reference.message_id == source.id
    assert "user=7" not in str(world.env.http_requests)


async def test_card_shows_the_look_while_it_is_under_way(world: World) -> None:
    """The card comes at once, says that it looks, and is edited to the verdict: one message, not two."""
    await world.paste(f"502 Bad Gateway nginx/1.24.0 when I open {world.site('shop', BAD_GATEWAY)}")
    sent = [request for request in world.env.http_requests if "/messages" in request.path]
    assert [request.method for request in sent].count("POST") == 1
    assert "Looking at `shop.example.com`" in str(sent[0].json)
    assert "is down" in str(sent[-1].json)
    assert all(request.json["allowed_mentions"]["parse"] == [] for request in sent)


async def test_guide_leads_from_the_card_through_steps_to_solved(world: World) -> None:
    """Guide me, whose site, still broken, solved: in one thread, in one message, closed with the outcome."""
    url = world.site("shop", BAD_GATEWAY, BAD_GATEWAY, BAD_GATEWAY, BAD_GATEWAY, FINE)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")
    pointer = await world.click(world.card, "guide")
    thread = world.threads[-1]
    assert thread.mention in text(whispers(pointer)[0])
    assert thread.name == "shop.example.com · down"
    assert "is down" in text(world.ours(thread)[0])
    assert labels(world.ours(thread)[0]) == []
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))
    await world.click(panel(world, thread), "still-broken")
    assert "behaves as before" in text(panel(world, thread))
    assert "Step 2" in text(panel(world, thread))
    await world.click(panel(world, thread), "still-broken")
    assert "Something changed" in text(panel(world, thread))
    assert "works from here" in text(panel(world, thread))
    await world.click(panel(world, thread), "works")
    assert len(world.ours(thread)) == 2
    assert text(panel(world, thread)).startswith("Good.")
    assert thread.name == "shop.example.com · solved"
    assert world.env.backend.get_channel(thread.id).thread_metadata.archived
    assert "is down" in text(world.card)


async def test_person_is_brought_into_the_thread_without_a_ping(world: World) -> None:
    """The thread is in the list of the person who asked, and nobody is pinged."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    assert world.alice.id in world.env.backend.get_channel(thread.id).thread_members
    assert world.bob.id not in world.env.backend.get_channel(thread.id).thread_members


async def test_back_and_skip_move_between_steps(world: World) -> None:
    """Skip goes on, Back returns to the step before, and each change is an edit of the same message."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.click(panel(world, thread), "skip")
    assert "Step 2" in text(panel(world, thread))
    await world.click(panel(world, thread), "back")
    assert "Step 1" in text(panel(world, thread))
    assert len(world.ours(thread)) == 2


async def test_questions_and_menus_lead_to_the_exact_step(world: World) -> None:
    """The site works for the bot: a question, a reload, the browser, the system, what was tried, then the next step."""
    _, thread = await opened(world, "fine", FINE)
    await world.click(panel(world, thread), "visitor")
    assert "private" in text(panel(world, thread))
    await world.click(panel(world, thread), "yes")
    assert "just recovered" in text(panel(world, thread))
    assert "Reload the page" in text(panel(world, thread))
    await world.click(panel(world, thread), "skip")
    assert options(panel(world, thread)) == ["chrome", "edge", "firefox", "safari", "opera", "other"]
    await world.pick(panel(world, thread), "chrome")
    assert "windows" in options(panel(world, thread))
    await world.pick(panel(world, thread), "windows")
    first = text(panel(world, thread))
    assert "chrome://settings" in first
    await world.click(panel(world, thread), "tried")
    offered = options(panel(world, thread))
    assert len(offered) > 3
    await world.pick(panel(world, thread), *offered[:2])
    assert "Step 3" in text(panel(world, thread))
    assert text(panel(world, thread)) != first


async def test_none_of_the_steps_tried_returns_to_the_step(world: World) -> None:
    """Whoever opened the list of tried steps by mistake gets back to the step that was shown."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    shown = text(panel(world, thread)).splitlines()[-1]
    await world.click(panel(world, thread), "tried")
    await world.click(panel(world, thread), "none-tried")
    assert shown in text(panel(world, thread))


async def test_why_is_told_to_one_person_and_leaves_the_panel(world: World) -> None:
    """Why? lists the rule, the observations and what would change the verdict, for the asker's eyes only."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.click(panel(world, thread), "skip")
    before = text(panel(world, thread))
    result = await world.click(panel(world, thread), "why")
    told = text(whispers(result)[0])
    assert "Rule: gateway" in told
    assert "Status of its answer: `502`" in told
    assert "What would change my mind" in told
    assert text(panel(world, thread)) == before


async def test_report_comes_as_a_file_for_one_person(world: World) -> None:
    """At the end of the steps the owner's report comes as a text file that only the person sees."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    while "skip" in choices(panel(world, thread)):
        await world.click(panel(world, thread), "skip")
    assert "report-owner" in choices(panel(world, thread))
    result = await world.click(panel(world, thread), "report-owner")
    told = whispers(result)[0]
    assert [file.filename for file in told.attachments] == ["report.txt"]
    blob = (await told.message.attachments[0].read()).decode()
    assert "shop.example.com" in blob
    assert "HTTP 502" in blob
    assert "shop.example.com:" not in text(panel(world, thread))


async def test_stop_ends_and_closes_the_thread(world: World) -> None:
    """Stop ends the conversation; the thread is closed and says so."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "stop")
    assert thread.name == "shop.example.com · closed"
    assert world.env.backend.get_channel(thread.id).thread_metadata.archived
    await world.click(panel(world, thread), "restart")
    assert not world.env.backend.get_channel(thread.id).thread_metadata.archived
    assert "Paste an error" in text(panel(world, thread))


async def test_owner_is_led_to_the_owners_guide(world: World) -> None:
    """Whoever runs the site gets the guide for nginx's upstream, not for browsers."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "owner")
    assert "Step 1" in text(panel(world, thread))
    assert "nginx" in text(panel(world, thread)).lower()


async def test_address_form_turns_a_bare_error_into_a_look(world: World) -> None:
    """An error without an address is judged from its text; the address form starts the look, on the same card."""
    url = world.site("shop", BAD_GATEWAY)
    await world.paste("help! 502 Bad Gateway nginx/1.24.0 all the time")
    assert "Check again" not in labels(world.card)
    form = await world.click(world.card, "enter-address")
    assert form.modal is not None
    await world.alice.submit_modal(form, {"address": url})
    assert "`shop.example.com`" in text(world.card)
    assert "is down" in text(world.card)
    assert "Check again" in labels(world.card)
    assert len(world.ours()) == 1


async def test_address_form_on_a_card_says_when_it_is_none(world: World) -> None:
    """The card stays as it is; the person alone is told that there was no address in the form."""
    await world.paste("help! 502 Bad Gateway nginx/1.24.0 all the time")
    before = text(world.card)
    form = await world.click(world.card, "enter-address")
    result = await world.alice.submit_modal(form, {"address": "my shop"})
    assert "no error or address" in text(whispers(result)[-1])
    assert text(world.card) == before


async def test_paste_form_takes_the_whole_error(world: World) -> None:
    """Whoever called the bot without saying why pastes the error into a form."""
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention}")
    form = await world.click(world.card, "enter-paste")
    await world.alice.submit_modal(form, {"paste": "504 Gateway Time-out\nnginx/1.24.0"})
    assert "504" in text(world.card)
    assert "guide" in choices(world.card)


async def test_check_again_edits_the_card(world: World) -> None:
    """Anybody may look again; the card changes when the world did."""
    await world.paste(f"502 Bad Gateway nginx/1.24.0 {world.site('shop', BAD_GATEWAY, BAD_GATEWAY, FINE)} help")
    await world.click(world.card, "recheck", world.bob)
    assert "works from here" in text(world.card)
    assert colour(world.card) == COLOURS["up"]
    assert len(world.ours()) == 1


async def test_whoever_else_wants_guidance_gets_a_private_copy(world: World) -> None:
    """Others press Guide me and are guided by themselves; the author's thread stays theirs."""
    await world.paste(f"502 Bad Gateway nginx/1.24.0 {world.site('shop', BAD_GATEWAY)} help")
    result = await world.click(world.card, "guide", world.bob)
    mine = whispers(result)[0]
    assert "Are you visiting" in text(mine)
    assert world.threads == []
    await world.click(mine, "visitor", world.bob)
    assert "Step 1" in text(whispers(result)[0])
    await world.click(world.card, "guide")
    assert len(world.threads) == 1


async def test_guide_twice_points_to_the_thread(world: World) -> None:
    """A second Guide me opens no second thread."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    result = await world.click(world.card, "guide")
    assert thread.mention in text(whispers(result)[0])
    assert len(world.threads) == 1


async def test_card_stays_a_card_while_the_thread_goes_on(world: World) -> None:
    """Looking again from the card does not throw the person in the thread off their step."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.click(world.card, "recheck", world.bob)
    assert "is down" in text(world.card)
    await world.click(panel(world, thread), "skip")
    assert "Step 2" in text(panel(world, thread))
