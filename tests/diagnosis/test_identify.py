"""Does a pasted text lead to the right error, address and decision to speak?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.identification import Hops
from bot.diagnosis.identify import NOTHING, explained, identify, index_of, is_ordinary
from bot.kb.load import load
from bot.kb.model import KnowledgeBase

KB = load()
FRAGMENTS = [
    "502", " Bad Gateway", "nginx", "HTTP/1.1 ", "<html>", "</h1>", "\n", "\x1b[31m", "0x80244021", "\u200b", "Б", "错误",
    "https://a.example/?token=abcd", "```", "**", "> ", "&lt;", "\\n", "\\u0041", "error ", "ERR_CONNECTION_RESET", " ",
    'host: "a.example"',
]  # fmt: skip


@pytest.mark.parametrize("error", sorted(KB.errors))
def test_examples_lead_to_their_entry(error: str) -> None:
    """Each example of an entry is recognised as that entry, with its address; each near miss is not."""
    entry = KB.errors[error]
    for example in entry.examples:
        found = identify(KB, example.text)
        assert found.match is not None, example.text
        assert found.match.error == error, example.text
        if example.target:
            assert found.target is not None, example.text
            assert found.target.host == example.target, example.text
    for miss in entry.not_examples:
        found = identify(KB, miss.text)
        assert found.match is None or found.match.error != error, (miss.text, miss.because)


def test_status_code_and_family_of_windows_update() -> None:
    """0x80244021 is a bad gateway; other codes keep their own family, whatever status they carry."""
    first = identify(KB, "Windows Update failed with 0x80244021, since yesterday").match
    other = identify(KB, "Windows Update failed with 0x80244022, since yesterday").match
    assert first is not None
    assert other is not None
    assert (first.status, first.family, first.source) == (502, "bad-gateway", "windows-update")
    assert (other.status, other.family, other.source) == (503, "windows-update-other", "windows-update")


@pytest.mark.parametrize(
    ("text", "hop"),
    [
        ("Bad gateway Error code 502 You Browser Working Cloudflare Working shop.example.com Host Error",
         Hops(visitor="working", edge="working", origin="error")),
        ("502 Bad Gateway\nnginx/1.24.0", Hops(visitor="working", edge="working", origin="error")),
        ("502 Bad Gateway", None),
        ("Akamai answers HTTP 404 here", None),
        ("https://shop.example.com", None),
    ],
)  # fmt: skip
def test_hop_is_what_the_text_proves(text: str, hop: Hops | None) -> None:
    """The drawing comes first, then what the page of a known machine proves; bare words prove nothing."""
    assert identify(KB, text).hop == hop


@pytest.mark.parametrize(
    ("text", "speak"),
    [
        ("502 Bad Gateway", True),
        ("Windows Update keeps failing with 0x80244021", True),
        ("the store stops with 0x801901f6, again", True),
        ("Windows Update keeps failing with 0x80244022", False),
        ("504 Gateway Time-out on login", False),
        ("Error 522 when I open my site", False),
        ("Error 504 Gateway Timeout: The server didn't respond in time.\nis it me?", True),
        ("no more 504, it was: The server didn't respond in time.", False),
        ("ERR_CONNECTION_RESET", False),
        ("hello", False),
        ("502", False),
        ("my area code is 502", False),
        ("error[E0502]: cannot borrow `v` as mutable", False),
    ],
)
def test_speaks_for_the_502_family(text: str, speak: bool) -> None:
    """A 502 is spoken on; of other gateway errors only a pasted page; other errors and other numbers never."""
    assert identify(KB, text).speak is speak


def test_bare_number_is_unsure() -> None:
    """A number alone names an error, but hardly."""
    bare = identify(KB, "502").match
    plain = identify(KB, "502 Bad Gateway").match
    assert bare is not None
    assert plain is not None
    assert bare.error == plain.error == "generic-502"
    assert bare.confidence < 0.5 < plain.confidence


@pytest.mark.parametrize("text", ["Server Error", "the page says: Server Error", "This page isn't working"])
def test_shared_words_alone_are_unsure(text: str) -> None:
    """Words that several errors share name all of them, none of them surely; no hop is claimed, nothing is offered."""
    found = identify(KB, text)
    assert found.match is not None
    assert found.match.confidence < 0.6
    assert len(found.match.alternatives) >= 2
    assert found.hop is None
    assert not found.speak


@pytest.mark.parametrize(
    "text", ["400 people signed up", "Just a moment...", "forbidden", "Could not connect to server"]
)
def test_words_of_one_error_alone_are_not_enough(text: str) -> None:
    """A weak wording of a single error, or a number, is no ground for a guess."""
    assert identify(KB, text).match is None


def test_google_is_among_the_meanings_of_server_error() -> None:
    """The bare words are, above all, a 500 or Google's 502."""
    match = identify(KB, "Server Error").match
    assert match is not None
    assert {"generic-500", "gcp-lb-502"} <= {match.error, *(each.error for each in match.alternatives)}


