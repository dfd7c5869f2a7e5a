"""How are the README's pictures made? From real conversations with the real bot, in one run of this program."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromium
from bot.cli.demo.show import Stage, stage
from bot.cli.demo.sites import SITES
from bot.settings.model import Settings
from bot.surfaces.discord.custom_id import decode

FOLDER = Path(__file__).parents[1] / "deploy" / "pictures"
WIDE, PHONE = 760, 400


@dataclass
class Studio:
    """The stage, and a camera for it."""

    here: Stage
    folder: Path
    width: int

    async def take(self, name: str, channel: Any, target: Any, height: int, *, viewer: Any = None) -> None:
        """Take a picture of a channel with a message in it."""
        async with self.here.env.preview(
            channel, viewers=[viewer or self.here.you], layout="channel", width=self.width, height=height
        ) as page:
            await page.show(target)
            size = (self.width, height)
            await page.screenshot(self.folder / f"{name}.png", target=target, mode="viewport", viewport=size)
        print(self.folder / f"{name}.png")

    def ours(self, channel: Any) -> list[Any]:
        """Return what the bot said there."""
        me = self.here.env.bot.user
        return [one for one in channel.history() if one.author.id == me.id and one.components]

    async def click(self, message: Any, choice: str, who: Any = None) -> Any:
        """Press a button."""
        names = (str(getattr(part, "custom_id", "")) for part in _parts(message))
        custom_id = next(name for name in names if (click := decode(name)) is not None and click.choice == choice)
        return await (who or self.here.you).click(message, custom_id=custom_id)

    async def paste(self, site: str) -> Any:
        """Write what a person would about a site; return the card."""
        found = next(one for one in SITES if one.name == site)
        await self.here.you.send(self.here.channel, found.plea.format(url=self.here.sites.url(found)))
        return self.ours(self.here.channel)[-1]


def _parts(message: Any) -> list[Any]:
    found, left = [], list(message.components)
    while left:
        part = left.pop(0)
        found.append(part)
        left += getattr(part, "children", [])
    return found


@asynccontextmanager
async def studio(folder: Path, width: int) -> AsyncIterator[Studio]:
    """Set up a stage and a camera."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with stage(Settings(_env_file=None)) as here:  # type: ignore[call-arg]
        yield Studio(here, folder, width)


async def main(folder: Path, width: int) -> None:
    """Take all pictures."""
    tall = 1.0 if width == WIDE else 1.4
    async with studio(folder, width) as camera:
        here = camera.here
        card = await camera.paste("shop")
        await camera.take("card", here.channel, card, round(430 * tall))
        await camera.click(card, "guide")
        thread = here.channel.threads[-1]
        await camera.take("verdict", thread, camera.ours(thread)[0], round(470 * tall))
        await camera.click(camera.ours(thread)[-1], "visitor")
        await camera.click(camera.ours(thread)[-1], "still-broken")
        await camera.take("step", thread, camera.ours(thread)[-1], round(740 * tall))
        why = await camera.click(camera.ours(thread)[-1], "why")
        await camera.take("why", thread, why.followups[-1], round(620 * tall))
        listed = await _watches(camera, card)
        await camera.take("watch", here.channel, listed, round(330 * tall))
        shown = await here.moderator.slash(here.channel, "settings")
        await camera.take("settings", here.channel, shown.response, round(370 * tall), viewer=here.moderator)


async def _watches(camera: Studio, card: Any) -> Any:
    """Wait for the site of a card; return the list of what is waited for."""
    await camera.click(card, "watch")
    return (await camera.here.you.slash(camera.here.channel, "watches")).response


if __name__ == "__main__":
    if chromium.path() is None:
        sys.exit(f"The pictures are taken with Chromium: apt-get install {chromium.PACKAGE} fonts-noto-core")
    with chromium.as_playwrights_own():
        asyncio.run(main(*((FOLDER, WIDE) if len(sys.argv) < 2 else (Path(sys.argv[1]), PHONE))))
