"""Does the gate let every error through, and keep ordinary talk out?"""

from __future__ import annotations

from random import Random

import pytest

from bot.diagnosis.gate import Gate
from bot.diagnosis.identify import examine, index_of
from bot.diagnosis.index import compile_index
from bot.diagnosis.normalise import normalise
from bot.kb.model import KnowledgeBase
from damage import KINDS


@pytest.fixture(scope="module")
def gate(kb: KnowledgeBase) -> Gate:
    return compile_index(kb).gate


def test_every_example_opens_it(kb: KnowledgeBase, gate: Gate) -> None:
    """No example of the knowledge is taken for ordinary talk."""
    closed = [
        (entry.id, example.text)
        for entry in kb.errors.values()
        for example in entry.examples
        if not gate.opens(normalise(example.text).flat)
    ]
    assert closed == []


@pytest.mark.parametrize(
    "text",
    [
        "hello everybody, how was your weekend?",
        "we ordered pizza and watched the match until late",
        "lol that is so true",
        "guten morgen zusammen",
        "今天天气很好",
        "",
    ],
)
def test_ordinary_talk_stays_out(gate: Gate, text: str) -> None:
    """Talk without a trace of an error is not examined."""
    assert not gate.opens(text)


@pytest.mark.parametrize(
    "text",
    [
        "my password is hunter2",
        "网关超时了",
        "https://shop.example.com",
        "bad gateway again",
        "502",
        "nginx is unhappy",
        "passerelle incorrecte",
    ],
)
def test_traces_of_errors_open_it(gate: Gate, text: str) -> None:
    """Numbers, addresses, rare runs, short names, other scripts and secrets each open the gate."""
    assert gate.opens(text)


def test_short_and_common_wordings_have_their_own_ways() -> None:
    """Short wordings are looked up as words; numbers need no entry of their own; common ones keep all their runs."""
    gate = Gate.of(
        [("xid:", "xid", False), ("502", "so2", False), ("for the", "forthe", True), ("没网", "没网", False)],
        [[frozenset({"(http "})], [frozenset({"502"})], [frozenset({"this"}), frozenset({"gateway"})]],
    )
    assert {"xid:", "(http "} <= set(gate.words)
    assert "502" not in gate.words
    assert "forthe" in gate.runs
    assert gate.pairs == {"没网"}
    assert gate.opens("没网了")
    assert not gate.opens("有网了")


@pytest.mark.parametrize("kind", KINDS)
def test_discards_only_what_the_matcher_would_discard(kb: KnowledgeBase, kind: str) -> None:
    """Where the gate stays shut, the examination of what is written finds nothing; damage may cost one in a thousand."""
    index = index_of(kb)
    whole = [each.text for entry in kb.errors.values() for each in (*entry.examples, *entry.not_examples)]
    texts = [KINDS[kind](text, Random(kind + text)) for text in whole]
    shut = [text for text in texts if not index.gate.opens(normalise(text).flat)]
    examined = [examine(index, normalise(text), text, as_written=True) for text in shut]
    lost = [text for text, found in zip(shut, examined, strict=True) if found.match or found.target or found.secrets]
    assert len(lost) <= (0 if kind == "none" else len(texts) // 1_000), lost


def test_half_a_character_pair_hides_nothing(gate: Gate) -> None:
    """A text that no output can hold is looked through all the same."""
    assert gate.opens("\ud800 nginx")
    assert not gate.opens("\ud800 hello")


@pytest.mark.parametrize("letter", ["q", "ж"])
@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x1f"])
def test_long_words_open_it(gate: Gate, letter: str, blank: str) -> None:
    """A run of 32 characters without white space is no word, in any script; one that is cut in two is."""
    assert gate.opens(f"so{blank}{letter * 32}{blank}so")
    assert not gate.opens(f"so{blank}{letter * 31}{blank}{letter * 31}")
