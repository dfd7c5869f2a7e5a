"""Is a person's error page believed where the bot gets no answer at all?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase, Side, State, Strength

LOOKED = {"checked": True, "canary.outcome": "ok", "host": "shop.example.com", "port": 443}
SILENT = LOOKED | {"tcp.failure": "timeout"}
REFUSED = LOOKED | {"tcp.failure": "refused"}
PAGE = "502 Bad Gateway\nnginx/1.24.0"


@pytest.mark.parametrize("look", [SILENT, REFUSED], ids=["silent", "refused"])
@pytest.mark.parametrize("text", [PAGE, "503 Service Unavailable", "504 Gateway Time-out nginx"])
def test_page_in_hand_is_not_denied(kb: KnowledgeBase, text: str, look: dict[str, str | int | bool]) -> None:
    """Whoever got a page is not told that none came, nor asked to fix a line that carried it."""
    found = identify(kb, text)
    assert found.match is not None
    facts = {**gather(kb, found.match, found.hop, None, {}), **look}
    verdict = judge(kb, facts)
    assert (verdict.state, verdict.side, verdict.strength) == (State.DOWN, Side.ORIGIN, Strength.LIKELY)
    assert verdict.cause.startswith("page-in-hand-now-")
    assert not kb.causes[verdict.cause].ask
    guide = choose_guide(kb, verdict, facts, "visitor")
    assert guide.id == kb.errors[found.match.error].guide.visitor
    kinds = {step.id: step.kind for step in guide.steps}
    steps = plan(kb, verdict, guide, Profile(), (), facts=facts).steps
    assert steps[0] == "reload"
    assert not {kinds[step] for step in steps} & {"network", "dns", "device", "provider"}


@pytest.mark.parametrize(
    ("text", "look", "cause"),
    [
        ("ERR_CONNECTION_TIMED_OUT", SILENT, "no-connection"),
        ("ERR_CONNECTION_REFUSED", REFUSED, "nothing-listens"),
        ("403 Forbidden nginx", SILENT, "no-connection"),
        ("curl: (56) Received HTTP code 502 from proxy after CONNECT", SILENT, "no-connection"),
        ("502 Bad Gateway Server: McAfee Web Gateway", REFUSED, "nothing-listens"),
        ("lorem ipsum", REFUSED, "nothing-listens"),
    ],
)
def test_what_no_machine_of_the_site_wrote_proves_no_connection(
    kb: KnowledgeBase, text: str, look: dict[str, str | int | bool], cause: str
) -> None:
    """A browser's own error, or a proxy's, does not show that the line to the site works."""
    found = identify(kb, text)
    assert judge(kb, {**gather(kb, found.match, found.hop, None, {}), **look}).cause == cause


def test_guide_without_connection_denies_no_page(kb: KnowledgeBase) -> None:
    """It is also the guide of a site that answers nowhere by now, whatever page somebody got before."""
    for guide in ("visitor-connection", "visitor-client-connection"):
        assert "not even an error" not in kb.guides[guide].intro


CLOUDFLARE = "Bad gateway Error code 502 You Browser Working Frankfurt Cloudflare Working shop.example.com Host Error"


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        "502 Bad Gateway awselb/2.0",
        "Proxy Error The proxy server received an invalid response. Apache/2.4.52 502",
    ],
)
def test_plain_page_leaves_the_cookies_as_a_cure(kb: KnowledgeBase, text: str) -> None:
    """Cookies that grew too large bring about the same page, for one visitor alone; the line carried it."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    assert (verdict.state, verdict.side, verdict.cause) == (State.DOWN, Side.ORIGIN, "page-of-failed-server")
    guide = choose_guide(kb, verdict, facts, "visitor")
    steps = plan(kb, verdict, guide, Profile(), (), facts=facts).steps
    assert steps[:3] == ("reload", "new-session", "cookies")
    assert not {"clear-cache", "other-browser", "restart-network", "dns-servers", "contact-isp"} & set(steps)


def test_only_a_drawing_names_who_worked(kb: KnowledgeBase) -> None:
    """Cloudflare's page says of each station how it did; no other page is said to."""
    drawn, plain = (identify(kb, text) for text in (CLOUDFLARE, PAGE))
    causes = [kb.causes[judge(kb, gather(kb, found.match, found.hop, None, {})).cause] for found in (drawn, plain)]
    assert [cause.id for cause in causes] == ["page-blames-origin", "page-of-failed-server"]
    assert ["It names which machine" in cause.reason for cause in causes] == [True, False]
