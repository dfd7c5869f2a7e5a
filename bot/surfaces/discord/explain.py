"""What is known about an error that somebody asks for by name?"""

from __future__ import annotations

from bot.conversation.replies import Recognised
from bot.diagnosis.identify import identify
from bot.surfaces.discord.phrases import Phrases
from bot.wording import Block, Message, Span, word

SUGGESTIONS = 25
SOURCES = 2


def suggestions(phrases: Phrases, current: str) -> list[tuple[str, str]]:
    """Return (id, title) of the errors that fit what was typed so far, at most 25."""
    wanted = current.casefold().split()
    found = [
        (name, entry.title)
        for name, entry in sorted(phrases.kb.errors.items(), key=lambda item: item[1].title.casefold())
        if all(part in f"{name} {entry.title} {entry.code or ''}".casefold() for part in wanted)
    ]
    return found[:SUGGESTIONS]


def named(phrases: Phrases, text: str) -> str | None:
    """Return the entry that somebody means: by its id, by a text that shows it, by a part of its title."""
    if text in phrases.kb.errors:
        return text
    match = identify(phrases.kb, text).match
    if match is not None:
        return match.error
    near = suggestions(phrases, text)
    return near[0][0] if near else None


def explanation(phrases: Phrases, name: str) -> Message:
    """Return what is known about an error, with the note for careful readers, and where it comes from."""
    entry = phrases.kb.errors[name]
    message = word(phrases.kb, Recognised(error=name, confidence=1.0), phrases.lang)
    blocks = list(message.blocks)
    if entry.note:
        blocks.append(Block(kind="aside", spans=(Span(text=entry.note),)))
    blocks += [Block(kind="aside", spans=(Span(text=source),)) for source in entry.sources[:SOURCES]]
    return message.model_copy(update={"blocks": tuple(blocks)})
