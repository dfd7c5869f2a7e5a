"""How does a conversation find out what is meant: which error, whose site, which address?"""

from __future__ import annotations

from typing import Any, cast

from bot.conversation.checking import start_checks, verdict_without_look
from bot.conversation.events import Event, Pasted
from bot.conversation.guiding import ask, next_prompt
from bot.conversation.remark import SURE, says_again
from bot.conversation.replies import (
    AddressNotRead,
    LinkOnly,
    NotUnderstood,
    Recognised,
    SecretsSeen,
    Unsure,
)
from bot.conversation.state import Phase, State
from bot.conversation.turn import Turn
from bot.diagnosis.harmless import harmless
from bot.diagnosis.identification import Identification, Known, Target
from bot.diagnosis.identify import identify
from bot.diagnosis.redact import redact
from bot.diagnosis.targets import from_input
from bot.kb.model import KnowledgeBase

ADDRESSLESS_SOURCES = frozenset({"windows-update"})
"""Errors of machines that have no address for a bot to look at."""


def pasted(turn: Turn) -> Turn:
    """Read what a person wrote: a known error, an address, both, or neither."""
    event = cast("Pasted", turn.event)
    found = found_in(turn.kb, event)
    if event.role is not None:
        turn = turn.with_state(role=event.role)
    turn = _warn_of_secrets(turn, found)
    if says_again(turn.state, found) and not event.address:
        return ask(turn)  # the open question stays open
    if found.match is not None and found.match.confidence >= SURE:
        return _recognised(_begin(turn, found), found.match)
    fresh = turn.state.phase in (Phase.IDLE, Phase.ENDED, Phase.CLARIFY)
    given = event.address or event.text
    address = None if fresh and found.speak else from_input(given)  # a plea may name addresses that work
    if found.match is not None and fresh and address is None:
        return _unsure(turn, found, found.match)
    address = address or found.address
    if address is not None:
        url = _url_of(event, address, None if fresh else turn.state.known)
        return _address_given(turn, url, address.host)
    return _nothing_found(turn)


def found_in(kb: KnowledgeBase, event: Pasted) -> Identification:
    """Recognise what was handed in; the address that was given beside the text counts, whatever the text names."""
    found = identify(kb, event.text)
    if not event.address:
        return found
    secrets = dict.fromkeys((*found.secrets, *redact(event.address)[1]))
    return found.model_copy(update={"target": from_input(event.address), "secrets": tuple(secrets)})


def address_in(kb: KnowledgeBase, event: Pasted) -> Target | None:
    """Return the address that something handed in names, in whatever way."""
    return found_in(kb, event).address or from_input(event.address or event.text)


def _is_unread(event: Event) -> bool:
    """Was something given as the address beside the text that is no address?"""
    return isinstance(event, Pasted) and bool(event.address) and from_input(event.address or "") is None


def _tell_of_address(turn: Turn) -> Turn:
    return turn.say(AddressNotRead()) if _is_unread(turn.event) else turn


def _warn_of_secrets(turn: Turn, found: Identification) -> Turn:
    return turn.say(SecretsSeen(kinds=found.secrets)) if found.secrets else turn


def _begin(turn: Turn, found: Identification) -> Turn:
    """Start over with a new error; what is known of the reader, their device and the same site stays."""
    state = turn.state
    fresh = state.phase in (Phase.IDLE, Phase.ENDED)
    known_before = None if fresh or _is_unread(turn.event) else state.url
    event = cast("Pasted", turn.event)
    url = _url_of(event, found.address, found.match) if found.address else known_before
    host = found.address.host if found.address else (state.host if known_before else None)
    same_site = not fresh and host is not None and host == state.host
    return turn.with_state(
        known=found.match,
        alternatives=(),
        guess=None,
        hop=found.hop,
        details=found.details,
        url=url,
        host=host,
        address_declined=False,
        brief=event.brief,
        **_FORGOTTEN | {"answers": state.answers if same_site else {}},
        started_at=turn.event.at,
    )


def _url_of(event: Pasted, address: Target, match: Known | None) -> str:
    """Say what is looked at: whoever got an encryption error was at https."""
    url = address.url if match is not None and match.family == "tls" else address.asked
    return harmless(url) if event.overheard else url


_FORGOTTEN: dict[str, Any] = {
    "report": None,
    "others": None,
    "verdict": None,
    "experience": (),
    "answers": {},
    "question": None,
    "guide": None,
    "step": None,
    "number": 0,
    "outcomes": {},
    "failed_again": False,
    "guiding": False,
    "waiting_for": None,
    "outcome": None,
    "solved_by": None,
    "trail": (),
}
"""What another error or another address makes worthless."""


def _recognised(turn: Turn, match: Known) -> Turn:
    return after_error(_tell_of_address(turn.say(Recognised(error=match.error, confidence=match.confidence))))


