"""How far may a check go? Times, sizes and counts in one place; `bot.settings` sets what an operator may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

PROJECT_PAGE = "https://github.com/fiveohtwo/fiveohtwo"

MAX_ADDRESSES = 4096
"""For one name: more than fits into any answer, since every single one must be vetted."""
MAX_SHOWN_ADDRESSES = 32
MAX_CNAMES = 8
MAX_TCP_ADDRESSES = 8
MAX_BODY = 64 * 1024
MAX_HEADERS = 100
MAX_URL = 2048
MAX_HEADER_BYTES = 32 * 1024


def own_user_agent(page: str = PROJECT_PAGE) -> str:
    """Say who asks, and where its operator can be found."""
    try:
        number = version("fiveohtwo")
    except PackageNotFoundError:
        number = "dev"
    return f"Fiveohtwo/{number} (+{page})"


@dataclass(frozen=True)
class CheckSettings:
    """What an operator may set, and what tests shorten. All times are in seconds."""

    resolvers: tuple[str, ...] = ("1.1.1.1", "8.8.8.8", "9.9.9.9")
    """Name servers as `ip`, `ip:port` or `[ip]:port`; all are asked at once and compared."""
    canary: tuple[str, ...] = ()
    """Addresses that prove the bot's own connection; empty: the canary is skipped."""
    ca_file: str | None = None
    """Certificates that are trusted besides the public ones."""
    user_agent: str = field(default_factory=own_user_agent)
    deadline: float = 20.0
    """For the whole run, all stages together."""
    dns_lifetime: float = 4.0
    dns_grace: float = 1.0
    """How long to wait for slower resolvers once one has answered."""
    connect_timeout: float = 4.0
    tls_timeout: float = 5.0
    read_timeout: float = 8.0
    body_time: float = 5.0
    """For the whole body; what has come by then is enough."""
    canary_timeout: float = 5.0
    confirm_pause: float = 2.0
    """Between a failing answer and its confirmation."""
    fresh_for: float = 60.0
    """How long a good result is reused."""
    failing_fresh_for: float = 30.0
    target_pause: float = 2.0
    """From the start of one run to the start of the next against the same host, even when a fresh one is asked for."""
    concurrency: int = 10
    """Runs at the same time; more wait for their turn."""
