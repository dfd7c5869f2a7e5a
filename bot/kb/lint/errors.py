"""Can every known error be recognised, and does the recogniser agree with its examples?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Identify, Recognised, Vocabulary
from bot.kb.model import KnowledgeBase, KnownError


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each error that nothing can ever match."""
    for error in kb.errors.values():
        match, file = error.match, f"errors/{error.id}.toml"
        if not (match.phrases or match.patterns or (match.weak and match.near)):
            remedy = "Add `phrases` or `patterns`; weak strings decide only beside one of `near`"
            yield Fault(file, "match", "nothing can ever match", remedy)
        if match.near and not match.weak:
            remedy = "Add `weak`, or remove `near`"
            yield Fault(file, "match.near", "has an effect only beside `weak`, and there is none", remedy)


def check_examples(kb: KnowledgeBase, identify: Identify) -> Iterator[Fault]:
    """Yield a fault for each example that is not recognised, and each counter-example that is."""
    for error in kb.errors.values():
        yield from examples_of(kb, error, identify)


def examples_of(kb: KnowledgeBase, error: KnownError, identify: Identify) -> Iterator[Fault]:
    """Try the examples of one error."""
    file = f"errors/{error.id}.toml"
    for number, example in enumerate(error.examples, start=1):
        found, place = identify(kb, example.text), f"examples #{number}"
        name = found.match.error if found.match else None
        if name != error.id:
            taken = f"is taken for {name}" if name else "is not recognised"
            yield Fault(file, place, taken, "Add a phrase that only this error has, or correct the example")
        yield from _target(file, place, example.target, found)
    for number, near_miss in enumerate(error.not_examples, start=1):
        found = identify(kb, near_miss.text)
        if found.match is not None and found.match.error == error.id:
            remedy = "Make the phrase or pattern narrower, or add an `unless`"
            problem = f'is recognised, though it must not be ("{near_miss.because}")'
            yield Fault(file, f"not_examples #{number}", problem, remedy)


def _target(file: str, place: str, wanted: str | None, found: Recognised) -> Iterator[Fault]:
    host = found.target.host if found.target else None
    if wanted is not None and host != wanted:
        problem = f"the address that failed is read as {host or 'none'}, not {wanted}"
        yield Fault(file, f"{place}.target", problem, "Correct the target or the text")
