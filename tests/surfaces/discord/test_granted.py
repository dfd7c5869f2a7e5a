"""What does Discord grant to a token?"""

from __future__ import annotations

import pytest
from discord.http import Route

from bot.surfaces.discord import granted
from bot.surfaces.discord.granted import Granted, NoAnswerError, NotGrantedError, ask
from e2e.stage import Stage, raw
from standin.server import TOKEN, Standin


async def test_application_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name, intent and endpoint are reported as Discord has them; nobody connects to the gateway."""
    async with Standin(gateway_open=False) as stand:
        monkeypatch.setattr(Route, "BASE", stand.api_url)
        bot = int(stand.world.bot["id"])
        assert await ask(TOKEN) == Granted(bot, "Fiveohtwo", reads_messages=True, clicks_elsewhere=False)
        stand.gateway.approved, stand.interactions_at = 0, "https://example.com/"
        assert await ask(TOKEN) == Granted(bot, "Fiveohtwo", reads_messages=False, clicks_elsewhere=True)


async def test_wrong_token_is_not_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord's 401 is an answer of its own."""
    async with Standin(gateway_open=False) as stand:
        monkeypatch.setattr(Route, "BASE", stand.api_url)
        with pytest.raises(NotGrantedError):
            await ask("former.bot.token")


@pytest.mark.parametrize(("base", "why"), [("http://127.0.0.1:9", "ClientConnectorError"), ("nonsense", "InvalidUrl")])
async def test_silence_is_told_by_its_reason(base: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, the class of the error is the reason."""
    monkeypatch.setattr(Route, "BASE", base)
    with pytest.raises(NoAnswerError, match=why):
        await ask(TOKEN)


async def test_long_silence_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Discord that takes too long is given up."""
    async with Standin(gateway_open=False) as stand:
        monkeypatch.setattr(Route, "BASE", stand.api_url)
        monkeypatch.setattr(granted, "WAIT_S", 0.0)
        with pytest.raises(NoAnswerError, match="within"):
            await ask(TOKEN)


@pytest.mark.parametrize("body", ["<title>Welcome</title>", "[]", '{"id": "1"}', "null", "7"])
async def test_answer_that_is_not_discords_is_told(body: str, monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    """Whatever answers in its place with 200, it is no answer of Discord's."""
    kind = "text/html" if body.startswith("<") else "application/json"
    site = stage.site("page", raw("200 OK", body, Content_Type=kind))
    monkeypatch.setattr(Route, "BASE", f"{site}api/v10")
    with pytest.raises(NoAnswerError):
        await ask(TOKEN)
