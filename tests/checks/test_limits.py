"""Do the limits fit together?"""

from __future__ import annotations

from bot.checks.limits import CheckSettings, own_user_agent


def test_one_slow_try_fits_into_the_deadline() -> None:
    """Look-up, connection, handshake and answer at their slowest still end before the deadline."""
    limits = CheckSettings()
    slowest = limits.dns_lifetime + limits.connect_timeout + limits.read_timeout
    assert slowest + limits.confirm_pause < limits.deadline


def test_user_agent_names_product_version_and_page() -> None:
    """Whoever reads the log of a checked site learns who asked, and where to complain."""
    name, _, page = own_user_agent().partition(" ")
    assert name.startswith("Fiveohtwo/")
    assert page.startswith("(+https://")


def test_several_resolvers_are_compared_by_default() -> None:
    """At least two resolvers of different owners are asked."""
    assert len(set(CheckSettings().resolvers)) >= 2
