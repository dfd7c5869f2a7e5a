"""Is the project built as its design says: imports, purity, sizes, mirrored tests?"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for path in (ROOT / "bot").rglob("*.py") if "migrations" not in path.parts)
PURE = [
    path
    for path in MODULES
    if path.is_relative_to(ROOT / "bot/diagnosis")
    or path.is_relative_to(ROOT / "bot/conversation")
    or path == ROOT / "bot/kb/model.py"
]
IMPURE_MODULES = frozenset(
    [
        "asyncio",
        "ctypes",
        "glob",
        "importlib",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "secrets",
        "select",
        "shutil",
        "signal",
        "socket",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib.request",
        "uuid",
    ]
)
IMPURE_CALLS = frozenset({"__import__", "input", "now", "open", "print", "today", "utcnow"})
GENERATORS = {"bot/conversation/diagram.py": {"pathlib"}}
"""Programs that write a document, where they are run as such: what they may import beyond that."""
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}
MAX_LINES = 350
MAX_FUNCTION_LINES = 60


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_import_contracts_hold() -> None:
    """Every module imports only what its layer may, and libraries stay where they belong."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def impurities(code: str) -> set[str]:
    """Return what reaches beyond a value in, a value out: imported modules, calls, coroutines."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import():
                found.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                found.add(module)
            case ast.Call(func=ast.Name(id=name)) | ast.Attribute(attr=name) if name in IMPURE_CALLS:
                found.add(f"{name}()")
            case ast.AsyncFunctionDef() | ast.Await():
                found.add("async")
    modules = {name for name in found if {name, name.partition(".")[0]} & IMPURE_MODULES}
    return modules | {name for name in found if name == "async" or name.endswith("()")}


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_core_is_pure(path: Path) -> None:
    """The core has no coroutines, no clock, no chance, no files."""
    assert impurities(path.read_text()) <= GENERATORS.get(name_of(path), set())


@pytest.mark.parametrize(
    ("code", "impure"),
    [
        ("from pathlib import Path\nPath('x').read_text()", "pathlib"),
        ("import os.path", "os.path"),
        ("from importlib.resources import files", "importlib.resources"),
        ("import urllib.request", "urllib.request"),
        ("def now_of(day): return day.now(UTC)", "now()"),
        ("class Turn:\n    clock = datetime.now", "now()"),
        ("open('x')", "open()"),
        ("async def look(): ...", "async"),
    ],
)
def test_impurity_is_seen(code: str, impure: str) -> None:
    """What reaches for files, the clock or the network is noticed, however it is written."""
    assert impurities(code) == {impure}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_says_its_question(path: Path) -> None:
    """The first line of a module's docstring is the question that it answers, or what the package holds."""
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring, "there is no docstring"
    assert "?" in docstring.splitlines()[0] or path.name in ("__init__.py", "__main__.py")
    assert path.stem not in FORBIDDEN_NAMES


FLOWS = {
    "tests/surfaces/discord/test_flows.py": ("answers", "asks", "client", "following", "screens"),
    "tests/storage/test_contract.py": ("memory_incidents",),
}
"""Modules that live between discord.py and the engine: whole flows with real discord.py prove them."""


def proof_of(path: Path) -> Path:
    """Return the test file of a module: the mirrored one, or the flows that prove it."""
    here = ROOT / "tests" / path.relative_to(ROOT / "bot").parent
    for flows, stems in FLOWS.items():
        if path.stem in stems and (ROOT / flows).parent == here:
            return ROOT / flows
    return here / f"test_{path.name}"


def test_named_flows_prove_only_what_has_no_test_of_its_own() -> None:
    """A module that flows are named for is there and has no mirrored test, which could go unnoticed else."""
    for flows, stems in FLOWS.items():
        here = Path(flows).parent
        for stem in stems:
            assert (ROOT / "bot" / here.relative_to("tests") / f"{stem}.py").exists(), stem
            assert not (ROOT / here / f"test_{stem}.py").exists(), stem


def has_logic(path: Path) -> bool:
    """Tell whether a module does more than name shapes: shapes are proved by whoever uses them."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        if isinstance(node, ast.ClassDef) and not any(ast.unparse(base) == "Protocol" for base in node.bases):
            inner = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            if any(item.name != "__init__" for item in inner):
                return True
    return False


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "__init__.py" and has_logic(path)], ids=name_of
)
def test_module_has_its_test(path: Path) -> None:
    """Every module that does something has a test file: the mirrored one, or flows that are named for it."""
    assert proof_of(path).exists(), f"{proof_of(path).relative_to(ROOT)} is missing"


def test_sizes_stay_readable() -> None:
    """Modules and functions stay small enough to hold in the head."""
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}
    assert statistics.median(lengths.values()) <= 150
    long_functions = [
        f"{name_of(path)}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long_functions == []


def test_tests_have_no_packages() -> None:
    """Test folders are no packages, except the stand-in, so that none of them hides a module of ours."""
    assert {path.parent.name for path in (ROOT / "tests").rglob("__init__.py")} <= {"standin"}


def test_every_test_states_its_claim() -> None:
    """Each test has a docstring that says what must be true."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
