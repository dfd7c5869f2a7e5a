"""Does the entry win that fits status, machine and signs best?"""

from __future__ import annotations

import pytest

from bot.diagnosis.choice import Choice
from bot.diagnosis.identify import _case, identify, index_of
from bot.diagnosis.normalise import normalise
from bot.kb.model import KnowledgeBase


def choose(kb: KnowledgeBase, text: str) -> Choice | None:
    return _case(index_of(kb), normalise(text)).choose()


@pytest.mark.parametrize(
    ("text", "error", "source", "status"),
    [
        ("502 Bad Gateway", "generic-502", "generic", 502),
        ("502 Bad Gateway\nnginx/1.24.0", "nginx-502", "nginx", 502),
        ("Traefik gives me a 502", "traefik-502", "traefik", 502),
        ("Akamai answers HTTP 404 here", "generic-404", "akamai", 404),
        ("HTTP Error 502.3 - Bad Gateway", "iis-502-3", "iis", 502),
        ("our page: 502.5 error", "iis-502-5-ancm", "iis-ancm", 502),
        ("our site gives a 502.9 error", "iis-502", "iis", 502),
        ("error 522 when I open my site", "cloudflare-522", "cloudflare", 522),
        ("with axios I get error 502", "http-client-502", "http-client", 502),
        ("connect() failed (111: Connection refused) while connecting to upstream", "nginx-log-connection-refused",
         "nginx", 502),
        ("HTTP Error 500, upstream sent too big header while reading response header from upstream", "generic-500",
         "nginx", 500),
    ],
)  # fmt: skip
def test_best_entry_is_chosen(kb: KnowledgeBase, text: str, error: str, source: str, status: int) -> None:
    """The text's own status and machine come first, then the strongest signs."""
    choice = choose(kb, text)
    assert choice is not None
    assert (choice.entry.id, choice.source, choice.status) == (error, source, status)


@pytest.mark.parametrize(
    ("text", "source", "code"),
    [
        ("the page shows ERR_EMPTY_RESPONSE, my script says ECONNRESET", "generic", "ERR_EMPTY_RESPONSE"),
        ("GET https://api.example.com net::ERR_EMPTY_RESPONSE, then ECONNRESET", "http-client", "ECONNRESET"),
        ("its console: net::ERR_EMPTY_RESPONSE, my script: ECONNRESET", "http-client", "ECONNRESET"),
        ("the page shows ERR_EMPTY_RESPONSE, wget says ECONNRESET", "http-client", "ECONNRESET"),
    ],
)
def test_page_of_a_browser_comes_before_a_programs_code(kb: KnowledgeBase, text: str, source: str, code: str) -> None:
    """Its first code leads where no console and no program is named."""
    choice = choose(kb, text)
    assert choice is not None
    assert (choice.source, choice.code) == (source, code)


def test_machine_named_far_from_a_programs_message_did_not_write_it(kb: KnowledgeBase) -> None:
    """A program's own words are the program's, whatever server is spoken of elsewhere."""
    message = "Failed to load resource: the server responded with a status of 502 ()"
    near, far = choose(kb, f"{message} from nginx"), choose(kb, f"{message}\n{'so it goes. ' * 12}\nWe use nginx.")
    assert near is not None
    assert far is not None
    assert (near.source, far.source) == ("nginx", "http-client")


def test_code_of_a_log_is_read_from_its_field(kb: KnowledgeBase) -> None:
    """A pattern may say which part of it is the product's own code."""
    choice = choose(kb, '{"status":502,"statusDetails":"failed_to_pick_backend"}')
    assert choice is not None
    assert choice.code == "failed_to_pick_backend"


def test_nothing_known_gives_nothing(kb: KnowledgeBase) -> None:
    """A text without signs has no entry."""
    assert choose(kb, "https://shop.example.com") is None


def test_browser_sentence_in_another_language(kb: KnowledgeBase) -> None:
    """A translated sentence of a browser's own page names the kind of failure."""
    choice = choose(kb, "Diese Website ist nicht erreichbar")
    assert choice is not None
    assert choice.entry.family == "connection"
    assert choice.confidence == 0.5


