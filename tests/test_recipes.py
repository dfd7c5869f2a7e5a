"""Are the recipes of knowledge/README.md true? Each example there is put in place, loaded, linted and used."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.cli.vocabulary import vocabulary
from bot.conversation.replies import Choice
from bot.diagnosis.fingerprint import fingerprint
from bot.diagnosis.identify import identify
from bot.diagnosis.verdict import judge
from bot.kb.lint import lint
from bot.kb.load import load
from bot.wording.words import Words

ROOT = Path(__file__).parents[1] / "knowledge"
RECIPES = dict(
    re.findall(
        r"<!-- example: (\w+) -->\n```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of our knowledge with every recipe followed."""
    copy = shutil.copytree(
        ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("schema", "*.md", "*.py", "__pycache__")
    )
    (copy / "errors" / "acmegate-502.toml").write_text(RECIPES["error"])
    (copy / "causes" / "acmegate-asleep.toml").write_text(RECIPES["cause"])
    (copy / "locales" / "eo.toml").write_text(RECIPES["locale"])
    guide = copy / "guides" / "visitor.toml"
    guide.write_text(guide.read_text() + "\n" + RECIPES["step"])
    for name in ("product", "service"):
        listed = copy / f"{name}s.toml"
        listed.write_text(listed.read_text() + "\n" + RECIPES[name])
    return copy


def test_every_kind_of_knowledge_has_a_recipe() -> None:
    """The README shows an example of everything that can be added."""
    assert set(RECIPES) == {"error", "cause", "step", "locale", "product", "service"}


def test_files_that_the_readme_names_exist() -> None:
    """Every link of the README leads to a file or folder."""
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_followed_recipes_have_no_fault(folder: Path) -> None:
    """What the README tells people to write, the linter takes."""
    assert [str(fault) for fault in lint(load(folder), vocabulary(), identify)] == []


def test_followed_recipes_work(folder: Path) -> None:
    """The new error and product are recognised, the new cause decides, step, words and service are there."""
    kb = load(folder)
    match = identify(kb, "502 - Acmegate could not reach the shop floor").match
    assert match is not None
    assert match.error == "acmegate-502"
    facts = {"checked": True, "canary.outcome": "ok", "http.product": "acmegate", "http.status": 502, "host": "x"}
    assert judge(kb, facts).cause == "acmegate-asleep"
    assert fingerprint(kb.products, 502, [("server", "acmegate/2.1")], "").product == "acmegate"
    assert "acme.example" in kb.services[-1].domains
    assert kb.guides["visitor"].steps[-1].id == "ring-the-bell"
    words = Words(kb, "eo")
    assert words.choice(Choice(id="stop")).label == "Haltu"
    assert words.choice(Choice(id="back")).label == "Back"
