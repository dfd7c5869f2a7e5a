"""How is each reply said? One function per kind, from its parameters to blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from bot.conversation import replies as r
from bot.diagnosis.experience import Moved
from bot.diagnosis.incidents import Others
from bot.diagnosis.plan import details
from bot.diagnosis.services import service_by_id
from bot.diagnosis.verdict import Observation, Verdict
from bot.kb.model import KnowledgeBase, State
from bot.wording.message import Block, BlockKind, Message, Span
from bot.wording.reports import report_blocks
from bot.wording.words import Parameters, Words, blocks_of, facts_as_parameters, fill, foreign, plain

SURE = 0.75
"""Below this confidence the recognition says "probably"."""

ADDRESS_PROBLEMS: Mapping[str, str] = {
    "scheme": "scheme",
    "port": "port",
    "userinfo": "userinfo",
    "name-special-use": "name",
    "name-localhost": "name",
    "name-single-label": "name",
    "own-address": "own",
    "own-network": "own",
    "redirect-loop": "redirect",
    "too-many-redirects": "redirect",
}
SYNTAX_PROBLEMS = frozenset(
    {
        "syntax", "control-or-space", "ipv4-syntax", "ipv6-syntax", "idna-or-invisible", "host-chars", "host-length",
        "percent-host", "backslash", "port-syntax", "zone-id", "url-too-long",
    }
)  # fmt: skip


def word(kb: KnowledgeBase, reply: r.Reply, lang: str) -> Message:
    """Put a reply into words."""
    words = Words(kb, lang)
    say = _SAY.get(type(reply), _plainly)
    return Message(
        key=reply.key,
        blocks=tuple(say(words, reply)),
        choices=tuple(words.choice(choice) for choice in reply.choices),
        verdict=verdict_json(words, reply.verdict, reply.facts) if isinstance(reply, r.Judged) else None,
        step=reply.step if isinstance(reply, r.StepShown) else None,
    )


def verdict_json(words: Words, verdict: Verdict, facts: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a verdict in the shape of `check --json`."""
    summary = fill(words.known(f"causes.{verdict.cause}.summary"), facts_as_parameters(facts, words))
    return {
        "state": verdict.state.value,
        "side": verdict.side.value,
        "cause": verdict.cause,
        "strength": verdict.strength.value,
        "summary": plain(summary),
        "evidence": [{"fact": seen.fact, "value": seen.value} for seen in verdict.evidence],
    }


def _plainly(words: Words, reply: Any) -> list[Block]:
    """Say a reply whose parameters are all plain values of somebody else's (host, ...) or none."""
    host = getattr(reply, "host", None)
    return blocks_of(words.reply(reply.key), {"host": foreign(host) if host else None})


def _block(kind: BlockKind, *spans: Span) -> Block:
    return Block(kind=kind, spans=spans)


def _secrets(words: Words, reply: r.SecretsSeen) -> list[Block]:
    kinds = ", ".join(dict.fromkeys(words.word(f"secret.{kind}", words.word("secret.other")) for kind in reply.kinds))
    return blocks_of(words.reply(reply.key), {"kinds": kinds})


def _recognised(words: Words, reply: r.Recognised) -> list[Block]:
    key = "recognised" if reply.confidence >= SURE else "recognised-unsure"
    texts = {name: words.known(f"errors.{reply.error}.{name}") for name in ("title", "meaning")}
    return blocks_of(words.reply(key), texts)


def _address_refused(words: Words, reply: r.AddressRefused) -> list[Block]:
    kind = "syntax" if reply.reason in SYNTAX_PROBLEMS else ADDRESS_PROBLEMS.get(reply.reason, "address")
    host = foreign(reply.host) if reply.host else words.word("missing")
    return blocks_of(words.reply(reply.key), {"host": host, "reason": words.word(f"refusal.{kind}")})


def _judged(words: Words, reply: r.Judged) -> list[Block]:
    facts = facts_as_parameters(reply.facts, words)
    cause = f"causes.{reply.verdict.cause}"
    said = {name: fill(words.known(f"{cause}.{name}"), facts) for name in ("summary", "reason", "action")}
    if reply.audience == "owner":
        said["action"] = _action_of_owner(words, reply.verdict, facts)
    strength = words.word(f"strength.{reply.verdict.strength.value}")
    shown = blocks_of(words.reply(reply.key), {**said, "seen": _seen(words, reply), "strength": strength})
    return [*shown, *_others(words, reply.others), *_status_page(words, reply.service)]


def _action_of_owner(words: Words, verdict: Verdict, facts: Parameters) -> tuple[Span, ...]:
    """Whoever looks after the site is told nothing about their own cookies, nor to ask themselves."""
    if words.kb.causes[verdict.cause].owner_action is not None:
        return fill(words.known(f"causes.{verdict.cause}.owner_action"), facts)
    return fill(words.word("action.owner-works" if verdict.state is State.UP else "action.owner"), {})