def test_every_wording_of_a_browsers_page_names_its_kind_of_failure(kb: KnowledgeBase) -> None:
    """Each sentence that a language keeps for dns, tls or connection is recognised as that, or by a known error."""
    told = [
        (name, kind, wording)
        for name, locale in kb.locales.items()
        for kind, wordings in locale.recognise.failure.items()
        for wording in wordings
    ]
    assert len(told) > 200
    missed = [each for each in told if (choice := choose(kb, each[2])) is None or choice.entry.family != each[1]]
    assert missed == []


def test_what_stands_below_the_title_of_a_browsers_page_says_more(kb: KnowledgeBase) -> None:
    """That a site cannot be reached is the title of many pages; the sentence below it names the failure."""
    text = "Diese Website ist nicht erreichbar. Die Server-IP-Adresse von shop.example.com wurde nicht gefunden."
    choice = choose(kb, text)
    assert choice is not None
    assert choice.entry.family == "dns"


def test_browser_sentence_without_an_entry_is_nothing(kb: KnowledgeBase) -> None:
    """Knowledge without browser pages cannot name the failure."""
    bare = kb.model_copy(update={"errors": {}})
    assert choose(bare, "Diese Website ist nicht erreichbar") is None


def test_substatus_fields_are_read(kb: KnowledgeBase) -> None:
    """IIS writes the sub-status into a field of its own, too."""
    choice = choose(kb, 'ModuleName="AspNetCoreModule", HttpStatus="502", HttpSubStatus="3", HttpReason="Bad Gateway"')
    assert choice is not None
    assert choice.substatus == "502.3"


def test_code_is_as_written(kb: KnowledgeBase) -> None:
    """The code is as in the text; a named Windows Update error has its usual one."""
    for text, code in (
        ("Windows Update error 80244021", "80244021"),
        ("WU_E_PT_HTTP_STATUS_BAD_GATEWAY", "0x80244021"),
        ("502 Bad Gateway with 0x80070057", "0x80070057"),
        ("Windows Update Agent error 8024402d #1181 (COM error 0x8024402D (wcode: 0))", "0x8024402D"),
        ("502 Bad Gateway", None),
    ):
        choice = choose(kb, text)
        assert choice is not None
        assert choice.code == code


def test_recalled_knowledge_is_less_sure(kb: KnowledgeBase) -> None:
    """What is only remembered lowers the confidence."""
    choice = choose(kb, "502 Bad Gateway\nnginx/1.24.0")
    assert choice is not None
    remembered = {**kb.errors, "nginx-502": kb.errors["nginx-502"].model_copy(update={"certainty": "recalled"})}
    less = choose(kb.model_copy(update={"errors": remembered}), "502 Bad Gateway\nnginx/1.24.0")
    assert less is not None
    assert less.confidence == pytest.approx(choice.confidence - 0.1)


def test_close_rivals_are_alternatives(kb: KnowledgeBase) -> None:
    """Entries nearly as good are named, less sure than the winner."""
    choice = choose(kb, "Squid: 502 Bad Gateway. The system returned: (104) Connection reset by peer, Read Error")
    assert choice is not None
    assert all(other.confidence <= choice.confidence for other in choice.alternatives)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Error 1027\nThis website has been temporarily rate limited", "1027"),
        ("This website has been temporarily rate limited, port 1027.0", None),
    ],
)
def test_bare_code_of_a_named_error_is_told_where_it_stands(kb: KnowledgeBase, text: str, code: str | None) -> None:
    """A number that may be anything is the code of the error that its page names."""
    match = identify(kb, text).match
    assert match is not None
    assert (match.error, match.code) == ("cloudflare-1027", code)


@pytest.mark.parametrize("text", ["502", "my bot prints 502, aiohttp", "got a 502 in our logs"])
def test_no_alternative_is_surer_than_the_match(kb: KnowledgeBase, text: str) -> None:
    """Whoever takes the highest number takes what was chosen."""
    choice = choose(kb, text)
    assert choice is not None
    assert all(other.confidence <= choice.confidence for other in choice.alternatives)
