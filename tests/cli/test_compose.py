"""Are the parts put together as the settings say?"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.compose import (
    SystemClock,
    known_language,
    make_account,
    make_engine,
    make_globalping,
    make_others,
    make_peers,
    make_reach,
    make_runner,
    new_id,
    own_side,
)
from bot.conversation.events import Pasted
from bot.conversation.state import Phase
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.settings import SettingsError
from bot.settings.model import Settings
from bot.storage.memory import MemoryStore
from bot.wording import Message
from cli_shared import Run


def test_policy_follows_the_settings() -> None:
    """Networks and ports of the operator's pass the guard, others do not."""
    reach = make_reach(
        Settings.model_validate({"allow_networks": "127.0.0.0/8", "allow_ports": "3128", "contact": "me"})
    )
    assert reach.guard.parse("http://127.0.0.1:3128/").port == 3128  # type: ignore[union-attr]
    assert reach.settings.user_agent.endswith("(+me)")
    closed = make_reach(Settings())
    assert getattr(closed.guard.parse("http://1.1.1.1:3128/"), "reason", None) == "port"


@pytest.mark.parametrize(
    ("resolvers", "refused"),
    [("1.1.1.1:53,8.8.8.8", True), ("9.9.9.9,10.0.0.53", False), ("127.0.0.1:5353", False)],
)
def test_private_name_needs_a_name_server_of_ones_own(resolvers: str, refused: bool) -> None:
    """An opened network lets its names pass only where another name server than the public ones is asked."""
    settings = Settings.model_validate({"allow_networks": "10.0.0.0/8", "resolvers": resolvers})
    assert (getattr(make_reach(settings).guard.parse("http://nas.lan/"), "reason", None) is not None) is refused


def test_own_side_is_what_the_kernel_and_the_operator_know() -> None:
    """Addresses and networks that are named are refused besides those of the interfaces; loopback is always known."""
    named = Settings.model_validate({"own_addresses": "45.33.32.156, 2a02:8071:5abc::/48"})
    guard, found = make_reach(named).guard, own_side(named)
    assert {ip_address("127.0.0.1"), ip_address("45.33.32.156")} <= found.addresses
    for url, reason in (
        ("http://45.33.32.156/", "own-address"),
        ("http://[2a02:8071:5abc:7::1]/", "own-network"),
        ("http://45.33.32.157/", None),
    ):
        assert getattr(guard.parse(url), "reason", None) == reason


def test_authority_file_that_is_none_is_named(tmp_path: Path) -> None:
    """A file that holds no certificates is refused with the setting's name."""
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(SettingsError, match="FIVEOHTWO_CA_FILE"):
        make_reach(Settings.model_validate({"ca_file": tmp_path / "ca.pem"}))


def test_name_server_that_is_none_is_named() -> None:
    """What the settings let through and the resolver does not take is refused with the setting's name, too."""
    with pytest.raises(SettingsError, match="FIVEOHTWO_RESOLVERS"):
        make_reach(Settings.model_construct(resolvers=("nonsense",)))


async def test_engine_holds_a_conversation(kb: KnowledgeBase) -> None:
    """The engine answers, and keeps what was said in the store that it was given."""
    store = MemoryStore()
    engine = make_engine(kb, Settings(), store)
    said = [output async for output in engine.handle("k", Pasted(text="502 Bad Gateway\nnginx"))]
    assert [message.key for message in said if isinstance(message, Message)] == ["recognised", "ask-role"]
    stored = await store.load("k")
    assert stored is not None
    assert stored.state.phase is Phase.ASK_ROLE
    await engine.aclose()


def test_runner_is_made_of_the_same_reach(kb: KnowledgeBase) -> None:
    """The runner refuses what the guard refuses, before it contacts anybody."""
    runner = make_runner(kb, Settings())
    report = asyncio.run(runner.run("http://10.0.0.1/"))
    assert report.refusal == "private-v4"


