"""Does a card have its four lines, and a conversation's panel everything that was said?"""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.events import Joined
from bot.conversation.prompts import choices
from bot.conversation.replies import Judged, Why
from bot.conversation.state import Phase, State
from bot.diagnosis.findings import Finding, Outcome
from bot.diagnosis.incidents import Others
from bot.diagnosis.verdict import Observation, Verdict
from bot.engine.run import Progress
from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.panels import Turn, card_panel, panel_of, talk_panel, thread_name
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import layout, texts_of, units
from bot.wording import word
from bot.wording.words import PLACEHOLDER
from playbook import AT, NGINX_502, NGINX_502_NO_ADDRESS, Playbook, seen

CARD = Place("a", "card", owner=1, channel=10)
THREAD = Place("a", "thread", owner=1, channel=20)


HOSTILE = st.one_of(
    st.text(max_size=3000),
    st.sampled_from(
        ["@everyone", "<@1> <#2> </a:3> <t:0>", "[x](https://evil.example)", "```\n`a``b", "\u202e\u2066x" * 99]
    ),
)


def turn_of(book: Playbook) -> Turn:
    turn = Turn()
    for reply in book.replies:
        turn.add(word(book.kb, reply, "en"), lambda _: "")
    return turn


def brief(kb: KnowledgeBase, text: str) -> Playbook:
    from bot.conversation.events import Pasted

    return Playbook(kb).feed(Pasted(text=text, brief=True))


def test_card_says_it_in_four_lines(kb: KnowledgeBase) -> None:
    """Which error and where; what is the matter; how it was seen and how sure that is; and the way on."""
    book = brief(kb, NGINX_502).looked(seen(502))
    panel = card_panel(Phrases(kb, "en"), CARD, book.state, turn_of(book))
    (text,) = texts_of(panel)
    lines = text.splitlines()
    assert lines[0] == "**502 Bad Gateway from nginx · `shop.example.com`**"
    assert lines[1].startswith("The site is down")
    assert lines[2] == "-# The site's own server · Seen from here at 12:04 UTC, twice · likely"
    assert len(lines) == 3
    assert [choice.label for choice in panel.choices] == [
        "Guide me",
        "Check again",
        "Why?",
        "Tell me when it is back",
        "Not this",
    ]
    assert panel.state == "down"


def test_card_without_address_asks_for_one(kb: KnowledgeBase) -> None:
    """Where nothing could be looked at, the card offers to take the address."""
    book = brief(kb, NGINX_502_NO_ADDRESS)
    panel = card_panel(Phrases(kb, "en"), CARD, book.state, turn_of(book))
    assert "Enter the address" in [choice.label for choice in panel.choices]


def test_verdict_without_address_asks_for_one(kb: KnowledgeBase) -> None:
    """Where nothing was looked at the address can be entered, also by who cannot type there; else there is no need."""
    for kind in ("private", "thread", "direct"):
        place = Place("a", kind, owner=1, channel=20)
        bare, seen_at = brief(kb, NGINX_502_NO_ADDRESS), brief(kb, NGINX_502).looked(seen(502))
        offered = [
            [choice.id for choice in panel_of(Phrases(kb, "en"), place, book.state, turn_of(book)).choices]
            for book in (bare, seen_at)
        ]
        assert offered[0] == ["guide", "works", "enter-address", "why", "human", "stop"]
        assert "enter-address" not in offered[1]


def test_card_shows_the_look_under_way(kb: KnowledgeBase) -> None:
    """While checks run the card says so, and each check that is done is a line."""
    book = brief(kb, NGINX_502)
    turn = turn_of(book)
    turn.add(Progress(Finding(check="dns", outcome=Outcome.OK)), lambda _: "✅ name")
    assert turn.waits
    text = "\n".join(texts_of(card_panel(Phrases(kb, "en"), CARD, book.state, turn)))
    assert "Looking at" in text
    assert "✅ name" in text


def test_verdict_takes_the_place_of_what_led_to_it(kb: KnowledgeBase) -> None:
    """Once the verdict is there, the look and its lines are gone."""
    book = brief(kb, NGINX_502)
    turn = turn_of(book)
    turn.add(Progress(Finding(check="dns", outcome=Outcome.OK)), lambda _: "✅ name")
    for reply in book.looked(seen(502)).replies:
        turn.add(word(kb, reply, "en"), lambda _: "")
    assert turn.progress == []
    assert "checking" not in [message.key for message in turn.messages]
    assert turn.verdict() is not None


