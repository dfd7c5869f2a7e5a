"""Is nothing read but what this version says, whatever comes?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.vantage.peers.protocol import (
    MAX_ANSWER,
    MAX_QUESTION,
    VERSION,
    Answer,
    Busy,
    Hello,
    Here,
    Look,
    Looking,
    Question,
    Seen,
    answer_in,
    question_in,
    written,
)
from bot.checks.vantage.peers.told import to_tell
from bot.diagnosis.findings import Failure, Finding, Outcome

ID, PROCESS = "0123456789abcdef" * 2, "f" * 32
HEAD: dict[str, Any] = {"v": VERSION, "id": ID, "place": "Frankfurt, DE", "process": PROCESS}
LOOK = Look(v=VERSION, id=ID, url="https://shop.example.com/a%20b", within_s=9.5, here="Oslo")
FINDING = Finding(check="http", outcome=Outcome.FAIL, failure=Failure.TIMEOUT, facts={"title": "<b>"}, ms=1)
SEEN = Seen(**HEAD, findings=to_tell([FINDING]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("said", [LOOK, Hello(v=VERSION, id=ID)])
def test_question_is_read_as_it_was_asked(said: Question) -> None:
    """Question, JSON, question."""
    assert question_in(written(said)) == said


@pytest.mark.parametrize(
    "said",
    [Looking(**HEAD), Busy(**HEAD), SEEN, Here(**HEAD, at=datetime(2026, 11, 3, tzinfo=UTC), release="0.1.0")],
    ids=lambda said: said.what,
)
def test_answer_is_read_as_it_was_given(said: Answer) -> None:
    """Answer, JSON, answer."""
    assert answer_in(written(said)) == said


def changed(said: Question | Answer, **changes: Any) -> bytes:
    shape = json.loads(written(said)) | changes
    return json.dumps({name: value for name, value in shape.items() if value != "gone"}).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2}, {"v": "1"}, {"v": "gone"}, {"id": "x"}, {"id": ID.upper()}, {"what": "shutdown"}, {"more": 1},
        {"url": "ftp://x/"}, {"url": "gone"}, {"url": "https://x/?token=1"}, {"url": "https://x/#a"},
        {"url": "https://x/ y"}, {"url": "https://x/" + "a" * 2048}, {"url": ["https://x/"]}, {"url": "//x/"},
        {"within_s": 0}, {"within_s": 1e9}, {"within_s": "9"}, {"within_s": None}, {"here": "<@1>"}, {"here": "a\nb"},
    ],
    ids=str,
)  # fmt: skip
def test_odd_question_is_none(changes: dict[str, Any]) -> None:
    """Another version, a query, a scheme that is no web, a time without end: it is no question."""
    assert question_in(changed(LOOK)) == LOOK
    assert question_in(changed(LOOK, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2}, {"id": None}, {"place": "**x**"}, {"place": "gone"}, {"place": "a" * 41}, {"process": "1"},
        {"findings": []}, {"findings": "gone"}, {"findings": {"check": "http"}}, {"what": "look"}, {"extra": {}},
        {"findings": [{"check": "http", "outcome": "ok"}] * 2}, {"findings": [{"check": "moon", "outcome": "ok"}]},
        {"findings": [{"check": "http", "outcome": "great"}]}, {"findings": [{"check": "http"}]},
        {"findings": [{"check": "http", "outcome": "ok", "failure": "tired"}]},
        {"findings": [{"check": "http", "outcome": "ok", "ms": 1e300}]},
        {"findings": [{"check": "http", "outcome": "ok", "facts": {"status": 1}}]},
        {"findings": [{"check": "http", "outcome": "ok", "why": "x"}]},
    ],
    ids=str,
)  # fmt: skip
def test_odd_answer_is_none(changes: dict[str, Any]) -> None:
    """What is not in the closed lists, twice or too much spoils the whole answer."""
    assert answer_in(changed(SEEN)) == SEEN
    assert answer_in(changed(SEEN, **changes)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 10_000, b'{"v":1' + b" " * 10_000, b'{"v":NaN}', b"1" * 9_000,
        b'{"v":1,"v":2}', b'{"what":"seen"}',
    ],
    ids=lambda data: repr(data[:12]),
)  # fmt: skip
def test_what_is_no_message_is_none(data: bytes) -> None:
    """Garbage, deep nesting and endless numbers neither raise nor mean anything."""
    assert question_in(data) is None
    assert answer_in(data) is None


def test_too_large_is_not_even_parsed() -> None:
    """A message that would be good is none beyond the bound."""
    assert question_in(written(LOOK) + b" " * (MAX_QUESTION - len(written(LOOK)))) == LOOK
    assert question_in(written(LOOK) + b" " * MAX_QUESTION) is None
    assert answer_in(written(SEEN) + b" " * MAX_ANSWER) is None


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_reading_never_raises(data: bytes) -> None:
    """Whatever comes is read or not, and nothing else happens."""
    assert question_in(data) is None
    assert answer_in(data) is None


@given(st.dictionaries(st.sampled_from(["v", "id", "what", "place", "process", "findings", "at", "release"]), JSON))
def test_bent_answer_never_raises(changes: dict[str, Any]) -> None:
    """An answer with any of its values changed is itself again, another good one, or none."""
    read = answer_in(json.dumps(json.loads(written(SEEN)) | changes).encode())
    assert read is None or answer_in(written(read)) == read


@given(
    st.dictionaries(
        st.sampled_from(["status", "title", "server", "product", "challenge", "v4", "retry_after_s"]), JSON, max_size=4
    )
)
def test_whatever_a_check_finds_can_be_told(facts: dict[str, Any]) -> None:
    """A site decides about its facts: what does not fit is left out, and the answer is always readable and small."""
    found = [
        Finding.model_construct(check=check, outcome=Outcome.OK, facts=facts) for check in ("dns", "tcp", "tls", "http")
    ]
    told = written(Seen(**HEAD, findings=to_tell(found)))
    assert len(told) <= MAX_ANSWER
    assert answer_in(told) is not None
