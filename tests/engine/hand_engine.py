"""What do the tests of conversations drive? An engine over fakes, with a clock that is moved by hand."""

from __future__ import annotations

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.events import Event
from bot.diagnosis.findings import Report
from bot.engine.run import Engine, Progress
from bot.kb.model import KnowledgeBase
from bot.storage.memory import MemoryStore
from bot.wording import Message
from fakes import HandClock, ScriptedChecker, numbered_ids
from playbook import seen

KEY = "somebody"


class Bench:
    """An engine over fakes, with what it said."""

    def __init__(self, kb: KnowledgeBase, *reports: Report, store: MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.checker = ScriptedChecker(*reports or (seen(502),))
        self.clock = HandClock()
        ids = iter(numbered_ids())
        self.engine = Engine(kb, self.store, self.checker, self.clock, lambda: next(ids))

    async def feed(self, event: Event) -> list[str]:
        """Run an event; return keys of messages and names of checks, in order."""
        return [self.name(output) async for output in self.engine.handle(KEY, event)]

    async def looks(self) -> list[str]:
        """Return the looks that are pending."""
        return [effect.id for effect in await self.effects() if isinstance(effect, RunChecks)]

    async def effects(self) -> list[RunChecks | Wake]:
        """Return the effects that are pending."""
        return [due.effect for pending in await self.store.pending() for due in pending.effects]

    async def lines(self) -> list[str]:
        """Return the keys of the replies that are pending."""
        return [line.reply.key for pending in await self.store.pending() for line in pending.replies]

    @staticmethod
    def name(output: Message | Progress) -> str:
        return output.key if isinstance(output, Message) else f"<{output.finding.check}>"
