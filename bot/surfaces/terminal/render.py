"""What does a message look like in a terminal? Coloured in a terminal, plain in a pipe, JSON for scripts."""

from __future__ import annotations

import json

from rich.console import Console
from rich.text import Text

from bot.diagnosis.findings import Finding, Outcome
from bot.diagnosis.neutral import neutral
from bot.wording import Block, Message
from bot.wording.message import Piece, pieces
from bot.wording.words import Words

STYLES = {
    "heading": "bold",
    "text": "",
    "detail": "",
    "reason": "italic",
    "action": "bold cyan",
    "aside": "dim",
    "report": "",
}
STATE_STYLES = {"up": "bold green", "down": "bold red", "degraded": "bold yellow", "blocked": "bold magenta"}
MARKS = {Outcome.OK: ("✓", "green"), Outcome.FAIL: ("✗", "red"), Outcome.SKIP: ("·", "dim")}
CODE_STYLE = "bold blue"
FOREIGN_STYLE = "underline"
PARAGRAPH_LENGTH = 4000


def as_json(message: Message, encoding: str = "utf-8") -> str:
    """Return one reply as one line of JSON, in the shape of `chat --json`; escaped if the output needs it."""
    shape: dict[str, object] = {
        "reply": message.key,
        "text": message.text,
        "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
    }
    if message.verdict is not None:
        shape["verdict"] = message.verdict
    if message.step is not None:
        shape["step"] = message.step
    line = json.dumps(shape, ensure_ascii=False)
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(shape)
    return line


def show(console: Console, message: Message) -> None:
    """Print a message and its choices."""
    console.print()
    for block in message.blocks:
        console.print(_paragraph(block, message), soft_wrap=not console.is_terminal)
    if message.choices:
        console.print(_choices(message))


def _paragraph(block: Block, message: Message) -> Text:
    style = STYLES[block.kind]
    if block.kind == "heading" and message.verdict is not None:
        style = STATE_STYLES.get(str(message.verdict["state"]), style)
    text = Text("  • " if block.kind == "detail" else "", style=style)
    for piece in pieces(block.spans):
        shown = neutral(piece.text, PARAGRAPH_LENGTH) if piece.foreign else piece.text
        text.append(shown, style=_style_of(piece))
    return text


def _style_of(piece: Piece) -> str:
    if piece.code:
        return CODE_STYLE
    return FOREIGN_STYLE if piece.foreign else ""


def _choices(message: Message) -> Text:
    text = Text()
    for number, choice in enumerate(message.choices, start=1):
        text.append(f"  {number} ", style="bold cyan")
        text.append(neutral(choice.label, 80))
        text.append("\n" if number < len(message.choices) else "")
    return text


def finding_line(words: Words, finding: Finding) -> Text:
    """Return one line that says how a check ended."""
    mark, style = MARKS[finding.outcome]
    name = words.word(f"check.{finding.check}")
    if finding.failure is not None:
        said = words.word(f"failure.{finding.failure.value}")
    elif finding.outcome is Outcome.SKIP:
        said = words.word("check.skip")
    else:
        said = _answer(words, finding)
    took = f"  {finding.ms:.0f} ms" if finding.ms is not None and finding.outcome is not Outcome.SKIP else ""
    return Text.assemble((f"  {mark} ", style), f"{name}: {said}", (took, "dim"))


def _answer(words: Words, finding: Finding) -> str:
    status = finding.facts.get("status")
    if isinstance(status, int):
        return f"HTTP {status}"
    if finding.facts.get("mixed"):
        return words.word("check.mixed")
    return words.word("check.fail" if finding.outcome is Outcome.FAIL else "check.ok")
