"""What do the slash commands, the menus of a message, and direct messages do?"""

from __future__ import annotations

import json

import discord
import pytest

from bot.kb.load import load
from e2e.stage import Stage
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    World,
    choices,
    discord_world,
    labels,
    opened,
    options,
    text,
)


async def test_check_answers_one_person(world: World) -> None:
    """/check looks at an address and tells the person alone, with the way on."""
    result = await world.alice.slash(world.channel, "check", url=world.site("shop", BAD_GATEWAY))
    assert result.ephemeral
    assert "is down" in text(result.response)
    assert {"guide", "recheck", "why", "stop"} <= set(choices(result.response))
    assert world.ours() == []


@pytest.mark.parametrize("path", ["fix-502-bad-gateway-nginx", "kb/0x80244021", "docs/Web/HTTP/Status/502"])
async def test_check_takes_no_error_from_an_address(world: World, path: str) -> None:
    """What the path of an address names was met by nobody: the site is looked at, and said to work."""
    url = world.site("shop", FINE) + path
    for result in (
        await world.alice.slash(world.channel, "check", url=url),
        await world.alice.context_menu(world.channel, "Check this link", await world.paste(f"{url} is the guide")),
    ):
        assert "works from here" in text(result.response)
        assert "502" not in text(result.response).replace(path, "")
        assert "not looked at" not in text(result.response)


async def test_check_is_shared_as_a_card(world: World) -> None:
    """/check with share is a card for all, whose author may be guided in a thread."""
    result = await world.alice.slash(world.channel, "check", url=world.site("shop", BAD_GATEWAY), share=True)
    assert not result.ephemeral
    assert labels(world.card) == ["Guide me", "Check again", "Why?", "Tell me when it is back", "Not this"]
    await world.click(world.card, "guide")
    assert len(world.threads) == 1
    await world.click(world.card, "recheck", world.bob)
    assert "is down" in text(world.card)


async def test_check_refuses_addresses_it_must_not_contact(world: World) -> None:
    """A private address is refused with the reason, and another one can be given."""
    result = await world.alice.slash(world.channel, "check", url="http://192.168.0.1/")
    assert "must not contact" in text(result.response)
    assert "enter-address" in choices(result.response)


async def test_check_takes_text_that_is_no_address(world: World) -> None:
    """What cannot be read as an address is said so."""
    result = await world.alice.slash(world.channel, "check", url="no idea")
    assert "do not recognise" in text(result.response)


async def test_diagnose_takes_all_at_once(world: World) -> None:
    """/diagnose asks for the error, the address and whose site it is, and answers privately."""
    shown = await world.alice.slash(world.channel, "diagnose")
    assert shown.modal is not None
    url = world.site("shop", BAD_GATEWAY)
    fields = {"paste": "502 Bad Gateway nginx/1.24.0", "address": url, "role": ["owner"]}
    result = await world.alice.submit_modal(shown, fields)
    assert result.ephemeral
    assert "is down" in text(result.response)
    await world.click(result.response, "guide")
    assert "Step 1" in text(result.response)
    assert "nginx" in text(result.response).lower()


async def test_diagnose_looks_at_the_address_that_was_typed(world: World) -> None:
    """The form's address is looked at and judged; another one that the text names is left alone."""
    shop, blog = world.site("shop", BAD_GATEWAY), world.site("blog", FINE)
    asked = world.stage.asked["shop.example.com"]
    for paste in (f"502 Bad Gateway nginx/1.24.0 at {shop}", "502 Bad Gateway\nHost: shop.example.com"):
        shown = await world.alice.slash(world.channel, "diagnose")
        result = await world.alice.submit_modal(shown, {"paste": paste, "address": blog})
        assert "`blog.example.com` works from here" in text(result.response)
    assert world.stage.asked["shop.example.com"] == asked
    met = await world.bot.data_of(world.alice.id)
    assert "shop.example.com" not in json.dumps(met, default=str)