def _others(words: Words, others: Others | None) -> list[Block]:
    """Say who else here met it."""
    if others is None:
        return []
    key = "others.one" if others.count == 1 else "others.many"
    return [_block("detail", *fill(words.word(key), {"count": others.count, "time": clock_time(others.since)}))]


def _status_page(words: Words, identifier: str | None) -> list[Block]:
    """Point to what is said about the service, and say who says it; its help says nothing about an incident."""
    service = service_by_id(words.kb, identifier)
    if service is None or service.page_is == "help":
        return []
    said = words.word(f"status-page.{service.page_is}")
    return [_block("detail", *fill(said, {"service": service.name, "page": service.page}))]


def clock_time(moment: datetime) -> str:
    """Return a time of day as people read it; the bot does not know the reader's zone, so it names its own."""
    return f"{moment:%H:%M} UTC"


def _seen(words: Words, reply: r.Judged) -> str:
    if reply.seen_at is None:
        return words.word("seen.nothing")
    key = "seen.here" if len(reply.vantages) <= 1 else "seen.places"
    parts = [plain(fill(words.word(key), {"time": clock_time(reply.seen_at), "count": len(reply.vantages)}))]
    if reply.facts.get("http.confirmed"):
        parts.append(words.word("seen.twice"))
    if "tcp.https" in reply.facts and reply.facts.get("http.unencrypted"):
        parts.append(words.word("seen.unencrypted"))
    if reply.age_s >= 1:
        parts.append(_age(words, reply.age_s, "seen.age"))
    return ", ".join(parts)


def _age(words: Words, seconds: float, key: str) -> str:
    return plain(fill(words.word(key), {"seconds": max(0, round(seconds))}))


def _question(words: Words, reply: r.AskQuestion) -> list[Block]:
    return blocks_of(words.reply(f"ask-question.{reply.question}"), {})


def _role(words: Words, reply: r.AskRole) -> list[Block]:
    return blocks_of(words.reply(f"ask-role.{reply.about}"), {})


def _plan(words: Words, reply: r.PlanShown) -> list[Block]:
    guide = f"guides.{reply.guide}"
    left = plain(fill(words.word("steps.left"), {"count": reply.steps}))
    texts = {"title": words.known(f"{guide}.title"), "intro": words.known(f"{guide}.intro"), "steps": left}
    shown = blocks_of(words.reply(reply.key), texts)
    by_reason: dict[tuple[str, str | None], list[str]] = {}
    for skipped in reply.skipped:
        kind = "answered" if skipped.question else "because" if skipped.cause else "device"
        by_reason.setdefault((kind, skipped.cause), []).append(words.known(f"{guide}.{skipped.step}.title"))
    for (kind, cause), titles in by_reason.items():
        because = "" if cause is None else words.known(f"causes.{cause}.because")
        filled = fill(because, facts_as_parameters(reply.facts, words))
        shown.append(
            _block("aside", *fill(words.word(f"skipped.{kind}"), {"because": filled, "steps": "; ".join(titles)}))
        )
    shown += [_block("aside", *_moved(words, "moved.plan", reply.guide, moved)) for moved in reply.moved]
    return [*shown, *_note(words, reply.error)]


def _moved(words: Words, key: str, guide: str, moved: Moved) -> tuple[Span, ...]:
    """Say which counts moved a step up."""
    step = words.known(f"guides.{guide}.{moved.step}.title")
    return fill(words.word(key), {"step": step, "solved": moved.solved, "tried": moved.tried})


def _note(words: Words, error: str | None) -> list[Block]:
    """What a careful reader should know about an error, such as two makers' pages that contradict each other."""
    note = words.known(f"errors.{error}.note") if error in words.kb.errors else ""
    return [_block("aside", *fill(words.word("note"), {"note": note}))] if note else []


def _step(words: Words, reply: r.StepShown) -> list[Block]:
    step = next(step for step in words.kb.guides[reply.guide].steps if step.id == reply.step)
    prefix = f"guides.{reply.guide}.{reply.step}"
    host = _host_in(words, reply)
    names = ("title", "why", "verify", "warn")
    filled = {name: fill(words.known(f"{prefix}.{name}"), {"host": host}) for name in names}
    frame = words.reply(reply.key).model_copy(update={"text": None})
    shown = blocks_of(frame, filled | {"number": reply.number, "of": reply.of, "minutes": step.minutes})
    body = [_block("text", *fill(words.known(f"{prefix}.do"), {"host": host}))]
    for detail in details(step, reply.profile):
        position = step.details.index(detail)
        text = words.detail(prefix, position, detail.do)
        body.append(_block("detail", *fill(text, {"host": host})))
    return [*(block for block in shown if block.kind == "heading"), *body, *_in_order(shown)]


def _host_in(words: Words, reply: r.StepShown) -> Span | str:
    """Without a host, an owner's commands need a gap that nobody takes for a name."""
    if reply.host:
        return foreign(reply.host)
    owner = words.kb.guides[reply.guide].audience == "owner"
    return words.word("your-site" if owner else "the-site")


