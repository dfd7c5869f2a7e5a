"""Do the files of pinned requirements agree, and do they hold what the project asks for?"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z, ]+\])?==([^ ;\\]+)", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def pins(name: str) -> dict[str, str]:
    """Return which version of what a file pins."""
    return dict(PIN.findall((ROOT / name).read_text()))


def named(requirements: list[str]) -> set[str]:
    """Return the names that pyproject.toml asks for, as the files write them."""
    found = (NAME.match(requirement) for requirement in requirements)
    return {re.sub(r"[._]+", "-", match[0]).lower() for match in found if match}


def modules_of(node: ast.AST) -> list[str]:
    """Return the modules that an import names."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
    return []


def test_what_is_imported_is_asked_for() -> None:
    """The bot imports no library that only another library brings along, and asks for none that it does not import."""
    trees = (ast.parse(path.read_text()) for path in sorted((ROOT / "bot").rglob("*.py")))
    imported = {name.partition(".")[0] for tree in trees for node in ast.walk(tree) for name in modules_of(node)}
    others = imported - sys.stdlib_module_names - {"bot", "knowledge"}
    brought_by = packages_distributions()
    asked_for = named(PROJECT["dependencies"])
    assert named([name for module in others for name in brought_by[module]]) == asked_for | {"simcord"}


@pytest.mark.parametrize(
    ("name", "extras"),
    [("requirements.txt", ()), ("requirements-demo.txt", ("demo",)), ("requirements-dev.txt", ("dev", "demo"))],
)
def test_all_that_is_asked_for_is_pinned(name: str, extras: tuple[str, ...]) -> None:
    """Whoever installs from a file gets every library of the project and of the extras that it is for."""
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in PROJECT["optional-dependencies"][extra])]
    assert named(wanted) <= {pinned.replace(".", "-").replace("_", "-") for pinned in pins(name)}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-demo.txt"])
def test_tests_run_with_what_people_get(name: str) -> None:
    """What is tested has the very versions that are installed for the bot and for the demo."""
    assert pins(name).items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes(name: str) -> None:
    """pip takes nothing but the files that were there when the versions were chosen."""
    entries = re.split(r"^(?=\S)", (ROOT / name).read_text(), flags=re.MULTILINE)
    assert [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []
