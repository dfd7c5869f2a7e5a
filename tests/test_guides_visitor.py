"""Do the guides for visitors (and for WSUS administrators) keep what they promise their readers?"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from itertools import product
from typing import get_args

import pytest

from bot.diagnosis.plan import Profile, details, exists_on
from bot.kb.model import Browser, Guide, GuideStep, System

SHORT = (
    "visitor-connection",
    "visitor-client-connection",
    "visitor-413",
    "visitor-quic",
    "visitor-quota",
    "visitor-dns",
    "visitor-tls",
    "visitor-local-proxy",
    "visitor-client",
    "visitor-client-tls",
    "visitor-400",
    "visitor-client-4xx",
    "visitor-404",
    "visitor-500",
    "visitor-403",
    "visitor-503",
    "visitor-504",
    "visitor-429",
)
ALL = ("visitor", *SHORT, "windows-update", "visitor-windows-app", "owner-wsus")
PHONES = ("ios", "android")
BASE_ORDER = [
    ("reload", "reload"),
    ("new-session", "browser"),
    ("clear-cache", "browser"),
    ("cookies", "browser"),
    ("safe-mode", "browser"),
    ("other-browser", "browser"),
    ("vpn-off", "network"),
    ("restart-computer", "device"),
    ("restart-network", "network"),
    ("dns-servers", "dns"),
    ("contact-site", "site"),
    ("contact-isp", "provider"),
    ("come-back-later", "wait"),
]
PAIRS = [
    Profile(browser=browser, system=system)
    for browser, system in product(get_args(Browser), get_args(System))
    if browser != "safari" or system in ("macos", "ios")
]
PAST_THE_WARNING = re.compile(
    r"(proceed|continue|go on|visit) anyway|accept the risk|ignore|click(ing)? through|thisisunsafe|add (an )?exception"
    r"|insecure|no-check-certificate|sslverify|strict-ssl|trusted-host|TLS_REJECT|verify=false|curl -s?k\b",
    re.IGNORECASE,
)


def load(guide: str) -> Guide:
    text = files("knowledge").joinpath("guides", f"{guide}.toml").read_text(encoding="utf-8")
    return Guide.model_validate(tomllib.loads(text))


GUIDES = {guide: load(guide) for guide in ALL}
STEPS = [pytest.param(guide, step, id=f"{guide.id}.{step.id}") for guide in GUIDES.values() for step in guide.steps]
DETAILED = [
    pytest.param(step, id=f"{guide.id}.{step.id}") for guide in GUIDES.values() for step in guide.steps if step.details
]
every_guide = pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
every_step = pytest.mark.parametrize(("guide", "step"), STEPS)


def words(step: GuideStep) -> list[str]:
    return [step.title, step.do, step.why, step.verify, step.warn or "", *(detail.do for detail in step.details)]


def test_visitor_guide_has_its_steps_in_base_order() -> None:
    """The visitor's guide goes from the quick steps to the slow ones, each of the kind that evidence speaks of."""
    assert [(step.id, step.kind) for step in GUIDES["visitor"].steps if not step.cure] == BASE_ORDER


def test_visitor_guide_asks_for_browser_and_system() -> None:
    """The menus differ by browser and system, so the guide asks for both."""
    assert set(GUIDES["visitor"].asks) == {"browser", "system"}


@pytest.mark.parametrize("guide", SHORT)
def test_short_guide_has_three_to_seven_steps(guide: str) -> None:
    """Nobody is led through a long list where few things can help; cures come after a clue only."""
    assert 3 <= sum(not step.cure for step in GUIDES[guide].steps) <= 7


@every_guide
def test_audience_fits_the_id(guide: Guide) -> None:
    """Owners' guides begin with `owner`, all others are for visitors."""
    assert guide.audience == ("owner" if guide.id.startswith("owner") else "visitor")


@pytest.mark.parametrize("step", DETAILED)
@pytest.mark.parametrize("profile", PAIRS, ids=lambda pair: f"{pair.browser}-{pair.system}")
def test_each_device_gets_exactly_one_detail(step: GuideStep, profile: Profile) -> None:
    """Where ways differ, every existing pair of browser and system finds its own way, and no second one beside it."""
    if exists_on(step, profile):
        assert len(details(step, profile)) == 1


def test_safe_mode_is_left_out_on_phones() -> None:
    """Browsers on phones have no mode without add-ons."""
    step = next(step for step in GUIDES["visitor"].steps if step.id == "safe-mode")
    assert [system for system in get_args(System) if exists_on(step, Profile(system=system))] == [
        "windows",
        "macos",
        "linux",
    ]


@pytest.mark.parametrize("step", DETAILED)
def test_phones_are_not_told_to_press_keys(step: GuideStep) -> None:
    """A detail for phones alone names no keyboard shortcut."""
    for detail in step.details:
        if detail.system and set(detail.system) <= set(PHONES):
            assert not re.search(r"\b(Ctrl|Cmd|F5)\b", detail.do), detail.do


@pytest.mark.parametrize("step", DETAILED)
def test_macs_get_their_own_keys(step: GuideStep) -> None:
    """A detail for Macs names the Cmd key wherever it names Ctrl."""
    for detail in step.details:
        if "macos" in detail.system and "Ctrl" in detail.do:
            assert "Cmd" in detail.do, detail.do


@every_guide
def test_guide_asks_what_its_details_need(guide: Guide) -> None:
    """A guide whose details differ by browser or system asks for it, and asks for nothing else."""
    found = [detail for step in guide.steps for detail in step.details]
    needed = {"browser"} if any(detail.browser for detail in found) else set()
    needed |= {"system"} if any(detail.system for detail in found) else set()
    assert set(guide.asks) == needed


