"""Does a conversation find the address to look at, and ask for it where none was given?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Chose, Pasted
from bot.conversation.opening import address_in
from bot.conversation.replies import AskRole
from bot.conversation.state import Phase
from bot.kb.model import KnowledgeBase
from playbook import NGINX_502, NGINX_502_NO_ADDRESS, Playbook, report, seen


def test_paste_with_address_asks_whose_site_then_looks(kb: KnowledgeBase) -> None:
    """A page and its address need only the role before the look begins."""
    book = Playbook(kb).says(NGINX_502)
    assert book.keys == ["recognised", "ask-role"]
    book.picks("visitor")
    assert book.keys == ["checking"]
    assert [effect.url for effect in book.checks] == ["https://shop.example.com/cart"]


def test_paste_without_address_asks_for_it(kb: KnowledgeBase) -> None:
    """Without an address the bot asks for one, and looks as soon as it has it."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor")
    assert book.keys == ["ask-address"]
    assert book.says("that shop").keys == ["address-not-read", "ask-address"]
    book.says("shop.example.com/cart")
    assert book.phase is Phase.CHECKING
    assert book.checks[0].url == "//shop.example.com/cart"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("shop.example.com/cart", "//shop.example.com/cart"),
        ("shop.example.com:8080", "//shop.example.com:8080"),
        ("shop.example.com:443", "https://shop.example.com:443"),
        ("http://shop.example.com/cart", "http://shop.example.com/cart"),
        ("https://shop.example.com/cart", "https://shop.example.com/cart"),
    ],
)
def test_scheme_that_nobody_gave_stays_open(kb: KnowledgeBase, address: str, url: str) -> None:
    """A name alone is looked at as a browser does, now and at each later look; a scheme that was given is kept."""
    for book in (
        Playbook(kb).says(f"{address} says 502 Bad Gateway nginx/1.24.0").picks("visitor"),
        Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").says(address),
        Playbook(kb).says(address),
    ):
        assert book.checks[-1].url == url
        assert book.looked(seen(502)).picks("recheck").checks[-1].url == url


def test_masked_address_is_not_looked_at(kb: KnowledgeBase) -> None:
    """Somebody who wrote xxx for the name is asked for it, and may not answer with that; a stranger owns it."""
    book = Playbook(kb).says("https://xxxx.com/cart says 502 Bad Gateway nginx/1.24.0").picks("visitor")
    assert book.keys == ["ask-address"]
    assert book.says("https://www.xxx.com/cart").keys == ["address-not-read", "ask-address"]
    assert book.checks == []


def test_service_is_offered_without_an_address_only(kb: KnowledgeBase) -> None:
    """Beside an address, or where no service is named, no site is offered, and none can be picked."""
    for text in ("github gives me 502 at https://git.example.org/", NGINX_502_NO_ADDRESS, "502 on my jellyfin again"):
        book = Playbook(kb).says(text).picks("visitor")
        assert not [choice for choice in book.offered if choice.startswith("site:")]
        assert "not-understood" in book.feed(Chose(choice="site:github")).keys


def test_site_of_a_service_can_be_picked_after_the_verdict(kb: KnowledgeBase) -> None:
    """Whoever was judged by the text alone can still have the service's site looked at."""
    book = Playbook(kb).says("discord shows 502 since noon, help").picks("visitor").picks("no-address")
    assert book.keys == ["verdict"]
    assert book.picks("site:discord").checks[-1].url == "https://discord.com/"


def test_no_address_is_judged_from_the_text(kb: KnowledgeBase) -> None:
    """Whoever cannot give an address still gets a verdict from what the page proves, never a firm one."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").picks("no-address")
    assert book.keys == ["verdict"]
    assert book.state.verdict is not None
    assert book.state.verdict.strength.value != "firm"
    assert book.checks == []


@pytest.mark.parametrize("words", ["no address", "there is none", "No website", "I have none"])
def test_address_is_declined_in_words(kb: KnowledgeBase, words: str) -> None:
    """Whoever says that there is no address is not asked for it again."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").says(words)
    assert book.state.phase is not Phase.ASK_ADDRESS
    assert book.state.verdict is not None


