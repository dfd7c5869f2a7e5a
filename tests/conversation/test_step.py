"""Does one event lead where the table says, from any state, without ever raising?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.events import Cancelled, Checked, Chose, Event, Joined, Pasted, Woke
from bot.conversation.replies import BROWSERS, CHOICES, SYSTEMS
from bot.conversation.state import Phase, State
from bot.conversation.step import meaning, step
from bot.conversation.table import TABLE
from bot.diagnosis.experience import Tally
from bot.diagnosis.findings import Failure
from bot.diagnosis.incidents import Others
from bot.kb.model import KnowledgeBase
from playbook import AT, NGINX_502, NGINX_502_NO_ADDRESS, Playbook, report, seen

TEXTS = (
    NGINX_502, NGINX_502_NO_ADDRESS, "shop.example.com", "https://other.example.org/x", "", "   ", "lorem ipsum", "502",
    "Error 0x80244021", "works now", "still broken", "?close", "HTTP Error 502.3", "ERR_CONNECTION_REFUSED", "back",
)  # fmt: skip
REPORTS = (
    seen(200), seen(502), seen(503, writer="gateway"), seen(404), seen(403, challenge="cloudflare"),
    seen(failure=("dns", Failure.NXDOMAIN)), seen(failure=("tcp", Failure.TIMEOUT)), report(refusal="loopback-v4"),
)  # fmt: skip
actions = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(TEXTS)),
    st.tuples(st.just("text"), st.text(max_size=40)),
    st.tuples(st.just("form"), st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS))),
    st.tuples(st.just("pick"), st.integers(0, 11)),
    st.tuples(st.just("pick"), st.integers(0, 11)),
    st.tuples(st.just("choice"), st.sampled_from(sorted({*CHOICES, "error:nginx-502", "step:reload", "junk", "a:b"}))),
    st.tuples(st.just("look"), st.sampled_from(range(len(REPORTS)))),
    st.tuples(st.just("others"), st.integers(1, 5)),
    st.tuples(st.just("stale"), st.just(0)),
    st.tuples(st.just("silence"), st.just(0)),
    st.tuples(st.just("leave"), st.just(0)),
)


def event_of(book: Playbook, action: tuple[str, object]) -> Event | None:
    match action:
        case ("text", str(text)):
            return Pasted(text=text)
        case ("form", (str(text), str(address))):
            return Pasted(text=text, address=address, brief=True)
        case ("pick", int(number)):
            offered = book.offered
            return Chose(choice=offered[number % len(offered)]) if offered else None
        case ("choice", str(choice)):
            return Chose(choice=choice)
        case ("look", int(number)):
            others = Others(count=number, since=AT) if number else None
            return Checked(effect=book.state.waiting_for or "nobody", report=REPORTS[number], others=others)
        case ("others", int(number)):
            return Joined(others=Others(count=number, since=AT))
        case ("stale", _):
            return Woke(effect="long ago")
        case ("silence", _):
            return Woke(effect=book.state.wake or "never")
        case _:
            return Cancelled()


def experience_of(kb: KnowledgeBase, solved: int) -> dict[str, tuple[Tally, ...]]:
    """Return counts of every step of every guide for every cause: the later a step, the better it went."""
    tallies = tuple(
        Tally(guide=guide.id, step=step.id, solved=solved * place, failed=20)
        for guide in kb.guides.values()
        for place, step in enumerate(guide.steps)
    )
    return dict.fromkeys(kb.causes, tallies)


@given(script=st.lists(actions, max_size=25), solved=st.sampled_from([0, 10]))
def test_any_events_in_any_order_keep_the_rules(
    kb: KnowledgeBase, script: list[tuple[str, object]], solved: int
) -> None:
    """No sequence of events raises, leads off the table, loses its exit, or leaves a person without an answer."""
    book = Playbook(kb)
    book.experience = experience_of(kb, solved)
    for action in script:
        event = event_of(book, action)
        if event is None:
            continue
        before = book.state
        book.feed(event)
        after = book.state
        assert State.model_validate_json(after.model_dump_json()) == after
        _check_table(before, after)
        if isinstance(event, Pasted | Chose):
            assert book.replies, "a person gets an answer"
        if book.replies and after.phase is not Phase.IDLE:
            assert book.offered, "an answer leaves something to pick"
        if after.phase not in (Phase.IDLE, Phase.ENDED):
            assert after.wake is not None, "whoever waits is woken some time"


def _check_table(before: State, after: State) -> None:
    """The new phase is one that some entry of the old phase's row (or of the phase it slept in) names."""
    rows = [before.phase, *([before.slept_in] if before.slept_in else [])]
    allowed = {phase for row in rows for entry in TABLE[row].values() for phase in entry.to} | set(rows)
    assert after.phase in allowed, f"{before.phase} may not lead to {after.phase}"


