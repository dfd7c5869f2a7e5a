"""Does each reader get the guide for what they are using: a browser, a program, an app, a server of their own?"""

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
    """Whoever describes Cloudflare's or OpenAI's page is using a browser."""
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


def after_a_look(kb: KnowledgeBase, text: str, status: int = 200) -> tuple[str, str, tuple[str, ...]]:
    """Return the cause, the guide and the steps when the bot itself got this status."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, seen(status), {})
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, "visitor")
    return verdict.cause, guide.id, plan(kb, verdict, guide, Profile(), (), facts=facts).steps


REFUSED = {
    "discord.errors.Forbidden: 403 Forbidden (error code: 50013): Missing Permissions": "check-rights",
    "wget: ERROR 403: Forbidden.": "check-rights",
    "ERROR: [youtube] abc: yt-dlp HTTP Error 403: Forbidden": "check-rights",
    "npm ERR! 403 403 Forbidden - PUT https://registry.npmjs.org/foo - You do not have permission": "check-rights",
    "curl: (22) The requested URL returned error: 401": "sign-in",
    "npm ERR! 404 Not Found - GET https://registry.npmjs.org/foo - Not found": "check-address",
    "pip: HTTP error 429 while getting https://pypi.org/simple/x": "wait-retry-after",
    "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413": "smaller-request",
    "docker push: error parsing HTTP 413 response body": "smaller-request",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_program_looks_at_its_request(kb: KnowledgeBase, text: str) -> None:
    """Whoever got 4xx by a program is led to what the number speaks of, and never to browser, VPN or proxy."""
    wrong = {"reload", "cookies", "allow-scripts", "vpn-off", "proxy-settings", "check-status", "find-page"}
    looked = after_a_look(kb, text)
    for guide, steps in (led(kb, text), looked[1:]):
        assert (guide, steps[0]) == ("visitor-client-4xx", REFUSED[text])
        assert wrong.isdisjoint(steps)
        assert ("smaller-request" in steps) is ("413" in text)


@pytest.mark.parametrize("text", [text for text in REFUSED if "413" not in text and "429" not in text])
def test_refused_program_is_not_told_of_a_recovery(kb: KnowledgeBase, text: str) -> None:
    """A 4xx is the server's decision about this request, so that the bot gets a page does not speak of a recovery."""
    assert after_a_look(kb, text)[0] == "program-refused"


def test_program_refused_by_a_proxy_looks_at_the_proxy(kb: KnowledgeBase) -> None:
    """A 403 to CONNECT is the word of a proxy on the person's own side, not of the server."""
    text = "curl: (56) CONNECT tunnel failed, response 403"
    assert after_a_look(kb, text)[:2] == ("program-proxy-refuses", "visitor-client")
    assert led(kb, text)[1][0] == "proxy-settings"


@pytest.mark.parametrize(
    ("text", "step"), [("Roblox Error Code: 429", "come-back-later"), ("Fortnite 403 forbidden", "vpn-off")]
)
def test_refused_player_begins_with_what_the_number_means(kb: KnowledgeBase, text: str, step: str) -> None:
    """A game's 429 is a matter of waiting, its 403 mostly one of the VPN; with a look as without."""
    assert led(kb, text)[1][0] == step
    cause, guide, steps = after_a_look(kb, text)
    assert (guide, steps[0]) == ("visitor-app", step)
    assert cause in ("app-refused", "rate-limited-for-you")


IN_AN_APP = [
    "Roblox error code 502 when joining",
    "minecraft launcher says 502",
    "my PS5 shows error 502 bad gateway, playstation network",
    "the netflix app shows 502 bad gateway",
    "valorant client error 502",
    "steam client error 503 service unavailable",
    "discord says 502 bad gateway",
    "502 오류가 뜨면서 게임이 접속이 안돼요",
    "Roblox Error Code: 429",
    "Fortnite 403 forbidden",
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
        "게임 사이트 502 오류",
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


@pytest.mark.parametrize(
    ("text", "status", "cause", "steps"),
    [
        ("429 Too Many Requests", 429, "rate-limited", ("wait-retry-after", "stop-repeats")),
        ("HTTP ERROR 401", 401, "wants-sign-in", ("sign-in", "cookies")),
        ("HTTP ERROR 401", 200, "turned-away-for-you", ("sign-in",)),
        ("451 Unavailable For Legal Reasons", 451, "legal-block", ("contact-site",)),
        ("451 Unavailable For Legal Reasons", 403, "legal-block-by-text", ("contact-site",)),
        ("451 Unavailable For Legal Reasons", 200, "legal-block-for-you", ("vpn-off", "contact-site")),
    ],
)
def test_refused_visitor_begins_with_what_the_number_means(
    kb: KnowledgeBase, text: str, status: int, cause: str, steps: tuple[str, ...]
) -> None:
    """Minutes before days after 429, the login after 401, and nothing to try around a legal block."""
    found, guide, offered = after_a_look(kb, text, status)
    assert (found, offered[: len(steps)]) == (cause, steps)
    assert guide in ("visitor-403", "visitor-429")
    if cause.startswith("legal-block"):
        assert offered == steps


def test_legal_block_that_nobody_looked_at_is_told_as_one(kb: KnowledgeBase) -> None:
    """The number says it: no reload, no cookies, no sign-in."""
    assert led(kb, "451 Unavailable For Legal Reasons") == ("visitor-403", ("contact-site",))
