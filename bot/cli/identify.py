"""What does `fiveohtwo identify` print?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from bot.cli.knowledge import knowledge
from bot.cli.texts import given_or_stdin, json_of, rows, rows_alone, write_line
from bot.diagnosis.identification import Identification
from bot.diagnosis.identify import explained, identify
from bot.diagnosis.speak import ENOUGH, Judgement


def run_identify(text: str | None, *, as_json: bool, jsonl: bool, explain: bool) -> None:
    """Identify one text, or one per line."""
    if jsonl:
        rows_alone(text, {"--json": as_json, "--explain": explain})
    kb = knowledge()
    if jsonl:
        for row in rows("text"):
            if "error" in row and "text" not in row:
                write_line(row)
            else:
                write_line(as_shape(identify(kb, str(row["text"])), row.get("id")))
        return
    found, judgement = explained(kb, given_or_stdin(text))
    if as_json:
        click.echo(json_of(as_shape(found, None), indent=2))
    else:
        click.echo("\n".join(_lines(found, kb.errors[found.match.error].title if found.match else "")))
    if explain:
        for line in _reasons(found, judgement):
            click.echo(line, err=as_json)


def _reasons(found: Identification, judgement: Judgement | None) -> Iterator[str]:
    """Say what counted, and how much: for the error, and for offering help unasked."""
    if found.match:
        yield "why this error:"
        for seen in found.evidence:
            yield f"  {seen.weight:+.2f}  {seen.kind}: {seen.text}"
        if not found.evidence:
            yield "  the status, and the machine if one is named; no wording of this error's own"
    if judgement is None:
        yield "offers help unasked: no; of this it never does"
        return
    yield f"offers help unasked: {'yes' if judgement.speaks else 'no'}; {judgement.score:+.2f}, {ENOUGH:+.2f} is enough"
    for trait, words, weight in judgement.reasons:
        yield f"  {weight:+.2f}  {trait}{': ' if words else ''}{', '.join(sorted(words))}"


def as_shape(found: Identification, identifier: object) -> dict[str, Any]:
    """Return the identification in the shape of `identify --json`."""
    told: dict[str, Any] = {"speak": True, "match": True, "target": {"url", "host"}, "hop": True}
    shape = found.model_dump(mode="json", include=told, exclude={"match": {"local", "unreached"}})
    return {"id": identifier, **{name: shape[name] for name in told}}


def _lines(found: Identification, title: str) -> list[str]:
    if found.match is None:
        lines = ["Not an error that I know."]
    else:
        match = found.match
        lines = [title, f"id: {match.error}", f"family: {match.family}", f"source: {match.source}"]
        lines += [f"{name}: {value}" for name, value in (("status", match.status), ("code", match.code)) if value]
        lines += [f"{name}: {found.details[name]}" for name in ("service", "app") if name in found.details]
        lines.append(f"confidence: {match.confidence:.2f}")
        if match.alternatives:
            lines.append("or: " + ", ".join(other.error for other in match.alternatives))
    if found.target is not None:
        lines.append(f"address: {found.target.url}")
    if found.hop is not None:
        lines.append(f"visitor {found.hop.visitor}, edge {found.hop.edge}, origin {found.hop.origin}")
    if found.secrets:
        lines.append("careful, secrets inside: " + ", ".join(found.secrets))
    return lines
