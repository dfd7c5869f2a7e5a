"""What is on the card in a channel, and what in a conversation's own message?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.conversation.prompts import site_named
from bot.conversation.state import Phase, State
from bot.diagnosis.neutral import neutral
from bot.engine.run import Progress
from bot.kb.model import State as SiteState
from bot.surfaces.discord.custom_id import tag_of
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import Panel
from bot.wording import Block, Label, Message, Span
from bot.wording.words import foreign

ASIDE = frozenset({"why", "help", "report"})
"""Replies that only the person who asked needs to see; the panel stays as it is."""
ON_CARDS = frozenset({"secrets-seen", "address-refused"})
"""What a card says besides the verdict."""
UNREAD = frozenset({"not-understood", "address-not-read"})
"""What a card does not say, so only the person who filled in a form on it is told."""
ON_CARD = frozenset({"heading", "aside", "detail"})
"""The part of the verdict on a card: what is the matter, how that was seen, and who else met it."""
FORMS = {Phase.ASK_ADDRESS: "enter-address", Phase.CLARIFY: "enter-paste", Phase.IDLE: "enter-paste"}
"""Where people must type, a form helps those whose messages the bot may not read."""
AFTER_FORM = frozenset({"why", "human", "stop"})
"""What comes after the form of a verdict without an address: guidance comes first."""
LOOKING = frozenset({Phase.CHECKING, Phase.RECHECKING})
BROKEN = frozenset({SiteState.DOWN, SiteState.DEGRADED})
WAITING_HELPS = frozenset({Phase.VERDICT, Phase.EXIT})
"""Where a conversation offers to wait for the site; between steps there is enough to pick."""
TITLE_LENGTH = 100


@dataclass
class Turn:
    """What one turn has brought so far."""

    messages: list[Message] = field(default_factory=list)
    progress: list[str] = field(default_factory=list)
    stands: bool = True
    """False: the result of the turn could not be shown."""

    def add(self, output: Message | Progress, line: Callable[[Progress], str]) -> None:
        """Take one output of the engine; a verdict replaces what led to it."""
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

    @property
    def waits(self) -> bool:
        """Tell whether the turn ended in a look whose result went to another turn."""
        return bool(self.messages) and self.messages[-1].key == "checking"

    def verdict(self) -> Message | None:
        """Return the newest verdict."""
        return next((message for message in reversed(self.messages) if message.verdict is not None), None)

    def aside(self) -> list[Message]:
        """Return what only the person who asked should see."""
        return [message for message in self.messages if message.key in ASIDE]


def panel_of(phrases: Phrases, place: Place, state: State, turn: Turn) -> Panel:
    """Return the panel of a conversation at its place."""
    if place.kind == "card" and (state.phase is Phase.VERDICT or state.phase in LOOKING):
        return card_panel(phrases, place, state, turn)
    panel = talk_panel(phrases, place, state, turn)
    if place.kind == "card":
        choices = [choice for choice in panel.choices if choice.id not in ("human", "stop", "back")]
        return _with(panel, (*choices, phrases.label("dismiss")))
    return panel


def talk_panel(phrases: Phrases, place: Place, state: State, turn: Turn, *, aside: bool = False) -> Panel:
    """Return all that the turn said, and every choice; `aside`: also what usually goes to one person alone."""
    choices = list(turn.choices)
    extra = FORMS.get(state.phase)
    if extra is not None:
        choices.insert(0, phrases.label(extra))
    elif state.phase is Phase.VERDICT and state.url is None:
        before = [choice.id in AFTER_FORM for choice in choices]
        choices.insert(before.index(True) if any(before) else len(before), phrases.label("enter-address"))
    by_button = phrases.message("report-by-button")
    if state.phase in WAITING_HELPS:
        choices += _wait(phrases, state)
    told = [by_button if message.key == "report" else message for message in turn.messages] if aside else turn.messages
    shown = tuple(message for message in told if aside or message.key not in ASIDE)
    tag = tag_of(place.key, place.owner, state)
    return Panel(shown, tuple(turn.progress), tuple(choices), phrases.say("choose"), tag=tag)


def card_panel(phrases: Phrases, place: Place, state: State, turn: Turn) -> Panel:
    """Return the card: which error where, what is the matter, how that was seen, who else met it, and the way on."""
    head, verdict = _headline(phrases, state), turn.verdict()
    notes = [block for message in turn.messages for block in message.blocks if message.key in ON_CARDS]
    if verdict is not None:
        said = [_line_of_verdict(phrases, state, block) for block in verdict.blocks if block.kind in ON_CARD]
    else:
        said = [block for message in turn.messages if message.key == "checking" for block in message.blocks]
    card = Message(key="card", blocks=(head, *notes, *said), verdict=verdict.verdict if verdict else None)
    offered: list[Label] = []
    if verdict is not None:
        named = [phrases.words.choice(choice) for choice in site_named(phrases.kb, state)]
        ways = [phrases.choice("recheck")] if state.url else [*named, phrases.label("enter-address")]
        offered = [phrases.choice("guide"), *ways, phrases.choice("why"), *_wait(phrases, state)]
    choices = (*offered, phrases.label("dismiss"))
    return Panel((card,), tuple(turn.progress), choices, tag=tag_of(place.key, place.owner, state))


def _wait(phrases: Phrases, state: State) -> list[Label]:
    """Offer to tell when the site is back, if it is broken."""
    broken = state.verdict is not None and state.verdict.state in BROKEN
    return [phrases.label("watch")] if broken and state.url is not None else []


def _line_of_verdict(phrases: Phrases, state: State, block: Block) -> Block:
    """The summary becomes a plain line without the host; the last line begins with whose side it is."""
    if block.kind == "aside":
        side = phrases.say(f"side.{state.verdict.side.value}") if state.verdict else ""
        return block.model_copy(update={"spans": (Span(text=f"{side} · "), *block.spans)}) if side else block
    if block.kind == "detail":
        return block
    first, *rest = block.spans
    if first.foreign and state.host and first.text == foreign(state.host).text:
        the_site = phrases.words.word("the-site")
        first = Span(text=the_site[:1].upper() + the_site[1:])
    return Block(kind="text", spans=(first, *rest))


def _with(panel: Panel, choices: tuple[Label, ...]) -> Panel:
    return Panel(panel.messages, panel.progress, choices, panel.placeholder, panel.footer, panel.tag)


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
    ending = f" · {phrases.words.word(f'discord.title.{how}', how)}" if how else ""
    return neutral(what, TITLE_LENGTH - len(ending)) + ending
