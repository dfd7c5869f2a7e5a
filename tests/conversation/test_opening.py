"""Does a conversation find out what is meant: which error, whose site, which address?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Pasted
from bot.conversation.state import Phase
from bot.kb.model import KnowledgeBase
from playbook import NGINX_502, NGINX_502_NO_ADDRESS, Playbook, seen


def test_error_of_encryption_was_met_over_https(kb: KnowledgeBase) -> None:
    """Whoever saw a certificate's warning was at https, so nothing else is looked at."""
    warning = "Your connection is not private\nNET::ERR_CERT_DATE_INVALID"
    for book in (
        Playbook(kb).says(f"{warning}\nat shop.example.com").picks("visitor"),
        Playbook(kb).says(warning).picks("visitor").says("shop.example.com"),
    ):
        assert book.checks[-1].url.startswith("https://shop.example.com")


ONCE = "https://shop.example.com/reset/a1b2c3d4e5f6?user=bob"


def test_address_that_was_only_overheard_is_not_used_up(kb: KnowledgeBase) -> None:
    """What may be good only once is left out of the state and every look, unless somebody hands over the address."""
    for event in (Pasted(text=f"help, 502 Bad Gateway nginx at {ONCE}"), Pasted(text=ONCE)):
        overheard = Playbook(kb).feed(event.model_copy(update={"brief": True, "overheard": True}))
        assert [check.url for check in overheard.checks] == ["https://shop.example.com/reset/<token>?<query>"]
        assert "a1b2c3d4e5f6" not in overheard.state.model_dump_json()
        handed = Playbook(kb).feed(event.model_copy(update={"brief": True}))
        assert [check.url for check in handed.checks] == [ONCE]


def test_service_that_is_named_is_offered(kb: KnowledgeBase) -> None:
    """Whoever names a service that is known, but no address, can pick its site; it is looked at only then."""
    book = Playbook(kb).says("github gives me 502 on every push, anyone else?").picks("visitor")
    assert book.keys == ["ask-address"]
    assert "site:github" in book.offered
    assert book.checks == []
    book.picks("site:github")
    assert book.phase is Phase.CHECKING
    assert book.checks[0].url == "https://github.com/"


def test_plea_alone_is_not_asked_which_error_it_is(kb: KnowledgeBase) -> None:
    """A bare number in a plea is no sure sign, but nothing else is named that could be chosen."""
    book = Playbook(kb).says("getting 502 on login again").picks("visitor")
    assert book.keys == ["ask-address"]


def test_nonsense_asks_for_more(kb: KnowledgeBase) -> None:
    """What is neither an error nor an address is answered with what would help."""
    book = Playbook(kb).says("lorem ipsum dolor")
    assert book.keys == ["not-recognised"]
    assert "human" in book.offered


def test_weak_text_offers_alternatives(kb: KnowledgeBase) -> None:
    """When the text fits several errors a little, the person chooses; "none of these" asks for more."""
    book = Playbook(kb).says("502")
    assert book.keys == ["unsure"]
    assert "none-of-these" in book.offered
    assert book.picks("none-of-these").keys == ["not-recognised"]


def test_role_said_with_the_text_is_not_asked_for(kb: KnowledgeBase) -> None:
    """A form that holds the text and whose site it is leaves nothing to ask."""
    book = Playbook(kb).feed(Pasted(text=NGINX_502, role="owner"))
    assert book.keys == ["recognised", "checking"]


def test_picked_alternative_goes_on_as_recognised(kb: KnowledgeBase) -> None:
    """A picked alternative is as good as a recognised error."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS)
    alternatives = [{"error": "nginx-502", "confidence": 0.4}, {"error": "haproxy-502", "confidence": 0.3}]
    state = book.state.model_validate(
        book.state.model_dump() | {"phase": "pick-error", "alternatives": alternatives, "known": None}
    )
    book = Playbook(kb, state).says("help").picks("error:haproxy-502")
    assert book.keys == ["recognised", "ask-role"]
    assert book.state.known is not None
    assert book.state.known.error == "haproxy-502"


@pytest.mark.parametrize("picked", ["generic-503", "chromium-http-error-503"])
def test_picked_error_keeps_the_machine_that_the_text_names(kb: KnowledgeBase, picked: str) -> None:
    """Whichever error is picked by hand, the text still tells which machine was not found."""
    book = Playbook(kb).says("could not resolve host: db 503")
    assert book.keys == ["unsure"]
    book.picks(f"error:{picked}")
    assert book.state.known is not None
    assert (book.state.known.error, book.state.known.status, book.state.known.unreached) == (picked, 503, "db")


@pytest.mark.parametrize("picked", ["generic-502", "chromium-http-error-502"])
def test_picked_error_keeps_the_own_machine(kb: KnowledgeBase, picked: str) -> None:
    """Whichever error is picked by hand, it was met on the reader's own machine."""
    book = Playbook(kb).says("localhost:3000 502").picks(f"error:{picked}")
    assert book.state.known is not None
    assert book.state.known.local


def test_new_error_in_the_middle_takes_over(kb: KnowledgeBase) -> None:
    """Another error pasted half way starts afresh, with the role that is known."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
    book.says("https://other.example.org/ shows 504 Gateway Time-out nginx/1.24.0")
    assert "recognised" in book.keys
    assert book.phase is Phase.CHECKING
    assert book.state.host == "other.example.org"
    assert book.state.outcomes == {}


def test_nonsense_in_the_middle_asks_again(kb: KnowledgeBase) -> None:
    """Chatter half way loses nothing: the open question comes again."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
    step = book.state.step
    book.says("my cat is on the keyboard")
    assert book.keys == ["not-understood", "step"]
    assert book.state.step == step


def test_secrets_are_told_and_not_kept(kb: KnowledgeBase) -> None:
    """A pasted password is mentioned as such and is nowhere in the state."""
    book = Playbook(kb).says(
        "502 Bad Gateway nginx/1.24.0 at https://anna:hunter2@shop.example.com/x?token=abcdef123456"
    )
    assert book.keys[0] == "secrets-seen"
    stored = book.state.model_dump_json()
    assert "hunter2" not in stored
    assert "abcdef123456" not in stored


def test_role_is_asked_before_guiding_when_only_a_link_was_given(kb: KnowledgeBase) -> None:
    """After a bare link the role is asked for when it begins to matter."""
    book = Playbook(kb).says("https://shop.example.com/").looked(seen(502)).picks("guide")
    assert book.phase is Phase.ASK_ROLE
    book.picks("owner")
    assert book.phase is Phase.STEP
    assert (book.state.guide or "").startswith("owner")


def test_brief_paste_looks_without_asking(kb: KnowledgeBase) -> None:
    """For a card in a channel nothing is asked: with an address the look begins at once, the role comes later."""
    book = Playbook(kb).feed(Pasted(text=NGINX_502, brief=True))
    assert book.keys == ["recognised", "checking"]
    book.looked(seen(502)).picks("guide")
    assert book.phase is Phase.ASK_ROLE
