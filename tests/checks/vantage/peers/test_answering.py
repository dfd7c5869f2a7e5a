"""Does a peer do only what its own rules let it, whoever asks, and answer only where askers listen?"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checks.vantage.peers.answering import AT_ONCE, Answering
from bot.checks.vantage.peers.did import DID
from bot.checks.vantage.peers.protocol import MAX_QUESTION, VERSION, Answer, Hello, Look, answer_in, written
from bot.checks.vantage.peers.turns import HELLOS_A_MINUTE, HOST_A_MINUTE, Turns
from bot.diagnosis.findings import Failure, Outcome
from peers_stage import NOW, Looker, check, me, now

ID = "a" * 32
REPLY = "fiveohtwo.answer.Xyz1"
URL = "https://shop.example.com/cart"
GOOD = (check("canary"), check("dns"), check("http", status=200))


class Asked:
    """A peer, what it said, and what it counted."""

    def __init__(self, checker: Any, per_hour: int = 600) -> None:
        self.answering = Answering(me(), checker, Turns(per_hour), now)
        self.answering.counted = self.count
        self.did: Counter[str] = Counter()
        self.said: list[Answer] = []

    def count(self, did: str) -> None:
        self.did[did] += 1

    async def send(self, reply: str, data: bytes) -> None:
        assert reply == REPLY
        answer = answer_in(data)
        assert answer is not None
        self.said.append(answer)

    async def hear(self, data: bytes, reply: str = REPLY) -> list[str]:
        """Return what kinds of answers there are when all is said."""
        await self.answering.hear(data, reply, self.send)
        await asyncio.gather(*self.answering._looks)
        return [answer.what for answer in self.said]


def look(url: str = URL, within_s: float = 5.0, here: str | None = None) -> bytes:
    return written(Look(v=VERSION, id=ID, url=url, within_s=within_s, here=here))


async def test_peer_says_that_it_looks_and_then_what_it_saw() -> None:
    """Two answers under its name, to the question's id; it asks nobody in its turn."""
    peer = Asked(checker := Looker(*GOOD))
    assert await peer.hear(look()) == ["looking", "seen"]
    assert checker.asked == [URL]
    assert {(said.id, said.place, said.process) for said in peer.said} == {(ID, "Frankfurt", peer.said[0].process)}
    assert peer.did == {"looked": 1}


@pytest.mark.parametrize(
    ("findings", "told", "did"),
    [
        (GOOD, ["canary", "dns", "http"], "looked"),
        ((check("canary", Outcome.FAIL, Failure.TIMEOUT), *GOOD[1:]), ["canary"], "blind"),
        ((check("dns"), check("http", Outcome.SKIP, Failure.REFUSED_ADDRESS)), ["http"], "refused"),
    ],
    ids=["looked", "blind", "refused"],
)
async def test_what_kept_it_from_looking_is_all_it_says(findings: Any, told: list[str], did: str) -> None:
    """Without a connection of its own it tells of no site; an address that its guard refuses is told as refused."""
    peer = Asked(Looker(*findings))
    await peer.hear(look())
    assert [found.check for found in peer.said[-1].findings] == told  # type: ignore[union-attr]
    assert peer.did == {did: 1}


@pytest.mark.parametrize(
    "reply", ["", "fiveohtwo.ask", "other.answer.a", "_INBOX.abc", "fiveohtwo.answer.a.b", "fiveohtwo.answer.>"]
)
async def test_nobody_is_answered_elsewhere(reply: str) -> None:
    """A message may name any subject to answer to: only inboxes of askers are answered, and nothing is looked at."""
    peer = Asked(checker := Looker(*GOOD))
    assert await peer.hear(look(), reply) == []
    assert (checker.asked, peer.did) == ([], {"dropped": 1})


@pytest.mark.parametrize(
    "data",
    [b"", b"look!", look() + b" " * MAX_QUESTION, look().replace(b'"v":1', b'"v":2'), look().replace(b"cart", b"?a=1")],
    ids=["empty", "garbage", "too-large", "another-version", "with-a-query"],
)
async def test_malformed_questions_are_dropped_and_counted(data: bytes) -> None:
    """They are no questions: nobody is answered."""
    peer = Asked(checker := Looker(*GOOD))
    assert await peer.hear(data) == []
    assert (checker.asked, peer.did) == ([], {"dropped": 1})


@pytest.mark.parametrize("here", ["Frankfurt", "FRANKFURT"])
async def test_own_question_is_not_answered(here: str) -> None:
    """The bot on this machine looks by itself: what its peer saw would be the same place twice."""
    peer = Asked(checker := Looker(*GOOD))
    assert await peer.hear(look(here=here)) == []
    assert await peer.hear(written(Hello(v=VERSION, id=ID, here=here))) == []
    assert (checker.asked, peer.did) == ([], {"own": 2})


