"""What stands on the card in a channel, and what in a conversation's own message?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.conversation.state import Phase, State
from bot.engine.run import Progress
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.render import Panel
from bot.wording import Block, Label, Message, Span
from bot.wording.words import foreign

CARD_CHOICES = ("guide", "recheck", "why")
ASIDE = frozenset({"why", "help", "report"})
"""Replies that only the person who asked needs to see; the panel stays as it is."""
FORMS = {Phase.ASK_ADDRESS: "enter-address", Phase.CLARIFY: "enter-paste", Phase.IDLE: "enter-paste"}
"""Where people must type, a form helps those whose messages the bot may not read."""


@dataclass
class Turn:
    """What one turn brought so far."""

    messages: list[Message] = field(default_factory=list)
    progress: list[str] = field(default_factory=list)

    def add(self, output: Message | Progress, line: Callable[[Progress], str]) -> None:
        """Take one output of the engine; a verdict takes the place of what led to it."""
        if isinstance(output, Progress):
            self.progress.append(line(output))
            return
        if output.key != "checking":
            self.progress.clear()
            self.messages = [message for message in self.messages if message.key != "checking"]
        self.messages.append(output)

    @property
    def choices(self) -> Sequence[Label]:
        """What can be picked now."""
        return next((message.choices for message in reversed(self.messages) if message.choices), ())

    def verdict(self) -> Message | None:
        """Return the newest verdict."""
        return next((message for message in reversed(self.messages) if message.verdict is not None), None)

    def aside(self) -> list[Message]:
        """Return what only the person who asked should see."""
        return [message for message in self.messages if message.key in ASIDE]


def talk_panel(phrases: Phrases, state: State, turn: Turn) -> Panel:
    """Return the panel of a conversation: all that the turn said, and every choice."""
    choices = list(turn.choices)
    extra = FORMS.get(state.phase)
    if extra is not None:
        choices.insert(0, phrases.label(extra))
    shown = tuple(message for message in turn.messages if message.key not in ASIDE)
    return Panel(shown, tuple(turn.progress), tuple(choices), phrases.say("choose"))


def card_panel(phrases: Phrases, state: State, turn: Turn) -> Panel:
    """Return the card: which error and whose, one verdict, one reason, and the way on."""
    verdict = turn.verdict()
    blocks = [_headline(phrases, state)]
    if verdict is not None:
        blocks += [block for block in verdict.blocks if block.kind != "action"]
        blocks[1] = blocks[1].model_copy(update={"kind": "text"})
    else:
        blocks += [block for message in turn.messages for block in message.blocks if message.key in SAID_ON_CARDS]
    offered = CARD_CHOICES if state.url else tuple(choice for choice in CARD_CHOICES if choice != "recheck")
    choices = [phrases.choice(choice) for choice in offered] if state.phase is Phase.VERDICT else []
    card = Message(key="card", blocks=tuple(blocks), verdict=verdict.verdict if verdict else None)
    return Panel((card,), tuple(turn.progress), (*choices, phrases.label("dismiss")))


SAID_ON_CARDS = frozenset({"checking", "address-refused", "secrets-seen"})


def _headline(phrases: Phrases, state: State) -> Block:
    spans: list[Span] = []
    if state.known is not None:
        spans.append(Span(text=phrases.words.known(f"errors.{state.known.error}.title")))
    if state.host:
        spans += [Span(text=" · ")] if spans else []
        spans.append(foreign(state.host))
    return Block(kind="heading", spans=tuple(spans) or (Span(text=phrases.say("card")),))


def thread_name(state: State, phrases: Phrases) -> str:
    """Return a thread's title: the host and its state, or the error."""
    what = state.host or (phrases.words.known(f"errors.{state.known.error}.title") if state.known else "502")
    how = state.outcome or (state.verdict.state.value if state.verdict else None)
    title = f"{what} · {phrases.words.word(f'discord.title.{how}', how)}" if how else what
    return foreign(title).text[:100]
