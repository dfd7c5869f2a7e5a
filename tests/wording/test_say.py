"""Is every reply said in words, without gaps, short enough, and with foreign text kept apart?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import replies as r
from bot.diagnosis.identification import Alternative
from bot.diagnosis.plan import Profile, Skipped
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase
from bot.wording.message import Message
from bot.wording.say import word
from playbook import NGINX_502, Playbook, seen

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
GAP = re.compile(r"\{[a-z][a-z0-9._-]*\}")
FACTS: dict[str, Any] = {
    "checked": True, "canary.outcome": "ok", "http.status": 502, "http.class": 5, "http.confirmed": True, "vantages": 1,
    "host": "shop.example.com", "text.status": 502, "text.code": "0x80244021", "tcp.dead": 1, "tcp.tried": 3,
}  # fmt: skip


def verdict(kb: KnowledgeBase, **changes: Any) -> Verdict:
    return judge(kb, FACTS).model_copy(update=changes)


def step_shown(guide: str, step: str, profile: Profile, host: str | None = "shop.example.com") -> r.StepShown:
    return r.StepShown(guide=guide, step=step, number=1, of=3, profile=profile, host=host)


def replies(kb: KnowledgeBase) -> list[Any]:
    """Return one reply of each kind, and each form of those that have several."""
    host, judged = "shop.example.com", verdict(kb)
    report = {
        "url": f"https://{host}/", "error": "nginx-502", "verdict": judged, "facts": FACTS, "ids": {"ray": "8a1b"},
        "answers": {"mobile-data": "fails"}, "guide": "visitor", "tried": (r.Tried(step="reload", outcome="failed"),),
        "profile": Profile(browser="firefox", system="linux"), "seen_at": AT, "written_at": AT,
    }  # fmt: skip
    return [
        r.SecretsSeen(kinds=("password-in-url", "odd")), r.Recognised(error="nginx-502", confidence=0.9),
        r.Recognised(error="nginx-502", confidence=0.65), r.LinkOnly(host=host),
        r.Unsure(alternatives=(Alternative(error="nginx-502", confidence=0.5),)), r.NotRecognised(), r.AskRole(),
        r.AskAddress(), r.AddressNotRead(), *(r.AddressRefused(host=host, reason=reason) for reason in
        ("scheme", "port", "userinfo", "syntax", "name-localhost", "private-v4", "redirect-loop")),
        r.AddressRefused(host="", reason="syntax"), r.Checking(host=host),
        r.Judged(verdict=judged, facts=FACTS, seen_at=AT, age_s=40, vantages=("local",)),
        r.Judged(verdict=judged, facts=FACTS, seen_at=AT, vantages=("local", "globalping")),
        r.Judged(verdict=judged, facts=FACTS, seen_at=None), r.Changed(host=host), r.Same(host=host),
        *(r.AskQuestion(question=question) for question in ("other-sites", "mobile-data", "private-window")),
        r.AskBrowser(), r.AskSystem(),
        r.PlanShown(guide="visitor", steps=3, facts=FACTS, error="iis-502-5-ancm", skipped=(
            Skipped(step="dns-servers", cause=judged.cause), Skipped(step="safe-mode", cause=None))),
        step_shown("visitor", "cookies", Profile(browser="firefox", system="windows")),
        step_shown("owner-nginx", "ask-backend", Profile(), None), step_shown("visitor", "contact-site", Profile(), None),
        r.PickTried(), r.Exhausted(guide="visitor", host=host), r.Exhausted(guide="owner-nginx", host=None),
        r.Why(verdict=judged, facts=FACTS, step="reload", guide="visitor", error="nginx-502", seen_at=AT, age_s=90),
        r.Why(verdict=judged, facts=FACTS, step=None, guide=None, error=None, seen_at=AT),
        r.Why(verdict=judged.model_copy(update={"also": ()}), facts={}, step=None, guide=None, error=None, seen_at=None),
        r.Why(verdict=None, facts={}, step=None, guide=None, error=None, seen_at=None),
        *(r.ReportReady.model_validate({**report, "to": to}) for to in ("owner", "isp", "human")),
        *(r.Ended(outcome=outcome) for outcome in ("solved", "later", "stopped", "silent", "human")),
        r.Ended(outcome="solved", guide="visitor", step="reload"), r.Asleep(), r.Help(), r.NotUnderstood(),
        r.NothingBefore(), r.Restarted(), r.StoreAway(),
    ]  # fmt: skip


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


def test_every_key_of_the_locale_is_said(kb: KnowledgeBase) -> None:
    """No words stand in the locale that no reply ever says."""
    assert set(kb.locales["en"].replies) == set(r.PARAMETERS)


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


def test_labels_fit_a_button(kb: KnowledgeBase) -> None:
    """Every choice that can be offered has a label of at most 80 characters."""
    for choice in r.CHOICES:
        label = word(kb, r.Help(choices=(r.Choice(id=choice),)), "en").choices[0].label
        assert 0 < len(label) <= 80
        assert label != choice or choice == label.lower()


HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=400)


@given(host=HOSTILE, title=HOSTILE)
def test_hostile_text_stays_in_foreign_spans(kb: KnowledgeBase, host: str, title: str) -> None:
    """A host or title that somebody chose appears only as foreign text, one harmless line at most."""
    marker = "\u2063EVIL\u2063@everyone `x` " + host
    facts = {**FACTS, "host": marker, "http.title": title}
    judged = verdict(kb)
    shown: list[Message] = [
        word(kb, r.Judged(verdict=judged, facts=facts, seen_at=AT), "en"),
        word(kb, r.Checking(host=marker), "en"),
        word(kb, step_shown("visitor", "contact-site", Profile(), marker), "en"),
        word(kb, r.Why(verdict=judged, facts=facts, step=None, guide=None, error=None, seen_at=AT), "en"),
    ]
    for message in shown:
        for block in message.blocks:
            for span in block.spans:
                assert span.foreign or "EVIL" not in span.text
                assert not span.foreign or ("\n" not in span.text and len(span.text) <= 200)


def test_conversation_never_says_the_same_in_two_ways(kb: KnowledgeBase) -> None:
    """Wording is deterministic: the same reply gives the same message."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
    for reply in book.replies:
        assert word(kb, reply, "en") == word(kb, reply, "en")
