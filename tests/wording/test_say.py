"""Is every reply said in words, without gaps, short enough, and with foreign text kept apart?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import replies as r
from bot.diagnosis.experience import Moved
from bot.diagnosis.facts import gather
from bot.diagnosis.identification import Alternative
from bot.diagnosis.identify import identify
from bot.diagnosis.incidents import Others
from bot.diagnosis.neutral import VALUE_LENGTH, neutral
from bot.diagnosis.plan import Profile, Skipped
from bot.diagnosis.verdict import Observation, Verdict, judge
from bot.kb.model import KnowledgeBase, ReplyWords
from bot.wording.say import word
from bot.wording.words import plain

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
HOST = "shop.example.com"
GAP = re.compile(r"\{[a-z][a-z0-9._-]*\}")
FACTS: dict[str, Any] = {
    "checked": True, "canary.outcome": "ok", "http.status": 502, "http.class": 5, "http.confirmed": True, "vantages": 1,
    "host": HOST, "text.status": 502, "text.code": "0x80244021", "tcp.dead": 1, "tcp.tried": 3,
}  # fmt: skip

COOKIES = Moved(step="cookies", solved=14, tried=31)


def verdict(kb: KnowledgeBase, **changes: Any) -> Verdict:
    return judge(kb, FACTS).model_copy(update=changes)


def step_shown(guide: str, step: str, profile: Profile, host: str | None = HOST) -> r.StepShown:
    return r.StepShown(guide=guide, step=step, number=1, of=3, profile=profile, host=host)


def replies(kb: KnowledgeBase, host: str = HOST, facts: dict[str, Any] = FACTS, value: str = "8a1b") -> list[Any]:
    """Return one reply of each kind, and each form of those that have several; `value` is what a server sent."""
    judged = verdict(kb, evidence=(Observation(fact="http.status", value=502), Observation(fact="host", value=value)))
    report = {
        "url": f"https://{host}/", "error": "nginx-502", "verdict": judged, "facts": facts, "ids": {"ray": value},
        "answers": {"mobile-data": "fails"}, "guide": "visitor", "tried": (r.Tried(step="reload", outcome="failed"),),
        "profile": Profile(browser="firefox", system="linux"), "seen_at": AT, "written_at": AT,
    }  # fmt: skip
    return [
        r.SecretsSeen(kinds=("password-in-url", "odd")), r.Recognised(error="nginx-502", confidence=0.9),
        r.Recognised(error="nginx-502", confidence=0.65), r.LinkOnly(host=host),
        r.Unsure(alternatives=(Alternative(error="nginx-502", confidence=0.5),)), r.NotRecognised(),
        *(r.AskRole(about=about) for about in ("site", "program", "app", "updates")),
        r.AskAddress(), r.AddressNotRead(), *(r.AddressRefused(host=host, reason=reason) for reason in
        ("scheme", "port", "userinfo", "syntax", "name-localhost", "private-v4", "redirect-loop")),
        r.AddressRefused(host="", reason="syntax"), r.Checking(host=host),
        r.Judged(verdict=judged, facts=facts, seen_at=AT, age_s=40, vantages=("local",)),
        r.Judged(verdict=judged, facts=facts, seen_at=AT, vantages=("local", "globalping")),
        r.Judged(verdict=judged, facts=facts, seen_at=AT, others=Others(count=1, since=AT)),
        r.Judged(verdict=judged, facts=facts, seen_at=None), r.Changed(host=host), r.Same(host=host),
        *(r.AskQuestion(question=question) for question in ("other-sites", "mobile-data", "private-window")),
        r.AskUsual(), r.OnlyThere(), r.AskBrowser(), r.AskSystem(),
        r.PlanShown(guide="visitor", steps=3, facts=facts, error="iis-502-5-ancm", skipped=(
            Skipped(step="dns-servers", cause=judged.cause), Skipped(step="safe-mode", cause=None))),
        r.PlanShown(guide="visitor", steps=3, facts=facts, error=None, skipped=(), moved=(COOKIES,)),
        step_shown("visitor", "cookies", Profile(browser="firefox", system="windows"), host),
        step_shown("owner-nginx", "ask-backend", Profile(), None), step_shown("visitor", "contact-site", Profile(), None),
        r.PickTried(), r.Exhausted(guide="visitor", host=host), r.Exhausted(guide="owner-nginx", host=None),
        r.Exhausted(guide="visitor", host=host, early=True),
        r.Why(verdict=judged, facts=facts, step="reload", guide="visitor", error="nginx-502", seen_at=AT, age_s=90),
        r.Why(verdict=judged, facts=facts, step=None, guide=None, error=None, seen_at=AT),
        r.Why(verdict=judged, facts=facts, step="cookies", guide="visitor", error=None, seen_at=AT, moved=COOKIES),
        r.Why(verdict=judged.model_copy(update={"also": ()}), facts={}, step=None, guide=None, error=None, seen_at=None),
        r.Why(verdict=None, facts={}, step=None, guide=None, error=None, seen_at=None),
        *(r.ReportReady.model_validate({**report, "to": to}) for to in ("owner", "isp", "human")),
        *(r.Ended(outcome=outcome) for outcome in ("solved", "later", "stopped", "silent")),
        r.Ended(outcome="solved", guide="visitor", step="reload"), r.Asleep(), r.Help(), r.NotUnderstood(),
        r.NothingBefore(), r.Restarted(), r.StoreAway(minutes=10), r.ResultWaits(),
    ]  # fmt: skip


def test_owner_is_not_told_to_wait_for_the_owner(kb: KnowledgeBase) -> None:
    """Whoever looks after the site is led to the steps; a visitor is told what the cause says."""
    cause = kb.causes[verdict(kb).cause]
    shown = {
        audience: word(kb, r.Judged(verdict=verdict(kb), facts=FACTS, seen_at=AT, audience=audience), "en").text
        for audience in ("visitor", "owner", None)
    }
    assert cause.action in shown["visitor"]
    assert shown["visitor"] == shown[None]
    assert cause.action not in shown["owner"]
    assert "steps for owners" in shown["owner"]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("413 Request Entity Too Large nginx", "smaller file", "raise the limit"),
        ("Error 1020 Access denied cloudflare", "without VPN", "rule of yours"),
        ("NET::ERR_CERT_AUTHORITY_INVALID", "click through", "steps for owners"),
        ("400 Bad Request", "cookies", "steps for owners"),
        ("402 Payment Required", "cookies", "steps for owners"),
        ("429 Too Many Requests", "try once", "steps for owners"),
    ],
)
def test_owner_is_not_told_what_visitors_do(kb: KnowledgeBase, text: str, wrong: str, right: str) -> None:
    """Whatever the verdict is, whoever looks after the site is told what they can do there."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, None, {})
    told = {
        role: word(kb, r.Judged(verdict=judge(kb, facts), facts=facts, seen_at=None, audience=role), "en").text
        for role in ("visitor", "owner")
    }
    assert wrong in told["visitor"]
    assert wrong not in told["owner"]
    assert right in told["owner"]