def _in_order(shown: list[Block]) -> list[Block]:
    """What may be lost comes before why it helps, and the question comes last."""
    order: tuple[BlockKind, ...] = ("aside", "reason", "action")
    return [block for kind in order for block in shown if block.kind == kind]


def _exhausted(words: Words, reply: r.Exhausted) -> list[Block]:
    if reply.early:
        return blocks_of(words.reply("exhausted-early"), {})
    host = foreign(reply.host) if reply.host else words.word("the-site")
    text = fill(words.known(f"guides.{reply.guide}.exit.text"), {"host": host})
    return blocks_of(words.reply(reply.key), {"text": text})


def _why(words: Words, reply: r.Why) -> list[Block]:
    if reply.verdict is None:
        return blocks_of(words.reply("why-nothing"), {})
    parameters = facts_as_parameters(reply.facts, words)
    cause = f"causes.{reply.verdict.cause}"
    changes = fill(words.known(f"{cause}.changes"), parameters)
    head, *rest = blocks_of(words.reply(reply.key), {"changes": changes, "cause": reply.verdict.cause})
    lines: list[Block] = [_block("text", *fill(words.known(f"{cause}.reason"), parameters))]
    if reply.step is not None and reply.guide is not None:
        why = words.known(f"guides.{reply.guide}.{reply.step}.why")
        lines.append(_block("text", Span(text=plain(fill(words.word("why.step"), {"why": why})))))
        if reply.moved is not None:
            lines.append(_block("text", *_moved(words, "moved.step", reply.guide, reply.moved)))
    rule = plain(fill(words.word("why.rule"), {"rule": reply.verdict.cause}))
    lines.append(_block("detail", Span(text=rule)))
    if reply.verdict.also:
        also = ", ".join(reply.verdict.also)
        lines.append(_block("detail", Span(text=plain(fill(words.word("why.also"), {"rules": also})))))
    if reply.seen_at is None:
        lines.append(_block("detail", Span(text=words.word("why.unseen"))))
    elif reply.verdict.evidence:
        age = words.word("why.now") if reply.age_s < 1 else _age(words, reply.age_s, "why.age")
        lines.append(_block("detail", Span(text=plain(fill(words.word("why.seen"), {"age": age})))))
    seen = [_block("detail", *_observed(words, each)) for each in reply.verdict.evidence]
    return [
        head,
        *lines,
        *seen,
        *_places(words, reply.facts),
        *_others(words, reply.others),
        *_note(words, reply.error),
        *rest,
    ]


_VALUES = {"failure": "failure", "odd": "failure", "https": "failure", "outcome": "check", "stage": "stage"}
"""Last part of a fact's name -> the words for its values."""


def _observed(words: Words, seen: Observation) -> tuple[Span, Span]:
    """Say what one fact is, and what it was."""
    name = Span(text=f"{words.word(f'fact.{seen.fact}', seen.fact)}: ")
    if isinstance(seen.value, bool):
        return name, Span(text=words.word("fact.yes" if seen.value else "fact.no"))
    kind = _VALUES.get(seen.fact.rpartition(".")[2])
    told = words.word(f"{kind}.{seen.value}", "") if kind else ""
    return name, Span(text=told) if told else foreign(seen.value)


def _places(words: Words, facts: Mapping[str, JsonValue]) -> list[Block]:
    """List what other places got."""
    places = facts.get("elsewhere.places")
    if not isinstance(places, list) or not places:
        return []
    return [
        _block("detail", Span(text=words.word("why.places"))),
        *(_block("detail", foreign(each)) for each in places),
    ]


def _ended(words: Words, reply: r.Ended) -> list[Block]:
    if reply.outcome == "solved" and (reply.step is None or reply.guide is None):
        return blocks_of(words.reply("ended.solved-early"), {})
    step = words.known(f"guides.{reply.guide}.{reply.step}.title") if reply.step else ""
    return blocks_of(words.reply(f"ended.{reply.outcome}"), {"step": step})


def _report(words: Words, reply: r.ReportReady) -> list[Block]:
    return [*blocks_of(words.reply(f"report.{reply.to}"), {}), *report_blocks(words, reply)]


def _away(words: Words, reply: r.StoreAway) -> list[Block]:
    return blocks_of(words.reply(reply.key), {"minutes": reply.minutes})


_SAY: Mapping[type, Callable[[Words, Any], list[Block]]] = {
    r.SecretsSeen: _secrets,
    r.Recognised: _recognised,
    r.AddressRefused: _address_refused,
    r.Judged: _judged,
    r.AskRole: _role,
    r.AskQuestion: _question,
    r.PlanShown: _plan,
    r.StepShown: _step,
    r.Exhausted: _exhausted,
    r.Why: _why,
    r.Ended: _ended,
    r.ReportReady: _report,
    r.StoreAway: _away,
}
"""Replies with parameters of their own; all others are said plainly."""
