"""Is a number a status only where it is one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.status import Mention, family, leading, mentions
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return vocabulary_of(kb.locales.values())


def status_of(text: str, vocabulary: Vocabulary) -> int | None:
    lead = leading(mentions(text, vocabulary))
    return lead.status if lead else None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("HTTP/1.1 502 Bad Gateway", 502),
        ("HTTP/2 504", 504),
        ('"GET / HTTP/1.1" 502 157 "-"', 502),
        ("0/0/0/-1/2 502 204 - - SH-- 1/1/1/1/0", 502),
        ("status code: 503", 503),
        ('"statusCode":504', 504),
        ("Request failed with status code 502", 502),
        ("Response status code does not indicate success: 502", 502),
        ("HTTP Error 502.3 - Bad Gateway", 502),
        ("error: 502", 502),
        ("(502) Bad Gateway", 502),
        ("Bad Gateway (502)", 502),
        ("502 Gateway Time-out", 502),
        ("502: bad gatway", 502),
        ("5O2 Bad Gateway", 502),
        ("S02 bad gateway", 502),
        ("502. That's an error", 502),
        ("a 502 server error", 502),
        ("502 Internal Server Error", 502),
        ("code: 502", 502),
        ("getting 502 on login", 502),
        ("502 when I open it", 502),
        ("502", 502),
        ("一直提示502，面板后台能登入，502,panel也一样", 502),
        ("站点一直报502,1panel后台能登入", 502),
        ("错误HTTP 502，9个机场订阅全部都挂了", 502),
        ("the page weighs 502,5 in the error report", None),
        ("random 502s under load", 502),
        ("Error 404", 404),
        ("getData error: Status code502", 502),
        ("HTTP502 on every page", 502),
        ("login ends in error502", 502),
        ("statuscode502 from the api", 502),
        ("開くとService Unavailableって出ます", 503),
        ("たまにInternal Server Errorが出る", 500),
        ("504 Gateway Time-out", 504),
        ("Bad Gateway", 502),
        ("is the store 502ing", 502),
        ("it 502'ed", 502),
        ("the shop is bad gatewaying", 502),
        ("bad gatewayyyy", 502),
        ("litellm.BadGatewayError", 502),
        ("server replied: Gateway Timeout", 504),
        ("first 404 Not Found, then 502 Bad Gateway, then 502 Bad Gateway again", 502),
        ("page 500 gave Internal Server Error", 500),
        ('the gateway gives {"message": "Internal server error"} with a 502', 502),
        ("502 になります, InternalServerErrorException", 502),
        ("error 502 - 5.5 minutes down", 502),
    ],
)
def test_status_is_read(text: str, status: int, vocabulary: Vocabulary) -> None:
    """Machines' and people's ways to write a status are known; plain ones win over vague ones."""
    assert status_of(text, vocabulary) == status


@pytest.mark.parametrize(
    "text",
    [
        "error[E0502]: cannot borrow",
        "ORA-06502: PL/SQL",
        "SQLCODE -502",
        "SQL error -502",
        "bad gateway drug",
        "chess was a bad gateway hobby",
        "502ip",
        "the server has 502 players",
        "port 502",
        "apt 502, second door",
        "it cost $502 on that site",
        "502 people got an error page",
        "1,502 people",
        "fixes #502",
        "/pull/502",
        "502 Command not implemented (SMTP server error)",
        "error: 502 5.5.2 command not recognized",
        "error 502-5.5.1 unknown command",
        "Error: Invalid login: 535-5.7.8 Username and Password not accepted",
        "server error: 550 5.1.1 no such user",
        "the error log: status=200 bytes=502",
        'an error? {"status": 200, "size": 502}',
        "the server has 502 files with an error",
        "[500, 502, 503]",
        "localhost:502 is a server",
        "https://example.com/502 is a page",
        "version 4.502 of the server",
        "about 600 errors",
        "we walked 502 times",
        "the area code of that page is 502",
        "postcode502 has no page of errors",
        "still 502/udp for me",
        "X.509 certificate error",
        "the payment gateway timeout of the site",
    ],
)
def test_other_number_is_no_status(text: str, vocabulary: Vocabulary) -> None:
    """Ports, rooms, prices, counts, versions, issues, lists and other codes are no statuses."""
    assert status_of(text, vocabulary) is None


def test_substatus_is_kept(vocabulary: Vocabulary) -> None:
    """IIS' sub-status comes from the number itself or from the fields of its log."""
    assert [m.substatus for m in mentions("HTTP Error 502.5 - Process Failure", vocabulary)] == ["502.5"]
    line = "2026-11-03 08:14:55 10.0.0.4 GET /orders - 443 - 203.0.113.9 Mozilla/5.0 502 3 12030 187"
    assert [(m.form, m.substatus) for m in mentions(line, vocabulary)] == [("iis-log", "502.3")]


