"""Does the benchmark still run, and name every ratio?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).with_name("bench.py")


def test_benchmark_prints_its_ratios() -> None:
    """A single quick round gives a line for each cost, and exit code 0 whatever the figures are."""
    done = subprocess.run(
        [sys.executable, str(BENCH), "--rounds", "1"], capture_output=True, text=True, check=True, cwd=BENCH.parents[1],
        env={**os.environ, "FIVEOHTWO_CANARY": ""},
    )  # fmt: skip
    for line in ("identify an ordinary message", "identify a true hit", "fiveohtwo identify, cold"):
        assert line in done.stdout
