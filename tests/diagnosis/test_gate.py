"""Does the gate let every error through, and keep ordinary talk out?"""

from __future__ import annotations

from random import Random

import pytest

from bot.diagnosis.anchors import Guarded
from bot.diagnosis.gate import Gate, Known
from bot.diagnosis.identify import NOTHING, examine, identify, index_of, is_ordinary
from bot.diagnosis.index import compile_index
from bot.diagnosis.normalise import normalise, squash
from bot.kb.model import KnowledgeBase
from damage import KINDS


@pytest.fixture(scope="module")
def gate(kb: KnowledgeBase) -> Gate:
    return compile_index(kb).gate


def test_every_example_opens_it(kb: KnowledgeBase) -> None:
    """No example of the knowledge is taken for ordinary talk."""
    closed = [
        (entry.id, example.text)
        for entry in kb.errors.values()
        for example in entry.examples
        if is_ordinary(kb, example.text)
    ]
    assert closed == []


@pytest.mark.parametrize(
    "text",
    [
        "hello everybody, how was your weekend?",
        "we ordered pizza and watched the match until late",
        "lol that is so true",
        "aww wow, how sweet",
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
        "password: hunter2",
        "网关超时了",
        "https://shop.example.com",
        "www.example.com is down",
        "bad gateway again",
        "bad gaetway again",
        "502",
        "SO2 again",
        "ERR_FAILED",
        "80072efd",
        "\x1b[31mbad\x1b[0m",
        "nginx gives me a bad gateway",
        "passerelle incorrecte",
        "This Connection Is Not Private",
    ],
)
def test_traces_of_errors_open_it(gate: Gate, text: str) -> None:
    """Numbers, addresses, rare runs, short names, other scripts and secrets each open the gate."""
    assert gate.opens(text)


@pytest.mark.parametrize(
    "text",
    [
        "a change of weather is coming",
        "a basic recipe with basic ingredients",
        "the reference is in the appendix",
        "the secret of a good soup is the token carrot",
        "configuration is not my thing, but networks are fun",
        "I was born in June and she in May, 12 and 7",
    ],
)
def test_single_words_of_known_errors_are_ordinary(gate: Gate, text: str) -> None:
    """A word that errors share with talk is no trace by itself."""
    assert not gate.opens(text)


def _gate(*wordings: Known, patterns: tuple[str, ...] = ()) -> Gate:
    return Gate.of(wordings, map(Guarded, patterns))


def _known(text: str, *, exact: bool = False, is_weak: bool = False) -> Known:
    return Known(text, squash(text), Guarded(text) if exact else None, is_weak)


def test_short_wordings_are_looked_up_as_words() -> None:
    """Less than a run of letters is looked for as it is written; in scripts without spaces, by its first two."""
    gate = _gate(_known("xid:", exact=True), _known("没网"))
    assert [gate.opens(text) for text in ("see xid: here", "no x-id here", "没网了", "有网了")] == [True, False] * 2


def test_numbers_open_for_their_wordings() -> None:
    """A wording with a status leaves no other trace: without its number it is not there."""
    assert len(_gate(_known("502 no tea today")).owners) == len(_gate().owners)


def test_long_wordings_need_several_runs() -> None:
    """One run of a long wording opens nothing, two open it; a cut or a slip leaves more."""
    gate = _gate(_known("Quixotic zebras jump over vexed wyverns"))
    assert not gate.opens("a quixotic plan")
    assert gate.opens("Quixotic zebras jmup over")


def test_common_wordings_keep_common_runs() -> None:
    """Where all runs of a wording are common they are looked for, but more of them must be there."""
    assert _gate(_known("for the")).opens("we did it for the team")
    gate = _gate(_known("This is for the others and for the others"))
    assert not gate.opens("we did it for the team")
    assert gate.opens("This is for the others and for the others")


def test_patterns_open_where_all_that_they_demand_is_there() -> None:
    """One literal of a pattern is looked for, the others only where it stands; a status opens by itself."""
    gate = _gate(patterns=(r"\bquux (?P<id>\w{4}) in zorb\b", r"\bfrob (?P<status>50[24]|4\d\d)\b", r"[ab]x?"))
    assert [gate.opens(text) for text in ("QUUX again", "a quux a1b2 in **zorb**", "frob it")] == [False, True, False]
    assert len(gate.owners) == len(_gate().owners) + 1


def test_names_of_codes_are_one_run() -> None:
    """What may be between the words of a code does not part its letters."""
    gate = _gate(patterns=(r"\bERR[\W_]{0,2}ZORB[\W_]{0,2}LOST\b",))
    assert gate.opens("err zorb-lost")
    assert not gate.opens("the zorb was lost, err")


