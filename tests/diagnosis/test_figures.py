"""Do the neighbours of a number make it a status?"""

from __future__ import annotations

import pytest

from bot.diagnosis.anchors import Lookup
from bot.diagnosis.figures import GUARDED, REASONS, form_of
from bot.diagnosis.numbers import Around
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, Locale
from bot.kb.recognise import Recognise

TOLD = {"named", "spoken", "vague", "faint"}
"""How sure it is that a person means a status is for weights to say, which are data."""


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return vocabulary_of(kb.locales.values())


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("HTTP/1.1 502 Bad Gateway", "machine"),
        ("1/2/3/4/5 502 ", "machine"),
        ("GET /x - 443 - 203.0.113.9 502 3 12030 187", "iis-log"),
        ("502 Bad Gateway", "reason"),
        ("502 UC now and then", "named"),
        ("502 uc now and then", ""),
        ("bad gateway, error 502", "reason"),
        ('"GET /x HTTP/1.1" 200 502', ""),
        ('"GET /x HTTP/1.1" 502 502', "machine"),
        ('203.0.113.9 "-" 304 502 "-"', ""),
        ("GET /favicon.ico 304 502 - 1.001 ms", ""),
        ("1286536309.450 187 192.0.2.4 TCP_MISS/200 502 GET http://shop.example.com/", ""),
        ("SyntaxError on the page: unexpected token (502:3)", ""),
        ("Error: listen EADDRINUSE :::502", ""),
        ("the page is owned by 502:20", ""),
        ("сайт домофона: код 502#, старый не пробуйте", ""),
        ("サイトのガチャ502連で天井", ""),
        ("参加者は502人、サイトで募集", ""),
        ("网站一登录就502人都傻了", "told"),
        ("the status is 502", "named"),
        ("state_code: 502", "named"),
        ("502 errors", "named"),
        ("my page 502", "told"),
        ("502: SERVICE_UNAVAILABLE", "reason"),
        ("connect to (203.0.113.9, 502) failed", ""),
        ("the site on localhost, 502 fails", ""),
        ("modbus error 502, the page is down", "named"),
        ("the modbus server: 502 on the page", ""),
        ("-rw-r--r--  1 root  502  2210 notes.txt, the page is down", ""),
        ("drwxr-xr-x@ 14 502  staff  448 build, the site is down", ""),
        ("got 502 on my test site (out of 528)", ""),
        ("I scored a 502 this time", ""),
        ("getting 502 when the score is saved", "told"),
        ("site of 502 kcal", ""),
        ("the app gives me 502 a week", ""),
        ("il sito mi dà 502 al mese", ""),
        ("the api returned 502 items", ""),
        ("error 502 items do not load in my cart", "named"),
        ("ahora cuesta 502", ""),
        ("теперь на сайте стоит 502", ""),
        ("klockan på sidan visar 502 steg", ""),
        ("μου δίνει η σελίδα 502 ευρώ", ""),
        ("strona: jestem w pokoju 502", ""),
        ("the site is owned by 502 and that is down", ""),
        ("ошибка? кв 502", ""),
        ("服务器 502室", ""),
        ("the error 502\n1. first", "named"),
        ("page (delta 502)", ""),
        ("the site: 502", "named"),
        ("codes 502", "field"),
        ('여기서 502 {"message": "Internal server error"}', "named"),
        (r"502 {\"error\": 1}", "named"),
        ("room 502 {for two}", ""),
        ("my app fails, I left the tcp port at 502 as it was", ""),
        ("the port was set to 502, error again", ""),
        ("502 when I log in", "spoken"),
        ("getting a 502", "told"),
        ("You broke it! 502 everywhere", "spoken"),
        ("We won! 502 in total", ""),
        ("getting a host:502", ""),
        ("-502", ""),
        ("2026/11/03 14:20:47 [error] 502#0: *60 upstream", ""),
        ("[error] 27#0: *502 upstream prematurely closed connection", ""),
        ("502 502 502 make it stop", "spoken"),
        ("call 502 555 502", ""),
        ("retry on [502, 503] only", ""),
        ("retry on (500, 502) only", ""),
        ("the mail page of the shop (502), since monday", "named"),
        ("Gateway timeout (502)", "reason"),
        ("our nginx config has 502 lines", ""),
        ("502 错误", "named"),
        ("Fehler: 502", "named"),
        ("502 :(", "spoken"),
        ("vpn on: 502. vpn off too", "told"),
        ("wait why 502", "told"),
        ("thought it was fixed but 502 came back", "spoken"),
        ("the sum is 502 + 3", ""),
        ("getting off at 502 elm street", ""),
        ("getting tired, boss has 502 hp left", ""),
        ("my house number is 502 and the site is old", ""),
        ("getting a ping is 502", ""),
        ("§ 502 site", ""),
        ("site (-502)", ""),
        ("area code 502 site", ""),
        ("the promo code is 502 site", ""),
        ("502 km", ""),
        ("site error: 502 tests failed", ""),
        ("the site's tests = 502 passed", ""),
        ("通过了全部 502 项测试", ""),
        ("페이지 오류가 502개", ""),
        ("l'agence est au 502 rue des Lilas, site en panne", ""),
        ("the code failed (error_code)\n--> 502 raise error_class(name)", ""),
        ("api fails\n502 error_class = from_code(error)\n--> 503 raise error", ""),
        ("--> 501 raise error\n502 else: return page", ""),
        ("site\n--> 502 Bad Gateway", "reason"),
        ("502", "spoken"),
    ],
)
def test_form_is_told(text: str, form: str, vocabulary: Vocabulary) -> None:
    """The forms of machines come first, then names, fields and talk; other numbers have none."""
    before, after = text.split("502", 1)
    allowed = TOLD if form == "told" else {form}
    assert form_of(502, before, after, Around(text, vocabulary))[0] in allowed
    present = Lookup.of(GUARDED).present(text.lower())
    assert form_of(502, before, after, Around(text, vocabulary, present))[0] in allowed


