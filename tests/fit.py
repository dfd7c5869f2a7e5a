"""How much should each word and each trait count? `make fit CORPUS=folder`, which may be left out.

Weighs them by logistic regression: to the messages of `tests/talk`, and to the corpora in these folders (`evaluate.py`
says in which form), without the part that is held back. Of what a weight is now a part is believed: what earlier texts
taught is not forgotten at once, and a word that no text holds keeps its weight. Writes the weights of words into
`knowledge/locales`, and those of traits into the modules that know them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.diagnosis import neighbours, numbers, speak, status
from bot.diagnosis.identify import explained, index_of
from bot.diagnosis.normalise import normalise
from bot.diagnosis.vocabulary import Vocabulary
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.kb.recognise import words_in
from evaluate import is_held
from fitted import LOCALES, retabled, write_words
from talk_rows import rows

FEWEST = 3
"""What fewer texts show has no weight."""
STRENGTH = 1.0
"""How strongly weights are held at what is expected."""
BELIEVED = 1 / 3
"""How much of a weight's current value is expected of it: it holds texts that are no longer here, and old mistakes."""
RARER = 2.5
"""How much more freely the weights of rare words move than those of common ones; 0: all alike. (Tried on messages that
were not fitted to: without, of 100 other messages three more were answered at the same rate of pleas.)"""
LEAST, FAINT = 0.25, 0.15
"""New words that weigh less are left out, and words that come to less; the rest is weighed again without them."""
REAL = 12.0
"""A real text counts as much as so many that were made up."""
ARTEFACTS = frozenset({"example", "examp~", "com", "org", "net"})
"""Words of addresses that our own texts have and people's have not."""


class Labelled(NamedTuple):
    """A text, and what a stranger says of it."""

    text: str
    language: str
    wants_help: bool
    number: bool | None
    """Is its 502 another number? None: it is not to be learnt from this text."""
    weight: float = 1.0


class Shown(NamedTuple):
    """What a text shows for a question, the right answer to it, and how much the text counts."""

    traits: frozenset[str]
    words: frozenset[str]
    language: str
    answer: bool
    weight: float


class Fitted(NamedTuple):
    """Weights, and the sum from which the answer is yes."""

    traits: dict[str, float]
    words: dict[str, float]
    enough: float

    def answer(self, shown: Shown) -> bool:
        """Answer for one text."""
        told = [*map(self.traits.get, shown.traits), *map(self.words.get, shown.words)]
        return round(sum(filter(None, told)), 2) >= self.enough


def labelled(folders: Iterable[Path]) -> Iterator[Labelled]:
    """Read all texts."""
    for message in rows():
        number = None if message.kind == "other" else message.kind == "number"
        yield Labelled(message.text, message.language, message.wants_help, number)
    for folder in folders:
        for path in sorted([*folder.glob("errors-*.jsonl"), *folder.glob("negatives-*.jsonl")]):
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                if not is_held(row["origin"]) and row.get("status", 502) == 502:
                    yield _of_corpus(row)


def _of_corpus(row: Mapping[str, Any]) -> Labelled:
    kind = row.get("class", "error")
    number = {"error": False, "hard-number": True}.get(kind)
    return Labelled(row["text"], row["lang"], kind == "error", number, row.get("weight", REAL))


def pleading(kb: KnowledgeBase, texts: Iterable[Labelled]) -> Iterator[Shown]:
    """Return what the texts show to those who ask: does it happen to somebody now?"""
    for each in texts:
        judged = explained(kb, each.text)[1]
        if judged and judged.place:
            plain = normalise(each.text).plain
            near = neighbours.beside(plain[: judged.place.start], plain[judged.place.end :])
            words = near.union(_anywhere(plain))
            yield Shown(frozenset(judged.traits), frozenset(words), each.language, each.wants_help, each.weight)


def meaning(kb: KnowledgeBase, texts: Iterable[Labelled]) -> Iterator[Shown]:
    """Return what the texts show to those who ask: is 502 a status there?"""
    for each in texts:
        plain = normalise(each.text).plain
        if each.number is None or "502" not in plain:
            continue
        shown = _asked(kb, plain)
        if shown:
            words = _anywhere(plain)
            _, traits, near = max(shown, key=lambda one: one[0])
            yield Shown(traits, near.union(words), each.language, not each.number, each.weight)


def _asked(kb: KnowledgeBase, plain: str) -> list[tuple[float, frozenset[str], frozenset[str]]]:
    """Return score, rules and neighbours of each number of which nothing but words can tell."""
    shown = []
    score = numbers.Around.score

    def heard(around: numbers.Around, before: str, after: str, held: Iterable[str]) -> float:
        found = score(around, before, after, held)
        shown.append((found, frozenset([*held, *around.heard]), frozenset(neighbours.beside(before, after))))
        return found

    with patch.object(numbers.Around, "score", heard):
        status.mentions(plain, index_of(kb).vocabulary)
    return shown


def _anywhere(plain: str) -> set[str]:
    row = neighbours.row(plain)
    return {*row[1:-1], *map(" ".join, pairwise(row)), *neighbours.stems(row)}


