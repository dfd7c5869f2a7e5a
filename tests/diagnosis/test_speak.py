"""Is help offered to people in need, and to nobody else?"""

from __future__ import annotations

import pytest

from bot.diagnosis.identify import explained, identify
from bot.diagnosis.index import compile_index
from bot.diagnosis.shapes import Shape
from bot.diagnosis.speak import WEIGHTS, Judgement, Place, judge
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, Locale, Recognise


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return compile_index(kb).vocabulary


def speaks(text: str, vocabulary: Vocabulary) -> bool:
    places = [Place(at, at + 3) for at in range(len(text)) if text.startswith("502", at)]
    return judge(text, places, vocabulary).speaks


@pytest.mark.parametrize(
    "text",
    [
        "502 Bad Gateway",
        "getting 502 on login again",
        "Caddy reverse proxy fails: 502",
        "The shop was fine yesterday, but today I only get error 502 on every page. Any idea what to do?",
        "We moved the site on Monday. Since then my colleagues see a page that says 502 whenever they log in.",
        "fatal: unable to access 'https://git.example.com/x.git/': The requested URL returned error: 502",
        "сайт не открывается, ошибка 502, помогите",
        "网页打不开了，一直502，怎么办",
        "Seite zeigt seit heute nur noch Fehler 502, was kann ich tun?",
    ],
)
def test_need_is_answered(vocabulary: Vocabulary, text: str) -> None:
    """Quoted errors, machine lines and pleas in any language are answered."""
    assert speaks(text, vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        "Fixed the 502 errors after a restart",
        "No more 502 on the start page, it works again",
        "The gateway answers 502 when the upstream is gone, which the caller may retry because nothing was changed.",
        "During the incident every visitor got a 502 while the instance came back, until the cache was warm again.",
        "assert response.status == 502",
        "retries on 502, 503 and 504",
        "### 502 Bad Gateway\n\nCheck that the container runs.",
        "502错误的解决办法",
        "### 2026-11-03 08:15 | 502 on the shop\n- What was done: restarted it\n- Why: it was out of memory",
        "In the end the culprit was their own cache, which nobody had looked at. The dashboards at the time all showed "
        "a 502 error at the edge, and only the last of them, a plain list of processes, had a word about memory. It "
        "took us the whole week to see that.",
    ],
)
def test_talk_is_left_alone(vocabulary: Vocabulary, text: str) -> None:
    """Notes, documentation, code, lists and things that are over are no pleas."""
    assert not speaks(text, vocabulary)


def test_one_convincing_place_is_enough(vocabulary: Vocabulary) -> None:
    """A note about 502 does not hide the error that was pasted below it."""
    note = (
        "Retries on 502, 503 and 504 are on. The list of hosts is in the wiki. Ask Ann if one of them is missing, and "
        "tell Bob, who keeps the other list: the two have never been the same, and nobody knows why that is so."
    )
    error = "2026-11-03 08:14:55 ERROR shop.example.com upstream answered 502, giving up after three attempts in 4.2 s"
    assert not speaks(note, vocabulary)
    assert speaks(f"{note}\n\n{error}", vocabulary)


def test_less_convincing_place_changes_nothing(vocabulary: Vocabulary) -> None:
    """The best of several places counts, in whatever order they come."""
    text = "a 502 usually means a dead server\n// returns 502, see above"
    places = [Place(2, 5), Place(text.rindex("502"), text.rindex("502") + 3)]
    either = [judge(text, order, vocabulary) for order in (places, places[::-1])]
    assert either[0].score == either[1].score == max(judge(text, [place], vocabulary).score for place in places)
    assert not either[0].speaks