def test_page_of_a_service_is_called_what_it_is(kb: KnowledgeBase) -> None:
    """What others see, and what speaks of parts only, is not the service's own word; its help is not named at all."""
    told = {
        service: word(kb, r.Judged(verdict=verdict(kb), facts=FACTS, seen_at=AT, service=service), "en").text
        for service in ("steam", "linkedin", "tiktok", "youtube")
    }
    assert "What others see of Steam: https://steamstat.us/" in told["steam"]
    assert "says of parts of it: https://www.linkedin-apistatus.com/" in told["linkedin"]
    assert "https://" not in told["tiktok"] + told["youtube"]


def test_page_that_its_note_doubts_is_not_the_services_own_word(kb: KnowledgeBase) -> None:
    """Where the list itself says that there is no status page, or that it covers something else, it is marked so."""
    doubts = re.compile(
        r"\bno (?:\w+ ){0,2}(?:status )?page|third party|covers (?:products|the programming)", re.IGNORECASE
    )
    doubted = {service.id for service in kb.services if service.note and doubts.search(service.note)}
    assert {"steam", "tiktok", "youtube", "disney-plus", "linkedin", "meta", "telegram"} <= doubted
    assert [service.id for service in kb.services if service.id in doubted and service.page_is == "own"] == []


def test_owner_of_a_working_site_is_not_told_that_it_fails(kb: KnowledgeBase) -> None:
    """Where the bot gets the page, the steps for owners are for what fails for others or failed before."""
    facts = {"checked": True, "host": "shop.example.com", "http.class": 2, "http.status": 200, "text.status": 502}
    told = word(kb, r.Judged(verdict=judge(kb, facts), facts=facts, seen_at=AT, audience="owner"), "en").text
    assert "If it fails for others, or did before" in told
    assert "likeliest" not in told


