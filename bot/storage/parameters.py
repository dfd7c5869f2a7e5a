"""What follows the ? of a PostgreSQL address, and who understands it: the driver, the server, or neither?

Addresses are written for libpq, but the driver does not support all of its parameters; it passes those that it does
not know to the server, which refuses them. Poolers and ORMs have added some more.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote_plus

DRIVER = frozenset(
    {
        "host", "port", "dbname", "database", "user", "password", "passfile", "service", "target_session_attrs",
        "sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation",
        "ssl_min_protocol_version", "ssl_max_protocol_version", "krbsrvname", "gsslib",
    }
)  # fmt: skip
"""What the driver uses itself."""
NOBODYS = frozenset(
    {
        "authtype", "channel_binding", "client_encoding", "connect_timeout", "connection_limit", "gssdelegation",
        "gssencmode", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts",
        "max_protocol_version", "min_protocol_version", "oauth_client_id", "oauth_client_secret", "oauth_issuer",
        "oauth_scope", "pgbouncer", "pool_timeout", "replication", "require_auth", "requirepeer", "requiressl",
        "scram_client_key", "scram_server_key", "servicefile", "sslcertmode", "sslcompression", "sslcrldir",
        "sslkeylogfile", "sslsni", "tcp_user_timeout", "tty",
    }
)  # fmt: skip
"""What libpq, a pooler or an ORM uses itself: neither the driver nor the server knows it."""
CALLED = {"fallback_application_name": "application_name", "hostaddr": "host"}
"""What is understood under another name, unless it is given by that name, too."""


class Understood(NamedTuple):
    """The parameters of an address."""

    query: str
    """Those that are passed on, written as they were."""
    passed_over: tuple[str, ...] = ()
    """Names of those that are not."""


def understood(query: str, *, names_host: bool) -> Understood:
    """Sort the parameters of an address; `names_host`: it names a server in front of them."""
    given = [(unquote_plus(part.partition("=")[0]), part) for part in query.split("&") if part]
    names = {name for name, _ in given} | ({"host"} if names_host else set())
    handed_on, passed_over = [], []
    for name, part in given:
        known = CALLED.get(name)
        if name in NOBODYS or known in names:
            passed_over.append(name)
        elif known is not None:
            handed_on.append(f"{known}={part.partition('=')[2]}")
        else:
            handed_on.append(part)
    return Understood("&".join(handed_on), tuple(dict.fromkeys(passed_over)))


def set_by(query: str) -> tuple[str, ...]:
    """Return the names of the parameters that the driver passes to the server as settings."""
    names = (unquote_plus(part.partition("=")[0]) for part in query.split("&") if part)
    return tuple(name for name in dict.fromkeys(names) if name not in DRIVER)
