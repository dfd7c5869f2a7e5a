"""What can an operator open and close?"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from bot.checks.policy import WEB_PORTS, Policy


def test_default_is_the_public_internet() -> None:
    """Without settings public addresses pass and private ones do not."""
    policy = Policy()
    assert policy.refusal(ip_address("8.8.8.8")) is None
    assert policy.refusal(ip_address("10.0.0.1")) == "private-v4"
    assert policy.refusal(ip_address("::1")) == "loopback-v6"


def test_opened_network_passes_and_nothing_beside_it() -> None:
    """Only the network that was opened passes, and only in its own family."""
    policy = Policy(allow_networks=(ip_network("127.0.0.0/8"),))
    assert policy.refusal(ip_address("127.9.9.9")) is None
    assert policy.refusal(ip_address("10.0.0.1")) == "private-v4"
    assert policy.refusal(ip_address("::ffff:127.0.0.1")) == "ipv4-mapped"


def test_own_public_address_is_refused() -> None:
    """The bot cannot be sent to its own machine by its public address."""
    policy = Policy(own_addresses=frozenset({ip_address("45.33.32.156")}))
    assert policy.refusal(ip_address("45.33.32.156")) == "own-address"
    assert policy.refusal(ip_address("45.33.32.157")) is None


def test_own_network_is_refused() -> None:
    """The bot cannot be sent to its machine's neighbours, unless the operator opens them."""
    near = ip_network("45.33.32.0/24")
    policy = Policy(own_networks=(near, ip_network("2a02:8071:5abc:1::/64")))
    assert policy.refusal(ip_address("45.33.32.1")) == "own-network"
    assert policy.refusal(ip_address("2a02:8071:5abc:1::77")) == "own-network"
    assert policy.refusal(ip_address("45.33.33.1")) is None
    assert policy.refusal(ip_address("10.0.0.1")) == "private-v4"
    assert Policy(allow_networks=(near,), own_networks=(near,)).refusal(ip_address("45.33.32.1")) is None


def test_own_address_in_opened_network_passes() -> None:
    """What the operator opened explicitly may be the bot's own machine, too."""
    own = ip_address("127.0.0.1")
    policy = Policy(allow_networks=(ip_network("127.0.0.0/8"),), own_addresses=frozenset({own}))
    assert policy.refusal(own) is None


@pytest.mark.parametrize("text", ["fd00:ec2::254", "169.254.169.254"])
def test_metadata_passes_only_when_named_alone(text: str) -> None:
    """A wide network that was opened for other reasons does not open the metadata service inside it."""
    ip = ip_address(text)
    wide = Policy(allow_networks=(ip_network("fd00::/8"), ip_network("169.254.0.0/16")))
    assert wide.refusal(ip) == "cloud-metadata"
    assert Policy(allow_networks=(ip_network(text),)).refusal(ip) is None


def test_web_ports_hold_no_other_service() -> None:
    """The ports that pass by default are web ports; mail, shells, databases and proxies are not among them."""
    assert {80, 443, 8080, 8443} <= WEB_PORTS
    others = {21, 22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 993, 995, 1080, 1433, 2375, 2379, 3128, 3306, 3389}
    others |= {5432, 5672, 5900, 5984, 6379, 6443, 9042, 9092, 9200, 10250, 11211, 27017}
    assert not WEB_PORTS & others


def test_operator_can_add_a_port() -> None:
    """A port from the settings passes besides the usual ones."""
    policy = Policy(allow_ports=frozenset({3128}))
    assert [policy.allows_port(port) for port in (3128, 443, 22)] == [True, True, False]
