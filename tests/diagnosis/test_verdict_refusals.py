"""Does a refusal that only the visitor meets lead to its own guide, and never to what makes it worse?"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase

ANSWERS = {"checked": True, "canary.outcome": "ok", "http.status": 200, "http.class": 2, "tls.outcome": "ok"}
COOKIES_400 = "400 Bad Request\nRequest Header Or Cookie Too Large\nnginx/1.24.0"
WORDFENCE = "Your access to this site has been limited by the site owner (HTTP response code 503) Wordfence"
CF_1015 = "Error 1015 Ray ID: 7d2 You are being rate limited"
CF_1020 = "Error 1020 Ray ID: 7d2 Access denied"


def _led(kb: KnowledgeBase, text: str, look: dict[str, JsonValue], **answers: str) -> tuple[Verdict, str, str]:
    """Return the verdict, the visitor's guide and its first step."""
    found = identify(kb, text)
    said = {question.replace("_", "-"): answer for question, answer in answers.items()}
    facts = {**gather(kb, found.match, found.hop, None, said), **look}
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, "visitor")
    return verdict, guide.id, plan(kb, verdict, guide, Profile(), (), facts=facts).steps[0]


@pytest.mark.parametrize(
    ("text", "cause", "guide", "first"),
    [
        ("429 Too Many Requests", "rate-limited-for-you", "visitor-429", "wait-retry-after"),
        ("curl: (22) The requested URL returned error: 429", "rate-limited-for-you", "visitor-client-4xx", "wait-retry-after"),
        (CF_1015, "rate-limited-for-you", "visitor-429", "wait-retry-after"),
        (CF_1020, "turned-away-for-you", "visitor-403", "reload"),
        ("403 Forbidden nginx/1.24.0", "turned-away-for-you", "visitor-403", "reload"),
        ("401 Unauthorized", "turned-away-for-you", "visitor-403", "sign-in"),
        ("451 Unavailable For Legal Reasons", "legal-block-for-you", "visitor-403", "vpn-off"),
        (WORDFENCE, "turned-away-for-you", "visitor-403", "reload"),
        ("404 Not Found nginx/1.24.0", "page-missing-for-you", "visitor-404", "check-address"),
        ("431 Request Header Fields Too Large", "request-refused-for-you", "visitor", "cookies"),
        (COOKIES_400, "request-refused-for-you", "visitor", "cookies"),
        ("npm ERR! 403 Forbidden - GET https://registry.npmjs.org/x", "program-refused", "visitor-client-4xx", "check-rights"),
    ],
)  # fmt: skip
def test_refusal_that_the_bot_does_not_meet_keeps_its_guide(
    kb: KnowledgeBase, text: str, cause: str, guide: str, first: str
) -> None:
    """Where the bot is let in, the text still says what the visitor can do."""
    verdict, chosen, step = _led(kb, text, dict(ANSWERS))
    assert (verdict.cause, chosen, step) == (cause, guide, first)


@pytest.mark.parametrize("look", [{}, ANSWERS], ids=["no-look", "works"])
@pytest.mark.parametrize("text", ["429 Too Many Requests", CF_1015, "HTTP ERROR 429"])
def test_nobody_over_a_limit_is_told_to_reload(kb: KnowledgeBase, text: str, look: dict[str, JsonValue]) -> None:
    """Each further try can make the pause longer."""
    verdict, guide, first = _led(kb, text, dict(look))
    assert (guide, first) == ("visitor-429", "wait-retry-after")
    assert "reload" not in kb.causes[verdict.cause].action.replace("Do not reload", "")


@pytest.mark.parametrize(
    ("text", "guide"),
    [("403 Forbidden nginx/1.24.0", "visitor-403"), (CF_1020, "visitor-403"), (WORDFENCE, "visitor-403")],
)
def test_refusal_of_one_network_is_about_its_address(kb: KnowledgeBase, text: str, guide: str) -> None:
    """Router and name servers cannot help whom the site turns away; a block is not called a recovery."""
    verdict, chosen, first = _led(kb, text, dict(ANSWERS), mobile_data="works")
    assert (verdict.cause, chosen, first) == ("network-turned-away", guide, "vpn-off")


def test_cookies_are_still_proven_by_a_private_window(kb: KnowledgeBase) -> None:
    """The quick question decides between the browser's data and the rest."""
    verdict, _, first = _led(kb, COOKIES_400, dict(ANSWERS), private_window="works")
    assert (verdict.cause, first) == ("browser-state", "cookies")
