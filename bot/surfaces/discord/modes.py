"""What does the bot do about messages that nobody asked it to read? Off, offer or auto, per channel and server."""

from __future__ import annotations

from typing import Literal, get_args

from bot.ports import Preferences

Mode = Literal["off", "offer", "auto"]
MODES: tuple[Mode, ...] = get_args(Mode)
SERVER = 0
"""Means all channels of a server that have no mode of their own."""


class Modes:
    """Modes of all servers. Kept in memory, so that an ordinary message costs one dict lookup."""

    def __init__(self, preferences: Preferences, default: Mode) -> None:
        self._preferences = preferences
        self._default: Mode = default
        self._known: dict[tuple[int, int], Mode] = {}
        self.loaded = False
        """Until then nobody knows which channels are off."""

    async def load(self) -> None:
        """Read all modes that were set before."""
        for scope, name, value in await self._preferences.all("discord-mode"):
            if value in MODES:
                self._known[int(scope), int(name)] = value
        self.loaded = True

    def of(self, guild: int, *channels: int | None) -> Mode:
        """Return the mode of a channel (or the thread's parent), else of the server, else the operator's."""
        for channel in (*channels, SERVER):
            mode = self._known.get((guild, channel)) if channel is not None else None
            if mode is not None:
                return mode
        return self._default

    async def set(self, guild: int, channel: int, mode: Mode) -> None:
        """Set the mode of a channel, or of the server (`SERVER`). It applies once stored, so it survives a restart."""
        await self._preferences.put("discord-mode", str(guild), str(channel), mode)
        self._known[guild, channel] = mode

    async def unset(self, guild: int, channel: int) -> None:
        """Let a channel follow its server again, and the server its operator."""
        await self._preferences.drop("discord-mode", str(guild), str(channel))
        self._known.pop((guild, channel), None)

    def own(self, guild: int, channel: int) -> Mode | None:
        """Return the mode that was set for a channel itself."""
        return self._known.get((guild, channel))

    async def servers(self) -> frozenset[int]:
        """Return the servers where a mode was set, as far as the store knows."""
        return frozenset(int(scope) for scope, _, _ in await self._preferences.all("discord-mode"))

    async def forget(self, guild: int) -> None:
        """Forget a server that removed the bot."""
        for scope in [scope for scope in self._known if scope[0] == guild]:
            del self._known[scope]
        await self._preferences.forget("discord-mode", str(guild))
