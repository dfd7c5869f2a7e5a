"""Are the recipes of knowledge/README.md true? Each example there is put in place, loaded, linted and used."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.cli.vocabulary import vocabulary
from bot.conversation.replies import Choice
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
    products = copy / "products.toml"
    sign = 'id = "acmegate"\nname = "Acmegate"\nrole = "gateway"\n[[product.signs]]\nproves = "wrote"\nheaders = { server = "^acmegate" }\n'
    products.write_text(products.read_text() + "\n[[product]]\n" + sign)
    return copy


def test_followed_recipes_have_no_fault(folder: Path) -> None:
    """What the README tells people to write, the linter takes."""
    assert [str(fault) for fault in lint(load(folder), vocabulary(), identify)] == []


def test_followed_recipes_work(folder: Path) -> None:
    """The new error is recognised, the new cause decides, the new step and the new words are there."""
    kb = load(folder)
    match = identify(kb, "502 - Acmegate could not reach the shop floor").match
    assert match is not None
    assert match.error == "acmegate-502"
    facts = {"checked": True, "canary.outcome": "ok", "http.product": "acmegate", "http.status": 502, "host": "x"}
    assert judge(kb, facts).cause == "acmegate-asleep"
    assert kb.guides["visitor"].steps[-1].id == "ring-the-bell"
    words = Words(kb, "eo")
    assert words.choice(Choice(id="stop")).label == "Haltu"
    assert words.choice(Choice(id="back")).label == "Back"
