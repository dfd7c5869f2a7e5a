"""What does Discord grant to a token?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp
import discord

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
"""As in `client.py`: nobody needs to be told that voice libraries are missing."""
WAIT_S = 10.0
"""Discord may take this long to answer."""


@dataclass(frozen=True, slots=True)
class Granted:
    """An application, as Discord describes it to its own bot."""

    id: int
    name: str
    reads_messages: bool
    """Is the message content intent switched on in the developer portal?"""
    clicks_elsewhere: bool
    """Is an interactions endpoint set? Then Discord sends commands and clicks there, and never to this bot."""


class NotGrantedError(Exception):
    """Discord does not accept the token."""


class NoAnswerError(Exception):
    """Discord gave no useful answer; the text says what came instead."""


async def ask(token: str) -> Granted:
    """Log in without connecting to the gateway. Raises `NotGrantedError` or `NoAnswerError`."""
    client = discord.Client(intents=discord.Intents(guilds=True))  # never sent, but without it discord.py warns
    try:
        async with asyncio.timeout(WAIT_S), client:
            await client.login(token)
            about = await client.application_info()
    except discord.LoginFailure as error:
        raise NotGrantedError from error
    except TimeoutError as error:
        raise NoAnswerError(f"no answer within {WAIT_S:.0f} s") from error
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswerError(type(error).__name__) from error
    except (TypeError, LookupError, AttributeError) as error:  # a page, say, in which discord.py looks for its fields
        raise NoAnswerError("what answers there is not Discord") from error
    flags = about.flags
    return Granted(
        id=about.id,
        name=about.name,
        reads_messages=flags.gateway_message_content or flags.gateway_message_content_limited,
        clicks_elsewhere=about.interactions_endpoint_url is not None,
    )
