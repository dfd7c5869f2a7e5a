"""Is each parameter of a PostgreSQL address given to whoever understands it, and reported when nobody does?"""

from __future__ import annotations

import pytest

from bot.storage.address import parse
from bot.storage.parameters import DRIVER, NOBODYS, set_by, understood


@pytest.mark.parametrize(
    ("query", "handed_on", "passed_over"),
    [
        ("channel_binding=require&sslmode=require", "sslmode=require", ("channel_binding",)),
        ("connect_timeout=10&keepalives=1&keepalives_idle=5", "", ("connect_timeout", "keepalives", "keepalives_idle")),
        ("pgbouncer=true&connection_limit=1", "", ("pgbouncer", "connection_limit")),
        ("application_name=a%20b&options=-c%20x%3Dy", "application_name=a%20b&options=-c%20x%3Dy", ()),
        ("fallback_application_name=x", "application_name=x", ()),
        ("application_name=y&fallback_application_name=x", "application_name=y", ("fallback_application_name",)),
        ("statement_timeout=5000", "statement_timeout=5000", ()),
        ("host=/run&sslsni=1", "host=/run", ("sslsni",)),
        ("hostaddr=10.0.0.1", "host=10.0.0.1", ()),
        ("", "", ()),
    ],
)
def test_parameters_are_sorted(query: str, handed_on: str, passed_over: tuple[str, ...]) -> None:
    """What driver or server understand is handed on as it was, the rest is named."""
    assert understood(query, names_host=False) == (handed_on, passed_over)


def test_address_of_a_host_is_not_a_second_host() -> None:
    """Where a name is given its address is skipped: the driver looks it up."""
    assert understood("hostaddr=10.0.0.1", names_host=True) == ("", ("hostaddr",))


def test_address_keeps_what_is_understood() -> None:
    """An address as hosters give it is one that the driver reads; what fell away is remembered by name."""
    address = parse("postgresql://me:pw@ep.example.com/db?sslmode=require&channel_binding=require")
    assert address.url == "postgresql://me:pw@ep.example.com/db?sslmode=require"
    assert address.passed_over == ("channel_binding",)
    assert parse("postgres://me@h/db?keepalives=1").url == "postgresql://me@h/db"


def test_settings_of_the_server_are_what_the_driver_leaves() -> None:
    """Only what the driver does not take for itself can be what a server has something against."""
    assert set_by("sslmode=require&foo=bar&application_name=x&foo=baz") == ("foo", "application_name")
    assert not DRIVER & NOBODYS