def test_windows_update_needs_no_address(kb: KnowledgeBase) -> None:
    """An update error leads to its own guide without asking for a web address."""
    book = Playbook(kb).says("Windows Update fails with 0x80244021").picks("visitor")
    assert book.keys == ["verdict"]
    book.picks("guide")
    assert book.state.guide == "windows-update"


def test_code_of_a_windows_app_needs_no_address(kb: KnowledgeBase) -> None:
    """The Store names no server, so its user is asked as one of an app, and led without an address."""
    book = Playbook(kb).says("0x80072EFD microsoft store")
    assert [reply.about for reply in book.replies if isinstance(reply, AskRole)] == ["app"]
    book.picks("visitor")
    assert book.keys == ["verdict"]
    book.picks("guide")
    assert book.state.guide == "visitor-windows-app"


def test_address_alone_is_looked_at_at_once(kb: KnowledgeBase) -> None:
    """A link without an error text is checked straight away."""
    book = Playbook(kb).says("https://blog.example.org/")
    assert book.keys == ["link-only", "checking"]


def test_address_with_an_error_in_its_path_is_looked_at(kb: KnowledgeBase) -> None:
    """What the path of a link names is not taken for the error that somebody met."""
    link = "https://stackoverflow.com/questions/1/nginx-502-bad-gateway"
    book = Playbook(kb).says(link)
    assert book.keys == ["link-only", "checking"]
    assert [effect.url for effect in book.checks] == [link]


def test_plea_with_address_is_no_address_alone(kb: KnowledgeBase) -> None:
    """Where a person says 502 in their own words and of which site, nobody is told that there is no error in it."""
    book = Playbook(kb).says("guys the wiki is 502ing https://wiki.example.org/start, is it just me?")
    assert book.keys == ["recognised", "ask-role"]
    assert book.state.host == "wiki.example.org"
    book.picks("visitor")
    assert book.keys[-1] == "checking"


def test_address_that_works_is_not_looked_at(kb: KnowledgeBase) -> None:
    """A plea whose only address is one that works is asked for the one that fails, and no machine is contacted."""
    book = Playbook(kb).says("the order page ends in a 502 as soon as i pick express, https://blog.example.org/x works")
    assert book.keys == ["recognised", "ask-role"]
    assert book.state.host is None
    book.picks("visitor")
    assert book.keys == ["ask-address"]


def test_address_that_works_is_not_looked_at_where_the_error_is_unsure(kb: KnowledgeBase) -> None:
    """What a page says may be unclear; an address that works is none to look at even then."""
    page = "Error 502 Backend fetch failed\nBackend fetch failed\nGuru Meditation:\nXID: 120345\nVarnish cache server"
    book = Playbook(kb).says(f"some pages only since monday:\n\n{page}\n\nhttps://blog.example.org/x works")
    assert book.keys == ["unsure"]
    assert book.state.host is None


def test_talk_about_an_error_with_an_address_is_an_address(kb: KnowledgeBase) -> None:
    """Where nobody needs help with the error that is named, the address is what was given."""
    book = Playbook(kb).says("the 502 is gone for me now, thanks: https://blog.example.org/")
    assert book.keys == ["link-only", "checking"]


def test_error_after_declining_an_address_is_judged_at_once(kb: KnowledgeBase) -> None:
    """Whoever said that there is no address is not asked again for the same error."""
    book = Playbook(kb).says(NGINX_502_NO_ADDRESS).picks("visitor").picks("no-address").says("back").says("back")
    assert book.phase is Phase.ASK_ROLE
    book.picks("owner")
    assert book.phase is not Phase.ASK_ADDRESS


def test_none_of_the_alternatives_but_an_address_is_looked_at(kb: KnowledgeBase) -> None:
    """If no alternative fits and there is an address, the look decides."""
    book = Playbook(kb).says(NGINX_502)
    alternatives = [{"error": "nginx-502", "confidence": 0.4}]
    state = book.state.model_validate(
        book.state.model_dump() | {"phase": "pick-error", "alternatives": alternatives, "known": None}
    )
    book = Playbook(kb, state).says("help").picks("none-of-these")
    assert book.phase is Phase.CHECKING