def test_owner_is_not_sent_to_mend_what_nobody_judged(kb: KnowledgeBase) -> None:
    """While the bot's own connection fails, an owner is told to try again, as everybody is."""
    unsure = judge(kb, {"checked": True, "canary.outcome": "fail"})
    told = word(kb, r.Judged(verdict=unsure, facts=FACTS, seen_at=AT, audience="owner"), "en").text
    assert kb.causes[unsure.cause].action in told


def test_verdict_names_the_status_page_of_a_service(kb: KnowledgeBase) -> None:
    """The page is named with the service's own name, and only for a service that is known."""
    told = [
        word(kb, r.Judged(verdict=verdict(kb), facts=FACTS, seen_at=AT, service=service), "en")
        for service in ("github", None, "nobody")
    ]
    pages = [[plain(block.spans) for block in message.blocks if block.kind == "detail"] for message in told]
    assert pages == [["What GitHub itself says: https://www.githubstatus.com/ (such pages can lag behind)"], [], []]


def test_every_reply_is_said_without_gaps(kb: KnowledgeBase) -> None:
    """Each kind of reply gives paragraphs with words in them and no placeholder left."""
    said = replies(kb)
    assert {type(reply) for reply in said} == set(r.Reply.__args__)
    for reply in said:
        message = word(kb, reply, "en")
        assert message.key == reply.key
        assert message.blocks, reply
        for block in message.blocks:
            assert block.text.strip(), reply
            assert not GAP.search(block.text), block.text


def test_every_key_has_words_and_is_said(kb: KnowledgeBase) -> None:
    """English holds exactly the texts that the code may say, and each of them is said by some reply."""
    assert set(kb.locales["en"].replies) == set(r.PARAMETERS)
    names = {key: ReplyWords(heading=f"<{key}>") for key in r.PARAMETERS}
    naming = kb.model_copy(update={"locales": {"en": kb.locales["en"].model_copy(update={"replies": names})}})
    headings = {block.text for reply in replies(kb) for block in word(naming, reply, "en").blocks}
    assert {f"<{key}>" for key in r.PARAMETERS} <= headings


def test_wording_is_deterministic(kb: KnowledgeBase) -> None:
    """The same reply is said in the same words every time."""
    assert [word(kb, reply, "en") for reply in replies(kb)] == [word(kb, reply, "en") for reply in replies(kb)]


def test_uncertain_recognition_says_probably(kb: KnowledgeBase) -> None:
    """Not sure is said as not sure."""
    heading = word(kb, r.Recognised(error="nginx-502", confidence=0.65), "en").blocks[0].text
    assert heading.startswith("Probably")


def test_verdict_is_one_line_one_reason_one_action_and_when(kb: KnowledgeBase) -> None:
    """A verdict has four paragraphs, and the last one says from where, when and how sure."""
    message = word(kb, r.Judged(verdict=verdict(kb), facts=FACTS, seen_at=AT, age_s=40, vantages=("local",)), "en")
    assert [block.kind for block in message.blocks] == ["heading", "reason", "action", "aside"]
    assert message.blocks[-1].text == "Seen from here at 12:04 UTC, twice, 40 s ago · likely"
    assert message.verdict is not None
    assert set(message.verdict) == {"state", "side", "cause", "strength", "summary", "evidence"}


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (1, "One other person here met an error of it since 12:04 UTC."),
        (4, "4 others here met an error of it since 12:04 UTC."),
    ],
)
def test_others_are_one_line(kb: KnowledgeBase, count: int, line: str) -> None:
    """Who else met it is below the verdict, and among the reasons."""
    others = Others(count=count, since=AT)
    shown = word(kb, r.Judged(verdict=verdict(kb), facts=FACTS, seen_at=AT, others=others), "en")
    assert (shown.blocks[-1].kind, shown.blocks[-1].text) == ("detail", line)
    told = r.Why(verdict=verdict(kb), facts=FACTS, step=None, guide=None, error=None, seen_at=AT, others=others)
    assert line in [block.text for block in word(kb, told, "en").blocks]


