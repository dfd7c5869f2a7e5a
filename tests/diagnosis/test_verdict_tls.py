"""Is a failed secure connection blamed on what can cause it: dates, a name, its maker, or something that cuts it?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure, Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import Audience, KnowledgeBase, Side, State
from playbook import seen

OTHER_NAME = "SSL: no alternative certificate subject name matches target host name 'shop.example.com'"
CURL_DATES = "curl: (60) SSL certificate problem: certificate has expired"


def _led(
    kb: KnowledgeBase, text: str, look: Report | None, audience: Audience = "visitor"
) -> tuple[str, Side, tuple[str, ...]]:
    """Return the cause, its side and the steps."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, look, {})
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, audience)
    return verdict.cause, verdict.side, plan(kb, verdict, guide, Profile(), (), facts=facts).steps


@pytest.mark.parametrize(
    "text",
    [
        "ERR_SSL_PROTOCOL_ERROR",
        "PR_END_OF_FILE_ERROR",
        "PR_CONNECT_RESET_ERROR",
        "SSL_ERROR_UNRECOGNIZED_NAME_ALERT",
        "SSL_ERROR_RX_RECORD_TOO_LONG",
        "Safari can't establish a secure connection to the server",
        "curl: (35) OpenSSL SSL_connect: Connection reset by peer",
    ],
)
def test_cut_handshake_is_no_matter_of_the_clock(kb: KnowledgeBase, text: str) -> None:
    """Before a certificate was shown its dates and its maker play no part: what is in between is looked at."""
    cause, side, steps = _led(kb, text, seen(200))
    assert (cause, side, steps[0]) == ("visitor-tls-cut", Side.NETWORK, "vpn-off")
    assert not {"check-clock", "program-roots"} & {*steps}
    cause, _, steps = _led(kb, text, None)
    assert (cause, steps[0]) == ("tls-cut-by-text", "vpn-off")
    assert not {"check-clock", "program-roots"} & {*steps}


@pytest.mark.parametrize(
    "text",
    [
        "NET::ERR_CERT_COMMON_NAME_INVALID",
        "SSL_ERROR_BAD_CERT_DOMAIN",
        f"curl: (60) {OTHER_NAME}",
        f"curl: (51) {OTHER_NAME}",
        "x509: certificate is valid for www.example.org, not shop.example.com",
        "x509: cannot validate certificate for 192.0.2.7 because it doesn't contain any IP SANs",
        "javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching shop.example.com found.",
    ],
)
@pytest.mark.parametrize(("look", "cause"), [(seen(200), "visitor-tls-name"), (None, "tls-name-by-text")])
def test_certificate_of_another_name_begins_with_the_name(
    kb: KnowledgeBase, text: str, look: Report | None, cause: str
) -> None:
    """Neither clock nor root certificate changes a name: the address is read first."""
    found, _, steps = _led(kb, text, look)
    assert (found, steps[0]) == (cause, "check-address")
    assert not {"check-clock", "program-roots"} & {*steps}


@pytest.mark.parametrize("text", ["NET::ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_CERTIFICATE", CURL_DATES])
def test_wrong_dates_begin_with_the_clock(kb: KnowledgeBase, text: str) -> None:
    """A certificate that is good from here and out of date there is read by a wrong clock."""
    cause, _, steps = _led(kb, text, seen(200))
    assert (cause, steps[0]) == ("visitor-tls", "check-clock")


@pytest.mark.parametrize(
    ("text", "failure"),
    [(f"curl: (60) {OTHER_NAME}", Failure.CERT_HOSTNAME), (CURL_DATES, Failure.CERT_EXPIRED)],
)
def test_root_certificate_is_not_offered_against_the_sites_own_fault(
    kb: KnowledgeBase, text: str, failure: Failure
) -> None:
    """Where the look sees the wrong name or the old dates itself no list of authorities helps."""
    _, side, steps = _led(kb, text, seen(failure=("tls", failure)))
    assert side is Side.TLS
    assert not {"check-clock", "program-roots"} & {*steps}


def test_root_certificate_is_still_first_against_an_unknown_maker(kb: KnowledgeBase) -> None:
    """curl's 60 without a reason of its own, or with an unknown issuer, is about trust."""
    for text in (
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "curl: (60) SSL certificate problem",
    ):
        assert _led(kb, text, seen(200))[2][0] == "program-roots"


def test_broken_chain_is_not_told_as_down(kb: KnowledgeBase) -> None:
    """Most browsers repair a missing link: the site opens for some, and its owner sends the whole chain first."""
    look = seen(failure=("tls", Failure.CERT_UNTRUSTED))
    cause, _, steps = _led(kb, "", look, "owner")
    assert (cause, steps[0]) == ("certificate-untrusted", "check-chain")
    assert kb.causes[cause].state is State.DEGRADED
