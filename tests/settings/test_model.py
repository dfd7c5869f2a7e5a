"""Which settings are there, and are wrong values refused with a sentence that helps?"""

from __future__ import annotations

import ast
import inspect
import re
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import PREFIX, SettingsError, load_settings, model
from bot.settings.model import MAY_BE_EMPTY, Settings, split_metrics, split_resolver

EXAMPLE = Path(__file__).parents[2] / "deploy" / "env.example"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No env file of the machine is read."""
    monkeypatch.chdir(tmp_path)


def test_defaults_are_usable() -> None:
    """Without any setting there are two resolvers or more, a canary, and nothing private is allowed."""
    settings = load_settings()
    assert len(settings.resolvers) >= 2
    assert settings.canary
    assert settings.allow_networks == ()


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """One setting may hold several values, and an empty one is none."""
    monkeypatch.setenv(PREFIX + "RESOLVERS", "127.0.0.1:5353, [::1]:53")
    monkeypatch.setenv(PREFIX + "ALLOW_NETWORKS", "127.0.0.0/8,fd00::/8")
    monkeypatch.setenv(PREFIX + "ALLOW_PORTS", "3128")
    monkeypatch.setenv(PREFIX + "CANARY", "")
    settings = load_settings()
    assert settings.resolvers == ("127.0.0.1:5353", "[::1]:53")
    assert settings.allow_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    assert settings.allow_ports == (3128,)
    assert settings.canary == ()


SAMPLES = {
    "resolvers": ("127.0.0.1:9", ("127.0.0.1:9",)),
    "allow_networks": ("10.0.0.0/8", (ip_network("10.0.0.0/8"),)),
    "allow_ports": ("3128, 8000", (3128, 8000)),
    "own_addresses": ("203.0.113.7, fd00::/8", (ip_network("203.0.113.7/32"), ip_network("fd00::/8"))),
    "ca_file": ("/", Path("/")),
    "canary": ("http://127.0.0.1:9/", ("http://127.0.0.1:9/",)),
    "check_deadline_s": ("7.5", 7.5),
    "confirm_after_s": ("0", 0.0),
    "vantages": ("local, globalping", ("local", "globalping")),
    "globalping_token": ("abc", SecretStr("abc")),
    "globalping_per_hour": ("20", 20),
    "globalping_api": ("http://127.0.0.1:9", "http://127.0.0.1:9"),
    "nats_credentials": ("/", Path("/")),
    "nats_url": ("tls://a:b@nats.example.com", SecretStr("tls://a:b@nats.example.com")),
    "nats_subject": ("bots.fiveohtwo", "bots.fiveohtwo"),
    "peers_timeout_s": ("4.5", 4.5),
    "peer_name": ("Frankfurt, DE", "Frankfurt, DE"),
    "peer_per_hour": ("100", 100),
    "contact": ("me@example.com", "me@example.com"),
    "knowledge_dir": ("/", Path("/")),
    "language": ("de", "de"),
    "log_level": ("debug", "debug"),
    "heartbeat": ("/run/bot.heartbeat", Path("/run/bot.heartbeat")),
    "metrics": ("9502", "9502"),
    "discord_token": ("a.b.c", SecretStr("a.b.c")),
    "discord_api": ("http://127.0.0.1:9/api", "http://127.0.0.1:9/api"),
    "discord_gateway": ("ws://[::1]:9", "ws://[::1]:9"),
    "discord_message_content": ("false", False),
    "discord_mode": ("offer", "offer"),
    "discord_guild_ready_timeout_s": ("0.1", 0.1),
    "watch_hours": ("12", 12.0),
    "watch_first_s": ("30", 30.0),
    "watch_longest_s": ("600", 600.0),
    "watch_good_apart_s": ("10", 10.0),
    "watch_good_answers": ("2", 2),
    "database_url": ("memory:", SecretStr("memory:")),
}
"""Setting -> what an operator writes, and what that means."""


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_comes_from_the_environment_and_from_the_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every setting can be set either way; the environment goes before the file, and all others stay as they are."""
    written, meant = SAMPLES[name]
    (tmp_path / ".env").write_text(f"{PREFIX}{name.upper()}={written}\nOTHER=1\n")
    assert load_settings() == Settings().model_copy(update={name: meant})
    (tmp_path / ".env").write_text(f"{PREFIX}{name.upper()}=nonsense://\n")
    monkeypatch.setenv(PREFIX + name.upper(), written)
    assert getattr(load_settings(), name) == meant