def test_details_are_kept_apart_from_fields() -> None:
    """Reference numbers are details; what is a field of the answer is not repeated."""
    found = identify(
        KB,
        "Error 502 Ray ID: 5f0c1d2e3a4b5c6d • 2026-03-04 05:06:07 UTC\nBad gateway shop.example.com | 502: Bad gateway",
    )
    assert found.details == {"ray": "5f0c1d2e3a4b5c6d"}


def test_app_that_is_named_is_told() -> None:
    """An app or service that a person names as what fails is the source, unless a machine shows itself."""
    for text, source, details in (
        ("github gives me 502 on every push", "app", {"service": "github", "site": "github.com"}),
        ("my jellyfin says 502 again", "app", {"app": "jellyfin"}),
        ("my jellyfin says 502 Bad Gateway nginx/1.24.0", "nginx", {}),
        ("my site says 502 again", "generic", {}),
    ):
        found = identify(KB, text)
        assert found.match is not None
        assert found.match.error in ("generic-502", "nginx-502")
        assert (found.match.source, dict(found.details)) == (source, details)


def test_secrets_are_named_not_kept() -> None:
    """The kinds of secrets are reported, the secrets are nowhere in the answer."""
    found = identify(KB, "curl -H 'Authorization: Bearer abcdef123' https://bob:hunter2@shop.example.com/ gives 502")
    assert set(found.secrets) == {"auth-header", "password-in-url"}
    assert "hunter2" not in found.model_dump_json()
    assert "abcdef123" not in found.model_dump_json()


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x01\x02\x03", "hello there", "你好", "Привет всем"])
def test_nothing_is_the_empty_answer(text: str) -> None:
    """Empty, binary and ordinary texts give one and the same empty answer."""
    assert identify(KB, text) is NOTHING


def test_link_alone_is_a_target() -> None:
    """A message that holds only an address names no error, but the address."""
    found = identify(KB, "https://shop.example.com/cart")
    assert found.match is None
    assert found.target is not None
    assert found.target.host == "shop.example.com"


@pytest.mark.parametrize(
    "link",
    [
        "https://stackoverflow.com/questions/1/nginx-502-bad-gateway",
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/502",
        "https://shop.example.com/kb/0x80244021",
        "https://shop.example.com/ERR_CONNECTION_REFUSED",
        "<https://blog.example.dev/504-gateway-timeout>",
        "blog.example.dev/fix-502-bad-gateway-nginx",
        "https://a.example/502-bad-gateway\nhttps://b.example/nginx-502-bad-gateway",
    ],
)
def test_words_in_a_link_are_no_error(link: str) -> None:
    """A link names the page that it leads to: alone it shows no error, and nobody is answered unasked for it."""
    found = identify(KB, link)
    assert found.match is None
    assert found.hop is None
    assert not found.speak


@pytest.mark.parametrize(
    ("text", "speak"),
    [
        ("https://stackoverflow.com/questions/1/nginx-502-bad-gateway this is the guide", False),
        ("lol https://blog.example.dev/fix-502-bad-gateway-nginx", False),
        ("help, https://shop.example.com/502-bad-gateway shows 502 bad gateway nginx", True),
        ("shop.example.com/cart 502 Bad Gateway nginx, help", True),
    ],
)
def test_link_with_a_remark_is_no_plea(text: str, speak: bool) -> None:
    """Whoever shares a page about an error is not answered unasked; whoever names the error beside a link is."""
    assert identify(KB, text).speak is speak


def test_huge_text_is_cut() -> None:
    """The end of a huge text still counts; its middle does not."""
    padding = "all is well here\n" * 20_000
    assert identify(KB, f"{padding}HTTP/1.1 502 Bad Gateway").match is not None
    assert identify(KB, f"{padding}HTTP/1.1 502 Bad Gateway\n{padding}").match is None


