"""How does a text describe a failure: by a machine's line, as a need, as a thing of the past, in general?

Each answer is a trait: a word that holds for one place of a text, or does not. What traits are worth is the business of
`speak`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from bot.diagnosis import sentence, shapes
from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.lazy import lazy
from bot.diagnosis.scripts import UNSPACED
from bot.diagnosis.shapes import Shape, is_program, shape_of
from bot.diagnosis.vocabulary import Vocabulary, words
from bot.kb.recognise import TELLING

_WHOLE = 220
"""A text up to this length is one statement: its words count for each place in it."""
_TITLE, _WORD_OR_TWO, _LONG = 110, 60, 500
_READ = 1_000
"""How many letters of a text are read for its manner."""
_REACH = 300
"""How many letters of a sentence count, before and after the place."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Characters of scripts that say as much as a syllable or two: they count three times."""
_SENTENCE = re.compile(r"(?<=[.!?])\s{1,8}(?=\S)|(?<=[！？])|\n")

_AGAINST = frozenset({"figure", "over", "general", "others", "past", "change", "wish", "news"})
"""Meanings of words about something other than a present need."""

_NEAR: Mapping[str, Guarded] = {
    "several of them": Guarded(r"502(?:'?s\b| (?:\w+ )?(?:errors|responses|failures|bad gateways)\b)"),
}
"""Ways to mention it, looked for in the sentence around the place."""
_ANSWERED = re.compile(
    r"(?:^|\n)[ \t>#*-]{0,12}(?:resolved|resolution|solution|solved|root cause|workaround|the fix|lösung|solución|"
    r"soluzione|решение|解决方案|解决方法|解決)\b(?:[*:]|[^\n]{0,40}(?:\n|$))",
    re.IGNORECASE,
)
"""A heading above the answer."""
_ENDS = re.compile(r"502(?: bad gateway| gateway time-?out)?(?: error)?['\"*`]*[.!]*$", re.IGNORECASE)
_COMMIT = re.compile(
    r"\W{0,8}(?:feat|fix|chore|docs|refactor|perf|test|build|ci|style|revert)(?:\([^)\n]{0,60}\))?!?: ", re.IGNORECASE
)
_DOCUMENT = re.compile(
    r"\s{0,4}-{3,6}[ \t]*\n(?:[\w-]{1,30}:[^\n]{0,300}\n){0,8}?"
    r"(?:title|layout|description|slug|tags|author|sidebar\w*):",
    re.IGNORECASE,
)
"""The head of a page of documentation (YAML front matter)."""
_LABELLED = re.compile(r"(?<![^\n:：.。?？!])[^\n:：.。?？!]{2,80}(?=[\n:：?？]|\Z)")
"""A heading, or a label with what follows it."""
_MARKS = re.compile(r"[\W\d_]{0,12}(?:tl;dr:? )?")
# (No white space but blanks, and not many: a text of empty lines would be read again from each of them.)
_HEADING = re.compile(r"(?:^|\n)[ \t]{0,8}(?:#{1,4} |\*\*[^*\n]{3,40}\*\*:?[ \t]{0,8}(?:\n|$))")
_BULLETS = re.compile(r"\n[ \t]{0,16}(?:[-*•]|\d[.)]) ")
_CODE_MARKS = ("=>", "==", "()", "->", "::")
_CODE_ENDS = re.compile(r"[{};][ \t]{0,8}(?:\n|$)")
_NAMED = Guarded(r"bad ?gateway")
_VERSION = re.compile(r"(?<![\d.])\d{1,4}\.\d{1,4}\.\d{1,6}(?![\d.])|\bv\d{1,4}\.\d")
_ERRORS = (
    "error", "fehler", "erreur", "fout", "błąd", "ошибк", "помилк", "hata", "lỗi", "chyb", "galat", "خطأ", "خطا",
    "错误", "錯誤", "エラー", "오류", "에러",
)  # fmt: skip
"""The word, in many languages."""
_CHANGES = (
    r"\W{0,8}(?:\[\w{1,30}\]\W{0,8})?(?:add|fix|update|replace|stop|make|handle|return|improve|remove|support|allow|introduce|retry|treat|"
    r"prevent|avoid|show|display|change|bump|increase|raise|mitigate|resolve|catch|log|set|ignore|implement|create|"
    r"configure|document|ensure|disable|enable|use|reduce|decrease|drop|rename|refactor|revert|switch|simplify|wrap|"
    r"extend|adjust|tweak|detect|expose|map|skip|bypass|better|more|custom)(?:e?[sd])?\b"
)
_ORDER = re.compile(_CHANGES, re.IGNORECASE)
"""A verb at the start that tells somebody to do something, as titles of changes have."""
_TITLED = re.compile(rf"^{_CHANGES}", re.IGNORECASE | re.MULTILINE)
_PERSON = re.compile(
    r"\b(?:i|i'?m|i'?ve|my|me|mine|we|we'?re|our|us|you|your|u|ur|pls|plz|please|any(?:one|body)|some(?:one|body)|help|"
    r"guys|mods?|admins?|hi|hey|hello)\b",
    re.IGNORECASE,
)
"""Whoever describes a change in the style of a title addresses nobody, and is not the subject."""
_SYMBOL = re.compile(r"(?:(?<=[\w.:])|(?<=->))(?:Bad_?Gateway|bad_gateway)|Bad_?Gateway(?=\w)|BAD_GATEWAY")
"""The name of it in a program."""
_IDENTIFIERS = re.compile(r"\b(?:[a-z]{1,30}_[a-z_]{1,30}|[a-z]{1,30}[A-Z]\w{1,40}|[A-Z][a-z]{1,30}[A-Z]\w{0,40})\b")
_STATUSES = re.compile(r"(?<![\w.])[45]\d\d(?![\w.])")
_ITEM = re.compile(r"[ \t]{0,16}[-*+•][ \t]")
_TABLE = re.compile(r"[^\n|]{0,3}\|[^\n|]{1,200}\|(?:[^\n|]{0,200}\|){1,20}\s{0,3}\Z")
_REMARKED = re.compile(r"=>|::|(?<!:)//|\*/")
_MANY, _WITHIN = 3, 160
_FIELDS = 2
"""This many labels make a form."""
_LINE = 300
"""How many letters of a line count, before and after the place."""
GUARDED = (*_NEAR.values(), _NAMED, *shapes.GUARDED)
_OF_MACHINES = ("heading", "code", "commit", "document")
"""Ways that count in what a machine wrote, too."""
_SUBJECT = 40
"""What has the failure may be this far before it."""
_FEW_WORDS = re.compile(r"(?:\s[^\W\d]{1,12}){0,4}\s?")
_UNSURE = frozenset({"vague", "faint", "loose"})


