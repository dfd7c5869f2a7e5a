"""What does a whole check contact, run through the real code with a simulated network?"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.checks.dns import Answer
from bot.checks.guard import Guard, Policy
from bot.checks.limits import MAX_CNAMES, CheckSettings
from bot.checks.reach import Reach, open_reach
from bot.checks.rehearsal import PlayedServer, Rehearsal, ScriptedResolver, rehearse, rehearse_row
from bot.checks.runner import Runner
from bot.diagnosis.findings import Failure

CORPUS = Path(os.environ.get("CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
SITE = "203.0.112.10"  # just outside of a documentation network: public, and nobody's web site in this test
NEXT = "203.0.112.20"
DNS = {
    "shop.example.com": [[SITE]],
    "www.example.com": [[NEXT, "2400:cb00::20"]],
    "inside.example.com": [["10.1.2.3"]],
    "mixed.example.com": [[SITE, "fd00::7"]],
    "empty.example.com": [[]],
    "turns.example.com": [[SITE], ["127.0.0.1"]],
    "metadata.goog": [["169.254.169.254"]],
    "localhost": [[SITE]],
    "nas.lan": [["10.1.2.3"]],
}


class NoResolver:
    """A resolver that must not be asked."""

    async def lookup(self, name: str) -> Answer:
        raise AssertionError(name)


class OneAnswer:
    """A resolver that gives every name the same address."""

    async def lookup(self, name: str) -> Answer:
        return Answer(v4=(SITE,))


@pytest.fixture(scope="module")
def reach() -> Reach:
    return replace(open_reach(CheckSettings(confirm_pause=0, target_pause=0)), resolver=NoResolver())


def opened(reach: Reach, network: str) -> Reach:
    return replace(reach, guard=Guard(Policy(allow_networks=(ip_network(network),))))


@pytest.mark.parametrize(
    ("url", "connect"),
    [
        ("http://shop.example.com", SITE),
        ("HTTPS://Shop.Example.COM.:8443/x?y#z", SITE),
        ("https://www.example.com/", NEXT),
        (f"https://{SITE}/", SITE),
        ("http://[2400:cb00::20]/", "2400:cb00::20"),
    ],
)
async def test_public_site_is_contacted_once(url: str, connect: str, reach: Reach) -> None:
    """A healthy public address is allowed, and one vetted address is dialled; https needs no real handshake."""
    assert await rehearse(url, reach, DNS) == Rehearsal("allow", None, (connect,))


@pytest.mark.parametrize(
    ("url", "decision", "reason"),
    [
        ("shop.example.com", "invalid", "syntax"),
        ("http://shop.example.com /", "invalid", "control-or-space"),
        ("ftp://shop.example.com/", "block", "scheme"),
        ("http://u@shop.example.com/", "block", "userinfo"),
        ("http://shop.example.com:25/", "block", "port"),
        ("http://localhost/", "block", "name-localhost"),
        ("http://metadata.goog/", "block", "cloud-metadata"),
        ("http://0x7f.1/", "block", "loopback-v4"),
        ("http://[::ffff:203.0.112.10]/", "block", "ipv4-mapped"),
        ("http://inside.example.com/", "block", "private-v4"),
        ("http://mixed.example.com/", "block", "ula"),
    ],
)
async def test_refused_address_is_never_contacted(url: str, decision: str, reason: str, reach: Reach) -> None:
    """Each part of the policy holds for the whole check: refused, with the reason, and not one connection."""
    assert await rehearse(url, reach, DNS) == Rehearsal(decision, reason, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(("host", "reason"), [("no-such.example.com", "nxdomain"), ("empty.example.com", "no-address")])
async def test_name_without_address_is_allowed_and_dials_nothing(host: str, reason: str, reach: Reach) -> None:
    """A name that leads nowhere breaks no rule: the check runs and finds that out."""
    assert await rehearse(f"http://{host}/", reach, DNS) == Rehearsal("allow", reason, ())


async def test_first_answer_is_pinned(reach: Reach) -> None:
    """A name that turns private after it was vetted is still contacted only where it was vetted."""
    assert await rehearse("http://turns.example.com/", reach, DNS) == Rehearsal("allow", None, (SITE,))


async def test_each_hop_is_vetted_anew(reach: Reach) -> None:
    """A redirect to the same name looks it up again, and its new private answer is refused."""
    done = await rehearse("http://turns.example.com/", reach, DNS, ["https://turns.example.com/"])
    assert done == Rehearsal("block", "loopback-v4", (SITE,))


@pytest.mark.parametrize(
    ("locations", "connect"),
    [
        (["/a", "b", "?c", "../d"], (SITE,)),
        (["https://shop.example.com/", "//www.example.com/é"], (SITE, NEXT)),
        ([f"/{n}" for n in range(10)], (SITE,)),
        ([f"http://{NEXT}:8080/"], (SITE, NEXT)),
    ],
)
async def test_redirects_are_followed(locations: list[str], connect: tuple[str, ...], reach: Reach) -> None:
    """Relative and absolute redirects are followed, up to ten, and each host is dialled at its own address."""
    assert await rehearse("http://shop.example.com/", reach, DNS, locations) == Rehearsal("allow", None, connect)


@pytest.mark.parametrize(
    ("locations", "decision", "reason"),
    [
        (["http://127.0.0.1/"], "block", "loopback-v4"),
        (["/ok", "//inside.example.com/"], "block", "private-v4"),
        (["http://mixed.example.com/"], "block", "ula"),
        (["http://localhost/"], "block", "name-localhost"),
        (["https://shop.example.com:22/"], "block", "port"),
        (["http://u:p@shop.example.com/"], "block", "userinfo"),
        (["file:///etc/passwd"], "block", "scheme"),
        (["/a", "/"], "block", "redirect-loop"),
        (["https://shop.example.com/", "http://shop.example.com/"], "block", "redirect-loop"),
        ([""], "block", "redirect-loop"),
        ([f"/{n}" for n in range(40)], "block", "too-many-redirects"),
        (["http:///x"], "invalid", "syntax"),
        (["/\\evil.example.com/"], "invalid", "backslash"),
        (["/a b"], "invalid", "control-or-space"),
        (["/a\r\nLocation: http://127.0.0.1/"], "invalid", "control-or-space"),
        (["/\x1b[31m"], "invalid", "control-or-space"),
        (["/\x00"], "invalid", "bad-location"),
        (["http://127\u3002\uff10.0.1/"], "block", "loopback-v4"),
        (["/" + "x" * 3000], "invalid", "url-too-long"),
    ],
)
async def test_redirect_cannot_leave_the_policy(locations: list[str], decision: str, reason: str, reach: Reach) -> None:
    """The verdict is that of the whole check, and only the hops before the refusal were contacted."""
    done = await rehearse("http://shop.example.com/", reach, DNS, locations)
    assert done == Rehearsal(decision, reason, (SITE,))  # type: ignore[arg-type]


def chain_of(links: int, end: str) -> dict[str, list[list[str]]]:
    names = [f"n{n}.example.com" for n in range(links + 1)]
    script = {name: [[f"CNAME {target.upper()}."]] for name, target in pairwise(names)}
    return script | {names[-1]: [[end]]}


async def test_alias_is_followed_to_its_end(reach: Reach) -> None:
    """Up to eight aliases are followed, and what is at their end is vetted."""
    start = "http://n0.example.com/"
    assert await rehearse(start, reach, chain_of(MAX_CNAMES, SITE)) == Rehearsal("allow", None, (SITE,))
    assert await rehearse(start, reach, chain_of(3, "10.0.0.1")) == Rehearsal("block", "private-v4", ())


async def test_endless_aliases_are_refused(reach: Reach) -> None:
    """A loop of aliases, and a chain that is too long, end refused."""
    loop = {"a.example.com": [["CNAME b.example.com"]], "b.example.com": [["CNAME a.example.com"]]}
    assert await rehearse("http://a.example.com/", reach, loop) == Rehearsal("block", "dns-cname-loop", ())
    long = chain_of(MAX_CNAMES + 1, SITE)
    assert await rehearse("http://n0.example.com/", reach, long) == Rehearsal("block", "dns-cname-loop", ())


async def test_opened_network_is_contacted(reach: Reach) -> None:
    """What the operator opened is allowed, by address and by private name, and nothing else is."""
    private = opened(reach, "10.0.0.0/8")
    assert await rehearse("http://nas.lan/", private, DNS) == Rehearsal("allow", None, ("10.1.2.3",))
    assert await rehearse("http://10.1.2.3/", private, DNS) == Rehearsal("allow", None, ("10.1.2.3",))
    assert await rehearse("http://localhost/", private, DNS) == Rehearsal("block", "name-localhost", ())
    assert await rehearse("http://metadata.goog/", private, DNS) == Rehearsal("block", "cloud-metadata", ())


async def test_script_takes_sets_in_turn() -> None:
    """Each look-up takes the next set of answers, the last one repeats, and families are told apart."""
    resolver = ScriptedResolver({"a": [["192.0.2.1"], ["192.0.2.2", "2001:db8::2"]]})
    answers = [await resolver.lookup("a") for _ in range(3)]
    assert [answer.addresses for answer in answers] == [("192.0.2.1",), *[("192.0.2.2", "2001:db8::2")] * 2]
    assert (await resolver.lookup("b")).failure is Failure.NXDOMAIN


async def test_row_without_script_asks_the_real_resolver(reach: Reach) -> None:
    """A plain row is looked up for real, and still opens no connection."""
    done = await rehearse_row({"id": 7, "url": "http://some.example.com/"}, replace(reach, resolver=OneAnswer()))
    assert done == {"id": 7, "decision": "allow", "reason": None, "connect": [SITE]}


async def test_row_with_script_asks_nobody(reach: Reach) -> None:
    """A row that brings answers or redirects never reaches the real resolver."""
    row: dict[str, Any] = {"id": "a", "url": f"http://{SITE}/", "dns": None, "redirects": ["http://gone.example.com/"]}
    assert await rehearse_row(row, reach) == {"id": "a", "decision": "allow", "reason": "nxdomain", "connect": [SITE]}


async def contacted_by_all_checks(url: str, reach: Reach, dns: Any, redirects: Any) -> set[str]:
    """Run everything, knocks and handshakes included, and return what was dialled."""
    server = PlayedServer(redirects or ())
    played = replace(reach, resolver=ScriptedResolver(dns or {}), connect=server, has_route=lambda _: True)
    await Runner(played).run(url)
    return set(server.dialled)


@pytest.mark.parametrize(
    ("url", "locations", "allowed"),
    [
        ("https://www.example.com/", [], {NEXT, "2400:cb00::20"}),
        ("http://shop.example.com/", ["https://www.example.com/", "http://127.0.0.1/"], {SITE, NEXT}),
        ("http://mixed.example.com/", [], set()),
        ("http://inside.example.com/", [], set()),
        ("http://turns.example.com/", ["/x", "https://turns.example.com/"], {SITE}),
    ],
)
async def test_no_check_contacts_more(url: str, locations: list[str], allowed: set[str], reach: Reach) -> None:
    """The other checks of a run, too, dial vetted addresses alone, and all of them."""
    assert await contacted_by_all_checks(url, reach, DNS, locations) == allowed


async def test_labelled_vectors_all_hold(reach: Reach) -> None:
    """Where the labelled vectors are at hand: no unsafe contact, no false alarm, every verdict accepted."""
    path = CORPUS / "ssrf-dev.jsonl"
    if not path.is_file():
        pytest.skip(f"TARGET GUARD NOT SCORED: no labelled vectors at {path} (set CORPUS)")
    unsafe, alarms, wrong = [], [], []
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        done = await rehearse_row(row, reach)
        contacted = set(done["connect"])
        by_all = await contacted_by_all_checks(row["url"], reach, row["dns"], row["redirects"])
        if (contacted | by_all) - set(row["connect"]) or ("allow" not in row["accept"] and done["decision"] == "allow"):
            unsafe.append(row["id"])
        if row["accept"] == ["allow"] and not (done["decision"] == "allow" and contacted):
            alarms.append(row["id"])
        if done["decision"] not in row["accept"]:
            wrong.append(row["id"])
    assert (unsafe, alarms, wrong) == ([], [], [])
    assert len(rows) > 100
