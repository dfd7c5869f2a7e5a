"""Is English complete, and does every other language say the same things?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.kb.lint import Vocabulary
from bot.kb.lint.locales import coverage
from bot.kb.load import load

BROKEN = {
    "english-misses-a-choice": (
        "en", 'stop = "Stop"', "",
        "locales/en.toml: choices.stop: is missing in English. Write it.",
    ),
    "unknown-reply": (
        "de", "[words]", '[replies.chekking]\ntext = "Ich sehe."\n\n[words]',
        "locales/de.toml: replies.chekking: the program never says this. Correct its spelling, or remove it.",
    ),
    "unknown-choice": (
        "de", "[words]", '[choices]\nhalt = "Halt"\n\n[words]',
        "locales/de.toml: choices.halt: the program never says this. Correct its spelling, or remove it.",
    ),
    "unknown-word": (
        "de", "[words]", '[words]\n"seen.aeg" = "gesehen"',
        "locales/de.toml: words.seen.aeg: the program never says this. Correct its spelling, or remove it.",
    ),
    "unknown-input": (
        "en", "[inputs]", '[inputs]\nhalt = ["halt"]',
        "locales/en.toml: inputs.halt: the program never says this. Correct its spelling, or remove it.",
    ),
    "word-without-placeholder": (
        "de", "vor {seconds} s", "gerade",
        "locales/de.toml: words.seen.age: {seconds} is missing; English has it. Add it.",
    ),
    "word-with-other-placeholder": (
        "de", "vor {seconds} s", "vor {seconds} s auf {host}",
        "locales/de.toml: words.seen.age: {host} is too much; English does not have it. Remove it.",
    ),
    "choice-with-placeholder": (
        "de", "[words]", '[choices]\nstop = "Halt {host}"\n\n[words]',
        "locales/de.toml: choices.stop: {host} cannot be filled here. "
        "Write it without braces: this text has no placeholders.",
    ),
    "part-that-english-lacks": (
        "de", 'text = "Ich sehe mir {host} an."', 'text = "Ich sehe mir {host} an."\naside = "Gleich."',
        "locales/de.toml: replies.checking.aside: English does not have this part. Remove it.",
    ),
    "overlay-of-no-text": (
        "de", '"guides.visitor.reload.do"', '"guides.visitor.relaod.do"',
        "locales/de.toml: overlay.guides.visitor.relaod.do: there is no such text. "
        "Keys look like guides.visitor.reload.do; see knowledge/README.md.",
    ),
    "overlay-without-placeholder": (
        "de", "{host} noch einmal laden.", "Noch einmal laden.",
        "locales/de.toml: overlay.guides.visitor.reload.do: {host} is missing; English has it. Add it.",
    ),
    "english-overlay": (
        "en", "[inputs]", '[overlay]\n"guides.visitor.title" = "A page"\n\n[inputs]',
        "locales/en.toml: overlay.guides.visitor.title: English texts stand in the files themselves. "
        "Change the text in its own file.",
    ),
    "no-error-status": (
        "en", '502 = ["bad gateway"]', '200 = ["bad gateway"]',
        'locales/en.toml: recognise.status.200: "200" is no error status. Write a number from 400 to 599.',
    ),
    "no-error-status-for-loose-words": (
        "en", "[recognise.failure]", '[recognise.loose]\n2 = ["gateway error"]\n\n[recognise.failure]',
        'locales/en.toml: recognise.loose.2: "2" is no error status. Write a number from 400 to 599.',
    ),
    "no-kind-of-failure": (
        "en", 'dns = ["not found"]', 'dsn = ["not found"]',
        'locales/en.toml: recognise.failure.dsn: "dsn" is no kind of failure. Write one of dns, tls, connection.',
    ),
    "word-in-capitals": (
        "en", 'plea = ["help me"]', 'plea = ["Help me "]',
        'locales/en.toml: recognise.plea: "Help me " can never be found. Write "help me".',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_locale_that_differs_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each difference is reported once, with file, place and remedy, and nothing else is."""
    language, *change, fault = BROKEN[name]
    assert faults_after(f"locales/{language}.toml", *change) == [fault]


@pytest.mark.parametrize(
    ("gone", "place"),
    [
        ('[replies.checking]\ntext = "I look at {host}."', "replies.checking"),
        ('"seen.age" = "seen {seconds} s ago"', "words.seen.age"),
    ],
    ids=["reply", "word"],
)
def test_english_must_say_everything(gone: str, place: str, faults_after: Callable[..., list[str]]) -> None:
    """A reply or word that English lacks is reported, for nothing could take its place."""
    assert f"locales/en.toml: {place}: is missing in English. Write it." in faults_after("locales/en.toml", gone, "")


def test_reply_placeholder_must_be_a_parameter(faults_after: Callable[..., list[str]]) -> None:
    """A reply may use its own parameters only."""
    found = faults_after("locales/en.toml", "I look at {host}.", "I look at {host} and {url}.")
    assert "locales/en.toml: replies.checking.text: {url} cannot be filled here. Use {host}." in found


def test_missing_english_is_refused(folder: Path, faults_after: Callable[..., list[str]]) -> None:
    """Without English there is nothing to fall back to."""
    (folder / "locales/en.toml").unlink()
    assert faults_after("services.toml", "", "") == [
        "locales/en.toml: is missing: every other language falls back to it. Write it."
    ]


def test_missing_translation_is_no_fault_but_counts(folder: Path) -> None:
    """Other languages may lack keys; the coverage says how much they have."""
    vocabulary = Vocabulary(frozenset(), {"checking": frozenset()}, frozenset({"stop"}), frozenset({"seen.age"}))
    assert coverage(load(folder), vocabulary) == {"de": pytest.approx(2 / 3), "en": 1.0}
