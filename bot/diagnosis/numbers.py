"""Do the words around a number make it the status of an error?

A bare 502 may be anything: a price, a room, a score. Rules say what is directly beside it (`figures`); beyond those
each word has a weight by its place. The weights were fitted, by logistic regression, to messages in which 502 is a
status, and to talk and manual pages in many languages that had another number there. Those of words are data
(`[recognise.number]`): `_` is the number, `…` means up to two words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.diagnosis.anchors import Present
from bot.diagnosis.lazy import lazy
from bot.diagnosis.neighbours import Weighed
from bot.diagnosis.vocabulary import Vocabulary, words

RULES: Mapping[str, float] = {
    "heard figure": 1.08,
    "heard over": 0.86,
    "heard wish": 0.65,
    "reported": 0.59,
    "heard news": 0.51,
    "heard change": 0.43,
    "alone": 0.38,
    "heard plea": 0.34,
    "heard general": 0.30,
    "heard now": 0.28,
    "heard others": 0.28,
    "heard past": 0.25,
    "context after": 0.23,
    "context before": 0.16,
    "told": 0.13,
    "alone, told": 0.12,
    "in a clause of need": 0.03,
    "headline": 0.00,
    "in a row": -0.01,
    "asked loudly": -0.16,
    "label": -0.35,
    "sign": -0.96,
    "device": -1.18,
    "other protocol": -1.42,
    "counted": -1.55,
    "price": -1.75,
    "so many": -1.77,
    "numbered": -1.82,
    "other label": -1.86,
    "other number": -1.94,
    "score": -1.96,
    "modbus": -2.62,
}
"""What rules weigh, and the meanings of words anywhere in the text."""
ENOUGH = 1.5
VAGUE, PLAIN = round(ENOUGH + 0.7, 2), round(ENOUGH + 1.6, 2)
"""With less it may be some other number after all."""

_HEARD = 600
"""How many letters of a text are read for what they mean."""


def _found(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_IN_ROW = _found(r"\s?[°*+/^](?![a-z])|\s?[,;]\s?\d|\]|[ \t]?\d")
"""One of several numbers, or part of a sum."""
_HEADLINE = _found(
    r"[\s:,-]{1,3}(?:when|while|on|after|at|from|for|in|during|if|since|everywhere|again|here|with|every|as|upon|"
    r"and|but|from)\b|\s*$"
)
_TOLD = re.compile(
    r"(?:\b(?:why|its|it's|is|are|was|went|goes|full|still|just|only|(?<!of )the|this|that|another|and|but|so|then|"
    r"now|have|oof|uhh?|hmm?|wtf|bruh|lol)|[a-z]{2}(?:[,.;]|:\s)|[-=]?[>→])\s{0,2}\Z",
    re.IGNORECASE,
)
_ALONE = _found(
    r"\s{0,2}(?:[^\w\s%$€£*/+=-]|\Z|\n|(?:came|comes|persists?|is|isn't|won't|will|again|here|on|for|when|whenever|while|"
    r"after|since|and|but|so|too|rn|now|all|every|no|wtf|lol)\b(?!\s\d))"
)
"""Together: "vpn on: 502. vpn off: 502", "wait, why 502", "thought it was fixed but 502 came back"."""
_REPORTED = re.compile(
    r"\b(?:site|web ?site|page|app|bot|button|server|portal|link|screen|store|shop|game|launcher|client|console|api|"
    r"login|checkout|wiki|forum|form|panel|dashboard|tab|feed|url|it|just|only|still|always)\b(?:\s\w{1,12}){0,2}?\s"
    r"(?:says?|shows?|gives?|returns?|repl(?:y|ies)|responds?|throws?|displays?|reads|spits|goes|leads|lands|ends|"
    r"redirects)(?: (?:me|us|a|an|the|out|up|with|to|on|at|in|only|just|back)){0,3}\s{1,2}\Z",
    re.IGNORECASE,
)
"""Something that is opened reports it: "the button goes to 502"."""
_NUMBER_OF = _found(r"\s(?:is|was|num|n[°º])[.:]?\s?\Z")
"""What may come between the name of a thing and its number."""
_LOUD = _found(r"\s?\?[?!]")
_FEW_WORDS = re.compile(r"\s*(?:[\w'-]{2,20}\s){1,3}")


class Around:
    """A text around its numbers."""

    def __init__(self, plain: str, vocabulary: Vocabulary, present: Present = None) -> None:
        self._plain = plain
        self._weighed = Weighed(plain, vocabulary.numbers)
        self.vocabulary = vocabulary
        self.present = present

    def rules(self, before: str, after: str) -> set[str]:
        """Return what holds for a number between these two parts; `RULES` say what it weighs."""
        context = self.vocabulary.context
        numbered, counted = self.vocabulary.numbered, self.vocabulary.counted
        rules = {
            "numbered": numbered.ends(_NUMBER_OF.sub("", before, count=1)),
            "counted": counted.starts(after),
            "in a row": _IN_ROW.match(after),
            "context before": context.ends(before),
            "context after": context.starts(after),
            "headline": not before.strip(" -*#>[(\"'") and _HEADLINE.match(after),
            "alone": _ALONE.match(after),
            "told": _TOLD.search(before),
            "reported": (_ALONE.match(after) or after.startswith(" to ")) and _REPORTED.search(before),
            "asked loudly": _LOUD.match(after) and _FEW_WORDS.fullmatch(before),
            "in a clause of need": self.vocabulary.around(before, after),
        }
        held = {rule for rule, holds in rules.items() if holds}
        return held | {"alone, told"} if {"alone", "told"} <= held else held

    def score(self, before: str, after: str, rules: Iterable[str]) -> float:
        """Say how strong the evidence for a status is; `rules`: those that hold."""
        near = sum(self._weighed.beside(before, after).values())
        score = sum(RULES.get(rule, 0.0) for rule in rules) + near + self._whole
        return round(score, 2)  # a set has no order, and the last bit of a sum depends on it

    @lazy
    def _whole(self) -> float:
        """What the words of the text weigh, wherever they are."""
        return sum(RULES.get(rule, 0.0) for rule in self.heard) + sum(self._weighed.anywhere.values())

    @lazy
    def heard(self) -> list[str]:
        """What the text means, as rules."""
        return [f"heard {meaning}" for meaning in self.vocabulary.telling.heard(*words(self._plain[:_HEARD]))]
