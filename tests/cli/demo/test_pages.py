"""Does each channel get a page of its own, and does a page show what happens while nobody acts on it?"""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.cli.demo.pages import Pages
from bot.cli.demo.show import stage
from bot.settings.model import Settings

pytest.importorskip("markdown_it", reason="the pages need simcord[preview]")
pytest.importorskip("linkify_it", reason="the pages need simcord[preview]")


async def test_two_channels_have_two_pages_that_follow() -> None:
    """A second page opens beside the first, and what is said afterwards appears on the one that it belongs to."""
    async with stage(Settings()) as here:
        pages = Pages(here.env, (here.you,))
        first = await pages.open(here.channel)
        second = await pages.open(here.moderator.guild.create_text_channel("other"))
        here.say(here.channel, "news for the first page")
        try:
            assert first.url != second.url
            assert "news for the first page" in await _shown(first.url)
            assert "news for the first page" not in await _shown(second.url, patience=2)
        finally:
            await pages.close()


async def test_two_pages_that_act_at_once_wait_for_each_other() -> None:
    """Two people send at the same moment on two pages: both messages arrive."""
    async with stage(Settings()) as here:
        pages = Pages(here.env, (here.you,))
        other = here.moderator.guild.create_text_channel("other")
        shown = [await pages.open(here.channel), await pages.open(other)]
        try:
            await asyncio.gather(*(_send(page.url, "hello there") for page in shown))
            assert here.channel.last_message.content == "hello there"
            assert other.last_message.content == "hello there"
        finally:
            await pages.close()


async def _open(session: aiohttp.ClientSession, url: str) -> tuple[str, dict[str, str], dict[str, object]]:
    base, _, capability = url.partition("#")
    headers = {"X-Simcord-Capability": capability}
    async with session.post(f"{base}api/pages", json={}, headers=headers) as answer:
        page = await answer.json()
    return base, headers | {"X-Simcord-Context": page["context"]["id"]}, page


async def _shown(url: str, patience: int = 20) -> str:
    """Return what a page shows, once something was published on it."""
    async with aiohttp.ClientSession() as session:
        base, headers, page = await _open(session, url)
        for _ in range(patience):
            await asyncio.sleep(0.1)
            async with session.get(f"{base}api/state", headers=headers) as answer:
                page = await answer.json()
            if "news" in str(page["messages"]):
                break
        return str(page["messages"])


async def _send(url: str, text: str) -> None:
    async with aiohttp.ClientSession() as session:
        base, headers, page = await _open(session, url)
        body = {
            "protocol_version": 3, "sequence": 1, "request_id": "r1", "generation": page["context"]["generation"],  # type: ignore[index]
            "bot_generation": page["botGeneration"], "published_revision": page["publishedRevision"],
            "kind": "send_message", "content": text, "nonce": "n1",
        }  # fmt: skip
        async with session.post(f"{base}api/action", json=body, headers=headers) as answer:
            result = await answer.json()
        assert not result["rejected"], result