async def test_private_verdict_without_address_leads_on(world: World) -> None:
    """By form or by menu: whoever is asked for the address can enter it in the answer that only they see."""
    url = world.site("shop", BAD_GATEWAY)
    shown = await world.alice.slash(world.channel, "diagnose")
    by_form = await world.alice.submit_modal(shown, {"paste": "502 Bad Gateway nginx/1.24.0"})
    message = await world.paste("502 Bad Gateway nginx/1.24.0", world.bob)
    by_menu = await world.alice.context_menu(world.channel, "Diagnose this error", message)
    for result in (by_form, by_menu):
        form = await world.click(result.response, "enter-address")
        await world.alice.submit_modal(form, {"address": url})
        assert "is down" in text(result.response)
        assert "recheck" in choices(result.response)


async def test_diagnose_asks_again_for_an_unread_address(world: World) -> None:
    """What cannot be read as an address is said so beside the error, and can be typed once more."""
    shown = await world.alice.slash(world.channel, "diagnose")
    result = await world.alice.submit_modal(shown, {"paste": "502 Bad Gateway nginx/1.24.0", "address": "the shop"})
    assert "502 Bad Gateway from nginx" in text(result.response)
    assert "cannot read an address" in text(result.response)
    form = await world.click(result.response, "enter-address")
    await world.alice.submit_modal(form, {"address": world.site("shop", BAD_GATEWAY)})
    assert "is down" in text(result.response)


async def test_empty_form_is_answered(world: World) -> None:
    """A form with nothing in it is answered with what is needed."""
    shown = await world.alice.slash(world.channel, "diagnose")
    result = await world.alice.submit_modal(shown, {})
    assert "form was empty" in text(result.response)


async def test_explain_tells_what_is_known(world: World) -> None:
    """/explain takes a code, an entry, or the words of an error."""
    for code in ("0x80244021", "nginx-502", "502 Bad Gateway nginx/1.24.0"):
        result = await world.alice.slash(world.channel, "explain", code=code)
        assert result.ephemeral
        assert "502" in text(result.response) or "0x80244021" in text(result.response)


async def test_explain_says_when_it_knows_nothing(world: World) -> None:
    """An unknown code is repeated harmlessly, with a hint."""
    result = await world.alice.slash(world.channel, "explain", code="@everyone `qqqq`")
    assert "I know nothing under" in text(result.response)
    assert "@everyone" not in "".join(text(result.response).split("`")[::2])


async def test_explain_suggests_while_typing(world: World) -> None:
    """Autocomplete offers at most 25 entries that fit what was typed, by their ids."""
    offered = await world.alice.autocomplete(world.channel, "explain", "code", "502")
    assert 0 < len(offered) <= 25
    errors = load().errors
    assert all(one["value"] in errors for one in offered)
    assert await world.alice.autocomplete(world.channel, "explain", "code", "zzzzzz") == []


async def test_status_names_the_page_of_a_service(world: World) -> None:
    """/status asks the service's own page; when it cannot be read, the page is named to look at."""
    service = load().services[0]
    offered = await world.alice.autocomplete(world.channel, "status", "service", service.name[:4])
    assert service.id in [one["value"] for one in offered]
    result = await world.alice.slash(world.channel, "status", service=service.id)
    assert service.name in text(result.response)
    assert "Its own page" in text(result.response)


async def test_status_says_whose_page_it_is(world: World) -> None:
    """/status calls a page of others, of parts, or of help by what it is."""
    said = {"steam": "others watch it", "linkedin": "covers parts", "tiktok": "no status page that I know"}
    for service, words in said.items():
        result = await world.alice.slash(world.channel, "status", service=service)
        assert words in text(result.response)
        assert "Its own page: " not in text(result.response)


