"""Is every code that a browser's error page shows recognised, by its kind where it has no entry of its own?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase
from playbook import seen

TLS = [
    "ERR_SSL_KEY_USAGE_INCOMPATIBLE",
    "ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
    "ERR_ECH_FALLBACK_CERTIFICATE_INVALID",
    "SEC_ERROR_REVOKED_CERTIFICATE",
    "SEC_ERROR_OCSP_INVALID_SIGNING_CERT",
    "SEC_ERROR_BAD_SIGNATURE",
    "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE",
    "MOZILLA_PKIX_ERROR_INSUFFICIENT_CERTIFICATE_TRANSPARENCY",
    "SSL_ERROR_HANDSHAKE_FAILURE_ALERT",
    "SSL_ERROR_PROTOCOL_VERSION_ALERT",
    "SSL_ERROR_ACCESS_DENIED_ALERT",
]
CONNECTION = [
    "ERR_SOCKET_NOT_CONNECTED",
    "ERR_INSUFFICIENT_RESOURCES",
    "ERR_HTTP_1_1_REQUIRED",
    "NS_ERROR_NET_RESET",
    "NS_ERROR_NET_TIMEOUT",
    "NS_ERROR_CONNECTION_REFUSED",
    "NS_ERROR_NET_PARTIAL_TRANSFER",
]
PROXY = ["ERR_UNEXPECTED_PROXY_AUTH", "ERR_MANDATORY_PROXY_CONFIGURATION_FAILED", "NS_ERROR_UNKNOWN_PROXY_HOST"]
STOPPED = ["ERR_BLOCKED_BY_CLIENT", "ERR_BLOCKED_BY_ADMINISTRATOR", "ERR_BLOCKED_BY_RESPONSE", "ERR_UNSAFE_PORT"]
OTHERS = [
    "ERR_MODULE_NOT_FOUND",
    "ERR_INVALID_ARG_TYPE",
    "SSL_ERROR_WANT_READ",
    "NS_ERROR_FAILURE",
    "err_cert_checked = True",
    "err_blocked = []",
]


@pytest.mark.parametrize(
    ("code", "family"), [*((code, "tls") for code in TLS), *((code, "connection") for code in (*CONNECTION, *PROXY))]
)
def test_code_without_a_page_is_known_by_its_kind(kb: KnowledgeBase, code: str, family: str) -> None:
    """A code that stands alone tells what failed, is shown as written, and asks nobody to watch out for it."""
    found = identify(kb, code)
    assert found.match is not None
    assert (found.match.family, found.match.status, found.match.source) == (family, None, "generic")
    assert found.match.code == code
    assert not found.speak


@pytest.mark.parametrize("code", PROXY)
def test_code_of_a_proxy_leads_to_the_proxy(kb: KnowledgeBase, code: str) -> None:
    """Whose proxy is at fault is led to the setting, not to the site."""
    found = identify(kb, code)
    facts = gather(kb, found.match, found.hop, None, {})
    assert choose_guide(kb, judge(kb, facts), facts, "visitor").id == "visitor-local-proxy"


@pytest.mark.parametrize("look", [None, seen(200)], ids=["no-look", "works"])
@pytest.mark.parametrize("code", STOPPED)
def test_what_the_browser_stopped_is_no_lost_connection(kb: KnowledgeBase, code: str, look: Report | None) -> None:
    """Where the browser itself refused, neither server nor line is blamed, and no step fixes them."""
    found = identify(kb, code)
    facts = gather(kb, found.match, found.hop, look, {})
    verdict = judge(kb, facts)
    steps = plan(kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts).steps
    assert verdict.cause == "browser-stopped-it"
    assert steps
    assert not {"restart-network", "dns-servers", "contact-isp"} & {*steps}


@pytest.mark.parametrize("look", [None, seen(200)], ids=["no-look", "works"])
@pytest.mark.parametrize("code", ["ERR_QUIC_PROTOCOL_ERROR", "ERR_QUIC_HANDSHAKE_FAILED"])
def test_broken_quic_leads_to_what_stops_it(kb: KnowledgeBase, code: str, look: Report | None) -> None:
    """A VPN or a filter is looked at and QUIC switched off, before anybody restarts a router."""
    found = identify(kb, code)
    facts = gather(kb, found.match, found.hop, look, {})
    verdict = judge(kb, facts)
    steps = plan(kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts).steps
    assert (verdict.cause, steps[:2]) == ("quic-fails", ("vpn-off", "quic-off"))
    assert not {"restart-network", "contact-isp"} & {*steps}


@pytest.mark.parametrize("text", OTHERS)
def test_name_of_a_program_is_no_browsers_code(kb: KnowledgeBase, text: str) -> None:
    """Other programs have names that begin alike, and source code holds such words."""
    assert identify(kb, text).match is None


@pytest.mark.parametrize("text", ["SSL_ERROR_SYSCALL, errno 104", "code: 'ERR_SSL_WRONG_VERSION_NUMBER'"])
def test_openssls_name_leads_to_the_steps_for_programs(kb: KnowledgeBase, text: str) -> None:
    """OpenSSL and Node.js speak to users of programs."""
    found = identify(kb, text)
    assert found.match is not None
    assert (found.match.error, found.match.source) == ("http-client-tls", "http-client")
