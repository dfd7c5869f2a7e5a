"""What does the bot cost in Discord, as ratios to a bare bot of discord.py? A part of `make bench`.

Both bots are processes of their own against the stand-in, whose judges are away; they take turns in going first. Only
the bot's process is counted: its processor time is read from /proc, its memory when it has come to rest.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from discord import Client, Intents, Message

from e2e.bot_process import BAD_GATEWAY, Desk, desk
from e2e.command import COMMAND
from e2e.stage import Stage
from standin.people import Person, person
from standin.seen import Seen

HERE = Path(__file__).parent
OURS: tuple[str | Path, ...] = (COMMAND, "run")
BARE: tuple[str | Path, ...] = (sys.executable, HERE / "bench_bare_bot.py")
EAGER = (sys.executable, HERE / "bench_eager.py")
PEOPLE, WARMING_UP, ANSWERS = 34, 4, 7
"""Each person goes through a guide of eight steps, since nobody may press more than twenty buttons a minute."""
MESSAGES, BURST = 5_000, 500
TALK = (
    "has anybody tried the new map yet? we meet at nine, bring snacks :)", "lol", "same here", "brb, dinner",
    "can somebody send me the notes of tuesday's meeting please", "I think the second one was better, honestly",
    "good morning everyone!", "did you see the match last night, what a goal in the last minute",
)  # fmt: skip
RESTS_AFTER_S, RESTS_WITHIN_S, STEADY_KIB = 1.5, 20.0, 128
ROUNDS_A_PAIR = 3
"""A pair of bots takes seconds where other parts take microseconds."""


class Row(NamedTuple):
    """One comparison, in the shape of `bench.py`, with how many times the peer's cost ours may be."""

    what: str
    peer: str
    ours_ms: float
    peer_ms: float
    most: float

    def __str__(self) -> str:
        ratio = self.ours_ms / self.peer_ms
        told = f"ours is {ratio:.2f}x, at most {self.most:.2f}x" + ("" if ratio <= self.most else ": MISSED")
        return f"{1 / ratio:10.3g}  {self.what:<50} {self.peer:<34} {self.ours_ms:10.3f} {self.peer_ms:10.3f}  {told}"


@dataclass
class Costs:
    """What was measured of one kind of bot, a value for each time that it ran."""

    answer_ms: list[float] = field(default_factory=list)
    ack_ms: list[float] = field(default_factory=list)
    message_ms: list[float] = field(default_factory=list)
    rest_mib: list[float] = field(default_factory=list)


def reading(text: str, count: int) -> Callable[[], object]:
    """Return what discord.py does with many messages of this text: read the JSON, make objects, call a listener."""
    client = Client(intents=Intents.all())
    state = client._connection

    async def on_message(_: Message) -> None:
        """Do nothing."""

    client.event(on_message)
    everyone = {"id": "9", "name": "@everyone", "permissions": "0", "colors": {"primary_color": 0}}
    state._add_guild_from_data(
        {
            "id": "9",
            "name": "help",
            "roles": [everyone],
            "channels": [{"id": "5", "type": 0, "name": "x", "position": 0}],
        }
    )  # type: ignore[typeddict-item]
    author = {"id": "3", "username": "alice", "discriminator": "0", "avatar": None, "global_name": "Alice"}
    member = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    message = {
        "id": "77", "channel_id": "5", "guild_id": "9", "author": author, "member": member, "content": text,
        "timestamp": "2026-11-03T00:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False,
        "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "type": 0, "flags": 0,
        "components": [],
    }  # fmt: skip
    sent = json.dumps({"t": "MESSAGE_CREATE", "s": 1, "op": 0, "d": message})

    async def read() -> None:
        client.loop = asyncio.get_running_loop()
        for _ in range(count):
            state.parse_message_create(json.loads(sent)["d"])
            await asyncio.sleep(0)

    return lambda: asyncio.run(read())


def discord(rounds: int) -> list[Row]:
    """Compare answers, messages and memory with a bare bot, and the start with one that imports everything first."""
    stage = Stage()
    try:
        return asyncio.run(_compare(stage, rounds))
    finally:
        stage.close()


