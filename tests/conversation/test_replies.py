"""Is what the bot can mean to say, and let people pick, exactly what its vocabulary names?"""

from __future__ import annotations

from typing import get_args

from bot.conversation.events import Checked, Chose, Pasted, Woke
from bot.conversation.replies import CHOICES, PARAMETERS, Reply, ResultWaits, StoreAway
from bot.conversation.state import Phase, State
from bot.kb.model import KnowledgeBase
from playbook import HOST, NGINX_502, NGINX_502_NO_ADDRESS, Playbook, report, seen

TEXTS = (
    NGINX_502,
    NGINX_502_NO_ADDRESS,
    "502",
    "shop.example.com",
    "lorem ipsum",
    "",
    f"502 Bad Gateway https://anna:hunter2@{HOST}/",
)
KEYS = {kind.model_fields["key"].default for kind in get_args(Reply)}
LOOKS = (seen(200), seen(502), report(refusal="loopback-v4"))


def walk(kb: KnowledgeBase) -> tuple[set[str], set[str]]:
    """Go every way that choices lead from a few texts; return the ids that were offered and the replies' keys."""
    offered, said = set[str](), set[str]()
    known = set[tuple[object, ...]]()
    open_: list[State] = [State()]

    def follow(state: State, event: Pasted | Chose | Checked | Woke) -> None:
        book = Playbook(kb, state).feed(event)
        said.update(book.keys)
        offered.update(choice.id for reply in book.replies for choice in reply.choices)
        if (place := place_of(book)) not in known:
            known.add(place)
            open_.append(book.state)

    while open_:
        state = open_.pop()
        for event in events(kb, state):
            follow(state, event)
    return offered, said


def place_of(book: Playbook) -> tuple[object, ...]:
    """Two states in the same place offer the same ways on, as far as this test cares."""
    state = book.state
    profile = (state.profile.browser is None, state.profile.system is None)
    return state.phase, state.role, state.verdict is None, len(state.answers), profile, tuple(book.offered)


def events(kb: KnowledgeBase, state: State) -> list[Pasted | Chose | Checked | Woke]:
    """Return what may happen next: every choice that is on offer, a few texts, a look's result, silence."""
    asked = Playbook(kb, state).feed(Chose(choice="help")).offered
    found: list[Pasted | Chose | Checked | Woke] = [Chose(choice=choice) for choice in asked]
    if state.phase in (Phase.IDLE, Phase.ASK_ADDRESS):
        found += [Pasted(text=text) for text in TEXTS]
    if state.waiting_for is not None:
        found += [Checked(effect=state.waiting_for, report=look) for look in LOOKS]
    if state.wake is not None:
        found.append(Woke(effect=state.wake))
    return [*found, *(Chose(choice=choice) for choice in ("help", "why", "back", "restart"))]


def test_choices_are_exactly_those_that_the_code_offers(kb: KnowledgeBase) -> None:
    """Every id on offer has a label in the vocabulary (or a name of knowledge), and no label is left over."""
    offered, _ = walk(kb)
    assert {choice for choice in offered if ":" not in choice} == CHOICES


def test_every_kind_of_reply_has_texts_of_its_own() -> None:
    """The name of a text is the key of a kind of reply, or begins with it; each kind has such a text."""
    kinds = {
        key: {name for name in PARAMETERS if name == key or name.startswith((f"{key}.", f"{key}-"))} for key in KEYS
    }
    assert all(kinds.values())
    assert set().union(*kinds.values()) == set(PARAMETERS)


def test_every_kind_of_reply_is_said(kb: KnowledgeBase) -> None:
    """No kind of reply is one that no conversation ever comes to; two are the engine's alone."""
    _, said = walk(kb)
    assert KEYS - said == {StoreAway(minutes=10).key, ResultWaits().key}
