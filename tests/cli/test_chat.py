"""Does `fiveohtwo chat` wire a conversation to stdin and stdout?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from cli_shared import Run, assert_golden


def test_unknown_language_is_refused(run: Run) -> None:
    """A language that is not there is refused with those that are."""
    done = run("chat", "--lang", "xx")
    assert done.exit_code == 2
    assert "en" in done.stderr


def test_script_is_answered_in_json(tmp_path: Path) -> None:
    """Each reply is one line with the promised keys; choice ids pick choices."""
    script = "502 Bad Gateway nginx/1.24.0\nvisitor\nno-address\nguide\ndont-know\ndont-know\n"
    settings = {"FIVEOHTWO_RESOLVERS": "127.0.0.1:9", "FIVEOHTWO_CANARY": ""}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--json"], input=script, capture_output=True, text=True, check=True,
        cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], **settings},
    )  # fmt: skip
    replies = {shape["reply"]: shape for shape in map(json.loads, done.stdout.splitlines())}
    assert_golden("chat-ask-role", replies["ask-role"])
    assert_golden("chat-verdict", {**replies["verdict"], "verdict": {**replies["verdict"]["verdict"], "evidence": []}})
    assert_golden("chat-step", replies["step"])


def test_closed_input_is_a_clear_error(tmp_path: Path) -> None:
    """Without any input there is nobody to talk to, and that is said in one sentence."""
    command = f"exec {sys.executable} -m bot chat <&-"
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path, env=env
    )
    assert done.returncode == 2
    assert done.stderr == "fiveohtwo: a conversation needs an input and an output; one of them is closed.\n"
