"""Where are the words of a language, and how are parameters put into them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from bot.conversation.replies import Choice
from bot.diagnosis.neutral import neutral
from bot.kb.model import KnowledgeBase, ReplyWords
from bot.wording.message import Block, BlockKind, Label, Span

PLACEHOLDER = re.compile(r"\{([a-z0-9._-]+)\}")
Parameter = Span | tuple[Span, ...] | str | int | None
Parameters = Mapping[str, Parameter]


class Words:
    """The words of one language over a knowledge base; English fills the gaps key by key."""

    def __init__(self, kb: KnowledgeBase, lang: str) -> None:
        self.kb = kb
        self._locale = kb.locales.get(lang, kb.locales["en"])
        self._english = kb.locales["en"]

    def reply(self, key: str) -> ReplyWords:
        """Return the texts of a reply."""
        return self._locale.replies.get(key) or self._english.replies[key]

    def word(self, key: str, default: str | None = None) -> str:
        """Return a small word."""
        for locale in (self._locale, self._english):
            if key in locale.words:
                return locale.words[key]
        return key if default is None else default

    def choice(self, choice: Choice) -> Label:
        """Return a choice with its label; labels that come from knowledge are cut to Discord's 80 characters."""
        if choice.text is not None:
            key = choice.text.removeprefix("words.")
            label = self.word(key) if key != choice.text else self.known(key)
            if choice.id.startswith("site:"):
                label = plain(fill(self.word("look-at"), {"site": label}))
            return Label(id=choice.id, label=neutral(label, 80))
        for locale in (self._locale, self._english):
            if choice.id in locale.choices:
                return Label(id=choice.id, label=locale.choices[choice.id])
        return Label(id=choice.id, label=choice.id)

    def label(self, choice: str | None) -> str:
        """Return the label of a choice by its id."""
        return self.choice(Choice(id=choice or "")).label

    def detail(self, step: str, position: int, english: str) -> str:
        """Return a step's detail; translations name it by its position."""
        return self._locale.overlay.get(f"{step}.details.{position}", english)

    def known(self, key: str) -> str:
        """Return a text of the knowledge base by its key, in this language if it was translated."""
        return self._locale.overlay.get(key) or _lookup(self.kb, key)


def _lookup(kb: KnowledgeBase, key: str) -> str:
    """Find the text of a key: see `bot.kb.texts`; and `services.<id>.<n>`, a domain, the same in every language."""
    kind, identifier, *rest = key.split(".")
    if kind == "services":
        return next(service.domains[int(rest[0])] for service in kb.services if service.id == identifier)
    entry: object = getattr(kb, kind)[identifier]
    if kind == "guides" and rest[0] == "exit":
        return str(getattr(kb.guides[identifier].exit, rest[1]))
    if kind == "guides" and len(rest) > 1:
        entry = next(step for step in kb.guides[identifier].steps if step.id == rest[0])
    found = getattr(entry, rest[-1])
    return "" if found is None else str(found)


def fill(template: str, parameters: Parameters) -> tuple[Span, ...]:
    """Put parameters into a text; a parameter that is missing or empty leaves a gap.

    A parameter may be a text that was filled before: what is foreign in it stays foreign.
    """
    spans: list[Span] = []
    position = 0
    for found in PLACEHOLDER.finditer(template):
        spans.append(Span(text=template[position : found.start()]))
        spans.extend(_spans_of(parameters.get(found[1])))
        position = found.end()
    spans.append(Span(text=template[position:]))
    return tuple(span for span in spans if span.text)


def _spans_of(value: Parameter) -> tuple[Span, ...]:
    match value:
        case None:
            return ()
        case Span():
            return (value,)
        case tuple():
            return value
        case _:
            return (Span(text=str(value)),)


def foreign(value: object) -> Span:
    """Return somebody else's text as a span, harmless and short."""
    return Span(text=neutral(str(value)), foreign=True)


def plain(spans: Iterable[Span]) -> str:
    """Return spans as text without markup."""
    return "".join(span.text for span in spans)


def facts_as_parameters(facts: Mapping[str, JsonValue], words: Words) -> dict[str, Parameter]:
    """Facts become parameters: names of products are ours, numbers are harmless, everything else is foreign."""
    parameters: dict[str, Parameter] = {
        "product.name": words.word("product.unknown"),
        "edge.name": words.word("edge.unknown"),
    }
    for name, value in facts.items():
        if name in ("product.name", "edge.name") or (isinstance(value, int) and not isinstance(value, bool)):
            parameters[name] = str(value)
        else:
            parameters[name] = foreign(value)
    return parameters


def blocks_of(words: ReplyWords, parameters: Parameters) -> list[Block]:
    """Fill a reply's texts; a text of which only its gaps would be left is dropped."""
    blocks: list[Block] = []
    kinds: tuple[BlockKind, ...] = ("heading", "text", "reason", "action", "aside")
    for kind in kinds:
        template = getattr(words, kind)
        if template is None or _only_gaps(template, parameters):
            continue
        spans = fill(template, parameters)
        if plain(spans).strip():
            blocks.append(Block(kind=kind, spans=spans))
    return blocks


def _only_gaps(template: str, parameters: Parameters) -> bool:
    """Tell whether every placeholder of a text (and it has some) is empty: then the text has nothing to say."""
    names = PLACEHOLDER.findall(template)
    return bool(names) and not any(parameters.get(name) for name in names)
