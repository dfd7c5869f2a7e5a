"""Does a text only say that the error of this conversation is still there, and what is meant by that here?"""

from __future__ import annotations

from bot.conversation.state import Phase, State
from bot.diagnosis.identification import Identification
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import SPECIFIC_FROM_TEXT
from bot.kb.model import KnowledgeBase, Question

SURE = 0.6
"""From this confidence on the bot says what it is; below it asks."""

UNDERWAY = frozenset({Phase.STEP, Phase.ASK_USUAL, Phase.ASK_QUESTION, Phase.RECHECKING, Phase.PICK_TRIED})
"""Phases in which "still 502" is about what the person just did."""


def remarked(kb: KnowledgeBase, state: State, text: str) -> str | None:
    """Return the choice that "still 502" stands for; None if the text says something else, or no choice is meant."""
    if _choice(state) is None or not says_again(state, identify(kb, text)):
        return None
    return _choice(state)


def says_again(state: State, found: Identification) -> bool:
    """Tell whether somebody mid-conversation names the known error again, and nothing new: no other site, no writer."""
    known, match = state.known, found.match
    if state.phase not in UNDERWAY or known is None or match is None or match.confidence < SURE or found.secrets:
        return False
    if found.address is not None and found.address.host != state.host:
        return False
    alike = match.family == known.family and match.status in (None, known.status)
    return match.error == known.error or (alike and match.source in SPECIFIC_FROM_TEXT)


def _choice(state: State) -> str | None:
    if state.phase is Phase.STEP:
        return "still-broken"
    if state.phase is Phase.ASK_USUAL:
        return "no"
    # "Still 502" is about this site, so it does not tell whether others open.
    about_site = state.phase is Phase.ASK_QUESTION and state.question != Question.OTHER_SITES
    return "no" if about_site else None
