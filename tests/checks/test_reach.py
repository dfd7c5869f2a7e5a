"""Is what all checks share made once and made safely?"""

from __future__ import annotations

import logging
import ssl
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from bot.checks.dial import Dialer
from bot.checks.limits import CheckSettings
from bot.checks.nameservers import NameServers
from bot.checks.policy import Policy
from bot.checks.reach import load_contexts, open_reach


def test_contexts_verify_as_browsers_do(contexts: Any) -> None:
    """Two contexts verify chain and name; only the one that reads bad certificates does not."""
    for verifying in (contexts.web, contexts.probe):
        assert verifying.verify_mode is ssl.CERT_REQUIRED
        assert verifying.check_hostname
        assert not verifying.verify_flags & ssl.VERIFY_X509_STRICT
        assert verifying.cert_store_stats()["x509_ca"] > 50
    assert contexts.bare.verify_mode is ssl.CERT_NONE
    assert contexts.web is not contexts.probe


def test_ciphers_are_those_of_browsers(contexts: Any) -> None:
    """A server that browsers can agree with can agree with the bot, and no other one."""
    aead = {"AES128-GCM-SHA256", "AES256-GCM-SHA384"}
    plain = {"AES128-SHA", "AES256-SHA"}
    authenticated = {f"ECDHE-{key}-{name}" for key in ("RSA", "ECDSA") for name in (*aead, *plain, "CHACHA20-POLY1305")}
    for context in (contexts.web, contexts.probe, contexts.bare):
        offered = {cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"}
        assert offered == authenticated | aead | plain
        assert context.security_level == 2
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_environment_cannot_change_whom_we_trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SSL_CERT_FILE of the environment is not read."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert load_contexts().web.cert_store_stats()["x509_ca"] > 50


def test_missing_ca_file_is_an_error_at_the_start(tmp_path: Path) -> None:
    """A file of authorities that is not there stops the start, not the first check."""
    with pytest.raises(OSError, match="No such file"):
        load_contexts(str(tmp_path / "none.pem"))


async def test_open_reach_wires_the_real_thing() -> None:
    """Real name servers, a real dialler with the operator's policy, and quiet libraries."""
    policy = Policy(allow_networks=(ip_network("192.168.0.0/16"),))
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    reach = open_reach(CheckSettings(resolvers=("127.0.0.1:5353",)), policy)
    assert isinstance(reach.resolver, NameServers)
    assert isinstance(reach.connect, Dialer)
    assert reach.guard.policy is policy
    assert all(logging.getLogger(name).level == logging.WARNING for name in ("httpx", "httpcore"))


def test_bad_name_server_is_an_error_at_the_start() -> None:
    """A resolver that cannot be read stops the start."""
    with pytest.raises(ValueError, match=r"name server|address"):
        open_reach(CheckSettings(resolvers=("dns.site.test",)))


def test_answer_over_an_ip_version_counts_for_a_minute(lo: Any) -> None:
    """What answered an hour ago does not vouch for a connection that may be gone since."""
    clock = [0.0]
    reach = replace(lo.reach(), monotonic=lambda: clock[0])
    assert not reach.has_answered(6)
    reach.note_answer(6)
    assert (reach.has_answered(6), reach.has_answered(4)) == (True, False)
    clock[0] += 61
    assert not reach.has_answered(6)