def test_words_around_a_machines_line_count_little() -> None:
    """Whatever is around it, a machine's line is not talked away by words alone; a person's sentence is."""
    against = vocabulary_of([Locale(language="en", name="E", recognise=Recognise(words={"lorem": -9.0}))])
    line = "2026-11-03 08:14:55 ERROR shop answered 502"
    judgement = judge(f"lorem\n{line}", [Place(6 + line.index("502"), 6 + len(line))], against)
    person = judge("lorem, I get 502", [Place(13, 16)], against)
    assert judgement.shape is Shape.MACHINE
    assert judgement.speaks
    assert judgement.score == pytest.approx(sum(weight for _, _, weight in judgement.reasons), abs=0.01)
    assert not person.speaks


def test_nothing_is_nothing(vocabulary: Vocabulary) -> None:
    """Without a place there is nothing to judge."""
    judgement = judge("hello", [], vocabulary)
    assert (judgement.speaks, judgement.shape) == (False, None)


def test_first_of_many_lines_counts(vocabulary: Vocabulary) -> None:
    """A log that repeats itself is judged by some of its lines."""
    text = "2026-11-03 08:14:55 ERROR 502\n" * 200
    places = [Place(at, at + 3, known=True) for at in range(len(text)) if text.startswith("502", at)]
    assert judge(text, places, vocabulary).shape is Shape.MACHINE


@pytest.mark.parametrize(
    "text",
    [
        "getting 502 on login again",
        "502 Bad Gateway",
        "anyone else getting 502s on the wiki?",
        "is the shop down? I get bad gateway",
        "why does example.com say 502",
        "502 on https://shop.example.com",
        "my site throws 502 since I updated nginx, pls help",
        "our api returns 502 every few minutes, logs show nothing",
        "seit heute morgen nur noch 502 auf der seite",
        "у нас 502 с утра, у всех так?",
        "me dice 502 al pagar, ¿qué hago?",
        "502 won't go away, what can I do",
        "sip, 502 otra vez, no me deja entrar",
        "en stor fel 502 på sidan idag",
        "getting 502 when i join counter strike",
        "502 when I export the rows to excel, anyone?",
        "our inverter portal gives 502 since noon, help",
        "my brain is fried: 502 on every page since 9am, please help",
        "la page affiche 502 bad gateway, une idée ?",
        "site caiu? tá dando 502",
        "hala 502 alıyorum yardım edin",
        "一直502怎么办",
        "ログインすると502になります",
        "error 502 when uploading files",
        "upload fails with 502",
        "just deployed and now its 502",
        "I only see a white page with 502 bad gateway nginx",
    ],
)
def test_chat_in_need_is_answered(kb: KnowledgeBase, text: str) -> None:
    """People who meet it now are terse, in every language."""
    assert identify(kb, text).speak


@pytest.mark.parametrize(
    "text",
    [
        "a 502 usually means the upstream is down",
        "502 means bad gateway",
        "what is a 502 error?",
        "lol my toaster gave me a bad gateway, breakfast denied",
        "fixed the 502, it was a typo in the port",
        "works again, the 502 was a dns thing",
        "yesterday's 502 was caused by a bad deploy",
        "if you get a 502 just reload",
        "you will see 502s during the maintenance tonight",
        "can we make the 502 page prettier?",
        "my t shirt says 502 bad gateway on the back",
        "mon cerveau le lundi : 502 bad gateway",
        "add retry on 502",
        "feat: retry on 502 and 503",
        "lol remember when the site was 502 all day",
        "I think 502 is better than 500 here",
        "the 502 page of github has a unicorn",
        "we return 502 when the backend is gone",
        "returns 502 if the upstream fails",
        "no more 502s since we switched to caddy",
        "nvm, 502 gone",
        "it was 502 but now it works",
        "bus 502 is late again",
        "room 502 at 5pm?",
        "port 502 is modbus",
        "my score was 502 lol",
        "that cost me 502 euros",
        "thanks! that solved my 502",
        "have you tried restarting? 502 is mostly the backend",
        "our alert fires when 502 rate > 1%",
        "he said the gateway is bad for business",
        "bad gateway would be a good band name",
        "502 errors are the worst, change my mind",
        "status page says the 502 incident is resolved",
        "docs: explain 502 handling",
        "ошибка 502 означает, что сервер не отвечает",
        "502是什么意思",
    ],
)
def test_chat_about_it_is_left_alone(kb: KnowledgeBase, text: str) -> None:
    """What is explained, over, planned, somebody else's or another number is nobody's plea."""
    assert not identify(kb, text).speak


