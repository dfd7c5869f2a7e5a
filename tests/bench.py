"""What does it cost, as ratios to named peers in the same run? `python tests/bench.py [--rounds N]`, or `make bench`.

Only the ratios mean something on another machine. The peers take turns with us in every round, and the medians are
compared. Nothing but loopback is contacted. The exit code is always 0: this measures, it does not judge.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

import httpx
import pytest
import trustme
from rapidfuzz import fuzz, process

from bench_discord import Row as DiscordRow
from bench_discord import discord, reading
from bench_many import many
from bench_store import Row as StoreRow
from bench_store import stores
from bot.checks.limits import CheckSettings
from bot.checks.policy import Policy
from bot.checks.reach import open_reach
from bot.checks.runner import Runner
from bot.diagnosis.identify import identify, index_of
from bot.diagnosis.index import compile_index
from bot.diagnosis.normalise import normalise
from bot.diagnosis.phrases import find
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from e2e.command import COMMAND, Command
from e2e.servers import Nginx
from e2e.stage import Stage

ROUNDS = 9
ORDINARY = "has anybody tried the new map yet? we meet at nine, bring snacks :)"
LONG = " ".join(
    f"On day {day} we walked along the river, bought bread and talked about the {thing} until it rained."
    for day in range(4)
    for thing in ("old bridge", "book club", "way to the park", "boat that never came back")
)
NEAR = " ".join(
    f"Server {number} has new memory, its gateway runs the proxy of release {number}.2, and nobody saw a timeout since."
    for number in range(14)
)
LETTERS = "eeeeaaaooiinnttssrrhlldcumfpgwybvkxjqz"
HIT = "hi, since this morning our page only says: 502 Bad Gateway, nginx/1.24.0. What can I do?"

Work = Callable[[], object]
Clock = Callable[[], float]


class Row(NamedTuple):
    """One comparison: the peer's time divided by ours, and both in milliseconds."""

    what: str
    peer: str
    ours_ms: float
    peer_ms: float

    def __str__(self) -> str:
        ratio = self.peer_ms / self.ours_ms
        return f"{ratio:10.3g}  {self.what:<50} {self.peer:<34} {self.ours_ms:10.3f} {self.peer_ms:10.3f}"


HEAD = f"{'peer/ours':>10}  {'ours':<50} {'peer':<34} {'ours, ms':>10} {'peer, ms':>10}"
"""Above 1 we are the faster ones."""


def compare(
    rounds: int, what: str, ours: Work, peers: dict[str, Work], *, repeat: int = 1, clock: Clock = time.perf_counter
) -> list[Row]:
    """Let all take turns; `repeat` is how often ours, being short, runs within one timing."""
    times: dict[str, list[float]] = {name: [] for name in ("", *peers)}
    for turn in range(rounds + 1):
        for name, work in {"": ours, **peers}.items():
            count = 1 if name else repeat
            started = clock()
            for _ in range(count):
                work()
            if turn:  # the first one only warms up
                times[name].append((clock() - started) / count * 1000)
    return [Row(what, name, median(times[""]), median(times[name])) for name in peers]


def recognition(rounds: int) -> list[Row]:
    """Compare one identification with one naive fuzzy search over the same strings, in time of the processor."""
    kb = load()
    strings = strings_of(kb)
    examples = sorted((each.text for entry in kb.errors.values() for each in entry.examples), key=len)
    texts: dict[str, str | Sequence[str]] = {
        "an ordinary message": ORDINARY,
        "a long text": LONG,
        "a long text about servers": NEAR,
        "a true hit, short": HIT,
        "nine true hits, long": examples[-34:-8:3],
        **{f"crafted of {name}": text for name, text in crafted(strings).items()},
    }
    index = index_of(kb)
    peer = f"rapidfuzz WRatio, {len(strings)} strings"
    rows: list[Row] = []
    for name, given in texts.items():
        several = [given] if isinstance(given, str) else given

        def ours(several: Sequence[str] = several) -> object:
            return [identify(kb, text) for text in several]

        def naive(several: Sequence[str] = several) -> object:
            return [process.extractOne(text, strings, scorer=fuzz.WRatio) for text in several]

        def match(several: Sequence[str] = several) -> object:
            return [index.gate.opens(text) and find(index, normalise(text)) for text in several]

        if "true hit" in name:  # what the naive search does, and no more
            what = f"find the wording in {name.removeprefix('a ')}"
            rows += compare(rounds, what, match, {peer: naive}, repeat=20, clock=time.process_time)
        what = f"identify {name}, {max(map(len, several))} chars"
        rows += compare(rounds, what, ours, {peer: naive}, repeat=20, clock=time.process_time)
    rows += compare(
        rounds,
        "identify 200 ordinary messages",
        lambda: [identify(kb, ORDINARY) for _ in range(200)],
        {"discord.py reads them (20x wanted)": reading(ORDINARY, 200)},
        clock=time.process_time,
    )
    few, many = with_phrases(kb, 50), with_phrases(kb, 5_000)
    indexes = compile_index(few), compile_index(many)
    return rows + compare(
        rounds,
        "200 ordinary messages, 5,000 phrases",
        lambda: [indexes[1].gate.opens(ORDINARY) for _ in range(200)],
        {"the same with 50": lambda: [indexes[0].gate.opens(ORDINARY) for _ in range(200)]},
        clock=time.process_time,
    )


