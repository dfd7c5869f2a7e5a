"""What happens next? The one pure function: `step(kb, state, event) -> (state, replies, effects)`."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bot.conversation.effects import Effect
from bot.conversation.events import Cancelled, Checked, Chose, Event, Joined, Pasted, Woke
from bot.conversation.prompts import choices, prompt
from bot.conversation.remark import remarked
from bot.conversation.replies import NotUnderstood, Reply
from bot.conversation.sayings import device_named, entry_of, meant
from bot.conversation.state import Phase, State
from bot.conversation.table import TABLE, Transition
from bot.conversation.turn import Turn
from bot.kb.model import KnowledgeBase

CHECKS_AFTER_S = 120.0
"""Far above the longest check: anybody who waits longer waits for something lost."""
SILENCE_AFTER_S = 30 * 60.0
END_AFTER_S = 48 * 3600.0
REMEMBERED_EVENTS = 8


class Step(NamedTuple):
    """The outcome of one event."""

    state: State
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]


def step(kb: KnowledgeBase, state: State, event: Event) -> Step:
    """Carry a conversation one event further. Never raises for any event in any state."""
    turn = Turn(kb=kb, event=event, state=state)
    if event.id in state.seen or _stale(state, event):
        return Step(state, (), ())
    turn = _awake(turn)
    found, event = _transition(turn)
    turn = replace(turn, event=event)
    turn = found.handler(turn) if found is not None else _not_understood(turn)
    turn = _waiting(turn).with_state(seen=(*state.seen, event.id)[-REMEMBERED_EVENTS:])
    return Step(turn.state, turn.replies, turn.effects)


def meaning(kb: KnowledgeBase, state: State, text: str) -> str | None:
    """Return the choice that a person's words would be taken for now, None if they are read as an error."""
    return _meaning(_awake(Turn(kb=kb, event=Pasted(text=text), state=state)), text)


def _meaning(turn: Turn, text: str) -> str | None:
    return meant(turn, text) or remarked(turn.kb, turn.state, text) or device_named(turn, text)


def _awake(turn: Turn) -> Turn:
    """Whoever goes on wakes the conversation."""
    if turn.state.phase is not Phase.ASLEEP or not _speaks(turn.event):
        return turn
    return turn.with_state(phase=turn.state.slept_in or Phase.IDLE, slept_in=None)


def _stale(state: State, event: Event) -> bool:
    """Results that nobody waits for (any more) change nothing, nor do reports of others where there is no verdict."""
    match event:
        case Joined():
            return "joined" not in TABLE[state.phase]
        case Checked(effect=effect):
            return effect != state.waiting_for or "checked" not in TABLE[state.phase]
        case Woke(effect=effect):
            return effect != state.wake or "woke" not in TABLE[state.phase]
        case _:
            return False


def _speaks(event: Event) -> bool:
    """Tell whether the event is a person going on, rather than one of the choices offered by sleep itself."""
    match event:
        case Pasted():
            return True
        case Chose(choice=choice):
            return choice not in TABLE[Phase.ASLEEP]
        case _:
            return False


def _transition(turn: Turn) -> tuple[Transition | None, Event]:
    """Find the row's entry for the event; free text that means a choice becomes that choice."""
    row = TABLE[turn.state.phase]
    match turn.event:
        case Checked() | Joined() | Woke() | Cancelled():
            return row.get(turn.event.kind), turn.event
        case Chose(choice=choice):
            return row.get(entry_of(turn, choice)), turn.event
        case pasted:
            said = None if pasted.address else _meaning(turn, pasted.text)
    if said is None:
        return row.get("pasted") if pasted.text.strip() or pasted.address else None, pasted
    event = Chose(id=pasted.id, at=pasted.at, choice=said)
    return row[entry_of(turn, said)], event


def _not_understood(turn: Turn) -> Turn:
    """No such choice here: say so and ask again, so that nobody is met with silence."""
    reply = prompt(turn.kb, turn.state, turn.facts())
    return turn.say(NotUnderstood(choices=() if reply.choices else choices("help")), reply)


def _waiting(turn: Turn) -> Turn:
    """Make sure that a waiting conversation is woken eventually."""
    if not turn.replies:
        return turn
    match turn.state.phase:
        case Phase.IDLE | Phase.ENDED:
            return turn.with_state(wake=None)
        case Phase.CHECKING | Phase.RECHECKING:
            return turn.wake_after(CHECKS_AFTER_S)
        case Phase.ASLEEP:
            return turn.wake_after(END_AFTER_S)
        case _:
            return turn.wake_after(SILENCE_AFTER_S)
