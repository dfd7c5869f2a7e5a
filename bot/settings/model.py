"""Which settings are there, and which values do they take? Every one is in `deploy/env.example` (a test checks)."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.checks.vantage.peers.account import account_in
from bot.checks.vantage.peers.names import place_name, prefix
from bot.diagnosis.recovery import Pace
from bot.settings.reading import ENV_FILE, PREFIX

LISTS = ("resolvers", "allow_networks", "allow_ports", "own_addresses", "canary", "vantages")
MAY_BE_EMPTY = ("canary",)
"""Lists that are something by default, and may be none on purpose."""
PUBLIC_RESOLVERS = ("1.1.1.1", "8.8.8.8", "9.9.9.9")
"""Name servers that anybody may ask; none of them knows a name of private space."""


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    resolvers: Annotated[tuple[str, ...], NoDecode] = PUBLIC_RESOLVERS
    """Name servers to ask, `ip` or `ip:port` (`[ip6]:port`), comma-separated; two or more are compared."""
    allow_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    """Networks (CIDR, comma-separated) that may be contacted besides the public internet. For private networks."""
    allow_ports: Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], NoDecode] = ()
    """Ports that may be contacted besides the usual web ports, comma-separated."""
    own_addresses: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    """Addresses and networks (CIDR) of this machine's own side that are never contacted, comma-separated."""
    ca_file: Path | None = None
    """File with certificates of authorities (PEM) that are trusted besides the system's."""
    canary: Annotated[tuple[str, ...], NoDecode] = (
        "https://www.wikipedia.org/",
        "https://www.cloudflare.com/cdn-cgi/trace",
        "https://www.google.com/generate_204",
    )
    """Addresses that prove the bot's own connection, comma-separated; empty: none, and no verdict is firm."""
    check_deadline_s: float = Field(default=20.0, gt=0, le=120)
    """Seconds that one whole check may take."""
    confirm_after_s: float = Field(default=2.0, ge=0, le=60)
    """Seconds between a failing answer and the try that confirms it."""
    vantages: Annotated[tuple[Literal["local", "globalping", "peers"], ...], NoDecode] = ("local",)
    """From where to look: local is this machine; after a look that failed, peers and globalping are asked, too."""
    globalping_token: SecretStr | None = None
    """Token of a Globalping account, for its higher limit; without one it is free, too."""
    globalping_per_hour: int = Field(default=60, ge=1, le=10_000)
    """Questions to Globalping in an hour at most, by each process; every question counts there as three tests."""
    globalping_api: str | None = None
    """Base address of a stand-in for Globalping's interface, on this machine."""
    nats_credentials: Path | None = None
    """File with this process's key for NATS: a .creds file, or the seed of a user's key alone."""
    nats_url: SecretStr | None = Field(default=None, validate_default=True)
    """Servers of NATS, comma-separated: tls://host:4222 or tls://user:password@host:4222 (nats:// is not encrypted)."""
    nats_subject: str = "fiveohtwo"
    """What the subjects of questions and answers begin with; the same here and at all peers."""
    peers_timeout_s: float = Field(default=10.0, gt=0, le=60)
    """Seconds that peers are waited for after a look that failed; never more than the whole check may take."""
    peer_name: str | None = None
    """How this place is called to people, such as Frankfurt, DE; `fiveohtwo peer` needs it."""
    peer_per_hour: int = Field(default=600, ge=10, le=100_000)
    """Looks that `fiveohtwo peer` makes for others in an hour at most, and a tenth of it in a minute."""
    contact: str = "https://github.com/fiveohtwo/fiveohtwo"
    """Page or mail address in the User-Agent, for owners of checked sites."""
    knowledge_dir: Path | None = None
    """Folder with knowledge files of your own, laid over ours."""
    language: str = "en"
    """Language to speak: en, or one that the folder below adds; understood are many."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """How much to log, to stderr."""
    heartbeat: Path | None = None
    """File in which `run` leaves a sign of life (`watcher` and `peer` beside it); empty: in the user's data folder."""
    metrics: str | None = None
    """Where `run`, `watcher` and `peer` tell Prometheus numbers, a port of 127.0.0.1 or ip:port; empty: nowhere."""
    discord_token: SecretStr | None = None
    """Token of the Discord bot; without it `make run` starts the terminal."""
    discord_api: str | None = None
    """Base address of a stand-in for Discord's HTTP interface, on this machine."""
    discord_gateway: str | None = None
    """Address of a stand-in for Discord's gateway, on this machine."""
    discord_message_content: bool = True
    """Ask for the privileged intent to read messages (for cards under pasted errors); without it all else works."""
    discord_mode: Literal["off", "offer", "auto"] = "auto"
    """What to do about errors in channels that have no mode of their own."""
    discord_guild_ready_timeout_s: float = Field(default=2.0, ge=0, le=60)
    """Seconds to wait for the last server at start."""
    watch_hours: float = Field(default=48.0, gt=0, le=120)
    """Hours after which a watch for a site that does not come back is given up."""
    watch_first_s: float = Field(default=60.0, ge=0.1, le=86_400)
    """Seconds between the first looks at a site that somebody waits for; the pauses grow from there."""
    watch_longest_s: float = Field(default=1800.0, ge=0.1, le=86_400)
    """Seconds that no pause between such looks grows beyond."""
    watch_good_apart_s: float = Field(default=30.0, ge=0.1, le=86_400)
    """Seconds between the good answers that prove that a site is back."""
    watch_good_answers: int = Field(default=3, ge=1, le=20)
    """Good answers in a row after which a site counts as back."""
    database_url: SecretStr | None = None
    """`sqlite:///file`, `postgresql://...` or `memory:`; empty: `run` keeps a file in the user's data folder."""

    def pace(self) -> Pace:
        """Return how often a watch looks."""
        return Pace(
            first_s=self.watch_first_s,
            longest_s=self.watch_longest_s,
            good_apart_s=self.watch_good_apart_s,
            good_answers=self.watch_good_answers,
        )

    @model_validator(mode="before")
    @classmethod
    def _blank_is_not_set(cls, values: dict[str, Any]) -> dict[str, Any]:
        """`NAME=` leaves the default, as in `deploy/env.example`, where none at all is no choice of the operator's.

        Space around a value is never meant: a token often comes with the end of its line.
        """
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != "" or name in MAY_BE_EMPTY}

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Take `a, b` as a list of two."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("resolvers")
    @classmethod
    def _resolvers_are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("at least one name server is needed")
        for resolver in value:
            split_resolver(resolver)
        return value

    @field_validator("metrics")
    @classmethod
    def _metrics_have_a_place(cls, value: str | None) -> str | None:
        if value is not None:
            split_metrics(value)
        return value

    @field_validator("vantages")
    @classmethod
    def _vantages_that_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """A place that is requested but never looked from would make verdicts look surer than they are."""
        if "local" not in value:
            raise ValueError("local is missing, and every look begins here: local, local,peers or local,globalping")
        if len(set(value)) < len(value):
            raise ValueError("it names a place twice")
        return value

    @field_validator("nats_url")
    @classmethod
    def _servers_are_addresses(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None:
            account_in(value.get_secret_value(), info.data.get("nats_credentials"))
        elif "peers" in info.data.get("vantages", ()):
            raise ValueError(f"{PREFIX}VANTAGES wants peers, and they are asked over NATS: name its servers")
        return value

    @field_validator("nats_subject")
    @classmethod
    def _subject_is_one(cls, value: str) -> str:
        return prefix(value)

    @field_validator("peer_name")
    @classmethod
    def _name_can_be_shown(cls, value: str | None) -> str | None:
        return None if value is None else place_name(value)

    @field_validator("canary")
    @classmethod
    def _canaries_are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if not (url.startswith(("http://", "https://")) and _has_host(url)):
                raise ValueError(f"{url!r} is no http or https address")
        return value

    @field_validator("discord_api", "discord_gateway", "globalping_api")
    @classmethod
    def _only_this_machine(cls, value: str | None) -> str | None:
        """A token must never go to a stranger: stand-ins are taken on this machine only."""
        host = urlsplit(value or "").hostname or ""
        if value is not None and host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("a stand-in must be on this machine (127.0.0.1)")
        return value

    @field_validator("contact", "discord_token", "globalping_token")
    @classmethod
    def _fits_into_a_header(cls, value: str | SecretStr | None) -> str | SecretStr | None:
        """What cannot be sent would look like the recipient's fault."""
        written, first = (value.get_secret_value(), "!") if isinstance(value, SecretStr) else (value or "", " ")
        if wrong := [letter for letter in written if not first <= letter <= "~"]:
            raise ValueError(f"it holds a character that no header of a request takes (U+{ord(wrong[0]):04X})")
        return value

    @field_validator("ca_file", "knowledge_dir", "nats_credentials")
    @classmethod
    def _exists(cls, value: Path | None) -> Path | None:
        try:
            if value is not None:
                value.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise ValueError(f"{str(value)!r} does not exist") from None
        except OSError as error:
            raise ValueError(f"{str(value)!r} cannot be looked at ({error.strerror})") from None
        return value


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def split_metrics(text: str) -> tuple[str, int]:
    """Read `port`, `ip:port` or `[ip6]:port`; without an address only this machine is told. Raises ValueError."""
    return _split(f"127.0.0.1:{text}" if ":" not in text else text, "", "address of this machine (port or ip:port)")


def split_resolver(text: str) -> tuple[str, int]:
    """Read `ip`, `ip:port` or `[ip6]:port`; the port is 53 if none is given. Raises ValueError."""
    return _split(text, "53", "address of a name server (ip or ip:port)")


def _split(text: str, usual_port: str, what: str) -> tuple[str, int]:
    host, port = text, usual_port
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(f"{text!r} is no {what}")
        port = rest[1:] or usual_port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{text!r} has no valid port")
    try:
        ip_address(host)
    except ValueError:
        raise ValueError(f"{text!r} is no {what}") from None
    return host, int(port)
