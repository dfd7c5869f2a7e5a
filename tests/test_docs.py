"""Are the documents true: commands, settings, permissions, links, rules?"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.checks.vantage.peers.protocol import Look
from bot.cli import command
from bot.surfaces.discord.access import NEEDED, permissions

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for path in ROOT.rglob("*.md") if ".venv" not in path.parts and "node_modules" not in path.parts
)
README = (ROOT / "README.md").read_text()
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to a file of ours names one that exists."""
    for target in LINK.findall(path.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), f"{target} is missing"


def test_readme_lists_every_command() -> None:
    """The table of commands is complete, and names no command that is not there."""
    listed = {name.split()[0] for name in re.findall(r"\| `fiveohtwo ([a-z ]+)", README)}
    assert listed == set(command.commands)


def test_readme_gives_a_reason_for_every_permission() -> None:
    """The invite link asks for exactly the permissions of the table, each with its reason."""
    named = dict(re.findall(r"^\| ([A-Z][A-Za-z ]+) \| (to .+|so .+) \|$", README, re.MULTILINE))
    words = {name.replace("_", " ").replace("view channel", "view channels"): why for name, why in NEEDED.items()}
    assert {name.lower(): why for name, why in named.items()} == words
    assert f"permissions={permissions().value}" in README


def test_makefile_has_the_commands_of_the_readme() -> None:
    """Each make command that the documents speak of exists."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in DOCUMENTS:
        for name in re.findall(r"`make ([a-z]+)`|^\$ make ([a-z]+)", path.read_text(), re.MULTILINE):
            assert "".join(name) in targets, f"make {name} in {path.name}"


def test_import_rule_is_the_one_that_is_checked() -> None:
    """The rule in CONTRIBUTING is the contract that the linter holds."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    written = " > ".join(f"({layer})" if "|" in layer else layer for layer in layers)
    assert written in (ROOT / "CONTRIBUTING.md").read_text().replace("\n", " ")


def test_what_peers_are_sent_is_told_to_people() -> None:
    """PRIVACY.md names all that travels to them, as the question holds it, and how to switch it off."""
    said = (ROOT / "PRIVACY.md").read_text().replace("\n ", "")
    peers = next(part for part in said.split("\n- ") if part.startswith("**Peers**"))
    assert set(Look.model_fields) == {"v", "id", "what", "url", "within_s", "here"}
    for part in (
        "FIVEOHTWO_VANTAGES=local,peers",
        "off by default",
        "scheme, host, port",
        "how long they have",
        "name of the place",
    ):
        assert part in peers


def test_lock_of_the_service_names_its_key() -> None:
    """Whoever is locked out by the unit's firewall, by a private name server say, finds the line that opens it."""
    unit = (ROOT / "deploy/fiveohtwo.service").read_text()
    assert re.search(r"^IPAddressDeny=", unit, re.MULTILINE)
    assert re.search(r"^# IPAddressAllow=\d", unit, re.MULTILINE)
    assert "`IPAddressAllow=`" in (ROOT / "deploy/README.md").read_text()