@pytest.mark.parametrize("wanted", ["local,peers", "globalping,local", "peers, globalping, local"])
def test_places_are_named_in_any_order(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look begins here, wherever `local` stands."""
    monkeypatch.setenv(PREFIX + "VANTAGES", wanted)
    monkeypatch.setenv(PREFIX + "NATS_URL", "nats://127.0.0.1")
    assert set(load_settings().vantages) == {part.strip() for part in wanted.split(",")}


def test_peers_need_a_way_to_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that is asked for and never looked from would make verdicts look surer than they are."""
    monkeypatch.setenv(PREFIX + "VANTAGES", "local,peers")
    with pytest.raises(SettingsError, match=r"^FIVEOHTWO_NATS_URL: FIVEOHTWO_VANTAGES wants peers"):
        load_settings()


def test_user_and_credentials_are_not_both_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them counts is not guessed; the password is not repeated."""
    monkeypatch.setenv(PREFIX + "NATS_CREDENTIALS", "/")
    monkeypatch.setenv(PREFIX + "NATS_URL", "tls://bot:hidden@x")
    with pytest.raises(SettingsError, match="one of them is too much") as refused:
        load_settings()
    assert "hidden" not in str(refused.value)


def test_every_setting_has_a_sample() -> None:
    """A new setting is tried here, too."""
    assert set(SAMPLES) == set(Settings.model_fields)


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name not in MAY_BE_EMPTY])
@pytest.mark.parametrize("blank", ["", " \n"], ids=["empty", "space"])
def test_blank_setting_is_not_set(name: str, blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NAME=` leaves the default: no empty token, no folder that is the current one by accident, no list of nothing."""
    monkeypatch.setenv(PREFIX + name.upper(), blank)
    assert load_settings() == Settings.model_construct()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RESOLVERS", "dns.example.com", "no address of a name server"),
        ("RESOLVERS", "1.1.1.1:99999", "no valid port"),
        ("RESOLVERS", "[::1]53", "no address of a name server"),
        ("RESOLVERS", "1.1.1.1:²", "no valid port"),
        ("RESOLVERS", "[::1", "no address of a name server"),
        ("RESOLVERS", " , ", "at least one name server"),
        ("METRICS", "127.0.0.1", "no valid port"),
        ("METRICS", "99999", "no valid port"),
        ("METRICS", "localhost:9502", "no address of this machine"),
        ("METRICS", "[::1", "no address of this machine"),
        ("ALLOW_NETWORKS", "10.0.0.0/99", "not a valid"),
        ("OWN_ADDRESSES", "203.0.113.7/24", "not a valid"),
        ("OWN_ADDRESSES", "me.example.com", "not a valid"),
        ("ALLOW_PORTS", "0", "greater than or equal to 1"),
        ("ALLOW_PORTS", "web", "valid integer"),
        ("CANARY", "ftp://x", "no http or https address"),
        ("CANARY", "https://", "no http or https address"),
        ("CANARY", "http://[::1", "no http or https address"),
        ("CANARY", "http://127.0.0.1:99999/", "no http or https address"),
        ("WATCH_FIRST_S", "inf", "less than or equal to 86400"),
        ("WATCH_LONGEST_S", "1e12", "less than or equal to 86400"),
        ("WATCH_GOOD_APART_S", "nan", "less than or equal to 86400"),
        ("CA_FILE", "/no/such/file", "does not exist"),
        ("CA_FILE", "/tmp/" + "x" * 300, "cannot be looked at (File name too long)"),
        ("KNOWLEDGE_DIR", "/tmp/" + "x" * 300, "cannot be looked at (File name too long)"),
        ("VANTAGES", "moon", "'local', 'globalping' or 'peers'"),
        ("VANTAGES", "globalping", "local is missing"),
        ("VANTAGES", "peers", "local is missing"),
        ("VANTAGES", "local,local", "a place twice"),
        ("NATS_URL", "http://bot:hidden@x", "one of its addresses is none"),
        ("NATS_URL", "tls://bot:hidden@x,nats://y", "mixes nats:// and tls://"),
        ("NATS_CREDENTIALS", "/no/such/file", "does not exist"),
        ("NATS_SUBJECT", "fiveohtwo.>", "words of letters"),
        ("PEERS_TIMEOUT_S", "0", "greater than 0"),
        ("PEER_NAME", "**Frankfurt**", "such as Frankfurt, DE"),
        ("PEER_PER_HOUR", "0", "greater than or equal to 10"),
        ("GLOBALPING_PER_HOUR", "0", "greater than or equal to 1"),
        ("GLOBALPING_API", "https://evil.example/", "must be on this machine"),
        ("CONTACT", "me@example.com\x01", "no header of a request takes (U+0001)"),
        ("CONTACT", "me@example.com\r\nCookie: a=b", "no header of a request takes (U+000D)"),
        ("CONTACT", "https://bücher.example/", "no header of a request takes (U+00FC)"),
        ("DISCORD_TOKEN", "a.b\n.c", "no header of a request takes (U+000A)"),
        ("DISCORD_TOKEN", "a.b c", "no header of a request takes (U+0020)"),
        ("GLOBALPING_TOKEN", "abc\u2026", "no header of a request takes (U+2026)"),
        ("LOG_LEVEL", "loud", "'debug', 'info'"),
        ("CHECK_DEADLINE_S", "0", "greater than 0"),
        ("CHECK_DEADLINE_S", "nan", "less than or equal to 120"),
        ("KNOWLEDGE_DIR", "/no/such/folder", "does not exist"),
        ("DISCORD_MODE", "loud", "'off', 'offer'"),
        ("DISCORD_MESSAGE_CONTENT", "perhaps", "valid boolean"),
        ("DISCORD_GATEWAY", "ws://127.0.0.1@evil.example/", "must be on this machine"),
        ("DISCORD_API", "https://evil.example/api", "must be on this machine"),
        ("DISCORD_GATEWAY", "wss://evil.example/", "must be on this machine"),
    ],
)
def test_malformed_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    """Each bad value is refused with the setting's name, the reason, and where to look."""
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    text = str(refused.value)
    assert text.startswith(PREFIX + name)
    assert said in text
    assert "env.example" in text
    assert "hidden" not in text


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("1.1.1.1", ("1.1.1.1", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("::1", ("::1", 53)),
        ("[::1]", ("::1", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_name_server_may_bring_a_port(text: str, server: tuple[str, int]) -> None:
    """Both address families are taken, with a port or with the usual one."""
    assert split_resolver(text) == server


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("9502", ("127.0.0.1", 9502)),
        ("10.0.0.5:9502", ("10.0.0.5", 9502)),
        ("[::1]:9502", ("::1", 9502)),
        ("0.0.0.0:9502", ("0.0.0.0", 9502)),
    ],
)
def test_numbers_are_told_to_this_machine_alone_unless_more_is_asked_for(text: str, place: tuple[str, int]) -> None:
    """A port by itself is one of the loopback; whoever wants another address names it."""
    assert split_metrics(text) == place


def test_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret setting does not appear when settings are printed."""
    monkeypatch.setenv(PREFIX + "DISCORD_TOKEN", "very.secret.token")
    monkeypatch.setenv(PREFIX + "GLOBALPING_TOKEN", "another.secret")
    assert "very.secret.token" not in repr(load_settings())
    assert "another.secret" not in repr(load_settings())


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "GLOBALPING_TOKEN"])
def test_token_that_is_refused_is_not_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever pasted one character too many need not see the token in a log."""
    monkeypatch.setenv(PREFIX + name, "very.secret\t.token")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "very" not in str(refused.value)


def test_space_around_a_value_is_not_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was read from a file with the end of its line is the token."""
    monkeypatch.setenv(PREFIX + "DISCORD_TOKEN", " a.b.c\r\n")
    monkeypatch.setenv(PREFIX + "DISCORD_MODE", "off ")
    settings = load_settings()
    assert settings.discord_token == SecretStr("a.b.c")
    assert settings.discord_mode == "off"


def test_contact_may_be_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces and signs of a header are taken."""
    monkeypatch.setenv(PREFIX + "CONTACT", "Ops team; see https://example.com/bot?a=1 (24/7)")
    assert load_settings().contact.startswith("Ops team;")


def test_example_file_shows_every_setting_once_with_its_default(tmp_path: Path) -> None:
    """deploy/env.example names each setting once, and with every line switched on nothing changes."""
    text = EXAMPLE.read_text()
    named = re.findall(r"^# (FIVEOHTWO_[A-Z0-9_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(PREFIX + name.upper() for name in Settings.model_fields)
    (tmp_path / ".env").write_text(re.sub(r"^# (?=FIVEOHTWO_)", "", text, flags=re.MULTILINE))
    assert load_settings() == Settings.model_construct()


def test_example_file_explains_each_setting_as_the_code_does() -> None:
    """The line above a setting begins with the words beside it in the code."""
    tree = ast.parse(Path(model.__file__).read_text())
    settings = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    told = {
        field.target.id: inspect.cleandoc(said.value.value).replace("`", "").rstrip(".")
        for field, said in pairwise(settings.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(said, ast.Expr)
        and isinstance(said.value, ast.Constant)
    }
    shown = dict(re.findall(r"^# (.+)\n# FIVEOHTWO_([A-Z0-9_]+)=", EXAMPLE.read_text().replace("`", ""), re.MULTILINE))
    explained = {name.lower(): text for text, name in shown.items()}
    assert {name: explained.get(name, "")[: len(text)] for name, text in told.items()} == told
    assert set(told) == set(Settings.model_fields)
