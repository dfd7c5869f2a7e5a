"""How does a command read what it was given, and write lines of JSON?"""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import IO, Any

from bot.cli import Failed
from bot.diagnosis.targets import from_input

LONGEST = 8 << 20
"""Bytes of stdin that are read; `identify` itself looks at far less."""


def given_or_stdin(text: str | None) -> str:
    """Return the argument, or all of stdin for "-" and for nothing."""
    if text is not None and text != "-":
        return text
    if text is None and sys.stdin is not None and sys.stdin.isatty():
        raise Failed('nothing to read: give the text as an argument, or "-" and type it (end with Ctrl-D).')
    return _decoded(_stdin().read(LONGEST))


def _decoded(data: bytes) -> str:
    """Return a text in the encoding that its first bytes name: older PowerShells save in UTF-16.

    An error holds figures and spaces, so in UTF-16 it has zero bytes; without any the mark is only two broken bytes.
    """
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and b"\0" in data
    return data.decode("utf-16" if wide else "utf-8-sig", "replace")


def address_given(text: str) -> str:
    """Return the address that a person means: a bare name means its https page or, without one, its http page."""
    target = from_input(text) if "://" not in text else None
    return target.asked if target else text


def rows_alone(given: str | None, options: Mapping[str, bool]) -> None:
    """Refuse what would be ignored beside `--jsonl`."""
    if given not in (None, "-"):
        raise Failed("--jsonl reads rows from stdin: give no argument beside it.")
    for name, is_set in options.items():
        if is_set:
            raise Failed(f"{name} says nothing beside --jsonl: take one of them.")


def rows(*needed: str) -> Iterator[dict[str, Any]]:
    """Yield the objects on stdin, one per line; a line that is none becomes an object with the key `error`."""
    for number, line in enumerate(_lines(), start=1):
        if line is None:
            yield {"error": f"line {number} is too long"}
            continue
        if not line.strip():
            continue
        try:
            row = _row(line)
        except (ValueError, RecursionError):
            yield {"error": f"line {number} is not JSON"}
            continue
        missing = [name for name in needed if not isinstance(row, dict) or not isinstance(row.get(name), str)]
        if missing:
            yield {"error": f"line {number} lacks {', '.join(missing)}"} | (_id_of(row))
        else:
            yield row


def _row(line: bytes) -> Any:
    """Read one row; a byte that is no UTF-8 costs its letter, not the row. Raises ValueError."""
    text = line.decode("utf-8-sig", "replace")
    return json.loads(text, parse_constant=_number, parse_float=_number)


def _number(written: str) -> float:
    """Read a number that can be written again: NaN and Infinity are Python's own, no JSON. Raises ValueError."""
    number = float(written)
    if not isfinite(number):
        raise ValueError(written)
    return number


def _stdin() -> IO[bytes]:
    if sys.stdin is None:  # as after `<&-`
        raise Failed("nothing to read: the input is closed.")
    return sys.stdin.buffer


def _lines() -> Iterator[bytes | None]:
    """Yield the lines of stdin; None in place of one that is longer than anybody needs."""
    read = _stdin().readline
    while line := read(LONGEST):
        if len(line) < LONGEST or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = read(LONGEST)
        yield None


def _id_of(row: object) -> dict[str, Any]:
    return {"id": row["id"]} if isinstance(row, dict) and "id" in row else {}


def json_of(shape: object, indent: int | None = None) -> str:
    """Return JSON with letters as they are, unless stdout cannot take one of them (half a character pair, say)."""
    text = json.dumps(shape, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return json.dumps(shape, indent=indent)
    return text


def write_line(shape: object) -> None:
    """Write one JSON object as one line, at once."""
    sys.stdout.write(json_of(shape) + "\n")
    sys.stdout.flush()