def test_index_is_made_once_per_knowledge() -> None:
    """The same knowledge is prepared once, a different one again."""
    assert index_of(KB) is index_of(KB)
    other: KnowledgeBase = KB.model_copy()
    assert index_of(other) is not index_of(KB)


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)))
def test_any_text_has_one_answer(text: str) -> None:
    """No text makes it fail, and the answer never depends on chance."""
    assert identify(KB, text) == identify(KB, text)


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)))
def test_what_is_passed_over_holds_nothing(text: str) -> None:
    """A text that is called ordinary without being read is one in which reading finds nothing."""
    assert not is_ordinary(KB, text) or identify(KB, text) is NOTHING


def test_ordinary_talk_is_passed_over_and_errors_are_not() -> None:
    """Talk is told by the gate alone; an error, a huge text and another script are read."""
    assert is_ordinary(KB, "we meet at nine, bring snacks :)")
    assert not is_ordinary(KB, "502 Bad Gateway")
    assert not is_ordinary(KB, "all is well here\n" * 20_000)
    assert not is_ordinary(KB, "502 错误的网关")


def test_names_in_code_must_stand_as_written() -> None:
    """Half of a class's name is plain English: nobody's slip makes it a program's error."""
    for text in ("bade gateway", "not my bad gate, way to go"):
        match = identify(KB, text).match
        assert match is None or match.source == "generic", text
    match = identify(KB, "Net::HTTPBadGateway again").match
    assert match is not None
    assert match.error == "ruby-502"


def test_number_in_a_plea_is_surer_than_in_talk() -> None:
    """Whoever plainly meets a failure hardly means another number, so nobody is asked which error it is."""
    plea, talk = identify(KB, "getting 502 on login again, anyone else?"), identify(KB, "our team got 502 in the quiz")
    assert plea.speak
    assert plea.match is not None
    assert plea.match.confidence >= 0.7
    assert not talk.speak
    assert talk.match is None or talk.match.confidence < 0.6


def test_number_that_is_only_just_a_status_is_weighed_as_that() -> None:
    """What is vague in the text is vague in the judgement."""
    judgement = explained(KB, "my page 502, why")[1]
    assert judgement is not None
    assert not {"vague", "faint"}.isdisjoint(judgement.traits)


def test_crowded_text_is_not_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody typed has no typing errors, and to look for them would be dear."""
    looked: list[str] = []
    monkeypatch.setattr("bot.diagnosis.identify.repaired", lambda read, _: looked.append(read.plain))
    identify(KB, " ".join(phrase for entry in KB.errors.values() for phrase in entry.match.phrases)[:2000])
    assert looked == []
    identify(KB, "502 Bad Gatewya from nginx")
    assert len(looked) == 1


@pytest.mark.parametrize(
    "text",
    [
        "gateway error on the timetable page since noon",
        "the login says five-oh-two again, anyone else?",
        "riverbank gateway error since monday, is the club's site dead?",
    ],
)
def test_loose_wording_is_answered_but_unsure(kb: KnowledgeBase, text: str) -> None:
    """Whoever meets a "gateway error" is helped, and asked which error it is: a timeout is among the answers."""
    said = identify(kb, text)
    assert said.speak
    assert said.match is not None
    assert (said.match.status, said.match.alternatives[0].error) == (502, "generic-504")
    assert said.match.confidence < 0.4


def test_signs_of_a_known_error_say_more_than_a_loose_wording(kb: KnowledgeBase) -> None:
    """Beside a line of Apache's log "gateway error" is not the status."""
    said = identify(kb, "gateway error, the log says AH01114: HTTP: failed to make connection to backend: 127.0.0.1")
    assert said.match is not None
    assert (said.match.error, said.match.status) == ("apache-log-connect-failed", 503)


@pytest.mark.parametrize(
    "text",
    [
        "my card was declined, payment gateway error",
        "stripe: gateway error",
        "Gateway error: disallowed intents",
        "error: gateway pattern is not implemented",
        "I love fiveohtwo",
        "the zigbee gateway error led is red",
    ],
)
def test_errors_of_other_gateways_are_none_of_ours(kb: KnowledgeBase, text: str) -> None:
    """Neither a gateway of another kind, nor a program's own message, nor the bot's name is a bad gateway."""
    said = identify(kb, text)
    assert not said.speak
    assert said.match is None or said.match.status != 502


def test_name_of_a_relative_does_not_speak_against_its_page(kb: KnowledgeBase) -> None:
    """Words that only name another error beside a 502 do not count on that error's own pasted page."""
    page = "503 Service Unavailable, no server is available to handle this request. http://shop.example.com/"
    found, judgement = explained(kb, page)
    assert found.speak
    assert judgement
    assert not any("unavailable" in word for word in judgement.words)
    assert not identify(kb, f"solved now, thanks. it was: {page}").speak
