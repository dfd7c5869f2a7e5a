"""How much damage does recognition survive? `python tests/damage.py [--seeds N]` prints the recall by kind of damage.

Every example of every known error is damaged in each way: slips of the typing hand, confusions of scanned letters,
wraps, lost spaces, markup. It counts as found when the same entry is named; "status" is the share that keeps the status of the undamaged text.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple
from zlib import crc32

from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase

_SCANNED = {
    "o": "0", "O": "0", "0": "O", "l": "1", "1": "l", "I": "l", "i": "l", "m": "rn", "S": "5", "5": "S", "B": "8",
    "rn": "m", "e": "c", "t": "f", "h": "b", "g": "9",
}  # fmt: skip
_TWINS = str.maketrans("aceopxABEHKMOPTX", "асеорхАВЕНКМОРТХ")
_WORD = re.compile(r"[A-Za-z]{4,}")
_FENCE = "```"

Damage = Callable[[str, Random], str]


def slips(share: float) -> Damage:
    """Make the damage of letters that are wrong, missing, doubled or swapped; numbers and addresses stay."""

    def damage(text: str, dice: Random) -> str:
        return _WORD.sub(lambda word: _slipped(word[0], share, dice), text)

    return damage


def _slipped(word: str, share: float, dice: Random) -> str:
    letters = list(word)
    for at in range(1, len(letters) - 1):
        if dice.random() < share:
            kind = dice.randrange(4)
            if kind == 0:
                letters[at] = dice.choice("abcdefghijklmnopqrstuvwxyz")
            elif kind == 1:
                letters[at] = ""
            elif kind == 2:
                letters[at] *= 2
            else:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def scanned(text: str, dice: Random) -> str:
    """Confuse one letter in twelve of those that scanners confuse."""
    return "".join(_SCANNED.get(letter, letter) if dice.random() < 1 / 12 else letter for letter in text)


def wrapped(text: str, dice: Random) -> str:
    """Break lines at a narrow width, and quote them as mail programs do."""
    width = dice.randrange(28, 60)
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join(f"> {each}" for each in "\n".join([*lines, line]).split("\n"))


def spaceless(text: str, dice: Random) -> str:
    """Lose one space in five between words."""
    return re.sub(r"(?<=[a-z]) (?=[a-z])", lambda _: "" if dice.random() < 0.2 else " ", text)


def emphasised(text: str, dice: Random) -> str:
    """Put some words in bold, and all in a block of code."""
    bold = _WORD.sub(lambda word: f"**{word[0]}**" if dice.random() < 0.2 else word[0], text)
    return f"{_FENCE}\n{bold}\n{_FENCE}"


def coloured(text: str, dice: Random) -> str:
    """Colour some words as terminals do."""
    return _WORD.sub(lambda word: f"\x1b[1;31m{word[0]}\x1b[0m" if dice.random() < 0.2 else word[0], text)


def invisible(text: str, dice: Random) -> str:
    """Strew zero-width characters."""
    return "".join(letter + ("\u200b" if dice.random() < 0.1 else "") for letter in text)


def twinned(text: str, dice: Random) -> str:
    """Replace some letters by Cyrillic ones that look the same."""
    return _WORD.sub(
        lambda word: word[0][:-2] + word[0][-2:].translate(_TWINS) if dice.random() < 0.3 else word[0], text
    )


def shouted(text: str, dice: Random) -> str:
    """Write all in capitals or none."""
    return text.upper() if dice.random() < 0.5 else text.lower()


def cut(text: str, dice: Random) -> str:
    """Keep only the first four fifths or so."""
    return text[: int(len(text) * dice.uniform(0.75, 0.95))]


def buried(text: str, dice: Random) -> str:
    """Surround it with talk."""
    talk = ["so i sat down", "and made some tea", "then my cat came in", "it rained all day", "we had soup"]
    return f"{', '.join(dice.sample(talk, 3))}\n\n{text}\n\n{', '.join(dice.sample(talk, 3))}"


KINDS: dict[str, Damage] = {
    "none": lambda text, _: text,
    "typos 4 %": slips(0.04),
    "typos 10 %": slips(0.10),
    "scanned": scanned,
    "wrapped and quoted": wrapped,
    "lost spaces": spaceless,
    "Markdown": emphasised,
    "terminal colours": coloured,
    "zero-width": invisible,
    "look-alikes": twinned,
    "case": shouted,
    "cut end": cut,
    "in talk": buried,
}


class Recall(NamedTuple):
    """How many of the damaged examples were still recognised."""

    entry: int
    status: int
    total: int


def recall(kb: KnowledgeBase, damage: Damage, seed: int, step: int = 1) -> Recall:
    """Damage one of `step` examples, each by itself, so that a new one changes nothing for the others; and count."""
    every = ((entry, example.text) for entry in kb.errors.values() for example in entry.examples)
    examples = [(entry, text) for entry, text in every if crc32(text.encode()) % step == 0]
    found = [
        (entry, identify(kb, text).match, identify(kb, damage(text, Random(f"{seed} {text}"))).match)
        for entry, text in examples
    ]
    return Recall(
        sum(bool(match) and match.error == entry.id for entry, _, match in found),
        sum(bool(match) and bool(whole) and match.status == whole.status for _, whole, match in found),
        len(found),
    )


def main(arguments: list[str] | None = None) -> None:
    """Print a line a kind."""
    parser = argparse.ArgumentParser(description="Recall by kind of damage.")
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args(arguments).seeds
    from bot.kb.load import load

    kb = load()
    print(f"{'damage':<22}{'entry':>10}{'status':>10}")
    for kind, damage in KINDS.items():
        counts = [recall(kb, damage, seed) for seed in range(seeds)]
        total = sum(each.total for each in counts) or 1
        entry, status = sum(each.entry for each in counts) / total, sum(each.status for each in counts) / total
        print(f"{kind:<22}{entry:>10.2%}{status:>10.2%}")


if __name__ == "__main__":
    main()
