"""What do the `fiveohtwo kb` commands print, and how does the cli load the knowledge?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click
from pydantic import BaseModel

from bot.cli import Failed
from bot.cli.reader import reader_may_leave
from bot.cli.texts import json_of
from bot.kb.faults import Fault
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.settings import anything_set, load_settings

KINDS = ("errors", "causes", "guides", "products", "services")


def knowledge() -> KnowledgeBase:
    """Load the knowledge, with the operator's folder on top."""
    return load(overlay=_overlay())


def _overlay() -> Path | None:
    return load_settings().knowledge_dir if anything_set() else None


def run_lint() -> int:
    """Lint everything; print each fault with file, place and remedy."""
    from bot.cli.vocabulary import vocabulary
    from bot.diagnosis.identify import identify
    from bot.kb.lint import lint

    overlay = _overlay()
    kb = load(overlay=overlay)
    faults = lint(kb, vocabulary(), identify)
    counts = f"{len(kb.errors)} errors, {len(kb.causes)} causes, {len(kb.guides)} guides"
    with reader_may_leave():
        for fault in faults:
            click.echo(str(_with_folder(fault, overlay)))
        click.echo(f"{len(faults)} faults in {counts}" if faults else f"no faults in {counts}")
    return 1 if faults else 0


def _with_folder(fault: Fault, overlay: Path | None) -> Fault:
    """Name the operator's file where there is one: what ships has no faults."""
    if overlay is None or not (overlay / fault.file).is_file():
        return fault
    return replace(fault, file=f"{overlay.as_posix()}/{fault.file}")


def run_list(kind: str | None, *, as_json: bool) -> None:
    """List the entries of one kind, or of all."""
    kb = knowledge()
    listed = {name: _titles(kb, name) for name in ([kind] if kind else KINDS)}
    if as_json:
        click.echo(json_of(listed, indent=2))
        return
    for name, titles in listed.items():
        if kind is None:
            click.echo(f"{name} ({len(titles)})")
        for identifier, title in titles.items():
            click.echo(f"  {identifier:<34} {title}")


def _titles(kb: KnowledgeBase, kind: str) -> dict[str, str]:
    match kind:
        case "errors":
            return {name: entry.title for name, entry in sorted(kb.errors.items())}
        case "causes":
            return {name: entry.summary for name, entry in sorted(kb.causes.items())}
        case "guides":
            return {name: entry.title for name, entry in sorted(kb.guides.items())}
        case "products":
            return {entry.id: entry.name for entry in kb.products}
        case _:
            return {entry.id: entry.name for entry in kb.services}


def run_show(name: str, *, as_json: bool) -> None:
    """Show the entries of that name (an error and a product may share one)."""
    kb = knowledge()
    by_kind: dict[str, Mapping[str, BaseModel]] = {
        "error": kb.errors,
        "cause": kb.causes,
        "guide": kb.guides,
        "product": {entry.id: entry for entry in kb.products},
        "service": {entry.id: entry for entry in kb.services},
    }
    found = {kind: entries[name] for kind, entries in by_kind.items() if name in entries}
    if not found:
        raise Failed(f'nothing is known under "{name}". See "fiveohtwo kb list".')
    shapes = {kind: entry.model_dump(mode="json", exclude_defaults=True) for kind, entry in found.items()}
    if as_json:
        click.echo(json_of(shapes, indent=2))
        return
    for kind, shape in shapes.items():
        click.secho(f"{kind} {name}", bold=True)
        _show(shape, "  ")


def _show(value: dict[str, object] | list[object], indent: str) -> None:
    labelled = (
        [(f"{name}:", inner) for name, inner in value.items()]
        if isinstance(value, dict)
        else [("-", inner) for inner in value]
    )
    for label, inner in labelled:
        if isinstance(inner, dict | list):
            click.echo(f"{indent}{label}")
            _show(inner, indent + "  ")
        else:
            click.echo(f"{indent}{label} {inner}")