async def test_status_knows_what_people_call_a_service(world: World) -> None:
    """A part of a bigger service is found by the name that people use."""
    offered = await world.alice.autocomplete(world.channel, "status", "service", "Gmai")
    assert [one["value"] for one in offered] == ["google-workspace"]
    result = await world.alice.slash(world.channel, "status", service="Gmail")
    assert "Google Workspace" in text(result.response)


async def test_status_of_unknown_services_is_admitted(world: World) -> None:
    """A service without a known page is said so."""
    result = await world.alice.slash(world.channel, "status", service="Bobs shop")
    assert "know no status page" in text(result.response)


async def test_privacy_shows_exports_and_deletes(world: World) -> None:
    """/privacy says what is kept, hands it over as a file, and deletes it."""
    await opened(world, "shop", BAD_GATEWAY)
    shown = await world.alice.slash(world.channel, "privacy")
    assert "no message texts" in text(shown.response)
    exported = await world.alice.slash(world.channel, "privacy", what="export")
    kept = json.loads(await exported.response.attachments[0].read())
    assert {one["state"]["host"] for one in kept if "state" in one} == {"shop.example.com"}
    assert [report["site"] for one in kept for report in one.get("reports", ())] == ["example.com"]
    gone = await world.alice.slash(world.channel, "privacy", what="delete")
    assert "removed: 2" in text(gone.response)
    again = await world.alice.slash(world.channel, "privacy", what="export")
    assert json.loads(await again.response.attachments[0].read()) == []


async def test_privacy_is_about_the_asker_alone(world: World) -> None:
    """Nobody exports or deletes what is kept about somebody else."""
    await opened(world, "shop", BAD_GATEWAY)
    exported = await world.bob.slash(world.channel, "privacy", what="export")
    assert json.loads(await exported.response.attachments[0].read()) == []


async def test_help_says_what_can_be_done(world: World) -> None:
    """/help names the ways in."""
    result = await world.bob.slash(world.channel, "help")
    assert result.ephemeral
    for way in ("/diagnose", "/check", "/explain"):
        assert way in text(result.response)


async def test_menu_diagnoses_any_message(world: World) -> None:
    """Diagnose this error, on a message of anybody: the answer is for the asker alone."""
    await world.bot.modes.set(world.guild.id, 0, "off")
    message = await world.paste(f"502 Bad Gateway nginx/1.24.0 {world.site('shop', BAD_GATEWAY)}")
    result = await world.bob.context_menu(world.channel, "Diagnose this error", message)
    assert result.ephemeral
    assert "is down" in text(result.response)


async def test_menu_reads_what_other_bots_post(world: World) -> None:
    """A monitoring bot's card holds its error in an embed; it can be diagnosed by menu."""
    hook = world.guild.create_webhook(world.channel)
    embed = discord.Embed(title="shop is down", description="502 Bad Gateway nginx/1.24.0")
    message = await hook.send(embed=embed)
    result = await world.bob.context_menu(world.channel, "Diagnose this error", message)
    assert "502 Bad Gateway from nginx" in text(result.response)


async def test_menu_on_an_empty_message_asks_for_the_text(world: World) -> None:
    """A picture holds no text: the form opens instead, and its answer is private."""
    message = await world.alice.send(world.channel, "", attachments=[("error.png", b"not really a png")])
    shown = await world.bob.context_menu(world.channel, "Diagnose this error", message)
    assert shown.modal is not None
    result = await world.bob.submit_modal(shown, {"paste": "502 Bad Gateway nginx/1.24.0"})
    assert result.ephemeral
    assert "502 Bad Gateway from nginx" in text(result.response)


async def test_menu_checks_a_link(world: World) -> None:
    """Check this link looks at the address in a message, or says that there is none."""
    message = await world.paste(f"look at {world.site('shop', FINE)} please")
    result = await world.bob.context_menu(world.channel, "Check this link", message)
    assert "works from here" in text(result.response)
    chat = await world.paste("good morning")
    result = await world.bob.context_menu(world.channel, "Check this link", chat)
    assert "no web address" in text(result.response)


