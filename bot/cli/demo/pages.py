"""Which browser pages show the demo's channel and threads? simcord shows one channel per page, so each has its own.

simcord 3.2.1 allows one preview at a time, and shows changes when somebody acts. The two places where this module
works around that are marked; the version is pinned because of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import simcord
from simcord.preview import Preview

LOOK_EVERY_S = 0.3


class Pages:
    """All pages of one demo. What the bot does appears on them as it happens."""

    def __init__(self, env: simcord.Env, viewers: Sequence[Any]) -> None:
        self._env = env
        self._viewers = viewers
        self._previews: list[Preview] = []
        self._changed = False
        self._turn = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None
        env.backend.subscribers.append(self._note)

    async def open(self, channel: Any, port: int = 0) -> Preview:
        """Show a channel on a page of its own, which lives as long as the demo. Waits for a page that is busy."""
        async with self._turn:
            shown = self._env.preview(channel, viewers=self._viewers, layout="channel", port=port)
            await shown.__aenter__()
            self._previews.append(shown)
            self._share(shown)
        if self._ticking is None:
            self._ticking = asyncio.ensure_future(self._tick())
        return shown

    async def close(self) -> None:
        """End all pages."""
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        for shown in self._previews:
            await shown.close()

    def mark_all_dispatched(self) -> None:
        """Tell each page that something was done; the one that did it takes note."""
        for shown in self._previews:
            shown._mark_action_dispatched()  # noqa: SLF001 - see the module

    def _share(self, shown: Preview) -> None:
        """First place: let further previews open, and let their pages act one after another, not refuse each other."""
        self._env._preview = _Several(self)  # type: ignore[assignment] # noqa: SLF001
        act = shown._action  # noqa: SLF001

        async def in_turn(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
            async with self._turn:
                return await act(context_id, _up_to_date(shown, context_id, body))

        shown._action = in_turn  # type: ignore[method-assign] # noqa: SLF001

    def _note(self, _event: str, _payload: Any) -> None:
        self._changed = True

    async def _tick(self) -> None:
        """Second place: publish what happened while nobody acted, such as checks that go on."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._changed:
                self._changed = False
                for shown in self._previews:
                    if not shown._closed:  # noqa: SLF001
                        shown._publish_message_pages(reason="refresh")  # noqa: SLF001


def _up_to_date(shown: Preview, context_id: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page that was republished a moment ago still has what was clicked on it; simcord checks that itself."""
    page = shown._pages.get(context_id or "")  # noqa: SLF001 - see the module
    if page is None or "published_revision" not in body:
        return body
    return {**body, "published_revision": page.revision}


class _Several:
    """Takes the place of simcord's one preview, and never says that it is taken."""

    _closed = True

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def _mark_action_dispatched(self) -> None:
        self._pages.mark_all_dispatched()
