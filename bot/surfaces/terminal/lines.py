"""What does a typed line mean: a choice by number, by id or by label, or free text?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.events import Chose, Event, Pasted
from bot.wording import Label

FENCE = "```"
"""A line with only this begins and ends a text of several lines, as in a chat."""
LONGEST = 1 << 20
"""Characters of one text that are read; nobody's error is longer, and more would only cost time."""


def event_of(line: str, choices: Sequence[Label]) -> Event:
    """Return what a line means beside these choices. Several numbers mark several choices."""
    text = line.strip()
    numbers = text.replace(",", " ").split()
    if numbers and len(numbers) <= len(choices) and all(_is_number_of(number, choices) for number in numbers):
        picked = [choices[int(number) - 1].id for number in numbers]
        if _go_together(picked):
            return Chose(choice=picked[0], values=tuple(picked[1:]))
    ids = {choice.id for choice in choices}
    words = text.replace(",", " ").split()
    if words and all(word in ids for word in words) and _go_together(words):
        return Chose(choice=words[0], values=tuple(words[1:]))
    for choice in choices:
        if text.casefold() == choice.label.casefold():
            return Chose(choice=choice.id)
    return Pasted(text=line[:LONGEST])


def _go_together(picked: Sequence[str]) -> bool:
    """Only steps can be marked several at once; of two answers to one question it is unclear which is meant."""
    return len(picked) == 1 or all(choice.startswith("step:") for choice in picked)


def _is_number_of(number: str, choices: Sequence[Label]) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 4 and 1 <= int(number) <= len(choices)
