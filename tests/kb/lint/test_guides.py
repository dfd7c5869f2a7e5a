"""Are guides refused that nobody reaches, or that cannot be followed?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.kb.lint import lint
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.load import load

DETAIL = '\n[[steps.details]]\n{}\ndo = "Press F5."\n\n[exit]'

BROKEN = {
    "verification-is-no-question": (
        "guides/owner.toml", 'verify = "Does the site answer now?"', 'verify = "Look at the site."',
        "guides/owner.toml: steps.log.verify: is not a question. "
        'Ask whether it helped: "Does the page open now?".',
    ),
    "step-after-itself": (
        "guides/visitor.toml", 'after = ["reload"]', 'after = ["clear"]',
        "guides/visitor.toml: steps.clear.after: this step would have to come after itself. Break the circle.",
    ),
    "step-that-every-cause-skips": (
        "causes/unknown.toml", "[[when]]", 'pointless = ["clear"]\nbecause = "It is."\n\n[[when]]',
        "guides/visitor.toml: steps.clear: never offered: every cause that leads here makes it pointless "
        "(origin, unknown). Remove the step, or correct the causes' `pointless`.",
    ),
    "step-for-nobody": (
        "guides/visitor.toml", 'browsers = ["chrome", "safari"]\nsystems = ["windows", "macos"]',
        'browsers = ["safari"]\nsystems = ["windows", "linux"]',
        "guides/visitor.toml: steps.clear: nobody can do this step: safari on windows or linux does not exist. "
        "Correct `browsers` or `systems`.",
    ),
    "detail-for-nobody": (
        "guides/visitor.toml", 'browser = ["safari"]\nsystem = ["macos"]', 'browser = ["safari"]\nsystem = ["android"]',
        "guides/visitor.toml: steps.reload.details #1: nobody will see it: safari on android does not exist. "
        "Correct `browser` or `system`.",
    ),
    "detail-outside-its-step": (
        "guides/visitor.toml", "[exit]", DETAIL.format('browser = ["firefox"]'),
        "guides/visitor.toml: steps.clear.details #1: is for firefox, where this step does not exist. "
        "Remove them here, or add them to the step.",
    ),
    "detail-for-everybody": (
        "guides/visitor.toml", 'browser = ["safari"]\nsystem = ["macos"]', "",
        "guides/visitor.toml: steps.reload.details #1: is for everybody. Put its text into the step's own `do`.",
    ),
    "more-details-than-are-shown": (
        "guides/visitor.toml", "[exit]",
        "".join(DETAIL.format('browser = ["chrome"]').removesuffix("[exit]") for _ in range(3)) + "[exit]",
        "guides/visitor.toml: steps.clear.details: #1, #2, #3 all fit chrome on windows; only 2 are shown. "
        "Narrow their `browser` or `system`, or join their texts.",
    ),
    "detail-on-what-is-not-asked": (
        "guides/owner.toml", "\n[exit]", DETAIL.format('system = ["linux"]'),
        "guides/owner.toml: steps.log: depends on the reader's system, which this guide does not ask for. "
        'Add "system" to `asks`.',
    ),
    "exit-missing": (
        "guides/owner.toml", '[exit]\ntext = "Nothing is left to try."\noffers = ["human"]', "",
        "guides/owner.toml: exit: is missing. Add a line `exit = ...`.",
    ),
    "verification-missing": (
        "guides/owner.toml", 'verify = "Does the site answer now?"', "",
        "guides/owner.toml: steps.log.verify: is missing. Add a line `verify = ...`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_guide_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each break of a guide is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]


def test_circle_names_each_of_its_steps(faults_after: Callable[..., list[str]]) -> None:
    """Two steps that wait for each other are both named."""
    found = faults_after("guides/visitor.toml", 'verify = "Does it open now?"\n\n[[steps.details]]',
                         'verify = "Does it open now?"\nafter = ["clear"]\n\n[[steps.details]]')  # fmt: skip
    assert found == [
        f"guides/visitor.toml: steps.{step}.after: this step would have to come after itself. Break the circle."
        for step in ("clear", "reload")
    ]


def test_lonely_guide_is_refused(folder: Path, faults_after: Callable[..., list[str]]) -> None:
    """A guide that neither error nor cause nor program names is reported."""
    text = (folder / "guides/owner.toml").read_text(encoding="utf-8")
    found = faults_after("guides/lonely.toml", "", text.replace('"owner"\ntitle', '"lonely"\ntitle'))
    assert found == [
        "guides/lonely.toml: nothing leads to this guide. Name it in an error's or a cause's `guide`, or remove it."
    ]


def test_one_cause_that_offers_a_step_keeps_it_alive(folder: Path) -> None:
    """A step that one cause skips and another offers is no fault (the sound knowledge has one)."""
    kb = load(folder)
    assert any("kind:browser" in cause.pointless for cause in kb.causes.values())
    vocabulary = Vocabulary(frozenset(), {}, frozenset())
    assert [fault for fault in lint(kb, vocabulary) if "never offered" in fault.problem] == []


def test_owner_steps_are_never_pointless(faults_after: Callable[..., list[str]]) -> None:
    """What a cause leaves out concerns visitors only, so no owner's step can die of it."""
    assert (
        faults_after("causes/unknown.toml", "[[when]]", 'pointless = ["kind:log"]\nbecause = "It is."\n\n[[when]]')
        == []
    )