def test_why_of_a_verdict_without_evidence_names_none(kb: KnowledgeBase) -> None:
    """If no fact is behind a verdict, there is no lone heading for facts."""
    judged = verdict(kb, cause="unknown", evidence=(), also=())
    told = r.Why(verdict=judged, facts=FACTS, step=None, guide=None, error=None, seen_at=AT)
    assert not any(block.text.startswith("Seen") for block in word(kb, told, "en").blocks)


def test_why_lists_what_other_places_got(kb: KnowledgeBase) -> None:
    """Each place is a line of its own, harmless and marked as somebody else's text; without any there is none."""
    facts = {
        **FACTS,
        "elsewhere.places": ["globalping: Frankfurt, DE, AS3320 = 502", "globalping: \u202e*Dallas* = 200"],
    }
    told = r.Why(verdict=verdict(kb), facts=facts, step=None, guide=None, error=None, seen_at=AT)
    blocks = word(kb, told, "en").blocks
    at = [block.text for block in blocks].index("Seen from elsewhere:")
    assert [block.text for block in blocks[at + 1 : at + 3]] == [
        "globalping: Frankfurt, DE, AS3320 = 502", "globalping: *Dallas* = 200",
    ]  # fmt: skip
    assert all(block.spans[0].foreign for block in blocks[at + 1 : at + 3])
    none = r.Why(verdict=verdict(kb), facts=FACTS, step=None, guide=None, error=None, seen_at=AT)
    assert "Seen from elsewhere:" not in [block.text for block in word(kb, none, "en").blocks]


def test_exit_says_whether_all_was_tried(kb: KnowledgeBase) -> None:
    """The end of a guide says what is left to others; an exit before that says that steps are left."""
    assert "shop.example.com" in word(kb, r.Exhausted(guide="visitor", host=HOST), "en").text
    assert "not tried yet" in word(kb, r.Exhausted(guide="visitor", host=HOST, early=True), "en").text


def test_skipped_steps_come_with_their_reason(kb: KnowledgeBase) -> None:
    """The plan names what is left out, and why; what a device lacks is told apart."""
    skipped = (Skipped(step="dns-servers", cause="gateway-without-answer"), Skipped(step="safe-mode", cause=None))
    text = word(kb, r.PlanShown(guide="visitor", steps=3, facts=FACTS, error=None, skipped=skipped), "en").text
    assert "Skipped, because I get the same error from elsewhere" in text
    assert "do not exist on your device" in text


def test_owner_without_address_gets_a_visible_gap(kb: KnowledgeBase) -> None:
    """A command without a host shows a gap that nobody takes for a name."""
    guides = [(guide, step) for guide in kb.guides.values() for step in guide.steps if "{host}" in step.do]
    guide, step = next((guide, step) for guide, step in guides if guide.audience == "owner")
    assert "YOUR-SITE" in word(kb, step_shown(guide.id, step.id, Profile(), None), "en").text


