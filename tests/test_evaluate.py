"""Does the evaluation of a corpus tell when there is none?"""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluate import main


def test_folder_without_a_corpus_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is empty, or not there, is a mistake and no empty table."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(SystemExit) as ended:
            main([str(folder)])
        assert ended.value.code == 2
        assert f"no .jsonl file in {folder}" in capsys.readouterr().err
