"""Is a line of the log JSON for machines, readable for people, and free of secrets?"""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from bot.cli.log import Lines

TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmFiY2RlZmdo"


def record(text: str, *arguments: object, error: BaseException | None = None, **extra: object) -> logging.LogRecord:
    told = (type(error), error, None) if error is not None else None
    made = logging.LogRecord("bot.some", logging.WARNING, __file__, 1, text, arguments, told)
    made.__dict__.update(extra)
    return made


def test_record_becomes_one_object() -> None:
    """Text, level, logger, time and what was passed along, in one line of JSON."""
    written = Lines(as_json=True).format(record("a %s\nthing", "fine", guild=5, outcome=None))
    line = json.loads(written)
    assert "\n" not in written
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "a fine\nthing", "level": "warning", "logger": "bot.some", "guild": 5, "outcome": None}


def test_error_is_part_of_the_object() -> None:
    """A traceback stands in the line itself."""
    line = json.loads(Lines(as_json=True).format(record("broken", error=ValueError("no good"))))
    assert "ValueError: no good" in line["exception"]


def test_secrets_are_taken_out() -> None:
    """Neither a text, nor something passed along, nor an error's message brings a token into the log."""
    paths = f"POST http://127.0.0.1:99/api/v10/interactions/1234/{TOKEN}/callback, /webhooks/1234/{TOKEN}/messages"
    for as_json in (True, False):
        lines = Lines(as_json=as_json)
        written = lines.format(record("%s failed", paths, why=f"password={TOKEN}"))
        assert TOKEN not in written
        assert "callback" in written
    failed = Lines(as_json=True).format(record("broken", error=ValueError(paths)))
    assert TOKEN not in failed


def test_people_get_a_line_without_json() -> None:
    """In a terminal a line reads as one; values passed along stand behind it."""
    written = Lines(as_json=False).format(record("broken", error=ValueError("no good"), guild=5))
    assert not written.startswith("{")
    assert "broken" in written
    assert "ValueError: no good" in written


@pytest.mark.parametrize(("level", "lowest"), [("debug", "INFO"), ("info", "INFO"), ("warning", "WARNING")])
def test_discord_library_writes_down_no_events(level: str, lowest: str) -> None:
    """discord.py's DEBUG holds every message of every channel; no level of ours lets it through."""
    code = (
        f"import logging; from bot.cli.log import set_up_run_log; set_up_run_log('{level}');"
        "print(logging.getLevelName(logging.getLogger('discord.gateway').getEffectiveLevel()))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == lowest


def test_structlog_waits_for_the_first_line() -> None:
    """A process that logs nothing does not import structlog, which brings a whole terminal library along."""
    code = "import sys; from bot.cli.log import set_up_run_log; set_up_run_log('warning'); print('structlog' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
