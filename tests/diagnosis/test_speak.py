"""Is help offered to people in need, and to nobody else?"""

from __future__ import annotations

import pytest

from bot.diagnosis.index import compile_index
from bot.diagnosis.shapes import Shape
from bot.diagnosis.speak import Place, judge
from bot.diagnosis.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase


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
    text = "Retries on 502, 503 and 504 are on.\n\n2026-11-03 08:14:55 ERROR upstream answered 502"
    assert speaks(text, vocabulary)


def test_nothing_is_nothing(vocabulary: Vocabulary) -> None:
    """Without a place there is nothing to judge."""
    judgement = judge("hello", [], vocabulary)
    assert (judgement.speaks, judgement.shape) == (False, None)


def test_first_of_many_lines_counts(vocabulary: Vocabulary) -> None:
    """A log that repeats itself is judged by some of its lines."""
    text = "2026-11-03 08:14:55 ERROR 502\n" * 200
    places = [Place(at, at + 3, known=True) for at in range(len(text)) if text.startswith("502", at)]
    assert judge(text, places, vocabulary).shape is Shape.MACHINE