def test_sentence_of_a_program_is_its_own(kb: KnowledgeBase) -> None:
    """Words of a program are no person's, though they hold no sign that only programs write."""
    assert identify(kb, "HTTP code is 502 which indicates error: undefined - Bad response from the engine").speak


def test_log_with_bars_is_no_table(kb: KnowledgeBase) -> None:
    """Times and levels between bars are a log's, not a table about statuses."""
    line = "10:21:44 | ERROR    | 311 - two| странный ответ: 502"
    assert identify(kb, f"10:20:09 | INFO     | 120 - two| жду\n{line}\n{line}\n{line}").speak


def test_error_that_is_gone_is_left_alone(kb: KnowledgeBase) -> None:
    """Whoever says that it is gone needs nothing, in however few words; whoever waits for that does."""
    assert not identify(kb, "502 is gone for me now").speak
    assert identify(kb, "how long till the 502 is fixed? i can't log in").speak


def test_relatives_own_page_is_answered(kb: KnowledgeBase) -> None:
    """A pasted page of a relative speaks of "you" and "if", as pages do; one that is shown as over is left alone."""
    page = (
        "Error 522 Ray ID: 9a41c07be8d2f3b9\nConnection timed out\nWhat happened?\nThe initial connection between "
        "Cloudflare's network and the origin web server timed out.\nIf you're the owner, contact your provider."
    )
    assert identify(kb, page).speak
    assert not identify(kb, f"{page}\n\nResolved: it was the firewall").speak


def test_judgement_without_words_names_none() -> None:
    """Where no word has a weight, only traits are told."""
    assert Judgement(2.0, None, {"machine": frozenset()}).reasons == [("machine", frozenset(), WEIGHTS["machine"])]


def test_words_count_by_themselves(kb: KnowledgeBase) -> None:
    """Words have weights of their own, and the strongest are named."""
    person = explained(kb, "could anyone help, the site only shows 502 after the update but it worked before then")[1]
    assert person is not None
    trait, told, weight = person.reasons[-1]
    assert trait == "words"
    assert weight == pytest.approx(sum(person.words.values()))
    assert len(told) == 8 < len(person.words)
    strongest = max(person.words, key=lambda word: abs(person.words[word]))
    assert f"{strongest} {person.words[strongest]:+.2f}" in told


@pytest.mark.parametrize(
    "text",
    [
        "<p>The proxy server received an invalid response from an upstream server.<hr/>Powered by Tengine</p>",
        "Request failed: <Response [502]>",
    ],
)
def test_words_of_machines_are_answered_in_a_page_and_by_their_marks(kb: KnowledgeBase, text: str) -> None:
    """No person wrote what is in HTML, however plain it reads; nor a few letters between brackets."""
    assert identify(kb, text).speak


def test_page_is_known_by_its_markup_alone(kb: KnowledgeBase) -> None:
    """The gate looks at the tags, too: of this fragment nothing telling is left without them."""
    found = identify(kb, '<p><a href="https://cf.example/5xx?utm_source=errorcode_502">more</a></p> what is it?')
    assert found.match is not None
    assert found.match.error == "cloudflare-502"


def test_reasons_add_up(kb: KnowledgeBase) -> None:
    """What `--explain` lists is all that the score is made of."""
    for text in ("getting 502 on login again", "the 502 error is gone, it was the cache", "502 Bad Gateway\nnginx"):
        judgement = explained(kb, text)[1]
        assert judgement is not None
        assert judgement.score == pytest.approx(sum(weight for _, _, weight in judgement.reasons), abs=0.01)