@given(script=st.lists(actions, max_size=25), solved=st.sampled_from([0, 10]))
def test_no_step_is_offered_twice(kb: KnowledgeBase, script: list[tuple[str, object]], solved: int) -> None:
    """As long as nobody goes back or starts over, no step of a guide is offered a second time."""
    book = Playbook(kb)
    book.experience = experience_of(kb, solved)
    book.says(NGINX_502).picks("visitor").looked(seen(200)).picks("guide")
    offered: list[tuple[str, str]] = []
    for action in script:
        event = event_of(book, action)
        if event is None or (isinstance(event, Chose) and event.choice in ("back", "restart")):
            continue
        if isinstance(event, Pasted) and event.text.strip():
            continue
        number = book.state.number
        book.feed(event)
        if book.phase is Phase.STEP and book.state.number > number:
            offered.append((book.state.guide or "", book.state.step or ""))
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize("name", ["cancelled", "checked", "joined", "woke", "pasted", "browser", "system"])
def test_inner_names_of_the_table_are_no_choices(kb: KnowledgeBase, name: str) -> None:
    """Nobody ends or moves a conversation by writing or sending the name of an inner input."""
    book = Playbook(kb).says(NGINX_502)
    assert book.says(name.upper()).keys == ["not-understood", "ask-role"]
    assert book.feed(Chose(choice=name)).keys == ["not-understood", "ask-role"]


@pytest.mark.parametrize("phase", list(Phase), ids=lambda phase: phase.value)
@pytest.mark.parametrize(
    "choice", ["junk", "works", "back", "why", "help", "restart", "stop", "human", "guide", "skip"]
)
def test_bare_states_take_any_choice(kb: KnowledgeBase, phase: Phase, choice: str) -> None:
    """Even a state of which nothing but the phase is known answers every choice."""
    done = step(kb, State(phase=phase), Chose(id="e", at=AT, choice=choice))
    assert done.replies


def test_result_of_another_look_changes_nothing(kb: KnowledgeBase) -> None:
    """A result that nobody waits for is dropped without a word."""
    book = Playbook(kb).says(NGINX_502).picks("visitor")
    waiting = book.state
    book.feed(Checked(effect="another", report=seen(200)))
    assert book.state == waiting
    assert book.replies == ()


def test_old_wake_up_changes_nothing(kb: KnowledgeBase) -> None:
    """Only the newest wake-up counts."""
    book = Playbook(kb).says(NGINX_502)
    first = book.state.wake
    book.picks("visitor").feed(Woke(effect=first or ""))
    assert book.phase is Phase.CHECKING
    assert book.replies == ()


def test_unknown_choice_asks_again(kb: KnowledgeBase) -> None:
    """A choice that is not on offer is answered with the open question."""
    book = Playbook(kb).says(NGINX_502).feed(Chose(choice="recheck"))
    assert book.keys == ["not-understood", "ask-role"]


@pytest.mark.parametrize(
    ("text", "phase"),
    [("It works now!", Phase.ENDED), ("visitor", Phase.CHECKING), ("start over", Phase.IDLE), ("QUIT", Phase.ENDED)],
)
def test_words_stand_for_choices(kb: KnowledgeBase, text: str, phase: Phase) -> None:
    """People may write what they mean instead of picking it."""
    book = Playbook(kb).says(NGINX_502)
    if text.startswith("It"):
        book.picks("visitor").looked(seen(502))
    assert book.says(text).phase is phase


def test_words_beside_an_address_stand_for_no_choice(kb: KnowledgeBase) -> None:
    """A form with an address asks to look at it, whatever else was written into it."""
    for words in ("help", "stop", "", "it works now"):
        book = Playbook(kb, State(phase=Phase.IDLE)).feed(Pasted(text=words, address="shop.example.com"))
        assert [effect.url for effect in book.checks] == ["//shop.example.com"]


def test_words_are_told_by_what_they_mean_now(kb: KnowledgeBase) -> None:
    """A surface can ask what words would be taken for, also of somebody who fell silent; an error is no choice."""
    book = Playbook(kb).says(NGINX_502).picks("visitor")
    assert meaning(kb, book.state, "Check again!") is None
    book.looked(seen(502))
    for state in (book.state, book.silence().state):
        assert meaning(kb, state, "Check again!") == "recheck"
        assert meaning(kb, state, NGINX_502) is None
    assert book.phase is Phase.ASLEEP


def test_every_device_is_a_choice(kb: KnowledgeBase) -> None:
    """Browsers and systems that can be picked are those that knowledge files can speak of."""
    assert set(BROWSERS) | set(SYSTEMS) <= CHOICES


def test_event_that_comes_twice_counts_once(kb: KnowledgeBase) -> None:
    """A platform may deliver an event twice; the second time nothing happens and nothing is said."""
    book = Playbook(kb).says(NGINX_502)
    book.feed(Chose(id="click-1", choice="visitor"))
    once = book.state
    book.feed(Chose(id="click-1", choice="visitor"))
    assert book.state == once
    assert book.replies == ()
