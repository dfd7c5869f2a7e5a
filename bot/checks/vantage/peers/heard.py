"""What did peers answer to one question? Each of them once, no more of them than are wanted, and nobody unasked."""

from __future__ import annotations

from bot.checks.vantage.peers.protocol import Answer, Here, Looking, Seen, answer_in
from bot.checks.vantage.peers.terms import MOST_PLACES
from bot.checks.vantage.peers.told import as_findings
from bot.diagnosis.findings import Outcome, Vantage

MOST_MESSAGES = 64
"""After this many something is wrong with the sender: nothing more is read."""


class Heard:
    """The answers to one question."""

    def __init__(self, question: str, here: str | None = None, most: int = MOST_PLACES) -> None:
        self.question = question
        self._here = here.casefold() if here is not None else None
        self._most = most
        self._messages = 0
        self._first: dict[str, Answer] = {}
        """Who there is, by name: the first process of that name."""
        self._last: dict[str, Answer] = {}
        """What each of them said in the end."""
        self.twins: set[str] = set()
        """Names that more than one process has."""
        self.strange = 0
        """Messages that are no answer of our version to our question."""

    @property
    def full(self) -> bool:
        """Nothing more is read."""
        return self._messages >= MOST_MESSAGES

    @property
    def complete(self) -> bool:
        """Has everybody who is there answered?"""
        return self._first.keys() == self._last.keys()

    def take(self, data: bytes) -> None:
        """Take one message. Never raises."""
        self._messages += 1
        said = answer_in(data)
        if said is None or said.id != self.question:
            self.strange += 1
            return
        key = said.place.casefold()
        if key == self._here or key in self._last:
            self._note_twin(key, said)
            return
        first = self._first.get(key)
        if first is None:
            if len(self._first) >= self._most:
                return
            self._first[key] = said
        elif first.process != said.process:
            self.twins.add(said.place)
            return
        if not isinstance(said, Looking):
            self._last[key] = said

    def _note_twin(self, key: str, said: Answer) -> None:
        """What comes twice is dropped; that two have one name is reported."""
        first = self._first.get(key)
        if first is None or first.process != said.process:
            self.twins.add(said.place)

    def vantages(self) -> tuple[Vantage, ...]:
        """Return what peers saw, in the order of their names. Those that were busy or too late saw nothing."""
        seen = sorted((said for said in self._last.values() if isinstance(said, Seen)), key=lambda said: said.place)
        return tuple(_vantage(said) for said in seen)

    def present(self) -> tuple[Here, ...]:
        """Return who said that they are there."""
        return tuple(sorted((s for s in self._last.values() if isinstance(s, Here)), key=lambda said: said.place))


def _vantage(said: Seen) -> Vantage:
    findings = as_findings(said.findings)
    blind = [each for each in findings if each.check == "canary" and each.outcome is Outcome.FAIL]
    # What was seen through a connection that does not work is no sight of the site.
    return Vantage(name=f"peer: {said.place}", findings=tuple(blind) or findings)
