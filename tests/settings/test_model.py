"""Are settings read, and are wrong ones refused with a sentence that helps?"""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.settings import PREFIX, SettingsError, load_settings
from bot.settings.model import Settings

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
    """Several values stand in one setting, and an empty one is none."""
    monkeypatch.setenv(PREFIX + "RESOLVERS", "127.0.0.1:5353, [::1]:53")
    monkeypatch.setenv(PREFIX + "ALLOW_NETWORKS", "127.0.0.0/8,fd00::/8")
    monkeypatch.setenv(PREFIX + "ALLOW_PORTS", "3128")
    monkeypatch.setenv(PREFIX + "CANARY", "")
    settings = load_settings()
    assert settings.resolvers == ("127.0.0.1:5353", "[::1]:53")
    assert settings.allow_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    assert settings.allow_ports == (3128,)
    assert settings.canary == ()


def test_env_file_is_read(tmp_path: Path) -> None:
    """Settings may stand in a file beside the process."""
    (tmp_path / ".env").write_text("FIVEOHTWO_LANGUAGE=de\nOTHER=1\n")
    assert load_settings().language == "de"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RESOLVERS", "dns.example.com", "no address of a name server"),
        ("RESOLVERS", "1.1.1.1:99999", "no valid port"),
        ("RESOLVERS", "[::1", "no address of a name server"),
        ("RESOLVERS", " , ", "at least one name server"),
        ("ALLOW_NETWORKS", "10.0.0.0/99", "not a valid"),
        ("ALLOW_PORTS", "0", "greater than or equal to 1"),
        ("ALLOW_PORTS", "web", "valid integer"),
        ("CANARY", "ftp://x", "no http or https address"),
        ("CA_FILE", "/no/such/file", "does not exist"),
        ("VANTAGES", "moon", "'local', 'globalping' or 'peers'"),
        ("VANTAGES", "local,globalping", "only local is there so far"),
        ("LOG_LEVEL", "loud", "'debug', 'info'"),
        ("CHECK_DEADLINE_S", "0", "greater than 0"),
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


def test_all_faults_are_listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to find one mistake after the other."""
    monkeypatch.setenv(PREFIX + "ALOW_PORTS", "80")
    monkeypatch.setenv(PREFIX + "XYZZY_QUUX", "1")
    monkeypatch.setenv(PREFIX + "LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    text = str(refused.value)
    assert "Did you mean FIVEOHTWO_ALLOW_PORTS?" in text
    assert "FIVEOHTWO_XYZZY_QUUX: there is no such setting. See deploy/env.example" in text
    assert "FIVEOHTWO_LOG_LEVEL" in text


def test_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret setting does not appear when settings are printed."""
    monkeypatch.setenv(PREFIX + "DISCORD_TOKEN", "very.secret.token")
    assert "very.secret.token" not in repr(load_settings())


def test_example_file_has_every_setting_and_no_other() -> None:
    """deploy/env.example names each setting once."""
    named = re.findall(r"^#? ?(FIVEOHTWO_[A-Z0-9_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert sorted(named) == sorted(PREFIX + name.upper() for name in Settings.model_fields)
