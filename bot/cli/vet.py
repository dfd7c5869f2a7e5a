"""What does `fiveohtwo vet` print?"""

from __future__ import annotations

import asyncio
from typing import Any

import click

from bot.cli import OK, REFUSED, Failed
from bot.cli.compose import make_reach
from bot.cli.reader import reader_may_leave
from bot.cli.texts import address_given, json_of, rows, rows_alone, write_line
from bot.settings import load_settings

SHAPES = "dns must look like {name: [[address, ...], ...]}, redirects like [address, ...]"


def run_vet(url: str | None, *, as_json: bool, jsonl: bool) -> int:
    """Vet one address, or one per line; return the exit code."""
    if jsonl:
        rows_alone(url, {"--json": as_json})
        asyncio.run(_vet_rows())
        return OK
    if url is None:
        raise Failed("give an address, or rows on stdin with --jsonl.")
    given = address_given(url)
    answer = asyncio.run(_vet({"url": f"https:{given}" if given.startswith("//") else given}))
    with reader_may_leave():
        if as_json:
            click.echo(json_of({name: answer[name] for name in ("id", "decision", "reason")}))
        else:
            click.echo(_sentence(answer))
    return OK if answer["decision"] == "allow" else REFUSED


def _sentence(answer: dict[str, Any]) -> str:
    if answer["decision"] != "allow":
        return f"{answer['decision']}: {answer['reason']}"
    if answer["connect"]:
        return f"allow: would connect to {', '.join(answer['connect'])}"
    return f"allow: but it leads to no address ({answer['reason']})"


async def _vet(row: dict[str, Any]) -> dict[str, Any]:
    reach = make_reach(load_settings())
    from bot.checks.rehearsal import rehearse_row

    return await rehearse_row(row, reach)


async def _vet_rows() -> None:
    reach = make_reach(load_settings())
    from bot.checks.rehearsal import rehearse_row

    for row in rows("url"):
        if "url" not in row:
            write_line(row)
            continue
        try:
            answer = await rehearse_row(row, reach)
        except (TypeError, ValueError, AttributeError, LookupError):
            write_line({"id": row.get("id"), "error": f"this row cannot be rehearsed: {SHAPES}"})
            continue
        if row.get("dns") is None and row.get("redirects") is None:
            del answer["connect"]
        write_line(answer)
