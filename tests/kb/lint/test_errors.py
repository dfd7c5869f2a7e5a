"""Are errors refused that cannot be recognised, or whose examples say something else?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.kb.lint import Vocabulary, lint
from bot.kb.load import load

SIGNS = """phrases = ["no answer from behind"]
weak = ["gateway"]
near = ['\\bbehind it\\b']
patterns = ['\\berror (?P<status>502) in \\d{1,6} ms\\b']"""

BROKEN = {
    "example-not-recognised": (
        'text = "shop.example: no answer from behind"', 'text = "shop.example: no answer at all"',
        "errors/gateway.toml: examples #1: is not recognised. "
        "Add a phrase that only this error has, or correct the example.",
    ),
    "example-with-other-target": (
        'target = "shop.example"', 'target = "www.shop.example"',
        "errors/gateway.toml: examples #1.target: the address that failed is read as shop.example, "
        "not www.shop.example. Correct the target or the text.",
    ),
    "example-without-target": (
        'text = "shop.example: no answer from behind"', 'text = "no answer from behind"',
        "errors/gateway.toml: examples #1.target: the address that failed is read as none, not shop.example. "
        "Correct the target or the text.",
    ),
    "counter-example-recognised": (
        'text = "there is no answer yet"', 'text = "there is no answer from behind yet"',
        'errors/gateway.toml: not_examples #1: is recognised, though it must not be ("Nothing failed."). '
        "Make the phrase or pattern narrower, or add an `unless`.",
    ),
    "near-without-weak": (
        'weak = ["gateway"]', "",
        "errors/gateway.toml: match.near: has an effect only beside `weak`, and there is none. "
        "Add `weak`, or remove `near`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_error_with_wrong_proof_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each wrong proof is reported once, with file, place and remedy, and nothing else is."""
    old, new, fault = BROKEN[name]
    assert faults_after("errors/gateway.toml", old, new) == [fault]


def test_example_taken_for_another_error_names_it(folder: Path, faults_after: Callable[..., list[str]]) -> None:
    """When an example is taken for another error, that one is named."""
    text = (folder / "errors/gateway.toml").read_text(encoding="utf-8")
    found = faults_after("errors/a-gateway.toml", "", text.replace('id = "gateway"', 'id = "a-gateway"'))
    assert found == [
        "errors/gateway.toml: examples #1: is taken for a-gateway. "
        "Add a phrase that only this error has, or correct the example."
    ]


@pytest.mark.parametrize("left", ["", 'weak = ["gateway"]'], ids=["nothing", "weak-alone"])
def test_error_that_nothing_matches_is_refused(left: str, faults_after: Callable[..., list[str]]) -> None:
    """Without phrases and patterns, weak strings need something near them."""
    assert (
        "errors/gateway.toml: match: nothing can ever match. "
        "Add `phrases` or `patterns`; weak strings decide only beside one of `near`."
    ) in faults_after("errors/gateway.toml", SIGNS, left)


def test_examples_wait_for_a_recogniser(folder: Path) -> None:
    """Without a recogniser the examples are not tried."""
    path = folder / "errors/gateway.toml"
    path.write_text(path.read_text().replace("shop.example: no answer from behind", "nothing"))
    assert [f for f in lint(load(folder), Vocabulary(frozenset(), {}, frozenset())) if "examples" in f.place] == []
