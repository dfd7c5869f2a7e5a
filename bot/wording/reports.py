"""What is in a report that a person can send to the site's people or to their provider?"""

from __future__ import annotations

from bot.conversation.replies import ReportReady
from bot.wording.message import Block, Span
from bot.wording.words import Words, facts_as_parameters, fill, foreign, plain


def report_blocks(words: Words, reply: ReportReady) -> list[Block]:
    """Return one `report` block per line: what was seen, tried, when and from where; nothing secret is in the reply."""
    rows = [
        ("field.address", _address(words, reply.url) if reply.url else ()),
        ("field.time", (Span(text=f"{(reply.seen_at or reply.written_at):%Y-%m-%d %H:%M}"),)),
        ("field.error", (Span(text=words.known(f"errors.{reply.error}.title")),) if reply.error else ()),
        ("field.verdict", _verdict(words, reply)),
        ("field.seen", _seen(words, reply)),
        ("field.ids", _ids(reply)),
        ("field.answers", _answers(words, reply)),
        ("field.tried", _tried(words, reply)),
        ("field.device", _device(words, reply)),
    ]
    return [Block(kind="report", spans=(Span(text=f"{words.word(label)}: "), *spans)) for label, spans in rows if spans]


def _address(words: Words, url: str) -> tuple[Span, ...]:
    """Tell the address without its query, which may hold what others must not read, under any name."""
    page, _, query = url.partition("?")
    return (foreign(page), Span(text=f" ({words.word('field.query')})")) if query else (foreign(page),)


def _verdict(words: Words, reply: ReportReady) -> tuple[Span, ...]:
    if reply.verdict is None:
        return ()
    summary = fill(words.known(f"causes.{reply.verdict.cause}.summary"), facts_as_parameters(reply.facts, words))
    return (*summary, Span(text=f" ({words.word('strength.' + reply.verdict.strength.value)})"))


def _seen(words: Words, reply: ReportReady) -> tuple[Span, ...]:
    if reply.seen_at is None:
        return (Span(text=words.word("field.notlooked")),)
    status, failure = reply.facts.get("http.status"), _first_failure(reply)
    if status is not None:
        spans = [Span(text=f"HTTP {status}")]
    else:
        spans = [Span(text=words.word(f"failure.{failure}", str(failure)))] if failure else []
    product = reply.facts.get("product.name")
    if status is not None and product is not None and "http.product" in reply.facts:  # else only the text names it
        spans += [Span(text=", "), foreign(product)]
    return tuple(spans)


def _first_failure(reply: ReportReady) -> str | None:
    found = (reply.facts.get(f"{check}.failure") for check in ("dns", "tcp", "tls", "http"))
    return next((str(failure) for failure in found if failure is not None), None)


def _ids(reply: ReportReady) -> tuple[Span, ...]:
    spans: list[Span] = []
    for name, value in reply.ids.items():
        spans += [Span(text="; " if spans else ""), foreign(name), Span(text=" "), foreign(value)]
    return tuple(span for span in spans if span.text)


def _answers(words: Words, reply: ReportReady) -> tuple[Span, ...]:
    said = [words.word(f"answer.{question}.{answer}", "") for question, answer in reply.answers.items()]
    text = "; ".join(part for part in said if part)
    return (Span(text=text),) if text else ()


def _tried(words: Words, reply: ReportReady) -> tuple[Span, ...]:
    steps = {step.id for step in words.kb.guides[reply.guide].steps} if reply.guide else set()
    done = [
        f"{words.known(f'guides.{reply.guide}.{tried.step}.title')} ({words.word('outcome.' + tried.outcome)})"
        for tried in reply.tried
        if tried.step in steps and tried.outcome != "offered"
    ]
    return (Span(text="; ".join(done)),) if done else ()


def _device(words: Words, reply: ReportReady) -> tuple[Span, ...]:
    known = (reply.profile.browser, reply.profile.system)
    text = plain(Span(text=f"{words.label(name)} ") for name in known if name not in (None, "other")).strip()
    return (Span(text=text),) if text else ()