def test_report_holds_what_was_seen_and_tried(kb: KnowledgeBase) -> None:
    """The report names address, time, finding, answer, ids, answers, steps and device, a line each."""
    report = next(reply for reply in replies(kb) if isinstance(reply, r.ReportReady))
    text = word(kb, report, "en").text
    for part in ("https://shop.example.com/", "2026-11-03 12:04", "HTTP 502", "ray 8a1b", "did not help", "Firefox Linux",
                 "fails on another network", "(likely)"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize("browser", [None, *r.BROWSERS])
@pytest.mark.parametrize("system", [None, *r.SYSTEMS])
def test_every_step_fits_a_message(kb: KnowledgeBase, browser: str | None, system: str | None) -> None:
    """Every step of every guide, on every device, fits into what Discord shows, with room for the rest."""
    for guide in kb.guides.values():
        for step in guide.steps:
            message = word(kb, step_shown(guide.id, step.id, Profile(browser=browser, system=system)), "en")
            assert len(message.text) <= 3500, (guide.id, step.id)


def test_every_verdict_fits_a_card(kb: KnowledgeBase) -> None:
    """Every cause can be said, shortly, from any facts."""
    for cause in kb.causes.values():
        judged = verdict(kb, cause=cause.id, state=cause.state, side=cause.side, strength=cause.strength)
        for facts in (FACTS, {}):
            message = word(kb, r.Judged(verdict=judged, facts=facts, seen_at=AT), "en")
            assert len(message.text) <= 900, cause.id
            assert not GAP.search(message.text), cause.id


def test_every_other_text_of_knowledge_fits_a_message(kb: KnowledgeBase) -> None:
    """Introductions with all steps left out, ends of guides, recognised errors and their notes fit as well."""
    shown: list[Any] = [r.Recognised(error=error, confidence=0.9) for error in kb.errors]
    for guide in kb.guides.values():
        skipped = tuple(Skipped(step=step.id, cause="gateway-without-answer") for step in guide.steps)
        noted = next((error.id for error in kb.errors.values() if error.note), None)
        shown.append(r.PlanShown(guide=guide.id, steps=0, facts=FACTS, error=noted, skipped=skipped))
        shown.append(r.Exhausted(guide=guide.id, host=HOST))
    for reply in shown:
        message = word(kb, reply, "en")
        assert len(message.text) <= 3500, reply
        assert not GAP.search(message.text), reply


@pytest.mark.parametrize("lang", ["en", "de"])
def test_labels_fit_a_button(kb: KnowledgeBase, lang: str) -> None:
    """Every choice that can be offered, those named by knowledge too, has a label of 1 to 80 characters."""
    named = [r.Choice(id=f"error:{error}", text=f"errors.{error}.title") for error in kb.errors]
    named += [
        r.Choice(id=f"step:{step.id}", text=f"guides.{guide.id}.{step.id}.title")
        for guide in kb.guides.values()
        for step in guide.steps
    ]
    plain = [r.Choice(id=choice) for choice in sorted(r.CHOICES)]
    for choice in word(kb, r.Help(choices=(*plain, *named)), lang).choices:
        assert 0 < len(choice.label) <= 80, choice
        assert choice.id not in r.CHOICES or choice.id in kb.locales["en"].choices


EVIL = "EVIL"
"""What every hostile text begins with: wherever it turns up, somebody else's text got there."""
NASTY = (
    "\x1b[2J\x1b]0;owned\x07", "\u202egnp.exe\u2066", "a\nb\r\nc\x85d\u2028e", "@everyone <@1> <t:0> [x](http://evil.test)",
    "```py\n``", "Z\u0335\u0321\u0353\u0341\u0315" * 50, "\u200b\u2060\ufeff", "{host} {http.title}", "x" * 10_000, "\U000e0041" * 300,
)  # fmt: skip
hostile = st.one_of(st.sampled_from(NASTY), st.text(max_size=300)).map(lambda text: EVIL + text)


def assert_tame(message: Any) -> None:
    """Fail unless foreign text is in foreign spans alone, each of them one short and visible line."""
    for block in message.blocks:
        for span in block.spans:
            if span.foreign:
                assert len(span.text) <= VALUE_LENGTH
                assert span.text == neutral(span.text)
            else:
                assert EVIL not in span.text, (message.key, block)
    assert not any(EVIL in choice.label for choice in message.choices)


@given(host=hostile, value=hostile)
def test_hostile_text_stays_in_foreign_spans(kb: KnowledgeBase, host: str, value: str) -> None:
    """Hosts, titles, ids and other values of somebody else's reach no words of ours, in no kind of reply."""
    facts = {**FACTS, "host": host, "http.title": value, "http.server": value, "text.code": value, "tls.issuer": value}
    for reply in replies(kb, host, facts, value):
        assert_tame(word(kb, reply, "en"))


def test_hostile_text_stays_foreign_in_all_knowledge(kb: KnowledgeBase) -> None:
    """Whatever a cause, a step or the end of a guide says of the site, the site's own text in it stays foreign."""
    evil = EVIL + NASTY[3]
    facts = {**FACTS, "host": evil, "http.title": evil, "text.code": evil, "tls.issuer": evil, "tls.not_after": evil}
    for cause in kb.causes.values():
        judged = verdict(kb, cause=cause.id)
        assert_tame(word(kb, r.Judged(verdict=judged, facts=facts, seen_at=AT), "en"))
        told = r.Why(verdict=judged, facts=facts, step=None, guide=None, error=None, seen_at=AT)
        assert_tame(word(kb, told, "en"))
        skipped = (Skipped(step="dns-servers", cause=cause.id),)
        plan = r.PlanShown(guide="visitor", steps=1, facts=facts, error=None, skipped=skipped)
        assert_tame(word(kb, plan, "en"))
    for guide in kb.guides.values():
        assert_tame(word(kb, r.Exhausted(guide=guide.id, host=evil), "en"))
        for step in guide.steps:
            assert_tame(word(kb, step_shown(guide.id, step.id, Profile(), evil), "en"))


def test_moved_step_says_by_which_counts(kb: KnowledgeBase) -> None:
    """Whoever asks why a step comes early is told how often it helped here; the plan names the step as well."""
    why = r.Why(
        verdict=verdict(kb), facts=FACTS, step="cookies", guide="visitor", error=None, seen_at=AT, moved=COOKIES
    )
    assert "Moved up: here it helped 14 of the 31 times" in word(kb, why, "en").text
    shown = r.PlanShown(guide="visitor", steps=3, facts=FACTS, error=None, skipped=(), moved=(COOKIES,))
    said = word(kb, shown, "en").text
    assert f"{next(step for step in kb.guides['visitor'].steps if step.id == 'cookies').title} (14 of 31 times)" in said


def test_verdict_over_http_says_so_where_nobody_gave_the_scheme(kb: KnowledgeBase) -> None:
    """Whoever typed a name alone is told that what was seen came without encryption, unless redirects led to https."""
    for facts, said in (
        ({"tcp.https": "refused", "http.unencrypted": True}, True),
        ({"tcp.https": "refused"}, False),
        ({"http.unencrypted": True}, False),
    ):
        shown = word(kb, r.Judged(verdict=verdict(kb), facts=FACTS | facts, seen_at=AT), "en")
        assert ("over http, without encryption" in shown.blocks[-1].text) is said


def test_observations_are_told_in_words(kb: KnowledgeBase) -> None:
    """A fact that holds or not is yes or no; what a server sent is somebody else's text; a new fact has its name."""
    seen = (
        Observation(fact="http.confirmed", value=True),
        Observation(fact="http.flapping", value=False),
        Observation(fact="http.edge", value="**x**"),
        Observation(fact="dns.failure", value="nxdomain"),
        Observation(fact="tls.outcome", value="ok"),
        Observation(fact="tcp.failure", value="odd"),
        Observation(fact="tcp.https", value="refused"),
        Observation(fact="tls.odd", value="cert-expired"),
        Observation(fact="http.stage", value="connect"),
        Observation(fact="new.fact", value=1),
    )
    judged = verdict(kb, evidence=seen)
    why = r.Why(verdict=judged, facts=FACTS, step=None, guide=None, error=None, seen_at=AT)
    told = [block.text for block in word(kb, why, "en").blocks]
    for line in (
        "Asked twice, the same both times: yes", "Each try gave another answer: no", "Network in front of it: **x**",
        "Looking up its name: the name does not exist", "Setting up encryption: fine", "Connecting to it: odd",
        "Over https, which I tried first: connection turned away", "How far I got: a connection was tried",
        "Setting up encryption with some of them: the certificate has expired", "new.fact: 1",
    ):  # fmt: skip
        assert line in told
