"""Which input leads from which phase to where? The one literal that `step` obeys and the diagram is drawn from.

House rules: everything that can happen in a phase is in its row; what is not there is answered with "not understood"
and the open question; a handler may go only to the phases named beside it (a property test checks this).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.conversation import checking, clues, guiding, interrupts, opening
from bot.conversation.state import Phase
from bot.conversation.turn import Turn

Handler = Callable[[Turn], Turn]


class Transition(NamedTuple):
    """What one input does, and where it may lead."""

    handler: Handler
    to: frozenset[Phase]


def _to(*phases: Phase) -> frozenset[Phase]:
    return frozenset(phases)


P = Phase
OPENED = _to(P.CLARIFY, P.PICK_ERROR, P.ASK_ROLE, P.ASK_ADDRESS, P.CHECKING, P.VERDICT)
GUIDED = _to(P.ASK_ROLE, P.ASK_QUESTION, P.ASK_BROWSER, P.ASK_SYSTEM, P.STEP, P.EXIT)
ENDED = _to(P.ENDED)


def _row(here: Phase, own: Mapping[str, Transition]) -> dict[str, Transition]:
    """Complete a row with what can be said in every phase of a running conversation."""
    prompts = _to(*P) - _to(P.ENDED, P.ASLEEP, P.IDLE, P.CLARIFY)
    return {
        "pasted": Transition(opening.pasted, OPENED | {here}),
        **own,
        "help": Transition(interrupts.help_, _to(here)),
        "why": Transition(interrupts.why, _to(here)),
        "back": Transition(interrupts.back, prompts | {here}),
        "restart": Transition(interrupts.restart, _to(P.IDLE)),
        "stop": Transition(interrupts.stop, ENDED),
        "human": Transition(guiding.report, _to(P.EXIT)),
        "woke": Transition(interrupts.fall_asleep, _to(P.ASLEEP)),
        "cancelled": Transition(interrupts.cancelled, ENDED),
    }


LOOK = {"recheck": Transition(checking.recheck, _to(P.CHECKING, P.ASK_ADDRESS))}
SITE = {"site:*": Transition(opening.picked_site, _to(P.CHECKING))}
SOLVED = {"works": Transition(guiding.works, ENDED)}

TABLE: Mapping[Phase, Mapping[str, Transition]] = {
    P.IDLE: {
        "pasted": Transition(opening.pasted, OPENED),
        "help": Transition(interrupts.help_, _to(P.IDLE)),
        "restart": Transition(interrupts.restart, _to(P.IDLE)),
        "stop": Transition(interrupts.stop, ENDED),
        "cancelled": Transition(interrupts.cancelled, ENDED),
    },
    P.CLARIFY: _row(P.CLARIFY, {}),
    P.PICK_ERROR: _row(
        P.PICK_ERROR,
        {
            "error:*": Transition(opening.picked_error, _to(P.ASK_ROLE, P.ASK_ADDRESS, P.CHECKING, P.VERDICT)),
            "none-of-these": Transition(opening.picked_none, _to(P.CLARIFY, P.CHECKING)),
        },
    ),
    P.ASK_ROLE: _row(
        P.ASK_ROLE,
        {
            "visitor": Transition(opening.role_given, GUIDED | {P.ASK_ADDRESS, P.CHECKING, P.VERDICT}),
            "owner": Transition(opening.role_given, GUIDED | {P.ASK_ADDRESS, P.CHECKING, P.VERDICT}),
        },
    ),
    P.ASK_ADDRESS: _row(P.ASK_ADDRESS, {"no-address": Transition(opening.address_declined, _to(P.VERDICT)), **SITE}),
    P.CHECKING: _row(
        P.CHECKING,
        {
            "checked": Transition(checking.checked, _to(P.CHECKING, P.VERDICT, P.ASK_ADDRESS)),
        },
    )
    | {"woke": Transition(checking.no_result, _to(P.VERDICT))},
    P.VERDICT: _row(
        P.VERDICT,
        {
            **LOOK,
            **SITE,
            **SOLVED,
            "guide": Transition(guiding.begin_guide, GUIDED),
            "joined": Transition(checking.joined, _to(P.VERDICT)),
        },
    ),
    P.ASK_QUESTION: _row(
        P.ASK_QUESTION,
        {
            **LOOK,
            **SOLVED,
            "yes": Transition(guiding.answered, GUIDED),
            "no": Transition(guiding.answered, GUIDED),
            "dont-know": Transition(guiding.answered, GUIDED),
        },
    ),
    P.ASK_USUAL: _row(
        P.ASK_USUAL,
        {
            **LOOK,
            **SOLVED,
            "yes": Transition(guiding.works, ENDED),
            "no": Transition(clues.only_there, GUIDED),
            "still-broken": Transition(clues.only_there, GUIDED),
            "only-there": Transition(clues.only_there, GUIDED),
        },
    ),
    P.ASK_BROWSER: _row(P.ASK_BROWSER, {"browser": Transition(guiding.browser_given, GUIDED), **LOOK}),
    P.ASK_SYSTEM: _row(P.ASK_SYSTEM, {"system": Transition(guiding.system_given, GUIDED), **LOOK}),
    P.STEP: _row(
        P.STEP,
        {
            **LOOK,
            "works": Transition(clues.works_at_step, ENDED | {P.ASK_USUAL}),
            "only-there": Transition(clues.only_there, GUIDED),
            "still-broken": Transition(checking.still_broken, GUIDED | {P.RECHECKING}),
            "skip": Transition(guiding.skip, GUIDED),
            "tried": Transition(guiding.ask_tried, _to(P.PICK_TRIED)),
        },
    ),
    P.RECHECKING: _row(
        P.RECHECKING,
        {
            **SOLVED,
            "checked": Transition(checking.rechecked, GUIDED | {P.RECHECKING, P.VERDICT, P.ASK_ADDRESS}),
        },
    )
    | {"woke": Transition(checking.no_result, _to(P.VERDICT))},
    P.PICK_TRIED: _row(
        P.PICK_TRIED,
        {
            "step:*": Transition(guiding.tried, GUIDED),
            "none-tried": Transition(guiding.tried, GUIDED),
        },
    ),
    P.EXIT: _row(
        P.EXIT,
        {
            **LOOK,
            **SOLVED,
            "report-owner": Transition(guiding.report, _to(P.EXIT)),
            "report-isp": Transition(guiding.report, _to(P.EXIT)),
            "later": Transition(guiding.later, ENDED),
        },
    ),
    P.ASLEEP: {
        "resume": Transition(interrupts.resume, _to(*P) - _to(P.ASLEEP, P.ENDED)),
        "restart": Transition(interrupts.restart, _to(P.IDLE)),
        "stop": Transition(interrupts.stop, ENDED),
        "woke": Transition(interrupts.end_in_silence, ENDED),
        "cancelled": Transition(interrupts.cancelled, ENDED),
    },
    P.ENDED: {
        "pasted": Transition(opening.pasted, OPENED),
        "help": Transition(interrupts.help_, _to(P.ENDED)),
        "restart": Transition(interrupts.restart, _to(P.IDLE)),
        "stop": Transition(interrupts.stop, ENDED),
        "cancelled": Transition(interrupts.cancelled, ENDED),
    },
}
