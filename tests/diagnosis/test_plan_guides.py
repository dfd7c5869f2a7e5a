"""Does each reader get the guide for what is before them: a browser, a program, an app, a server of their own?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import Audience, KnowledgeBase
from playbook import seen


def guide_for(kb: KnowledgeBase, text: str, audience: Audience = "visitor") -> str:
    """Return the guide to which a text alone leads."""
    return led(kb, text, audience)[0]


def led(kb: KnowledgeBase, text: str, audience: Audience = "visitor") -> tuple[str, tuple[str, ...]]:
    """Return the guide and the steps to which a text alone leads."""
    found = identify(kb, text)
    assert found.match is not None
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, audience)
    return guide.id, plan(kb, verdict, guide, Profile(), (), facts=facts).steps


@pytest.mark.parametrize(
    "text",
    [
        "cloudflare 502 on shop.example.com",
        "Erreur cloudflare 502 sur shop.example.com",
        "the shop shows a 504 gateway timeout from cloudflare",
        "ChatGPT keeps giving me 502 bad gateway",
        "Bad gateway Error code 502 Visit cloudflare.com for more information. 2026-11-03 08:14:55 UTC",
    ],
)
def test_page_told_in_plain_words_leads_to_browser_steps(kb: KnowledgeBase, text: str) -> None:
    """Whoever tells of Cloudflare's or OpenAI's page sits before a browser."""
    assert guide_for(kb, text) in ("visitor", "visitor-504")


@pytest.mark.parametrize(
    "text",
    [
        "HTTP/2 502\nserver: cloudflare\ncf-ray: 9b1f00aa11bb22cc-AMS\n\nerror code: 502",
        "HTTP/2 504\nserver: cloudflare\ncf-ray: 9b1f00aa11bb22ce-LHR\n\nerror code: 504",
        "openai.APIStatusError 502 Bad gateway at https://api.openai.com/v1/chat/completions",
        '{"title":"Error 502: Bad gateway","status":502,"error_code":502,"cloudflare_error":true,"retryable":true}',
    ],
)
def test_answer_to_a_program_leads_to_program_steps(kb: KnowledgeBase, text: str) -> None:
    """Headers, bare bodies and JSON were sent to a program, and the steps are those for programs."""
    assert guide_for(kb, text) == "visitor-client"


IN_AN_APP = [
    "Roblox error code 502 when joining",
    "minecraft launcher says 502",
    "my PS5 shows error 502 bad gateway, playstation network",
    "the netflix app shows 502 bad gateway",
    "valorant client error 502",
    "steam client error 503 service unavailable",
    "discord says 502 bad gateway",
]


@pytest.mark.parametrize("text", IN_AN_APP)
def test_player_gets_no_browser_steps(kb: KnowledgeBase, text: str) -> None:
    """Whoever met the error in an app or a game is led by the guide for apps, which knows no browser."""
    guide, steps = led(kb, text)
    assert guide == "visitor-app"
    assert "reload" in steps
    assert not any(step.kind == "browser" or step.browsers for step in kb.guides[guide].steps)


@pytest.mark.parametrize("status", [200, 502, 503])
def test_app_keeps_its_guide_whatever_the_bot_sees(kb: KnowledgeBase, status: int) -> None:
    """A look at the site changes the verdict, not what the person sits before."""
    found = identify(kb, "Roblox error code 502 when joining")
    facts = gather(kb, found.match, found.hop, seen(status, confirmed=status >= 500 or None), {})
    assert choose_guide(kb, judge(kb, facts), facts, "visitor").id == "visitor-app"


@pytest.mark.parametrize(
    "text",
    [
        "github gives me 502",
        "netflix 502 bad gateway in chrome",
        "the roblox website says 502 bad gateway",
        "nextcloud 502 bad gateway",
        "502 Bad Gateway nginx, I only wanted to read about minecraft",
    ],
)
def test_site_of_an_app_keeps_browser_steps(kb: KnowledgeBase, text: str) -> None:
    """Services that open in a browser, and games whose page is spoken of, keep the steps for browsers."""
    assert guide_for(kb, text) == "visitor"


@pytest.mark.parametrize(
    ("text", "guide"),
    [
        ("cPanel shared hosting 502 bad gateway my site", "owner-generic"),
        ("Plesk 502 Bad Gateway nginx my site", "owner-nginx"),
        ("Apache 502 bad gateway on my cpanel site", "owner-apache"),
        ("500 internal server error on shared hosting with cPanel", "owner-500"),
        ("my wordpress on shared hosting shows 503 service unavailable", "owner-503"),
        ("504 gateway timeout on my cpanel shop when I import", "owner-504"),
    ],
)
def test_owner_on_rented_hosting_begins_in_the_panel(kb: KnowledgeBase, text: str, guide: str) -> None:
    """Whoever has a panel and no shell is not sent to a shell first."""
    found, steps = led(kb, text, "owner")
    assert (found, steps[0]) == (guide, "shared-hosting")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("SSL_ERROR_RX_RECORD_TOO_LONG", "check-versions"),
        ("ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "check-versions"),
        ("This site can't provide a secure connection ERR_SSL_PROTOCOL_ERROR", "check-versions"),
        ("PR_END_OF_FILE_ERROR", "check-versions"),
        ("curl: (35) error:0A00010B:SSL routines::wrong version number", "check-versions"),
        ("ERR_SSL_UNRECOGNIZED_NAME_ALERT", "check-names"),
        ("SSL_ERROR_UNRECOGNIZED_NAME_ALERT", "check-names"),
        ("NET::ERR_CERT_DATE_INVALID", "read-certificate"),
        ("NET::ERR_CERT_COMMON_NAME_INVALID", "read-certificate"),
    ],
)
def test_owner_without_a_handshake_begins_with_the_handshake(kb: KnowledgeBase, text: str, first: str) -> None:
    """Where no certificate was ever shown, reading and renewing one is not what comes first."""
    guide, steps = led(kb, text, "owner")
    assert (guide, steps[0]) == ("owner-tls", first)


@pytest.mark.parametrize("code", [1101, 1102, 1019, 1025, 1027])
def test_owner_of_a_worker_begins_with_the_worker(kb: KnowledgeBase, code: int) -> None:
    """A program that runs at Cloudflare has no server whose journal or rights anybody could look at."""
    guide, steps = led(kb, f"error code: {code}", "owner")
    assert (guide, steps[0]) == ("owner-cloudflare", "check-worker")
    assert "check-permissions" not in steps


def test_owner_of_a_broken_wordpress_begins_with_its_mail(kb: KnowledgeBase) -> None:
    """The mail names the plugin, and lets its owner in; a shell, which many do not have, comes later."""
    guide, steps = led(kb, "There has been a critical error on this website.", "owner")
    assert (guide, steps[:3]) == ("owner-500", ("recovery-mail", "undo-change", "shared-hosting"))


def test_merchant_is_led_through_the_shop_not_a_server(kb: KnowledgeBase) -> None:
    """Whoever rents a whole shop has status, theme and apps to look at, and no command to type."""
    guide, steps = led(kb, "There was a problem loading this website\nTry refreshing the page.", "owner")
    assert (guide, steps[0]) == ("owner-shop", "check-status-page")
    assert {"preview-theme", "undo-change", "ask-support"} <= {*steps}
    assert not any("`" in step.do for step in kb.guides[guide].steps)
