"""Are short texts of products, pasted word by word and alone, recognised and led to what cures them?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase
from playbook import seen

OPENAI = "Error code: 429 - {'error': {'message': 'You exceeded your current quota', 'code': 'insufficient_quota'}}"
DOCKER = (
    "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and "
    "upgrading: https://www.docker.com/increase-rate-limit"
)


def led(kb: KnowledgeBase, text: str, look: Report | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the cause and the visitor's steps to which a text and a look lead."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, look, {})
    verdict = judge(kb, facts)
    return verdict.cause, plan(
        kb, verdict, choose_guide(kb, verdict, facts, "visitor"), Profile(), (), facts=facts
    ).steps


@pytest.mark.parametrize(
    ("text", "error", "status"),
    [
        ("The service is unavailable.", "iis-503", 503),
        ("494 Request header too large", "generic-494", 494),
        ("529 overloaded", "app-529", 529),
        ('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "app-529", 529),
        ("insufficient_quota", "openai-quota", 429),
        (OPENAI, "openai-quota", 429),
        (DOCKER, "docker-pull-limit", 429),
        ("Error 1005 Access denied ASN", "cloudflare-1005", None),
        ("Error 1006 Access denied", "cloudflare-1006", None),
        ("Error 1009 Access denied", "cloudflare-1009", None),
        ("Error 1012 Access denied", "cloudflare-1012", None),
    ],
)
def test_text_that_stands_alone_is_known(kb: KnowledgeBase, text: str, error: str, status: int | None) -> None:
    """What a product prints is its own even where nothing around it names the product, and no call for help."""
    found = identify(kb, text)
    assert found.match is not None
    assert (found.match.error, found.match.status, found.speak) == (error, status, False)


@pytest.mark.parametrize("text", ["the service is unavailable", "Their service is unavailable. Call them", "bus 529"])
def test_person_who_says_likewise_is_left_alone(kb: KnowledgeBase, text: str) -> None:
    """Words of a person are not a whole page of a machine."""
    assert identify(kb, text).match is None


@pytest.mark.parametrize("look", [None, seen(200), seen(502)], ids=["no-look", "works", "fails"])
def test_used_up_allowance_is_not_waited_for(kb: KnowledgeBase, look: Report | None) -> None:
    """Credit does not grow by waiting, and a sign-in is what raises the limit of downloads."""
    assert led(kb, OPENAI, look) == ("credit-used-up", ("check-quota", "check-key"))
    cause, steps = led(kb, DOCKER, look)
    assert (cause, steps[0]) == ("downloads-used-up", "sign-in")


def test_too_many_requests_are_still_waited_for(kb: KnowledgeBase) -> None:
    """A limit over time ends by itself."""
    assert led(kb, "429 Too Many Requests")[1][0] == "wait-retry-after"


def test_too_large_head_leads_to_the_cookies(kb: KnowledgeBase) -> None:
    """494 is what others call 431."""
    assert led(kb, "494 Request header too large")[1][0] == "cookies"
    assert led(kb, "494 Request header too large", seen(200))[0] == "request-refused-for-you"
