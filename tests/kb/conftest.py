"""What do the tests of the knowledge share? Sound knowledge, and a way to break it in one place.

`tests/kb/sound/` is a small knowledge folder without a fault. `faults_after(file, old, new)` replaces one text in one
of its files and returns everything that the loader or the linter then says.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.kb.lint import Vocabulary, lint
from bot.kb.load import KnowledgeError, load
from bot.kb.model import KnowledgeBase
from conftest_names import FaultsAfter

SOUND = Path(__file__).parent / "sound"
VOCABULARY = Vocabulary(
    facts=frozenset({"host", "http.status", "http.product", "text.error", "dns.outcome", "dns.addresses", "tls.mixed"}),
    replies={"checking": frozenset({"host"})},
    choices=frozenset({"stop"}),
    words=frozenset({"seen.age"}),
    guides=frozenset({"visitor", "owner"}),
    values={"dns.outcome": frozenset({"ok", "fail", "skip"})},
    ids={"http.product": "product", "text.error": "error"},
    kinds={
        "host": "text",
        "http.status": "number",
        "http.product": "text",
        "text.error": "text",
        "dns.outcome": "text",
        "dns.addresses": "list",
        "tls.mixed": "yes-no",
    },
    bounds={"http.status": (100, 999)},
)


@dataclass
class Named:
    """What a recogniser says: an error's id or a host."""

    error: str = ""
    host: str = ""


@dataclass
class Recognised:
    """The result of the recogniser below."""

    match: Named | None
    target: Named | None


def recognise(kb: KnowledgeBase, text: str) -> Recognised:
    """Recognise the first error that has a phrase in the text; what is before a colon is the address."""
    named = [error.id for error in kb.errors.values() if any(phrase in text for phrase in error.match.phrases)]
    host, colon, _ = text.partition(":")
    return Recognised(Named(error=named[0]) if named else None, Named(host=host) if colon else None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the sound knowledge that a test may change."""
    return shutil.copytree(SOUND, tmp_path / "knowledge")


@pytest.fixture
def faults_after(folder: Path) -> FaultsAfter:
    """Return the function that breaks the sound knowledge and lists the faults.

    `old` must occur exactly once in the file; without `old`, `new` is added at the file's end (the file may be new).
    """

    def change(file: str, old: str, new: str) -> list[str]:
        path = folder / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert not old or text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new) if old else f"{text}\n{new}\n", encoding="utf-8")
        try:
            return [str(fault) for fault in lint(load(folder), VOCABULARY, recognise)]
        except KnowledgeError as error:
            return [str(fault) for fault in error.faults]

    return change