async def test_direct_messages_hold_a_whole_conversation(world: World) -> None:
    """In direct messages everything is meant for the bot: error, role, steps, report, the end."""
    user = world.alice.user
    url = world.site("shop", BAD_GATEWAY)
    await user.send_dm(f"502 Bad Gateway nginx/1.24.0 at {url}")
    await world.env.settle()
    assert "Are you visiting" in text(user.dm_channel.last_message)
    await user.send_dm("just visiting")
    await world.env.settle()
    assert "is down" in text(user.dm_channel.last_message)
    assert sum(bool(choices(message)) for message in world.ours(user.dm_channel)) == 1
    result = await user.click(user.dm_channel.last_message, custom_id=choices(user.dm_channel.last_message)["guide"])
    assert result.acknowledged
    assert "Step 1" in text(user.dm_channel.last_message)
    await user.send_dm("a human")
    await world.env.settle()
    assert [file.filename for message in world.ours(user.dm_channel) for file in message.attachments] == ["report.txt"]
    await user.send_dm("works now")
    await world.env.settle()
    assert any(text(message).startswith("Good.") for message in world.ours(user.dm_channel))


async def test_direct_commands_work(world: World) -> None:
    """Commands work in direct messages as in a server."""
    result = await world.alice.user.slash("check", url=world.site("shop", BAD_GATEWAY))
    assert "is down" in text(result.response)
    assert "settings" not in world.alice.user.available_commands()


async def test_flood_of_direct_messages_is_passed_over(world: World) -> None:
    """Whoever floods the bot with addresses gets no site looked at more than a few times."""
    world.bot.limits._rates = type(world.bot.limits)()._rates
    for number in range(8):
        await world.alice.user.send_dm(f"{world.site(f'site{number}', FINE)}")
        await world.env.settle()
    assert sum(world.stage.asked[f"site{number}.example.com"] > 0 for number in range(8)) == 5


async def test_all_works_without_reading_messages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the privileged intent: no unasked card, but menu, mention, commands, forms, and the thread by buttons."""
    approved = discord.Intents.default()
    async with discord_world(stage, monkeypatch, approved=approved, discord_message_content="false") as world:
        url = world.site("shop", BAD_GATEWAY)
        message = await world.paste(f"502 Bad Gateway nginx/1.24.0 help {url}")
        assert world.ours() == []
        menu = await world.bob.context_menu(world.channel, "Diagnose this error", message)
        assert "is down" in text(menu.response)
        assert world.bot.user is not None
        await world.paste(f"{world.bot.user.mention} 502 Bad Gateway nginx/1.24.0 {url}")
        assert "is down" in text(world.card)
        await world.click(world.card, "guide")
        thread = world.threads[-1]
        await world.click(world.ours(thread)[-1], "visitor")
        before = text(world.ours(thread)[-1])
        await world.paste("works now", channel=thread)
        assert text(world.ours(thread)[-1]) == before
        await world.click(world.ours(thread)[-1], "works")
        assert thread.name == "shop.example.com · solved"
        shown = await world.mod.slash(world.channel, "settings")
        assert "cannot read messages" in text(shown.response)


async def test_unapproved_intent_is_asked_for_by_name(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for an intent that the portal does not grant ends the start with Discord's own error."""
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with discord_world(stage, monkeypatch, approved=discord.Intents.default()):
            pass


async def test_unsure_error_is_picked_from_a_menu(world: World) -> None:
    """A bare number may be one of several errors: they are in a menu, and the picked one becomes the card."""
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} 502")
    offered = options(world.card)
    assert len(offered) > 1
    await world.pick(world.card, offered[0])
    assert load().errors[offered[0].removeprefix("error:")].title in text(world.card).replace("\\", "")
    assert "guide" in choices(world.card)
