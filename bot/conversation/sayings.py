"""Which choice do a person's few words stand for here?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.conversation.prompts import prompt
from bot.conversation.replies import BROWSERS, SYSTEMS
from bot.conversation.state import Phase
from bot.conversation.table import TABLE
from bot.conversation.turn import Turn

MEANT_LENGTH = 60
"""Nobody needs more characters than this to say "it works now"."""
NAMED_WORDS = 5
"""Nobody needs more words than this to say "I use Chrome on Windows"."""
NOT_FOR_PEOPLE = frozenset({"pasted", "checked", "joined", "woke", "cancelled", "browser", "system"})
"""Names of table entries that nobody may pick by writing them."""
NOTHING = "-"
GAP = " ... "
"""In a saying: whatever people put there, a few words at most. "only ... in incognito" also matches "it works but only
opens in incognito": such a saying is the end of what they write, whatever the beginning."""
GAP_WORDS = 3

ANSWERS: Mapping[Phase, Mapping[str, str]] = {
    Phase.ASK_QUESTION: {"yes": "yes", "no": "no"},
    Phase.ASK_USUAL: {"yes": "yes", "no": "no"},
    Phase.STEP: {"yes": "works", "no": "still-broken"},
}
"""What yes and no, in all their wordings, mean where they are asked for; this takes precedence there. Every step ends
with a question to which yes is the good news."""
FOR_ONE = {Phase.ASK_QUESTION: {"only-there": "yes"}}
"""Where a question is about one place, "only there" is a yes."""
DEVICES: Mapping[Phase, frozenset[str]] = {
    Phase.ASK_BROWSER: frozenset({*BROWSERS, "other"}),
    Phase.ASK_SYSTEM: frozenset({*SYSTEMS, "other"}),
}
_NO_APOSTROPHES = str.maketrans({"'": None, "’": None, ",": " "})


def entry_of(turn: Turn, choice: str) -> str:
    """Return the table's name for a choice: those that carry a name of their own share one entry."""
    phase = turn.state.phase
    if choice in NOT_FOR_PEOPLE:
        return NOTHING
    if ":" in choice:
        offered = {offer.id for offer in prompt(turn.kb, turn.state, turn.facts()).choices}
        return f"{choice.split(':', 1)[0]}:*" if choice in offered else NOTHING
    if choice in DEVICES.get(phase, ()):
        return "browser" if phase is Phase.ASK_BROWSER else "system"
    return choice


def meant(turn: Turn, text: str) -> str | None:
    """Return the choice that a short text stands for in this phase, if it stands for one.

    People say it twice: "nope, still the same".
    """
    said = _plain(text)
    if not said or len(said) > MEANT_LENGTH:
        return None
    whole = _one(turn, said) or _at_the_end(turn, said)
    first, _, rest = said.partition(" ")
    if whole is not None or not rest:
        return whole
    once = _one(turn, first)
    return once if once is not None and once == _one(turn, rest) else None


def _one(turn: Turn, said: str) -> str | None:
    row, answers = TABLE[turn.state.phase], ANSWERS.get(turn.state.phase, {})
    sayings = list(_sayings(turn))
    for choice, saying in sayings:
        if saying == said and choice in answers:
            return answers[choice]
    if entry_of(turn, said) in row:
        return said
    return next((choice for choice, saying in sayings if saying == said and entry_of(turn, choice) in row), None)


def _at_the_end(turn: Turn, said: str) -> str | None:
    """Return the choice for which the text ends in a saying with a gap."""
    row, for_one = TABLE[turn.state.phase], FOR_ONE.get(turn.state.phase, {})
    for choice, saying in _sayings(turn):
        begins, gap, ends = saying.partition(GAP)
        taken = for_one.get(choice, choice)
        if gap and entry_of(turn, taken) in row and _stands(begins, ends, said):
            return taken
    return None


def _stands(begins: str, ends: str, said: str) -> bool:
    before, found, nothing = f" {said} ".rpartition(f" {ends} ")
    _, opened, between = f"{before} ".rpartition(f" {begins} ")
    return bool(found and opened) and not nothing.strip() and len(between.split()) <= GAP_WORDS


def device_named(turn: Turn, text: str) -> str | None:
    """Return the browser or system that a short text names among other words, where that is asked for."""
    wanted = DEVICES.get(turn.state.phase, frozenset())
    words = _plain(text).split()
    if not wanted or len(words) > NAMED_WORDS:
        return None
    names = {saying: choice for choice, saying in _sayings(turn) if choice in wanted}
    runs = (" ".join(words[at : at + long]) for long in range(len(words), 0, -1) for at in range(len(words)))
    return next((names[run] for run in runs if run in names), None)


def _sayings(turn: Turn) -> Iterator[tuple[str, str]]:
    """Go through what people write for each choice: its id, its label and what the locale lists, the reader's first."""
    locales = turn.kb.locales
    for locale in (locales.get(turn.state.lang, locales["en"]), locales["en"]):
        for choice, sayings in locale.inputs.items():
            yield from ((choice, _plain(saying)) for saying in (choice, *sayings))
        yield from ((choice, _plain(label)) for choice, label in locale.choices.items())


def _plain(text: str) -> str:
    """Drop what people leave out or put in between: case, apostrophes, commas, the final full stop."""
    return " ".join(text.casefold().translate(_NO_APOSTROPHES).strip(' \t\r\n.!?…;:"').split())