def test_weak_and_exact_wordings_are_one_trace() -> None:
    """What is only found undamaged, or only supports, opens by the whole of it."""
    gate = _gate(_known("Quixotic zebras", is_weak=True), _known("wyverns_jump", exact=True))
    assert [gate.opens(text) for text in ("quixotic zebras", "wyverns_jump")] == [True] * 2
    assert [gate.opens(text) for text in ("quixotic zebra", "wyverns jmup")] == [False] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_discards_only_what_the_matcher_would_discard(kb: KnowledgeBase, kind: str) -> None:
    """Where the gate stays shut, the examination of what is written finds nothing; damage may cost one in a thousand."""
    index = index_of(kb)
    whole = [each.text for entry in kb.errors.values() for each in (*entry.examples, *entry.not_examples)]
    texts = [KINDS[kind](text, Random(kind + text)) for text in whole]
    shut = [text for text in texts if identify(kb, text) == NOTHING]
    examined = [examine(index, normalise(text), text, as_written=True)[0] for text in shut]
    lost = [text for text, found in zip(shut, examined, strict=True) if found.match or found.target or found.secrets]
    assert len(lost) <= (0 if kind == "none" else len(texts) // 1_000), lost


def test_half_a_character_pair_hides_nothing(gate: Gate) -> None:
    """A text that no output can hold is looked through all the same."""
    assert gate.opens("\ud800 bad gateway")
    assert not gate.opens("\ud800 hello")


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\u3000", "ж"])
def test_long_words_open_it(gate: Gate, blank: str) -> None:
    """A run of 32 ASCII characters without white space is no word; one that is cut in two is."""
    assert gate.opens(f"so{blank}{'q=' * 16}{blank}so")
    assert not gate.opens(f"so{blank}{'q=' * 15}{blank}{'q=' * 15}")


def test_marks_alone_can_open_it() -> None:
    """A pattern of nothing but marks is looked for by them, in messages without any figure, too."""
    gate = _gate(patterns=[r"\?{3}!!"])
    assert [gate.opens(text) for text in ("what ???!! now", "what now")] == [True, False]


def test_cries_stay_out(gate: Gate) -> None:
    """A long run of letters alone is no token and no path."""
    assert not gate.opens(f"n{'o' * 40}!")


def test_signs_are_looked_at_by_themselves(gate: Gate) -> None:
    """Whatever opens by a figure or a mark does so in a text without any letters of an error, and in no other way."""
    assert [gate.opens(f"so {sign}") for sign in ("502", "[31m", "A_X", "://", "hm")] == [True] * 4 + [False]
    assert not gate.opens("ж" * 40)


def test_crowded_text_is_read_at_its_ends(kb: KnowledgeBase) -> None:
    """What was strung together of all wordings says no more than its ends do; nothing real is so full of traces."""
    gate = compile_index(kb).gate
    strung = " ".join(phrase for entry in kb.errors.values() for phrase in entry.match.phrases)[:2000]
    part = gate.telling_part(strung)
    assert len(part) < len(strung) / 2
    head, _, tail = part.partition("\n")
    assert strung.startswith(head)
    assert strung.endswith(tail)
    assert len(head) > len(tail) > 0


def test_more_crowded_text_is_read_less_but_never_not_at_all(kb: KnowledgeBase) -> None:
    """Twice the traces leave a quarter, not a half, and some hundred letters are always read."""
    gate = compile_index(kb).gate
    kept = [len(gate.telling_part("bad gateway " * many + "so " * (660 - 4 * many))) for many in (24, 36, 165)]
    assert kept[0] > 1.9 * kept[1]
    assert kept[2] >= 300


def test_text_with_many_numbers_or_few_traces_is_read_whole(kb: KnowledgeBase) -> None:
    """An access log is full of numbers, and a page has its wordings; each is itself."""
    gate = compile_index(kb).gate
    log = '203.0.113.9 - - [03/Nov/2026:08:14:55 +0000] "GET /a HTTP/1.1" 502 552 "-" "curl/8.5.0"\n' * 200
    page = "502 Bad Gateway\nnginx/1.24.0\n" + "We walked along the river and bought bread.\n" * 40
    assert gate.telling_part(log) is log
    assert gate.telling_part(page) is page


def test_every_example_is_read_whole(kb: KnowledgeBase) -> None:
    """No text of which we know that it is an error is crowded."""
    gate = compile_index(kb).gate
    texts = [example.text for entry in kb.errors.values() for example in entry.examples]
    assert all(gate.telling_part(text) is text for text in texts)
