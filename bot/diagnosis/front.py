"""Which parts of an address may be shown to people who did not enter it? Its site, but not the page."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.diagnosis.findings import Finding, Report

_PLACES = frozenset({"url", "location"})
"""Facts that are addresses."""


def front_page(url: str) -> str:
    """Return the front page of an address's site, its scheme as open as before; of a mere path nothing is left."""
    head, slashes, rest = url.partition("//")
    return f"{head}//{urlsplit(f'//{rest}').netloc}/" if slashes else "/"


def front_only(report: Report) -> Report:
    """Return what was seen, without naming a page."""
    vantages = tuple(
        vantage.model_copy(update={"findings": tuple(_finding(each) for each in vantage.findings)})
        for vantage in report.vantages
    )
    return report.model_copy(update={"url": front_page(report.url), "vantages": vantages})


def _finding(finding: Finding) -> Finding:
    return finding.model_copy(update={"facts": cast("dict[str, JsonValue]", _cut(finding.facts))})


def _cut(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        pages = {name for name in _PLACES if isinstance(value.get(name), str)}
        return {name: front_page(str(each)) if name in pages else _cut(each) for name, each in value.items()}
    return [_cut(each) for each in value] if isinstance(value, list) else value
