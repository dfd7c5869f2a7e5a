"""Does the benchmark still run?"""

from __future__ import annotations

import pytest

import bench

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("part", bench.PARTS, ids=lambda part: part.__name__)
def test_part_compares_us_with_its_peers(part: bench.Part) -> None:
    """Each part measures with a single round, and every comparison has two times and a line."""
    rows = part(1)
    assert rows
    for row in rows:
        assert row.ours_ms > 0
        assert row.peer_ms > 0
        assert row.peer in str(row)


def test_missing_program_leaves_only_its_part_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without nginx or curl the other comparisons are still printed, and what is left out is said."""

    def needs_nginx(_rounds: int) -> list[bench.Row]:
        pytest.skip("nginx is missing")

    def works(_rounds: int) -> list[bench.Row]:
        return [bench.Row("ours", "theirs", 2.0, 5.0)]

    monkeypatch.setattr(bench, "PARTS", (needs_nginx, works))
    bench.main(["--rounds", "1"])
    head, left_out, row = capsys.readouterr().out.splitlines()
    assert head == bench.HEAD
    assert left_out == "needs_nginx: left out: nginx is missing"
    assert row.split() == ["2.5", "ours", "theirs", "2.000", "5.000"]
