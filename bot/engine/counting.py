"""What about an event is worth counting?"""

from __future__ import annotations

from bot.conversation.events import Checked, Event
from bot.conversation.state import Phase, State
from bot.engine.watcher import judged
from bot.kb.model import KnowledgeBase
from bot.ports import Counts


def count(counts: Counts, kb: KnowledgeBase, event: Event, before: State, after: State) -> None:
    """Count a look that came back, and a conversation that began or ended by the event."""
    if isinstance(event, Checked):
        refused = event.report.refusal is not None
        counts.looked("conversation", None if refused else judged(kb, event.report).state)
    if _is_under_way(after) and not _is_under_way(before):
        counts.began()
    if after.phase is Phase.ENDED and _is_under_way(before):
        counts.ended(after.outcome or "stopped")


def _is_under_way(state: State) -> bool:
    return state.phase not in (Phase.IDLE, Phase.ENDED)
