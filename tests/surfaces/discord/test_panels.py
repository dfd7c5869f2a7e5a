"""Does a card have its four lines, and a conversation's panel all that was said?"""

from __future__ import annotations

from bot.conversation.state import Phase, State
from bot.diagnosis.findings import Finding, Outcome
from bot.engine.run import Progress
from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.panels import Turn, card_panel, panel_of, talk_panel, thread_name
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import texts_of
from bot.wording import word
from playbook import NGINX_502, NGINX_502_NO_ADDRESS, Playbook, seen

CARD = Place("a", "card", owner=1, channel=10)
THREAD = Place("a", "thread", owner=1, channel=20)


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
    assert [choice.label for choice in panel.choices] == ["Guide me", "Check again", "Why?", "Not this"]
    assert panel.state == "down"


def test_card_without_address_asks_for_one(kb: KnowledgeBase) -> None:
    """Where nothing could be looked at, the card offers to take the address."""
    book = brief(kb, NGINX_502_NO_ADDRESS)
    panel = card_panel(Phrases(kb, "en"), CARD, book.state, turn_of(book))
    assert "Enter the address" in [choice.label for choice in panel.choices]


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
    """Why, help and reports do not stand on the panel that all can see."""
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


def test_thread_is_named_by_host_and_state(kb: KnowledgeBase) -> None:
    """The title carries host and state, later the outcome; a hostile host cannot make it longer than Discord takes."""
    phrases = Phrases(kb, "en")
    book = brief(kb, NGINX_502).looked(seen(502))
    assert thread_name(book.state, phrases) == "shop.example.com · down"
    assert thread_name(book.state.model_copy(update={"outcome": "solved"}), phrases) == "shop.example.com · solved"
    assert thread_name(State(phase=Phase.STEP), phrases) == "502"
    assert len(thread_name(State(host="x" * 500, outcome="solved"), phrases)) <= 100
