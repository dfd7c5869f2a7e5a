"""Which words does only Discord need? They are in the locale under `discord.*`."""

from __future__ import annotations

from bot.conversation.replies import Choice
from bot.kb.model import KnowledgeBase
from bot.wording import Block, Label, Message, Span
from bot.wording.words import Parameters, Words, fill


class Phrases:
    """Words of the surface itself, in one language."""

    def __init__(self, kb: KnowledgeBase, lang: str) -> None:
        self.kb = kb
        self.lang = lang
        self.words = Words(kb, lang)

    def say(self, key: str, **parameters: Span | str | int | None) -> str:
        """Return a phrase as text."""
        return "".join(span.text for span in self.spans(key, parameters))

    def spans(self, key: str, parameters: Parameters) -> tuple[Span, ...]:
        """Return a phrase as spans; foreign parameters stay marked."""
        return fill(self.words.word(f"discord.{key}"), parameters)

    def message(self, key: str, **parameters: Span | str | int | None) -> Message:
        """Return a phrase as a message of its own."""
        return Message(key=key, blocks=(Block(kind="text", spans=self.spans(key, parameters)),))

    def label(self, choice: str) -> Label:
        """Return a button that only this surface has."""
        return Label(id=choice, label=self.say(choice))

    def choice(self, choice: str) -> Label:
        """Return one of the conversation's own choices."""
        return self.words.choice(Choice(id=choice))
