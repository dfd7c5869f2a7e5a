"""Does the machine say honestly where its packets can go?"""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from bot.checks.routes import has_route


@pytest.mark.parametrize("ip", ["127.0.0.1", "127.0.0.2", "::1"])
def test_loopback_is_reachable(ip: str) -> None:
    """The machine reaches itself over both families."""
    assert has_route(ip_address(ip))


@pytest.mark.parametrize("ip", ["240.0.0.1", "ff00::"])
def test_answer_is_given_for_any_address(ip: str) -> None:
    """Addresses that nobody can have give an answer, not an error."""
    assert has_route(ip_address(ip)) in (True, False)
