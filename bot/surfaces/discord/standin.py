"""How is the client pointed at a stand-in for Discord on this machine?"""

from __future__ import annotations

import discord.gateway
import discord.http
import yarl


def point_at(api: str | None, gateway: str | None) -> None:
    """Use these base addresses instead of Discord's; the settings have made sure that they are on this machine."""
    if api is not None:
        discord.http.Route.BASE = api.rstrip("/")
    if gateway is not None:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