def test_panel_keeps_asides_to_one_person(kb: KnowledgeBase) -> None:
    """Why, help and reports are not on the panel that everybody can see."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("why")
    turn = turn_of(book)
    panel = talk_panel(Phrases(kb, "en"), THREAD, book.state, turn)
    assert [message.key for message in turn.aside()] == ["why"]
    assert "why" not in [message.key for message in panel.messages]
    assert "Stop" in [choice.label for choice in panel.choices]


def test_card_in_another_phase_stays_dismissable(kb: KnowledgeBase) -> None:
    """A card that had to ask something keeps "Not this", and has no stop."""
    book = Playbook(kb).says("lorem ipsum")
    labels = [choice.label for choice in panel_of(Phrases(kb, "en"), CARD, book.state, turn_of(book)).choices]
    assert "Not this" in labels
    assert "Paste the error" in labels
    assert "Stop" not in labels


def test_card_tells_of_others_in_one_line_more(kb: KnowledgeBase) -> None:
    """Others are below the verdict in a small line of their own, as they are in a conversation's own message."""
    book = brief(kb, NGINX_502).looked(seen(502)).feed(Joined(others=Others(count=4, since=AT)))
    line = "-# 4 others here met an error of it since 12:04 UTC."
    (text,) = texts_of(card_panel(Phrases(kb, "en"), CARD, book.state, turn_of(book)))
    assert text.splitlines()[3:] == [line]
    assert texts_of(talk_panel(Phrases(kb, "en"), THREAD, book.state, turn_of(book)))[-1].splitlines()[-1] == line


def test_thread_is_named_by_host_and_state(kb: KnowledgeBase) -> None:
    """The title carries host and state, later the outcome; a hostile host cannot make it longer than Discord takes."""
    phrases = Phrases(kb, "en")
    book = brief(kb, NGINX_502).looked(seen(502))
    assert thread_name(book.state, phrases) == "shop.example.com · down"
    assert thread_name(book.state.model_copy(update={"outcome": "solved"}), phrases) == "shop.example.com · solved"
    assert thread_name(State(phase=Phase.STEP), phrases) == "502"
    assert len(thread_name(State(host="x" * 500, outcome="solved"), phrases)) <= 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hostile_facts_reach_nobody_as_markup(kb: KnowledgeBase, data: st.DataObject) -> None:
    """Whatever a site, a name server or a person wrote, any verdict about it fits and holds it in dead letters."""
    cause = kb.causes[data.draw(st.sampled_from(sorted(kb.causes)))]
    facts: dict[str, Any] = {name: data.draw(HOSTILE) for name in ("host", "http.status", "http.server", "text.code")}
    used = set(PLACEHOLDER.findall(f"{cause.summary}{cause.reason}{cause.action}"))
    facts |= {name: data.draw(HOSTILE) for name in sorted(used - OURS)}
    evidence = tuple(Observation(fact=name, value=value) for name, value in facts.items())
    verdict = Verdict(state=cause.state, side=cause.side, cause=cause.id, strength=cause.strength, evidence=evidence)
    told = Judged(verdict=verdict, facts=facts, seen_at=AT, choices=choices("guide", "recheck", "why"))
    why = Why(verdict=verdict, facts=facts, step=None, guide=None, error=None, seen_at=AT)
    state = State(phase=Phase.VERDICT, verdict=verdict, url="https://a.example", host=data.draw(HOSTILE))
    turn = Turn()
    for reply in (told, why):
        turn.add(word(kb, reply, "en"), lambda _: "")
    for panel in (
        card_panel(Phrases(kb, "en"), CARD, state, turn),
        talk_panel(Phrases(kb, "en"), THREAD, state, turn, aside=True),
    ):
        text = "\n".join(texts_of(panel))
        dead = CODE.sub("", text)
        assert units(text) <= 4000
        assert not [part for part in ACTIVE if part in dead]
        assert layout(panel).to_components()
    assert len(thread_name(state, Phrases(kb, "en"))) <= 100


OURS = {"product.name", "edge.name"}
"""Names that the knowledge gives; no site writes them."""
CODE = re.compile(r"`[^`\n]*`")
ACTIVE = ("@everyone", "<@1>", "evil.example", "\u202e", "<#2>")
