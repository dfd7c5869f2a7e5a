"""Which parts of an address may be shown to people who did not enter it? Its site, but not the page."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.diagnosis.findings import Finding, Report
from bot.diagnosis.scheme import is_open

_PLACES = frozenset({"url", "location"})
"""Facts that are addresses."""
_PAGES_OWN = frozenset({"title", "ids", "query", "secret-removed"})
"""Facts about one page or one request, not about its site."""


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


def of_another_page(report: Report, url: str) -> Report:
    """Return what was seen of a site when somebody looked at another page of it, and no more of that page."""
    front, url = front_only(report), report.url.partition("//")[0] + url if is_open(url) else url
    local = front.local.model_copy(update={"findings": tuple(_of_another(each) for each in front.local.findings)})
    return front.model_copy(update={"url": url, "vantages": (local, *front.vantages[1:])})


def _of_another(finding: Finding) -> Finding:
    if finding.check != "http":
        return finding
    facts = {name: value for name, value in finding.facts.items() if name not in _PAGES_OWN}
    return finding.model_copy(update={"facts": {**facts, "other-page": True}})


def _finding(finding: Finding) -> Finding:
    return finding.model_copy(update={"facts": cast("dict[str, JsonValue]", _cut(finding.facts))})


def _cut(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        pages = {name for name in _PLACES if isinstance(value.get(name), str)}
        return {name: front_page(str(each)) if name in pages else _cut(each) for name, each in value.items()}
    return [_cut(each) for each in value] if isinstance(value, list) else value
