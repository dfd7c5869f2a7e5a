"""Does `fiveohtwo health` tell a process that works from one that cannot, hangs or is gone?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.health import judged
from bot.cli.sign import Sign, place_of
from bot.settings.model import Settings
from cli_shared import Run

NOW = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
PLACE = Path("/data/run.heartbeat")


def sign(ago_s: float, able_ago_s: float | None, obstacle: str | None = None) -> Sign:
    able_at = None if able_ago_s is None else NOW - timedelta(seconds=able_ago_s)
    return Sign(at=NOW - timedelta(seconds=ago_s), able_at=able_at, obstacle=obstacle)


@pytest.mark.parametrize(
    ("left", "able", "alive", "said"),
    [
        (sign(4, 4), True, True, "able to work 4 s ago"),
        (sign(2, 47, "the database cannot be used"), True, True, "able to work 47 s ago"),
        (sign(-3, -3), True, True, "able to work 0 s ago"),
        (sign(2, 75, "not connected to Discord"), False, True, "not able to work for 75 s: not connected to Discord"),
        (sign(2, None, "not connected to Discord"), False, True, "not able to work since it started: not connected"),
        (sign(61, 61), False, False, "stuck or gone: the last sign of life is 61 s old"),
        (sign(-3600, -3600), False, False, "stuck or gone"),
        (None, False, False, "not running: there is no sign of life at /data/run.heartbeat"),
    ],
    ids=["well", "a moment ago", "clocks", "away", "never", "stuck", "set back", "gone"],
)
def test_sign_is_judged(left: Sign | None, able: bool, alive: bool, said: str) -> None:
    """Able within the last minute is well; alive is whoever gave a sign in the last minute, whatever it lacks."""
    well, told = judged(left, PLACE, NOW, alive=False)
    assert (well, told.startswith(said)) == (able, True)
    assert judged(left, PLACE, NOW, alive=True)[0] is alive


def test_process_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    """One line, exit code 1, for either kind of process."""
    done = run("health")
    assert done.exit_code == 1
    assert done.stdout == f"not running: there is no sign of life at {tmp_path}/fiveohtwo/run.heartbeat\n"
    assert run("health", "watcher").stdout.endswith("/watcher.heartbeat\n")


def test_process_that_is_well_is_told(run: Run, tmp_path: Path) -> None:
    """One line, exit code 0; the operator's place is looked at."""
    now = datetime.now(UTC)
    (tmp_path / "mine").write_text(Sign(at=now, able_at=now).model_dump_json())
    done = run("health", heartbeat=str(tmp_path / "mine"))
    assert done.exit_code == 0
    assert done.stdout.startswith("able to work ")


def test_watcher_does_not_vouch_for_the_bot(run: Run, tmp_path: Path) -> None:
    """Where both have the same settings, the sign of one says nothing about the other."""
    now = datetime.now(UTC)
    place = tmp_path / "shared"
    place_of(Settings(heartbeat=place), "watcher").write_text(Sign(at=now, able_at=now).model_dump_json())
    assert run("health", heartbeat=str(place)).exit_code == 1
    assert run("health", "watcher", heartbeat=str(place)).exit_code == 0
