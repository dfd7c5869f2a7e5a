"""Does a request that came in the wrong way lead to what makes it right, and never to the cookies?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import Audience, KnowledgeBase
from playbook import HOST, seen

NGINX_PLAIN = "400 Bad Request\nThe plain HTTP request was sent to HTTPS port\nnginx/1.24.0"
PLAIN_HTTP = [
    NGINX_PLAIN,
    "400 The plain HTTP request was sent to HTTPS port\nopenresty",
    "Bad Request\nReason: You're speaking plain HTTP to an SSL-enabled server port.",
    "Client sent an HTTP request to an HTTPS server.",
    "HTTP Status 400 - Bad Request\nThis combination of host and port requires TLS.",
]
CERTIFICATE = [
    "400 Bad Request\nNo required SSL certificate was sent\nnginx",
    "400 Bad Request\nThe SSL certificate error\nnginx/1.24.0",
]
COOKIES = "400 Bad Request\nRequest Header Or Cookie Too Large\nnginx/1.24.0"
LOOKS = [None, seen(200), seen(400)]
every_look = pytest.mark.parametrize("look", LOOKS, ids=["no-look", "works", "refused"])


def led(kb: KnowledgeBase, text: str, look: Report | None, audience: Audience) -> tuple[str, tuple[str, ...]]:
    """Return the cause, and the steps to which a text and a look lead."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, look, {})
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, audience)
    return verdict.cause, plan(kb, verdict, guide, Profile(), (), facts=facts).steps


@every_look
@pytest.mark.parametrize("text", PLAIN_HTTP)
def test_unencrypted_visit_is_told_to_write_https(kb: KnowledgeBase, text: str, look: Report | None) -> None:
    """Whatever server says so: the visitor changes the address, the owner looks who asks without encryption."""
    cause, steps = led(kb, text, look, "visitor")
    assert (cause, steps[0]) == ("request-without-encryption", "write-https")
    assert not {"cookies", "choose-certificate"} & {*steps}
    assert led(kb, text, look, "owner")[1][0] == "check-scheme"


@every_look
@pytest.mark.parametrize("text", CERTIFICATE)
def test_missing_certificate_is_chosen_not_cookies_deleted(kb: KnowledgeBase, text: str, look: Report | None) -> None:
    """The visitor chooses a certificate, the owner looks where one is demanded."""
    cause, steps = led(kb, text, look, "visitor")
    assert (cause, steps[0]) == ("request-without-certificate", "choose-certificate")
    assert not {"cookies", "write-https"} & {*steps}
    assert led(kb, text, look, "owner")[1][0] == "check-client-certificate"


def test_too_large_cookies_are_still_deleted(kb: KnowledgeBase) -> None:
    """nginx's third message is about cookies, and its steps are."""
    assert led(kb, COOKIES, None, "visitor")[1][0] == "cookies"
    assert led(kb, COOKIES, None, "owner")[1][0] == "check-request-size"


def test_encrypted_visitor_is_not_blamed_for_plain_http(kb: KnowledgeBase) -> None:
    """Where the message comes over https, it speaks of a machine of the site that asks another one."""
    look = seen(400, url=f"https://{HOST}/cart", error="nginx-400-plain-http")
    assert led(kb, NGINX_PLAIN, look, "visitor") == ("origin-asked-without-encryption", ("contact-site",))
    look = seen(400, url=f"http://{HOST}:443/cart", error="nginx-400-plain-http")
    assert led(kb, NGINX_PLAIN, look, "visitor")[0] == "request-without-encryption"