def test_new_address_in_the_middle_is_looked_at(kb: KnowledgeBase) -> None:
    """Another address half way is checked, and what was seen of the old one is forgotten."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
    book.says("https://other.example.org/")
    assert book.phase is Phase.CHECKING
    assert book.state.report is None
    assert book.checks[0].url == "https://other.example.org/"


def test_refused_address_can_be_replaced(kb: KnowledgeBase) -> None:
    """An address that must not be contacted is refused with the reason, and another one may follow."""
    book = Playbook(kb).says("http://127.0.0.1/ 502 Bad Gateway nginx/1.24.0").picks("owner")
    if book.phase is Phase.ASK_ADDRESS:
        book.says("http://127.0.0.1/")
    book.looked(report(refusal="loopback-v4"))
    assert book.keys == ["address-refused", "ask-address"]
    assert book.picks("no-address").keys == ["verdict"]


def test_brief_paste_without_address_is_judged_from_the_text(kb: KnowledgeBase) -> None:
    """A card without an address says what the text proves."""
    assert Playbook(kb).feed(Pasted(text=NGINX_502_NO_ADDRESS, brief=True)).keys == ["recognised", "verdict"]


@pytest.mark.parametrize(
    ("text", "address", "url"),
    [
        ("502 Bad Gateway", "github.com", "//github.com"),
        ("502 Bad Gateway\nnginx", "https://blog.example.dev", "https://blog.example.dev"),
        ("502 Bad Gateway\nnginx", "192.0.2.7:8080", "//192.0.2.7:8080"),
        ("502 Bad Gateway\nnginx", "b\u00fccher.example.photography", "//b\u00fccher.example.photography"),
        (
            "502 Bad Gateway nginx/1.24.0 at http://shop.example.com/",
            "blog.example.dev/x",
            "//blog.example.dev/x",
        ),
        ('connect() failed, upstream: "http://10.0.0.5/", host: "a.example" 502', "b.example", "//b.example"),
        ("the page stays white", "blog.example.dev", "//blog.example.dev"),
        ("502", "blog.example.dev", "//blog.example.dev"),
    ],
)
def test_address_beside_the_text_is_looked_at(kb: KnowledgeBase, text: str, address: str, url: str) -> None:
    """What was given as the address is looked at, whatever the text names, and whatever it may be a name of."""
    book = Playbook(kb).feed(Pasted(text=text, address=address, brief=True))
    assert [effect.url for effect in book.checks] == [url]


def test_error_is_kept_where_its_address_is_given(kb: KnowledgeBase) -> None:
    """The text still says which error it is."""
    book = Playbook(kb).feed(Pasted(text=NGINX_502, address="https://blog.example.dev/", brief=True))
    assert book.keys == ["recognised", "checking"]
    assert book.state.known is not None
    assert book.state.known.error == "nginx-502"


@pytest.mark.parametrize("address", ["that shop", "xxx.com", "   "])
def test_address_that_cannot_be_read_is_asked_for_again(kb: KnowledgeBase, address: str) -> None:
    """Nothing else is looked at in its place; the error is kept, and the look follows when the address is there."""
    book = Playbook(kb).feed(Pasted(text=NGINX_502, address=address, brief=True))
    assert book.keys == ["recognised", "address-not-read", "ask-address"]
    assert book.checks == []
    book.says("blog.example.dev")
    assert [effect.url for effect in book.checks] == ["//blog.example.dev"]
    assert book.state.known is not None
    assert book.state.known.error == "nginx-502"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("lorem ipsum", ["address-not-read", "not-recognised"]),
        ("", ["address-not-read", "not-recognised"]),
        ("502", ["address-not-read", "unsure"]),
        ("Windows Update fails with 0x80244021", ["recognised", "address-not-read", "verdict"]),
    ],
)
def test_unread_address_is_told_beside_any_text(kb: KnowledgeBase, text: str, keys: list[str]) -> None:
    """Whatever the text is, nobody waits for a look that does not come."""
    assert Playbook(kb).feed(Pasted(text=text, address="that shop", brief=True)).keys == keys


def test_unread_address_in_the_middle_leaves_the_old_site(kb: KnowledgeBase) -> None:
    """Another error with an address that cannot be read is not taken for one of the site before."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502))
    assert book.feed(Pasted(text="lorem ipsum", address="that blog")).keys == ["address-not-read", "verdict"]
    assert book.state.host == "shop.example.com"
    book.feed(Pasted(text="504 Gateway Time-out nginx/1.24.0", address="that blog"))
    assert book.keys == ["recognised", "address-not-read", "ask-address"]
    assert book.state.host is None