def test_translated_wording_counts(vocabulary: Vocabulary) -> None:
    """Wordings of other languages are mentions, too, but numbers win."""
    found = mentions("passerelle incorrecte, HTTP 504", vocabulary, [(502, "wording", 0, 21)])
    assert [m.form for m in found] == ["wording", "named"]
    lead = leading(found)
    assert lead is not None
    assert lead.status == 504


def test_gateway_of_another_kind_is_no_status(vocabulary: Vocabulary) -> None:
    """A translated wording that is the end of another thing's name does not count."""
    assert mentions("our payment gateway timeout", vocabulary, [(504, "wording", 12, 27)]) == ()
    assert mentions("our VPN gateway error", vocabulary, [(502, "loose", 8, 21)]) == ()


def test_number_and_name_say_more_than_a_loose_wording(vocabulary: Vocabulary) -> None:
    """ "Gateway error" is a 502 only where the text says nothing better."""
    loose = (502, "loose", 0, 13)
    for text, status in {
        "gateway error again": 502,
        "gateway error, HTTP 504": 504,
        "gateway error, I get a 504": 504,
    }.items():
        lead = leading(mentions(text, vocabulary, [loose]))
        assert lead is not None
        assert lead.status == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("openai.InternalServerError: Bad Gateway", 502),
        ("InternalServerError: something broke", 500),
        ("ServiceUnavailable: internal server error", 500),
        ("internal server error: bad gateway", 500),
    ],
)
def test_message_says_more_than_its_class(text: str, status: int, vocabulary: Vocabulary) -> None:
    """The class of an exception counts only where its message names no status."""
    lead = leading(mentions(text, vocabulary))
    assert lead is not None
    assert lead.status == status


def test_no_answer_yields_to_what_was_met(vocabulary: Vocabulary) -> None:
    """A library's 599 wraps what it met: another number beside it counts; alone it counts itself."""
    wrapped = leading(mentions("HTTP 599: Received HTTP code 502 from proxy after CONNECT", vocabulary))
    alone = leading(mentions("HTTP 599: Operation timed out", vocabulary))
    assert wrapped
    assert alone
    assert (wrapped.status, alone.status) == (502, 599)


def test_nothing_leads_nothing() -> None:
    """Without mentions there is no status."""
    assert leading([]) is None


def test_vague_number_yields_to_words() -> None:
    """A number that is only spoken of is weaker than a written-out reason phrase of another status."""
    spoken = Mention(502, None, "spoken", 1, 0, 3)
    worded = Mention(503, None, "wording", 2, 10, 31)
    assert leading([spoken, worded]) is worded


def test_gateway_has_few_parts(vocabulary: Vocabulary) -> None:
    """502.5 is a part of a status; 502.10 is a sum of money."""
    assert mentions("error 502.5 on the site", vocabulary)[0].substatus == "502.5"
    assert mentions("error in the bill of the site: 502.10", vocabulary) == ()


def test_figures_are_cut_short(vocabulary: Vocabulary) -> None:
    """Only a limited number of numbers in one text is looked at."""
    assert len(mentions("error 502 " * 400, vocabulary)) == 24


def test_several_of_them_are_not_one(vocabulary: Vocabulary) -> None:
    """Of the same number between the same words, the one with an ending is a status, the bare one only among words."""
    words = "cups of tea and milk, and of cake about " * 4
    found = mentions(f"{words}502s {words}502 {words}", vocabulary)
    assert [mention.end - mention.start for mention in found] == [4]


def test_families() -> None:
    """Each status belongs to one family."""
    assert [family(status) for status in (502, 504, 522, 418)] == [
        "bad-gateway", "gateway-timeout", "cloudflare-edge", "other-http",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "ошибка 502", "502 오류", "错误码502", "502エラー", "erreur 502", "Fehler 502", "błąd 502", "502 hatası", "errore 502",
        "erro 502", "fout 502", "lỗi 502", "hata kodu 502", "erro código 502", "error codigo 502", "код ошибки: 502",
    ],
)  # fmt: skip
def test_languages_name_a_status(kb: KnowledgeBase, text: str) -> None:
    """In each language that ships, its word for an error makes the number a status."""
    assert status_of(text, vocabulary_of(kb.locales.values())) == 502


@given(st.text(alphabet="502 .:eErrorHTTP/\n", max_size=200))
def test_mentions_lie_inside_the_text(text: str) -> None:
    """Places are places of the text, in order."""
    found = mentions(text, vocabulary_of([]))
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert [m.start for m in found] == sorted(m.start for m in found)