async def _compare(stage: Stage, rounds: int) -> list[Row]:
    ours, bare = Costs(), Costs()
    for pair in range(-(-rounds // ROUNDS_A_PAIR)):
        for kind in (ours, bare) if pair % 2 else (bare, ours):
            await _measure(stage, kind, ours=kind is ours)
    lazy, eager = await _starts(stage, rounds)
    peer = "bare discord.py bot"
    return [
        Row("CPU of a step's answer", f"{peer}: defer, edit", median(ours.answer_ms), median(bare.answer_ms), 2.0),
        Row("acknowledged, one click at a time, p50", peer, median(ours.ack_ms), median(bare.ack_ms), 1.5),
        Row("CPU of an ordinary message", f"{peer}, no-op", median(ours.message_ms), median(bare.message_ms), 1.1),
        Row("memory at rest, in MiB", peer, median(ours.rest_mib), median(bare.rest_mib), 2.0),
        Row("start to IDENTIFY", "everything imported first", median(lazy), median(eager), 0.75),
    ]


@asynccontextmanager
async def _place(stage: Stage, command: tuple[str | Path, ...]) -> AsyncIterator[Desk]:
    """Set the scene for a bot; nothing that it sends is judged."""
    with tempfile.TemporaryDirectory() as home:
        async with desk(stage, Path(home), log_level="warning") as at:
            at.stand.spec = None
            at.bot.command = command
            yield at


async def _measure(stage: Stage, costs: Costs, *, ours: bool) -> None:
    async with _place(stage, OURS if ours else BARE) as at:
        await at.bot.start()  # for once: makes the database, as no later start does
        await _rest(at)
        await at.bot.stop()
        await at.bot.start()
        costs.rest_mib.append(await _rest(at) / 1024)
        begin = _guided if ours else _shown
        people = [person(at.stand, f"person{number}") for number in range(PEOPLE)]
        panels = [await begin(at, one) for one in people]
        await _answers(people[:WARMING_UP], panels[:WARMING_UP])
        taken: list[float] = []

        async def answers() -> None:
            taken.extend(await _answers(people[WARMING_UP:], panels[WARMING_UP:]))

        costs.answer_ms.append(await _cpu_ms(at, answers) / ((PEOPLE - WARMING_UP) * ANSWERS))
        costs.ack_ms.append(median(taken) * 1000)
        probe = "help" if ours else "step"
        await _messages(at, probe, BURST)
        costs.message_ms.append(await _cpu_ms(at, lambda: _messages(at, probe, MESSAGES)) / MESSAGES)


async def _guided(at: Desk, who: Person) -> Seen:
    """Paste an error about a site of one's own in a channel of one's own; return the first step in the thread."""
    name = who.account["username"]
    channel = at.stand.world.add_channel(name)["id"]
    card = await who.says(channel, f"I get 502 Bad Gateway nginx/1.24.0 at {at.stage.site(name, BAD_GATEWAY)}cart")
    card = await who.until(channel, lambda one: one.id == card.id and "Guide me" in one.buttons, "a verdict")
    _, panel = await at.guided(card, who)
    return await at.presses(panel, "It is my site", "Step 1", who)


async def _shown(at: Desk, who: Person) -> Seen:
    """Return the bare bot's first step."""
    channel = at.stand.world.add_channel(who.account["username"])["id"]
    return (await who.uses_slash(channel, "step")).answer


async def _answers(people: list[Person], panels: list[Seen]) -> list[float]:
    """Let everybody go on, one after the other, step by step; return how long each acknowledgement took."""
    taken: list[float] = []
    for who, panel in zip(people, panels, strict=True):
        for _ in range(ANSWERS):
            outcome = await who.clicks(panel, "Skip")
            assert not outcome.failed
            assert "### Step " in outcome.answer.text
            taken.append(outcome.interaction.took_s)
    return taken


async def _messages(at: Desk, probe: str, count: int) -> None:
    """Let people talk; a command after each burst is answered when all of it was heard."""
    for _ in range(count // BURST):
        for number in range(BURST):
            at.bob.writes(at.channel, TALK[number % len(TALK)])
        assert not (await at.alice.uses_slash(at.channel, probe)).failed


async def _starts(stage: Stage, rounds: int) -> tuple[list[float], list[float]]:
    """Return how long it took from the start of the process until Discord knew who it is."""
    found: dict[tuple[str | Path, ...], list[float]] = {OURS: [], EAGER: []}
    for turn in range(rounds + 1):
        for command, times in found.items():
            async with _place(stage, command) as at:
                began = time.monotonic()
                await at.bot.start()
                if turn:  # the first one only warms up
                    times.append((at.stand.record.received("IDENTIFY")[0].at - began) * 1000)
    return found[OURS], found[EAGER]


async def _cpu_ms(at: Desk, work: Callable[[], Coroutine[Any, Any, None]]) -> float:
    """Return the processor time that all threads of the bot took for some work."""
    before = _ran_ns(at)
    await work()
    return (_ran_ns(at) - before) / 1e6


def _ran_ns(at: Desk) -> int:
    return sum(int(one.read_text().split()[0]) for one in _process(at).glob("task/*/schedstat"))


async def _rest(at: Desk) -> int:
    """Wait until the bot has come to rest: it computes nothing, and its memory stays as it is. Return that, in KiB."""
    end = time.monotonic() + RESTS_WITHIN_S
    while True:
        ran, held = _ran_ns(at), _resident_kib(at)
        await asyncio.sleep(RESTS_AFTER_S)
        idle = _ran_ns(at) - ran < RESTS_AFTER_S * 1e7
        now = _resident_kib(at)
        if idle and abs(now - held) <= STEADY_KIB:
            return now
        assert time.monotonic() < end, "the bot does not come to rest"


def _resident_kib(at: Desk) -> int:
    lines = (_process(at) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def _process(at: Desk) -> Path:
    assert at.bot.process is not None
    return Path("/proc") / str(at.bot.process.pid)