def _is_headed(label: str, headings: tuple[str, ...]) -> bool:
    """Does a label begin with one of these words, and not with a longer one?"""
    return label.startswith(headings) and any(
        not label[len(each) : len(each) + 1].isalpha() or UNSPACED.search(each)
        for each in headings
        if label.startswith(each)
    )


class Place(NamedTuple):
    """Where the text shows the failure."""

    start: int
    end: int
    known: bool = False
    """Are these a machine's own words, known to us?"""
    form: str = ""
    """How plainly a number says so, if it is one (`figures`)."""


class Told:
    """One text, looked at once for all its places."""

    def __init__(
        self, plain: str, vocabulary: Vocabulary, present: Present = None, places: Iterable[Place] = ()
    ) -> None:
        self.plain = plain
        self._places = tuple(places)
        self._vocabulary = vocabulary
        self._present = present
        self._clauses: dict[str, dict[str, set[str]]] = {}

    def traits(self, place: Place) -> tuple[Shape, dict[str, AbstractSet[str]]]:
        """Return the shape of the line, and all traits that hold for this place, with the words that made them."""
        shape = shape_of(self.plain, place.start, place.end, False, self._present)
        clause = self.clause(place.start, place.end)
        by_machine = place.known or shape is Shape.MACHINE
        held: dict[str, AbstractSet[str]] = {shape.value: frozenset()}
        if place.known:
            held["known"] = frozenset()
        if place.form in _UNSURE:
            held[place.form] = frozenset()
        if self._is_program:
            held["program"] = frozenset()
        if self._is_answered:
            held["answered"] = frozenset()
        written = self._written(place)
        if by_machine:
            held.update(self._of_machine(clause))
            held.update((f"machine, {name}", frozenset()) for name in written)
        else:
            held.update(self._of_person(clause, place))
            stands = sentence.stands(self.plain, place.start, place.end, self._vocabulary, asked=self._is_asked)
            held.update((name, frozenset()) for name in (*stands, *written))
            if self._explained and self.plain.count("\n", 0, place.start) in self._explained:
                held["explained"] = frozenset()
        return shape, held

    def heard(self, clause: str) -> dict[str, set[str]]:
        """Return the words of each meaning in a sentence."""
        if clause not in self._clauses:
            self._clauses[clause] = self._vocabulary.telling.heard(*words(clause))
        return self._clauses[clause]

    def clause(self, start: int, end: int) -> str:
        """Return the sentence around a place; a short text is one."""
        if len(self.plain) <= _WHOLE:
            return self.plain
        begin, stop = max(0, start - _REACH), min(len(self.plain), end + _REACH)
        for left, right in self._stops:
            if left >= end:
                return self.plain[begin : min(stop, left)]
            if right <= start:
                begin = max(begin, right)
        return self.plain[begin:stop]

    # --- what is found out once

    @lazy
    def _lowered(self) -> str:
        return self.plain.lower()

    @lazy
    def _whole(self) -> dict[str, set[str]]:
        return self.heard(self.plain if len(self.plain) <= _READ else self.plain[:_READ])

    @lazy
    def _stops(self) -> list[tuple[int, int]]:
        return [stop.span() for stop in _SENTENCE.finditer(self.plain)]

    @lazy
    def _explained(self) -> frozenset[int]:
        """Lines with one place that is explained: the others there say the same ("502 means Bad Gateway")."""
        plain = self.plain
        seen: dict[tuple[str, str], bool] = {}  # a text repeats itself, and several entries share their places
        lines = set()
        for start, end, known, _ in self._places:
            if not known:
                beside = plain[max(0, start - sentence.BESIDE) : start], plain[end : end + sentence.EXPLAINED_WITHIN]
                if beside not in seen:
                    seen[beside] = sentence.is_explained(*beside)
                if seen[beside]:
                    lines.add(plain.count("\n", 0, start))
        return frozenset(lines)

    @lazy
    def _is_answered(self) -> bool:
        return "\n" in self.plain and _ANSWERED.search(self.plain) is not None

    @lazy
    def _labels(self) -> set[str]:
        """What is placed in the text as headings and labels are."""
        return {_MARKS.sub("", label, count=1).rstrip("*_ ") for label in _LABELLED.findall(self._lowered[:_READ])}

    @lazy
    def _is_sectioned(self) -> bool:
        """Does it have the parts of a document: where the error comes from, and how it is fixed?"""
        return bool(self._labels) and all(
            any(_is_headed(label, headings) for label in self._labels) for headings in self._vocabulary.sections
        )

    @lazy
    def _is_form(self) -> bool:
        """Has somebody filled in a form, as those who report an error do?"""
        reports = self._vocabulary.reports
        return sum(_is_headed(label, reports) for label in self._labels) >= _FIELDS

    @lazy
    def _is_program(self) -> bool:
        return "\n" in self.plain and is_program(self.plain, self._present)

    @lazy
    def _size(self) -> int:
        return len(self.plain) + 2 * len(_WIDE.findall(self.plain))

    @lazy
    def _ways(self) -> tuple[str, ...]:
        """Ways of the whole text."""
        plain, asked = self.plain, self._is_asked
        ways = {
            "commit": _COMMIT.match(plain),
            "form": self._is_form,
            "document": (plain.startswith("-") and _DOCUMENT.match(plain)) or self._is_sectioned,
            "order": not asked and _ORDER.match(plain),
            "titled": not asked and _TITLED.search(plain) and not _PERSON.search(plain),
            "heading": ("#" in plain or "**" in plain) and _HEADING.search(plain),
            "bullets": "\n" in plain and _BULLETS.search(plain),
            "link": "://" in plain,
            "named": _NAMED.search(plain, self._present),
            "code": any(map(plain.__contains__, _CODE_MARKS)) or _CODE_ENDS.search(plain),
            "exclaimed": "!" in plain or "！" in plain,
            "asked": asked,
            "called an error": any(map(self._lowered.__contains__, _ERRORS)),
        }
        return tuple([way for way, found in ways.items() if found])

    # --- traits

    def _of_machine(self, clause: str) -> Iterator[tuple[str, AbstractSet[str]]]:
        """What counts against a need although there is a machine's line."""
        heard = self.heard(clause)
        for meaning in TELLING:
            if meaning in _AGAINST and meaning in heard:
                yield f"machine, {meaning}", heard[meaning]
        if "plea" in self._whole:
            yield "machine, plea", self._whole["plea"]
        for way in self._ways:
            if way in _OF_MACHINES:
                yield f"machine, {way}", frozenset()

    def _of_person(self, clause: str, place: Place) -> Iterator[tuple[str, AbstractSet[str]]]:
        """How a person describes it."""
        heard, whole = self.heard(clause), self._whole
        pleads = "plea" in whole and not self._is_subject(heard.get("figure", ()), place)
        for meaning in TELLING:
            if meaning == ("figure" if pleads else "plea"):
                continue  # people who need help may joke about it, but "my brain gives me a 502" is no plea
            if found := (heard if meaning in _AGAINST else whole).get(meaning):
                yield meaning, found
                if len(found) > 1:
                    yield f"{meaning}, several", found
        if not pleads:
            yield "no plea", frozenset()
            if "over" in heard:
                yield "no plea, over", heard["over"]
        if len(clause) < len(self.plain) and "over" in whole and "over" not in heard:
            yield "over elsewhere", whole["over"]
        yield from ((way, frozenset()) for way in self._ways)
        yield from ((name, frozenset()) for name, way in _NEAR.items() if way.search(clause, self._present))
        if _ENDS.search(clause.rstrip()[-sentence.BESIDE :]):
            yield "ends with it", frozenset()
        if self._is_versioned:
            yield "version", frozenset()
        yield from ((name, frozenset()) for name in self._length())

    def _is_subject(self, figures: Iterable[str], place: Place) -> bool:
        """Does a figure of speech have the failure: are there only a few words between them?"""
        before = self._lowered[max(0, place.start - _SUBJECT) : place.start]
        return any(_FEW_WORDS.fullmatch(before.rpartition(figure)[2]) for figure in figures if figure in before)

    def _written(self, place: Place) -> Iterator[str]:
        """How the line of a place is written, and how many statuses are named around it."""
        plain, start, end = self.plain, place.start, place.end
        begin, stop = plain.rfind("\n", 0, start) + 1, plain.find("\n", end)
        line = plain[max(begin, start - _LINE) : end + _LINE if stop < 0 else min(stop, end + _LINE)]
        if _ITEM.match(plain, begin):
            yield "item"
        if _TABLE.match(line):
            yield "table"
        if self._is_symbol and _SYMBOL.search(line):
            yield "symbol"
        if _REMARKED.search(line):
            yield "code beside"
        if len(_IDENTIFIERS.findall(line)) >= _MANY:
            yield "identifiers"
        if len(set(_STATUSES.findall(plain[max(0, start - _WITHIN) : end + _WITHIN]))) >= _MANY:
            yield "several statuses"

    @lazy
    def _is_asked(self) -> bool:
        return "?" in self.plain or "？" in self.plain

    @lazy
    def _is_versioned(self) -> bool:
        return _VERSION.search(self.plain) is not None

    @lazy
    def _is_symbol(self) -> bool:
        return "badgateway" in self._lowered or "bad_gateway" in self._lowered

    def _length(self) -> Iterator[str]:
        if self._size < _WORD_OR_TWO:
            yield "few words"
        if self._size < _TITLE:
            yield "short"
        if self._size > _LONG:
            yield "long"
