"""Is the demo the real bot, and cut off from the world?"""

from __future__ import annotations

import socket

import pytest

from bot.cli import Failed
from bot.cli.demo.show import SITES, offline, show, stage
from bot.cli.demo.sites import Sites
from bot.settings.model import Settings

pytestmark = pytest.mark.soak


async def test_demo_reaches_its_own_sites_and_nothing_else() -> None:
    """Names, networks, ports and the canary are the demo's own, whatever the operator has set."""
    sites = Sites()
    await sites.start()
    try:
        settings = offline(Settings(resolvers=("9.9.9.9",), canary=("https://example.net/",)), sites)
        assert settings.resolvers == (sites.name_server,)
        assert [str(network) for network in settings.allow_networks] == ["127.0.0.1/32"]
        assert settings.allow_ports == (sites.port, sites.closed_port)
        assert all("canary.example.com" in url for url in settings.canary)
    finally:
        await sites.close()


async def test_bot_answers_in_the_demo() -> None:
    """Somebody pastes what the demo proposes, several times in a row: each gets its card."""
    async with stage(Settings()) as here:
        for site in SITES[:2]:
            await here.you.send(here.channel, site.plea.format(url=here.sites.url(site)))
        me = here.env.bot.user
        assert me is not None
        assert sum(message.author.id == me.id for message in here.channel.history()) == 2
        assert me.name == "Fiveohtwo"
        slow = next(site for site in SITES if site.name == "slow")
        result = await here.you.slash(here.channel, "check", url=here.sites.url(slow))
        assert "too long" in str(result.response.components)


async def test_port_that_is_taken_is_told() -> None:
    """Whoever asks for a port that another program has is told so, and what to do, without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Failed, match=rf"^port {port} cannot be used \(Address already in use\); without --port"):
            await show(Settings(), port)