def crafted(strings: Sequence[str]) -> dict[str, str]:
    """Return texts of 2,000 characters that are as much like errors as can be."""
    dice = Random(502)
    return {
        "wordings": " ".join(dice.choice(strings) for _ in range(200))[:2_000],
        "pieces of them": "".join(text[at : at + 9] for text in strings if (at := dice.randrange(9)) < 5)[:2_000],
        "one error": ("502 error, " * 200)[:2_000],
        "tags": ("<b " * 700)[:1_997] + "502",
    }


def with_phrases(kb: KnowledgeBase, count: int) -> KnowledgeBase:
    """Return a knowledge base of this many invented phrases, without patterns."""
    dice = Random(502)
    entry = kb.errors["nginx-502"]
    phrases = tuple(
        " ".join("".join(dice.choice(LETTERS) for _ in range(dice.randrange(3, 9))) for _ in range(6))
        for _ in range(count)
    )
    match = entry.match.model_copy(update={"phrases": phrases, "patterns": (), "near": (), "weak": ()})
    return kb.model_copy(update={"errors": {entry.id: entry.model_copy(update={"match": match})}, "locales": {}})


def strings_of(kb: KnowledgeBase) -> list[str]:
    """Return all wordings that are recognised, without the patterns that no fuzzy search could use."""
    own = {text for entry in kb.errors.values() for text in (*entry.match.phrases, *entry.match.weak)}
    told = [(locale.recognise.status, locale.recognise.failure) for locale in kb.locales.values()]
    return sorted({*own, *(text for kinds in told for kind in kinds for texts in kind.values() for text in texts)})


def checks(rounds: int) -> list[Row]:
    """Compare one whole check of a site over TLS with what curl and httpx need to fetch it."""
    with running_site() as (stage, nginx, authority_file):
        url = nginx.secure
        runner = Runner(open_reach(check_settings(stage, authority_file), policy(stage)))
        context = ssl.create_default_context(cafile=str(authority_file))
        host = httpx.URL(url).host
        at_once = url.replace(host, nginx.ip)
        curl = [
            "curl", "-s", "-o", "/dev/null", "--cacert", str(authority_file),
            "--resolve", f"{host}:{nginx.tls_port}:{nginx.ip}", url,
        ]  # fmt: skip

        async def bare() -> None:
            async with httpx.AsyncClient(verify=context, trust_env=False) as client:
                asked = client.build_request("GET", at_once, headers={"Host": host}, extensions={"sni_hostname": host})
                (await client.send(asked)).raise_for_status()

        with asyncio.Runner() as loop:
            assert all(finding.failure is None for finding in loop.run(runner.run(url)).local.findings)

            def ours() -> object:
                return loop.run(runner.run(url, fresh=True))

            peers: dict[str, Work] = {
                "a curl process": lambda: subprocess.run(curl, check=True),
                "bare httpx, TLS context shared": lambda: loop.run(bare()),
            }
            return compare(rounds, "one whole check, resident", ours, peers)


@contextmanager
def running_site() -> Iterator[tuple[Stage, Nginx, Path]]:
    """Start names, a canary and nginx with a certificate."""
    with tempfile.TemporaryDirectory() as folder:
        stage, authority = Stage(), trustme.CA()
        try:
            authority.cert_pem.write_to_path(Path(folder) / "authority.pem")
            nginx = Nginx(stage, Path(folder), authority)
            try:
                yield stage, nginx, Path(folder) / "authority.pem"
            finally:
                nginx.stop()
        finally:
            stage.close()


def check_settings(stage: Stage, authority_file: Path) -> CheckSettings:
    """Return settings without politeness towards our own site."""
    return CheckSettings(
        resolvers=(stage.name_server,), canary=(stage.canary,), ca_file=str(authority_file), target_pause=0.0
    )


def policy(stage: Stage) -> Policy:
    """Let the checks go to loopback."""
    return Policy(allow_networks=(ip_network("127.0.0.0/8"),), allow_ports=frozenset(stage.ports))


def cold_start(rounds: int) -> list[Row]:
    """Compare a whole command from start to end with a Python that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Command(Path(folder)).environment({})

        def run(*arguments: str | Path) -> object:
            return subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd=folder, env=environment)

        python: dict[str, Work] = {"python -c pass": lambda: run(sys.executable, "-c", "pass")}
        return compare(rounds, "fiveohtwo identify, cold", lambda: run(COMMAND, "identify", HIT), python)


Part = Callable[[int], Sequence[Row | StoreRow | DiscordRow]]
PARTS: tuple[Part, ...] = (recognition, checks, cold_start, stores, many, discord)


def main(arguments: list[str] | None = None) -> None:
    """Measure everything, and print a line a comparison."""
    parser = argparse.ArgumentParser(description="Costs as ratios to named peers.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    print(HEAD)
    for part in PARTS:
        try:
            for row in part(rounds):
                print(row)
        except (pytest.skip.Exception, OSError) as missing:
            print(f"{part.__name__}: left out: {missing}")


if __name__ == "__main__":
    main()