@pytest.mark.parametrize(
    "made", ["make_runner(load(examples=False), settings)", "make_reach(settings)", "make_globalping(settings)"]
)
def test_checks_come_without_the_command_line_of_httpx(made: str) -> None:
    """Whichever part of the checks is made first, rich and Pygments, which httpx would import, stay away."""
    code = (
        "import sys; from bot.cli.compose import *; from bot.kb.load import load;"
        "settings = Settings.model_validate({'vantages': 'local,globalping', 'globalping_api': 'http://127.0.0.1:9'});"
        f"{made}; print('httpx' in sys.modules, 'rich' in sys.modules, 'pygments' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]


@pytest.mark.parametrize(
    "command", [["vet", "http://10.0.0.1/"], ["doctor"], ["check", "http://10.0.0.1/"]], ids=" ".join
)
def test_commands_come_without_the_command_line_of_httpx(tmp_path: Path, command: list[str]) -> None:
    """No command that needs the checks imports them before the command line of httpx is left out."""
    code = (
        "import atexit, sys; from bot.cli import main;"
        "atexit.register(lambda: print('httpx' in sys.modules, sys.modules.get('httpx._main')));"
        f"sys.argv = {['fiveohtwo', *command]!r}; main()"
    )
    nowhere = {"FIVEOHTWO_RESOLVERS": "127.0.0.1:9", "FIVEOHTWO_CANARY": "", "FIVEOHTWO_DATABASE_URL": "memory:"}
    env = os.environ | nowhere | {"XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
    assert done.stdout.splitlines()[-1] == "True None", done.stderr


def test_globalping_is_asked_only_when_it_is_wanted() -> None:
    """By default nobody else learns of a look; with the setting, its token, address and limit are taken."""
    assert make_globalping(Settings()) is None
    values = {"globalping_token": "abc", "globalping_per_hour": "7", "contact": "me@example.com"}
    terms = make_globalping(Settings.model_validate({"vantages": "local,globalping"} | values))
    assert terms is not None
    assert (terms.access.base, terms.access.token, terms.per_hour) == ("https://api.globalping.io", "abc", 7)
    assert "me@example.com" in terms.access.user_agent
    here = Settings.model_validate({"vantages": "local,globalping", "globalping_api": "http://127.0.0.1:9"})
    terms = make_globalping(here)
    assert terms is not None
    assert (terms.access.base, terms.access.token) == ("http://127.0.0.1:9", None)


def test_peers_are_asked_only_when_they_are_wanted() -> None:
    """By default nobody is; with the setting, servers, subject, name and time are taken, the time within a check's."""
    assert make_peers(Settings(nats_url=SecretStr("nats://x"))) is None
    assert not make_others(Settings()).mark
    values = {"nats_url": "tls://u:p@x,tls://y", "nats_subject": "a.b", "peer_name": "Oslo", "peers_timeout_s": "7"}
    terms = make_peers(Settings.model_validate({"vantages": "peers,local"} | values))
    assert terms is not None
    assert (terms.account.servers, terms.account.user, terms.account.password) == (
        ("tls://x:4222", "tls://y:4222"),
        "u",
        "p",
    )
    assert (terms.subject, terms.here, terms.patience) == ("a.b", "Oslo", 7)
    short = make_peers(Settings.model_validate({"vantages": "peers,local", "check_deadline_s": "5"} | values))
    assert short is not None
    assert short.patience == 5


def test_account_without_servers_is_a_fault_of_the_settings() -> None:
    """The setting is named."""
    with pytest.raises(SettingsError, match="it is not set"):
        make_account(Settings())


def test_clock_and_ids_do_what_they_say() -> None:
    """Time is in UTC, and no two ids are the same."""
    assert SystemClock().now().utcoffset() is not None
    asyncio.run(SystemClock().sleep(0))
    assert len({new_id() for _ in range(100)}) == 100


@pytest.mark.parametrize("command", [("check", "http://x.example/"), ("watch", "http://x.example/"), ("chat",)])
@pytest.mark.parametrize(("language", "said"), [("xx", ""), ("de", ", though it is understood")])
def test_language_without_words_is_refused_by_every_command(
    run: Run, command: tuple[str, ...], language: str, said: str
) -> None:
    """Whoever asks for a language in which nobody has written what the bot says is told in which somebody has."""
    done = run(*command, language=language, database_url="memory:")
    assert done.exit_code == 2
    assert done.stderr == f'fiveohtwo: the bot has no words in "{language}"{said}; it has words in: en.\n'


def test_language_that_an_operator_begins_is_spoken(tmp_path: Path) -> None:
    """A file that translates a single label makes a language of its own; what it lacks is English."""
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "de.toml").write_text('language = "de"\nname = "Deutsch"\n[choices]\nstop = "Halt"\n')
    assert known_language(load(overlay=tmp_path), "de") == "de"
