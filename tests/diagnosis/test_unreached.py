"""Is the machine found that an error names as not reached, and told apart from the site?"""

from __future__ import annotations

import pytest

from bot.diagnosis.unreached import is_another, unreached


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Error: getaddrinfo ENOTFOUND postgres", "postgres"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", "127.0.0.1"),
        ("Error: connect ECONNREFUSED ::1:5432", "::1"),
        ("connect ETIMEDOUT [2001:db8::7]:443", "2001:db8::7"),
        ("php_network_getaddresses: getaddrinfo for db.internal failed: Name or service not known", "db.internal"),
        ('could not translate host name "db" to address: Name or service not known', "db"),
        ('connection to server at "10.0.0.5", port 5432 failed: Connection refused', "10.0.0.5"),
        ("SQLSTATE[HY000] [2003] Can't connect to MySQL server on 'mysql' (111)", "mysql"),
        ("curl: (6) Could not resolve host: shop.example.com", "shop.example.com"),
        ("curl: (7) Failed to connect to shop.example.com port 443 after 3 ms: Connection refused", "shop.example.com"),
        ("dial tcp: lookup redis on 127.0.0.11:53: no such host", "redis"),
        ("curl: (6) Could not resolve host: ss.w0rd@shop.example.com", None),
        ("This site can't be reached ERR_CONNECTION_REFUSED", None),
        ("502 Bad Gateway nginx/1.24.0", None),
    ],
)
def test_name_beside_the_failure_is_read(text: str, host: str | None) -> None:
    """What a program names as not found or not reached is told without its port."""
    assert unreached(text) == host


@pytest.mark.parametrize(
    ("named", "another"),
    [
        ("postgres", True),
        ("127.0.0.1", True),
        ("10.0.0.5", True),
        ("api.example.com", True),
        ("shop.example.com", False),
        ("www.shop.example.com", False),
        ("198.51.100.20", False),
        ("8.8.8.8", False),
        ("::1", True),
    ],
)
def test_only_a_stranger_is_another_machine(named: str, another: bool) -> None:
    """The site's own name and addresses are the site; so may any public address be, for sites have many."""
    assert is_another(named, ["shop.example.com"], ["198.51.100.20"]) is another
