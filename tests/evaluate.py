"""How well are texts recognised? `python tests/evaluate.py CORPUS_DIR [--held] [--misses N]`

Reads `errors-*.jsonl` and `negatives-*.jsonl` of a folder and prints every rate, apart for the part that nobody
looks at while tuning (30 % of the origins, by hash), and the misses of the other part. Only a measure: nothing of a
corpus belongs into the product.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.diagnosis.identification import Identification
from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase

HELD = 30


def is_held(origin: str) -> bool:
    """Does a row belong to the part that is only counted, never read?"""
    return int(hashlib.sha256(origin.encode()).hexdigest()[:8], 16) % 100 < HELD


@dataclass
class Rates:
    """Rights and totals by name, and the rows that were wrong."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    misses: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool, row: dict[str, Any] | None = None, said: object = None) -> None:
        """Count one judgement; `row` is given where it may be shown."""
        self.total[name] += 1
        self.right[name] += right
        if not right and row is not None:
            self.misses.append(f"{name} | {row['id']} | said {said!r} | {row['text'][:160]!r}")


def host_of(address: str | None) -> str | None:
    """The host of a label, which may be a URL, a host with a port, or a path."""
    if not address:
        return None
    whole = address if "://" in address else f"//{address}"
    try:
        return (urlsplit(whole).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _plain(code: str | None) -> str:
    """Codes are compared without case and without Chromium's "net::"."""
    return (code or "").lower().removeprefix("net::")


def judge_error(row: dict[str, Any], said: Identification, rates: Iterable[tuple[Rates, bool]]) -> None:
    """Compare one error text with the labels that it has."""
    match = said.match
    is_502 = row["status"] == 502
    for each, shown in rates:
        visible = row if shown else None
        status = match.status if match else None
        each.count("status, all", status == row["status"], visible, status)
        if "family" in row:
            family = match.family if match else None
            each.count("family, all", family == row["family"], visible, family)
        if "source" in row:
            _judge_source(row, said, each, visible)
        for name in ("substatus", "code"):
            if name in row:
                _judge_part(name, row[name], getattr(match, name, None), each, visible)
        if "url" in row:
            _judge_target(row, said, each, visible)
        if is_502:
            each.count("speak on 502", said.speak, visible, said.evidence[:2])
            each.count("status on 502", status == 502)
        else:
            each.count("neighbour not taken for 502", status != 502, visible, status)
            each.count("silent on neighbours (for information)", not said.speak)


def _judge_source(row: dict[str, Any], said: Identification, each: Rates, visible: dict[str, Any] | None) -> None:
    source, error = (said.match.source, said.match.error) if said.match else (None, None)
    right = source == row["source"]
    each.count("source, all", right, visible, f"{source} not {row['source']} ({error})")
    if row["source"] not in ("generic", "app"):
        each.count("source, where shown", right)
        each.count(f"source, where shown, {'502' if row['status'] == 502 else 'others'}", right)


def _judge_part(name: str, wanted: str | None, told: str | None, each: Rates, visible: dict[str, Any] | None) -> None:
    right = _plain(told) == _plain(wanted) if wanted else told is None
    each.count(name if wanted else f"no {name}", right, visible, told)


def _judge_target(row: dict[str, Any], said: Identification, each: Rates, visible: dict[str, Any] | None) -> None:
    wanted = host_of(row["url"])
    told = said.target.host.removeprefix("www.") if said.target else None
    if row["url"]:
        each.count("target, where given", told == wanted, visible, f"{told} not {wanted}")
    else:
        each.count("no target", told is None, visible, told)
    each.count("target, all", told == wanted)


def judge_negative(row: dict[str, Any], said: Identification, rates: Iterable[tuple[Rates, bool]]) -> None:
    """Compare one text on which the bot must keep silent."""
    for each, shown in rates:
        each.count(
            f"silent, {row['class']}", not said.speak, row if shown else None, said.match.error if said.match else None
        )


def evaluate(kb: KnowledgeBase, folder: Path) -> tuple[Rates, Rates, Rates]:
    """Return the rates of all rows, of the open part and of the held-out part."""
    whole, opened, held = Rates(), Rates(), Rates()
    for path in sorted(folder.glob("*.jsonl")):
        judge = (
            judge_error
            if path.name.startswith("errors")
            else judge_negative
            if path.name.startswith("negatives")
            else None
        )
        for line in path.read_text(encoding="utf-8").splitlines() if judge else ():
            row = json.loads(line)
            hidden = is_held(row["origin"])
            judge(row, identify(kb, row["text"]), [(whole, False), (held, False) if hidden else (opened, True)])
    return whole, opened, held


def table(columns: Sequence[tuple[str, Rates]]) -> str:
    """Print rates side by side."""
    lines = [f"{'':44}" + "".join(f"{name:>22}" for name, _ in columns)]
    for name in sorted(columns[0][1].total):
        cells = (
            f"{100 * rates.right[name] / rates.total[name]:6.2f} % ({rates.right[name]}/{rates.total[name]})"
            if rates.total[name]
            else "-"
            for _, rates in columns
        )
        lines.append(f"{name:44}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=int, default=400, help="print at most so many misses of the open part")
    options = parser.parse_args(arguments)
    if not any(options.folder.glob("*.jsonl")):
        parser.error(f"there is no .jsonl file in {options.folder}")
    from bot.kb.load import load

    kb = load()
    began = time.perf_counter()
    whole, opened, held = evaluate(kb, options.folder)
    for miss in opened.misses[: options.misses]:
        sys.stdout.write(miss + "\n")
    sys.stdout.write(table([("all", whole), ("open part", opened), ("held-out part", held)]) + "\n")
    sys.stdout.write(f"{time.perf_counter() - began:.1f} s\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