def fitted(
    shown: Sequence[Shown], traits: Mapping[str, float], words: Mapping[str, float], *, enough: float, lean: float = 0.0
) -> Fitted:
    """Weigh what is shown often enough; `traits`, `words`: the weights of now; `enough`, `lean`: see `Question`."""
    before = {**words, **traits}
    seen = Counter(name for each in shown for name in each.traits | each.words)
    named = frozenset(traits).union(*(each.traits for each in shown))
    names = sorted(name for name, count in seen.items() if name in before or name in named or count >= FEWEST)
    names = [name for name in names if ARTEFACTS.isdisjoint(name.split())]
    weights = _regression(shown, before, names, enough)
    first = dict(zip(names, weights, strict=True))
    names = [name for name in names if name in named or abs(first[name]) >= (FAINT if name in before else LEAST)]
    weights = _regression(shown, before, names, enough)
    weighed = dict(before) | dict.fromkeys(first, 0.0) | dict(zip(names, weights.tolist(), strict=True))
    return Fitted(
        {name: round(weighed[name], 2) for name in named if name in weighed},
        {name: _step(weight) for name, weight in weighed.items() if name not in named and _step(weight)},
        round(enough + lean, 2),
    )


def _step(weight: float) -> float:
    """Keep a twentieth: what differs less shares a line."""
    return round(round(weight * 20) / 20, 2)


def _regression(shown: Sequence[Shown], before: Mapping[str, float], names: Sequence[str], enough: float) -> np.ndarray:
    """Return the weight of each name."""
    number = {name: at for at, name in enumerate(names)}
    held = [sorted(number[name] for name in each.traits | each.words if name in number) for each in shown]
    starts = np.cumsum([0, *map(len, held)])
    columns = np.fromiter(chain.from_iterable(held), dtype=np.int32, count=starts[-1])
    matrix = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(shown), len(names)))
    signs = np.array([1.0 if each.answer else -1.0 for each in shown])
    counted = np.array([each.weight for each in shown])
    expected = BELIEVED * np.array([before.get(name, 0.0) for name in names])
    free = freedom(np.bincount(columns, minlength=len(names)), len(shown))
    scaled, offset = matrix.multiply(free).tocsr(), matrix @ expected - enough

    def loss(moved: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (scaled @ moved + offset)
        slope = -signs * counted / (1 + np.exp(np.clip(margins, -500, 500)))
        total = float(counted @ np.logaddexp(0, -margins) + STRENGTH * moved @ moved / 2)
        return total, scaled.T @ slope + STRENGTH * moved

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 1_000}).x
    moved: np.ndarray = expected + free * found
    return moved


def freedom(counts: np.ndarray, texts: int) -> np.ndarray:
    """Say how freely each weight moves: what few texts show tells more than what nearly all do (1 on average)."""
    rarity = np.log((2 + texts) / (1 + counts)) ** RARER
    return rarity / rarity.mean()


def by_language(
    shown: Iterable[Shown], words: Mapping[str, float], standing: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Put each word into a language: one where it stands, else one whose texts have it; the one with most of them."""
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in shown:
        language = each.language if (LOCALES / f"{each.language}.toml").exists() else "en"
        for word in each.words & words.keys():
            texts[word][language] += 1
    of: dict[str, dict[str, float]] = defaultdict(dict)
    for word, weight in words.items():
        choice = standing.get(word) or sorted(texts[word])
        of[max(choice, key=texts[word].__getitem__)][word] = weight
    return of


def standing(kb: KnowledgeBase, section: str) -> dict[str, list[str]]:
    """Return the languages in which each word has a weight."""
    languages: dict[str, list[str]] = defaultdict(list)
    for language, locale in sorted(kb.locales.items()):
        for lines in getattr(locale.recognise, section).values():
            for word in map(str.lower, words_in(lines)):
                languages[word].append(language)
    return languages


class Question(NamedTuple):
    """What is asked of a text, and where its answer's weights stand."""

    module: ModuleType
    table: str
    """Name of the module's weights of traits."""
    words: Callable[[Vocabulary], Mapping[str, float]]
    reader: Callable[[KnowledgeBase, Iterable[Labelled]], Iterator[Shown]]
    enough: float
    """The sum from which the answer is yes: this much evidence is needed, whatever is unknown."""
    lean: float = 0.0
    """How far the threshold is moved after the fit."""


QUESTIONS = {
    "number": Question(numbers, "RULES", lambda vocabulary: vocabulary.numbers, meaning, enough=1.5),
    "words": Question(speak, "WEIGHTS", lambda vocabulary: vocabulary.weights, pleading, enough=-0.2, lean=-0.2),
}
"""By section of the locales. (A plea is looked for where a number is a status: so numbers come first.)"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("section", choices=QUESTIONS)
    parser.add_argument("folders", type=Path, nargs="*")
    options = parser.parse_args(arguments)
    question = QUESTIONS[options.section]
    kb = load()
    traits, words = getattr(question.module, question.table), question.words(index_of(kb).vocabulary)
    shown = list(question.reader(kb, labelled(options.folders)))
    found = fitted(shown, traits, words, enough=question.enough, lean=question.lean)
    write_words(options.section, by_language(shown, found.words, standing(kb, options.section)))
    source = Path(str(question.module.__file__))
    source.write_text(retabled(source.read_text("utf-8"), question.table, found.traits, found.enough), "utf-8")
    right = sum(found.answer(each) == each.answer for each in shown)
    print(f"{len(found.words)} words, {len(found.traits)} traits; {right} of {len(shown)} texts are told by them")


if __name__ == "__main__":
    main()