@every_step
def test_verify_is_one_question(guide: Guide, step: GuideStep) -> None:
    """Each step ends in one question that yes or no answers."""
    assert step.verify.endswith("?")
    assert step.verify.count("?") == 1


@every_step
def test_no_text_leads_past_a_certificate_warning(guide: Guide, step: GuideStep) -> None:
    """No text tells anybody to go on in spite of a certificate warning, or to switch the check off."""
    for text in (guide.intro, guide.exit.text, *words(step)):
        assert not PAST_THE_WARNING.search(text), text


def test_tls_guide_says_not_to_go_past_the_warning() -> None:
    """Whoever sees a certificate warning is told at once not to go past it."""
    assert "do not go past the warning" in GUIDES["visitor-tls"].intro


@every_step
def test_texts_fit_a_phone(guide: Guide, step: GuideStep) -> None:
    """What to do takes at most 400 characters, its detail as many again, and the title fits a button."""
    longest = max((len(detail.do) for detail in step.details), default=0)
    assert len(step.title) <= 80
    assert len(step.do) <= 400
    assert longest <= 400
    assert len(step.do) + longest + len(step.why) + len(step.warn or "") <= 1800


@every_guide
def test_intro_has_at_most_two_sentences(guide: Guide) -> None:
    """Worried readers get to the first step at once."""
    assert len(re.findall(r"[.!?](?:\s|$)", guide.intro)) <= 2


@every_guide
def test_step_ids_are_unique_and_after_points_back(guide: Guide) -> None:
    """A step waits only for steps before it in its own guide."""
    ids = [step.id for step in guide.steps]
    assert len(set(ids)) == len(ids)
    for place, step in enumerate(guide.steps):
        assert set(step.after) <= set(ids[:place])


def test_same_step_id_means_the_same_kind_everywhere() -> None:
    """Evidence that names a step or a kind means the same thing in every guide."""
    kinds: dict[str, set[str]] = {}
    for guide in GUIDES.values():
        for step in guide.steps:
            kinds.setdefault(step.id, set()).add(step.kind)
    assert {step: kind for step, kind in kinds.items() if len(kind) > 1} == {}


@every_step
def test_only_the_host_is_filled_in(guide: Guide, step: GuideStep) -> None:
    """The only gap in a step is {host}, and it is in what to do or in the question."""
    for text in words(step):
        assert set(re.findall(r"\{[^}]*\}", text)) <= {"{host}"}
    for text in (step.title, step.why, step.warn or "", *(detail.do for detail in step.details)):
        assert "{" not in text


@every_step
def test_commands_stand_on_their_own_line(guide: Guide, step: GuideStep) -> None:
    """Backticks come in pairs; a command for visitors has its line to itself, so that it can be copied whole."""
    for text in words(step):
        for line in text.splitlines():
            assert line.count("`") % 2 == 0, line
            if guide.audience == "visitor" and "`" in line:
                assert re.fullmatch(r"`[^`]+`", line.strip()), line


@every_step
def test_links_are_secure_and_unique(guide: Guide, step: GuideStep) -> None:
    """Links lead over https, and none is named twice."""
    assert all(link.startswith("https://") for link in step.links)
    assert len(set(step.links)) == len(step.links)


@pytest.mark.parametrize(
    ("step_id", "said"),
    [
        ("program-roots", "Do not switch the check"),
        ("cookies", "signed out"),
        ("restart-computer", "finish"),
        ("restart-network", "offline"),
        ("proxy-settings", "work|old values"),
        ("reset-components", "Downloads start anew"),
        ("wsus-maintenance", "Back up"),
    ],
)
def test_step_warns_of_what_may_be_lost(step_id: str, said: str) -> None:
    """Steps that can cost something say so before."""
    found = [step for guide in GUIDES.values() for step in guide.steps if step.id == step_id]
    assert found
    assert all(re.search(said, step.warn or "") for step in found)


@pytest.mark.parametrize("guide", ["visitor", "visitor-500", "visitor-503", "visitor-504"])
def test_reload_warns_after_a_payment(guide: str) -> None:
    """Whoever may have paid looks at the orders before sending it all again."""
    step = next(step for step in GUIDES[guide].steps if step.id == "reload")
    assert "Check your orders" in (step.warn or "")


@every_guide
def test_exit_leaves_nobody_alone(guide: Guide) -> None:
    """Every guide ends with the offer to fetch a person."""
    assert "human" in guide.exit.offers


def test_docker_is_sent_to_its_daemons_proxy() -> None:
    """A terminal's variables do not change what docker's daemon fetches with, and each computer reads where that is."""
    steps = {step.id: step for step in GUIDES["visitor-client"].steps}
    assert "Not for docker" in steps["proxy-settings"].do
    for system in ("windows", "macos", "linux"):
        (found,) = details(steps["tool-settings"], Profile(system=system))
        assert "Docker" in found.do
    assert "stops running containers" in found.do


@pytest.mark.parametrize("guide", ["visitor", "visitor-dns"])
@pytest.mark.parametrize("system", ["windows", "linux"])
def test_dns_step_leads_to_the_end(guide: str, system: str) -> None:
    """Where IPv4 and IPv6 have servers of their own, the way ends in typed numbers for both."""
    step = next(step for step in GUIDES[guide].steps if step.id == "dns-servers")
    (found,) = details(step, Profile(system=system))
    assert re.search("type both|enter the servers", found.do)
    assert "2606:4700:4700::1111" in found.do


def test_other_phone_book_comes_before_the_router() -> None:
    """For a name that is not found, other DNS servers help more than a router's restart, which takes others offline."""
    ids = [step.id for step in GUIDES["visitor-dns"].steps]
    assert ids.index("dns-servers") < ids.index("restart-network")
