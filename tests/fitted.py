"""Where are fitted weights, and in which form? (`fit.py` writes them there.)"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

LOCALES = Path(__file__).parents[1] / "knowledge" / "locales"
_WIDE = 118


def write_words(name: str, of: Mapping[str, Mapping[str, float]], folder: Path = LOCALES) -> None:
    """Write `[recognise.<name>]` into each language's file; languages that are not named lose theirs."""
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(with_section(text, f"recognise.{name}", of.get(path.stem, {})), encoding="utf-8")


def with_section(text: str, title: str, words: Mapping[str, float]) -> str:
    """Return a file in which this section holds these words, by their weight; no words: no section."""
    section = "\n".join([f"[{title}]", *_lines(words)]) + "\n" if words else ""
    found = re.search(rf"^\[{re.escape(title)}\]\n(?:(?!\[).*\n?)*", text, re.MULTILINE)
    if found:
        before, after = text[: found.start()], text[found.end() :]
        return f"{before}{section}\n{after}" if section and after else f"{before}{section}{after}"
    return f"{text.rstrip()}\n\n{section}" if section else text


def _lines(words: Mapping[str, float]) -> Iterator[str]:
    by_weight: dict[float, list[str]] = defaultdict(list)
    for word, weight in words.items():
        by_weight[weight].append(json.dumps(word, ensure_ascii=False))
    for weight in sorted(by_weight, reverse=True):
        written = sorted(by_weight[weight])
        line = f'"{weight:.2f}" = [{", ".join(written)}]'
        if len(line) <= _WIDE:
            yield line
            continue
        yield f'"{weight:.2f}" = ['
        row = "   "
        for word in written:
            if len(row) + len(word) + 2 >= _WIDE:
                yield row
                row = "   "
            row += f" {word},"
        yield row
        yield "]"


def retabled(source: str, table: str, weights: Mapping[str, float], enough: float) -> str:
    """Return a module's source in which a table of weights, and the sum that is enough, are these."""
    ordered = sorted(weights.items(), key=lambda each: (each[0].startswith("machine, "), -each[1], each[0]))
    body = "".join(f'    "{name}": {weight:.2f},\n' for name, weight in ordered)
    source = re.sub(rf"(?ms)(^{table}: [^\n]* = \{{\n).*?(?=^\}})", lambda found: found[1] + body, source)
    return re.sub(r"(?m)^ENOUGH = .*$", f"ENOUGH = {enough}", source)