async def test_too_many_at_once_are_told_so() -> None:
    """Whoever comes while enough looks are under way is told that the peer is busy; then there is room again."""
    peer = Asked(checker := Looker(*GOOD, takes_s=0.1))
    for number in range(AT_ONCE + 2):
        await peer.answering.hear(look(f"https://h{number}.example.com/"), REPLY, peer.send)
    await asyncio.gather(*peer.answering._looks)
    assert Counter(said.what for said in peer.said) == {"looking": AT_ONCE, "seen": AT_ONCE, "busy": 2}
    assert peer.did == {"looked": AT_ONCE, "busy": 2}
    assert len(checker.asked) == AT_ONCE
    assert (await peer.hear(look()))[-1] == "seen"


async def test_one_host_is_not_hammered() -> None:
    """However different the addresses and whoever asks, a host is looked at only so often."""
    peer = Asked(checker := Looker(*GOOD))
    for number in range(HOST_A_MINUTE + 3):
        await peer.hear(look(f"https://SHOP.example.com/{number}"))
    assert len(checker.asked) == HOST_A_MINUTE
    assert peer.did["busy"] == 3


async def test_time_of_the_asker_is_kept() -> None:
    """When it is over, what was seen until then is told, and what HTTP did not get is a deadline; the look is given up."""
    peer = Asked(checker := Looker(check("canary"), check("dns"), check("tcp"), takes_s=5))
    await peer.hear(look(within_s=0.1))
    seen = peer.said[-1]
    assert [(found.check, found.failure) for found in seen.findings] == [  # type: ignore[union-attr]
        ("canary", None), ("dns", None), ("tcp", None), ("http", Failure.DEADLINE),
    ]  # fmt: skip
    assert checker.given_up == 1


@pytest.mark.parametrize("findings", [(), (check("dns"),), (check("canary"),)], ids=["waited", "no-canary", "no-name"])
async def test_time_that_ends_too_early_says_nothing_of_the_site(findings: Any) -> None:
    """Whoever waited for its turn, or does not know yet whether its own connection works, saw nothing."""
    peer = Asked(Looker(*findings, takes_s=5))
    assert await peer.hear(look(within_s=0.1)) == ["looking", "busy"]
    assert peer.did == {"busy": 1}


async def test_fault_of_a_check_is_no_fault_of_the_peer(caplog: pytest.LogCaptureFixture) -> None:
    """It goes on answering, the asker is not left waiting, and the log says where it broke, not over which address."""

    class Broken:
        async def run(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError("https://somebodys.example/page")

    peer = Asked(Broken())
    assert await peer.hear(look()) == ["looking", "busy"]
    assert "a look for another place broke: ZeroDivisionError in test_answering.py:" in caplog.text
    assert "somebodys" not in caplog.text


async def test_answer_that_does_not_get_through_is_no_trouble() -> None:
    """NATS may be away at any time."""
    peer = Asked(Looker(*GOOD))

    async def lost(_reply: str, _data: bytes) -> None:
        raise ConnectionError

    await peer.answering.hear(look(), REPLY, lost)
    await asyncio.gather(*peer.answering._looks)
    assert peer.did == {"looked": 1}


async def test_hello_is_answered_with_time_and_release() -> None:
    """Whoever is there says so, but not more often than is good."""
    peer = Asked(Looker())
    assert await peer.hear(written(Hello(v=VERSION, id=ID))) == ["here"]
    assert (peer.said[0].at, peer.said[0].release) == (NOW, "1.2.3")  # type: ignore[union-attr]
    for _ in range(HELLOS_A_MINUTE):
        await peer.hear(written(Hello(v=VERSION, id=ID)))
    assert peer.did == {"hello": HELLOS_A_MINUTE, "busy": 1}


async def test_end_gives_looks_up() -> None:
    """Nothing goes on behind a peer that leaves."""
    peer = Asked(checker := Looker(*GOOD, takes_s=60))
    await peer.answering.hear(look(), REPLY, peer.send)
    await asyncio.sleep(0.01)
    await peer.answering.aclose()
    assert checker.given_up == 1


async def test_message_that_was_too_much_is_counted() -> None:
    """What the connection threw away is dropped like what was read and thrown away."""
    peer = Asked(Looker())
    peer.answering.drop()
    assert peer.did == {"dropped": 1}
    assert peer.did.keys() <= set(DID)


@given(
    data=st.binary(max_size=300)
    | st.dictionaries(st.sampled_from(["v", "id", "what", "url", "within_s", "here"]), st.none() | st.text() | st.floats())
    .map(lambda changes: json.dumps(json.loads(look()) | changes).encode()),
    reply=st.text(max_size=30) | st.just(REPLY),
)  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_hearing_never_raises(data: bytes, reply: str) -> None:
    """Whatever comes, the peer goes on, and a message is counted once."""
    peer = Asked(Looker(*GOOD))
    await peer.hear(data, reply)
    assert sum(peer.did.values()) == 1
