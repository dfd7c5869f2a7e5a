"""How is a whole conversation held in a terminal or a pipe?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from rich.console import Console
from rich.status import Status

from bot.conversation.events import Cancelled, Chose, Event, Woke
from bot.conversation.state import Phase
from bot.engine.run import Engine, Output, Progress
from bot.surfaces.terminal.lines import event_of
from bot.surfaces.terminal.render import as_json, finding_line, show
from bot.surfaces.terminal.source import Lines
from bot.wording import Label, Message
from bot.wording.words import Words

KEY = "terminal"
"""There is one conversation in a terminal."""


class App:
    """One person, one conversation."""

    def __init__(self, engine: Engine, words: Words, console: Console, lines: Lines, *, json: bool) -> None:
        self._engine = engine
        self._words = words
        self._console = console
        self._lines = lines
        self._json = json
        self._choices: Sequence[Label] = ()
        self._line: asyncio.Future[str | None] | None = None
        self._woken: asyncio.Queue[Woke] = asyncio.Queue()
        engine.on_wake = self._on_wake

    async def run(self) -> None:
        """Talk until the person stops or the input ends."""
        await self._begin()
        while (event := await self._next()) is not None:
            await self._feed(event)
            if await self._stopped(event):
                return
        await self._feed(Cancelled())

    async def _begin(self) -> None:
        """Start afresh, or go on with what an earlier process left open."""
        if (await self._engine.state(KEY)).phase in (Phase.IDLE, Phase.ENDED):
            await self._feed(Chose(choice="restart"))
            return
        await self._engine.recall(lambda key: key == KEY)  # the database may be the Discord bot's
        await self._show(self._engine.resume(KEY))
        question = await self._engine.question(KEY)
        if question is not None and not self._choices:
            self._choices = question.choices
            self._say(question, None)

    async def aclose(self) -> None:
        """Stop waiting for anything."""
        if self._line is not None:
            self._line.cancel()
        await self._engine.aclose()

    def _on_wake(self, key: str, event: Woke) -> None:
        if key == KEY:
            self._woken.put_nowait(event)

    async def _stopped(self, event: Event) -> bool:
        state = await self._engine.state(KEY)
        return state.phase is Phase.ENDED and state.outcome == "stopped" and not isinstance(event, Woke)

    async def _next(self) -> Event | None:
        """Wait for whatever comes first: a line, or the end of the time. A line that was begun is never lost."""
        if self._line is None:
            self._line = asyncio.ensure_future(self._lines.next())
        woken = asyncio.ensure_future(self._woken.get())
        try:
            await asyncio.wait((self._line, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
        if not self._line.done():
            return woken.result()
        text, self._line = self._line.result(), None
        return None if text is None else event_of(text, self._choices)

    async def _feed(self, event: Event) -> None:
        await self._show(self._engine.handle(KEY, event))

    async def _show(self, outputs: AsyncIterator[Output]) -> None:
        status: Status | None = None
        choices: list[Label] = []
        try:
            async for output in outputs:
                if isinstance(output, Progress):
                    self._progress(output)
                    continue
                choices = [*output.choices] or choices
                status = self._say(output, status)
        finally:
            if status is not None:
                status.stop()
        self._choices = choices

    def _say(self, message: Message, status: Status | None) -> Status | None:
        if self._json:
            self._console.file.write(as_json(message, self._console.encoding) + "\n")
            self._console.file.flush()
            return None
        if status is not None:
            status.stop()
        if message.key == "checking" and self._console.is_terminal:
            status = self._console.status(message.text)
            status.start()
            return status
        show(self._console, message)
        return None

    def _progress(self, output: Progress) -> None:
        if not self._json:
            self._console.print(finding_line(self._words, output.finding), highlight=False)