def _unsure(turn: Turn, found: Identification, match: Known) -> Turn:
    turn = _begin(turn, found).with_state(known=None, guess=match)
    first = (match.error, match.confidence)
    ranked = [first, *((a.error, a.confidence) for a in match.alternatives)]
    named = tuple({"error": error, "confidence": confidence} for error, confidence in dict(ranked).items())[:4]
    alternatives = Unsure.model_validate({"alternatives": named}).alternatives
    return ask(_tell_of_address(turn).move(Phase.PICK_ERROR, alternatives=alternatives))


def _nothing_found(turn: Turn) -> Turn:
    """Nonsense, or something else: in the middle of a conversation the open question is asked again."""
    match turn.state.phase:
        case Phase.IDLE | Phase.ENDED | Phase.CLARIFY:
            return ask(_tell_of_address(turn).move(Phase.CLARIFY))
        case _ if _is_unread(turn.event):
            return ask(_tell_of_address(turn))
        case Phase.ASK_ADDRESS:
            return ask(turn.say(AddressNotRead()))
        case _:
            return ask(turn.say(NotUnderstood()))


def _address_given(turn: Turn, url: str, host: str) -> Turn:
    state = turn.state
    if state.phase in (Phase.IDLE, Phase.ENDED, Phase.CLARIFY):
        fresh = State(lang=state.lang, role=state.role, profile=state.profile, url=url, host=host)
        turn = turn.with_state(**{name: getattr(fresh, name) for name in State.model_fields})
        return start_checks(turn.with_state(started_at=turn.event.at).say(LinkOnly(host=host)))
    trail = tuple(mark for mark in state.trail if mark.phase in (Phase.ASK_ROLE, Phase.ASK_ADDRESS))
    forgotten = _FORGOTTEN | {"trail": trail}
    return start_checks(turn.with_state(**forgotten, url=url, host=host, address_declined=False))


def after_error(turn: Turn) -> Turn:
    """An error is known: ask for what is still missing, in the order role, address, look."""
    state = turn.state
    if state.role is None and not state.brief:
        return ask(turn.move(Phase.ASK_ROLE))
    if state.known is not None and _has_no_address(turn.kb, state.known):
        return verdict_without_look(turn)
    if _is_out_of_sight(turn):
        return verdict_without_look(turn.with_state(url=None, host=None, address_declined=True))
    if state.url is not None:
        return start_checks(turn)
    if state.address_declined or (state.brief and not _is_unread(turn.event)):
        return verdict_without_look(turn)
    return ask(turn.move(Phase.ASK_ADDRESS))


def _has_no_address(kb: KnowledgeBase, known: Known) -> bool:
    """Tell whether the error has no address for a bot to look at: the system says what happened, not where."""
    return known.source in ADDRESSLESS_SOURCES or kb.errors[known.error].layer == "os"


def _is_out_of_sight(turn: Turn) -> bool:
    """Did a connection fail on the reader's own machine, where nobody else can look?"""
    known = turn.state.known
    if known is None or not known.local:
        return False
    entry = turn.kb.errors.get(known.error)
    return known.family == "connection" or (entry is not None and entry.local)


def picked_error(turn: Turn) -> Turn:
    """The person says which error it is; what their text tells besides still holds."""
    entry, guess = turn.kb.errors[turn.choice.removeprefix("error:")], turn.state.guess
    if guess is not None and guess.error == entry.id:
        known = guess.model_copy(update={"confidence": 1.0, "alternatives": ()})
        return _recognised(turn.with_state(known=known), known)
    known = Known(
        error=entry.id,
        status=entry.status,
        family=entry.family,
        source=entry.source,
        substatus=entry.substatus,
        code=entry.code,
        confidence=1.0,
        local=guess is not None and guess.local,
        unreached=guess.unreached if guess is not None else None,
    )
    return _recognised(turn.with_state(known=known, hop=None), known)


def picked_site(turn: Turn) -> Turn:
    """The service that they named is meant: look at its site."""
    host = turn.state.details["site"]  # it was offered, so it is there
    return _address_given(turn, f"https://{host}/", host)


def picked_none(turn: Turn) -> Turn:
    """It is none of the errors that the bot thought of."""
    turn = turn.with_state(known=None, alternatives=(), guess=None)
    if turn.state.url is not None:
        return start_checks(turn)
    return ask(turn.move(Phase.CLARIFY))


def role_given(turn: Turn) -> Turn:
    """The person says whether the site is theirs."""
    turn = turn.with_state(role=turn.choice)
    return next_prompt(turn) if turn.state.verdict is not None else after_error(turn)


def address_declined(turn: Turn) -> Turn:
    """There is no address, or it stays private: go on with what the text tells."""
    return verdict_without_look(turn.with_state(address_declined=True, url=None, host=None))