def test_other_numbers_of_things_are_none() -> None:
    """Whatever else is said, 503 is the number of the thing that it is called by; a page may fail for all that."""
    told = Recognise.model_validate({"number": {"9.0": ["ni … _"]}})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    for status, before, told_as in ((502, "ni: room ", TOLD), (503, "ni: room ", {""}), (503, "ni: page ", TOLD)):
        around = Around(f"{before}{status}, ve", vocabulary)
        assert form_of(status, before, ", ve", around)[0] in told_as


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("is poort ", " open?"), ("el puerto ", " está abierto"), ("na porcie ", " nic"), ("на порту ", " тихо"),
        ("端口", "开了吗"), ("ポート", "は開いてる"), ("포트 ", " 열려"), ("", " portu açık mı"), ("", "端口通吗"),
    ],
)  # fmt: skip
def test_port_is_none_whatever_weighs_for_a_status(before: str, after: str) -> None:
    """A port that is named so, in many languages, stays one beside an error of its connection."""
    told = Recognise.model_validate({"number": {"9.0": ["error"]}})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    whole = f"error: connect ECONNREFUSED. {before}502{after}"
    start = whole.index("502")
    assert form_of(502, whole[:start], whole[start + 3 :], Around(whole, vocabulary))[0] == ""
    assert form_of(502, "error: login ", "", Around("error: login 502", vocabulary))[0] in TOLD


def test_device_beside_a_number_counts_among_its_words() -> None:
    """What has codes of its own speaks against a status, and other words may outweigh it."""
    words = {"ni … _": 2.0, "retejo": 3.0}
    told = Recognise.model_validate({"number": {str(weight): [word] for word, weight in words.items()}})
    vocabulary = vocabulary_of([Locale(language="eo", name="Esperanto", recognise=told)])
    for after, told_as in ((", vere", TOLD), (", printer", {""}), (", printer, retejo", TOLD)):
        assert form_of(502, "ni havas ", after, Around(f"ni havas 502{after}", vocabulary))[0] in told_as


def test_reasons_are_of_known_statuses() -> None:
    """Each status has its phrase, and those that the bot speaks of are there."""
    assert {502, 503, 504, 520, 524} <= set(REASONS)