def test_secret_in_the_address_is_told_and_not_kept(kb: KnowledgeBase) -> None:
    """The address is searched for secrets as the text is."""
    address = "https://anna:hunter2@shop.example.com/x?token=abcdef123456"
    book = Playbook(kb).feed(Pasted(text="502 Bad Gateway nginx/1.24.0", address=address, brief=True))
    assert book.keys == ["secrets-seen", "recognised", "checking"]
    stored = book.state.model_dump_json()
    assert "hunter2" not in stored
    assert "abcdef123456" not in stored


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:3000 ERR_CONNECTION_REFUSED",
        "This site can't be reached. localhost:5173 refused to connect. ERR_CONNECTION_REFUSED",
        "http://127.0.0.1:8080/ ERR_CONNECTION_REFUSED",
    ],
)
def test_own_machine_is_not_asked_for_again(kb: KnowledgeBase, text: str) -> None:
    """An address of the reader's own machine leads to what should listen there, without a look or a question."""
    book = Playbook(kb).says(text).picks("visitor")
    assert (book.phase, book.checks) == (Phase.VERDICT, [])
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "nothing-on-own-machine"
    assert "recheck" not in book.offered
    book.picks("guide")
    if book.phase is Phase.ASK_SYSTEM:
        book.picks("linux")
    assert (book.phase, book.state.guide, book.state.step) == (
        Phase.STEP,
        "visitor-client-connection",
        "check-listener",
    )


@pytest.mark.parametrize(
    "text",
    [
        "[vite] http proxy error: /api/users\nError: connect ECONNREFUSED 127.0.0.1:8080",
        "Failed to proxy http://localhost:8000/api/items Error: socket hang up",
        "10:12:33 [vite] ws proxy socket error:\nError: read ECONNRESET",
    ],
)
def test_development_server_is_not_looked_at(kb: KnowledgeBase, text: str) -> None:
    """Behind a development server is a program on the same machine, with or without an address: no question."""
    book = Playbook(kb).says(text).picks("visitor")
    assert (book.phase, book.checks) == (Phase.VERDICT, [])
    assert book.state.verdict is not None
    assert book.state.verdict.cause == "dev-server-without-backend"
    book.picks("guide")
    if book.phase is Phase.ASK_SYSTEM:
        book.picks("linux")
    assert (book.state.guide, book.state.step) == ("visitor-client-connection", "check-listener")


def test_development_server_with_an_api_elsewhere_is_asked_there(kb: KnowledgeBase) -> None:
    """Where it passes requests to a public address, that one is looked at."""
    book = Playbook(kb).says("Failed to proxy https://api.example.com/items Error: socket hang up").picks("visitor")
    assert book.state.host == "api.example.com"
    assert len(book.checks) == 1


@pytest.mark.parametrize(
    ("event", "host"),
    [
        (Pasted(text="502 Bad Gateway nginx at https://shop.example.com/cart"), "shop.example.com"),
        (Pasted(text="502 Bad Gateway", address="shop.example.com"), "shop.example.com"),
        (Pasted(text="it is shop.example.com, I think"), "shop.example.com"),
        (Pasted(text="502 Bad Gateway nginx"), None),
    ],
)
def test_address_is_found_wherever_it_was_handed_in(kb: KnowledgeBase, event: Pasted, host: str | None) -> None:
    """Beside an error, in the field for it, or in a sentence; a text may name none."""
    found = address_in(kb, event)
    assert (found.host if found else None) == host
