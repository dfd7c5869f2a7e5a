"""Is the client pointed at a stand-in only where one is named?"""

from __future__ import annotations

import discord.gateway
import discord.http
import pytest

from bot.surfaces.discord.standin import point_at


def test_addresses_replace_discords_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named addresses are used, missing ones leave Discord's."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    )
    before = discord.http.Route.BASE
    point_at(None, None)
    assert before == discord.http.Route.BASE
    point_at("http://127.0.0.1:1/api/v10/", "ws://127.0.0.1:1/gw")
    assert discord.http.Route.BASE == "http://127.0.0.1:1/api/v10"
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:1/gw"
