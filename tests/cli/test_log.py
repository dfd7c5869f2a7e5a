"""Is a line of the log JSON for machines, readable for people, and free of secrets, wherever in it they would be?"""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from pydantic import ValidationError

from bot.cli.log import Lines, Plain
from bot.conversation.state import State

TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmFiY2RlZmdo"
PATHS = f"POST http://127.0.0.1:99/api/v10/interactions/1234/{TOKEN}/callback, /webhooks/1234/{TOKEN}/messages"


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
    """A traceback is in the line itself."""
    line = json.loads(Lines(as_json=True).format(record("broken", error=ValueError("no good"))))
    assert "ValueError: no good" in line["exception"]


class Odd:
    """Something of a library, with a secret in how it shows itself."""

    def __repr__(self) -> str:
        return f"<Odd {PATHS}>"


FORMATTERS = {"json": Lines(as_json=True), "terminal": Lines(as_json=False), "plain": Plain()}
SECRETIVE = {
    "text": record("%s failed", PATHS),
    "error": record("broken", error=ValueError(PATHS)),
    "extra": record("broken", why=f"password={TOKEN}"),
    "named": record("broken", password=TOKEN),
    "nested": record("broken", request={"path": [PATHS], "headers": {"Authorization": f"Bot {TOKEN}"}}),
    "tuple": record("broken", tried=("fine", (f"postgresql://bot:{TOKEN}@db/x",))),
    "key": record("broken", by={f"https://bot:{TOKEN}@db/": 1}),
    "object": record("broken", what=Odd()),
    "object's error": record("broken", what=ValueError(PATHS)),
}


@pytest.mark.parametrize("formatter", FORMATTERS.values(), ids=FORMATTERS)
@pytest.mark.parametrize("line", SECRETIVE.values(), ids=SECRETIVE)
def test_secrets_are_taken_out(formatter: logging.Formatter, line: logging.LogRecord) -> None:
    """Neither a text, nor something passed along, however deep, nor an error's message brings a secret into a log."""
    assert TOKEN not in formatter.format(line)


@pytest.mark.parametrize("formatter", FORMATTERS.values(), ids=FORMATTERS)
def test_refused_value_is_left_out(formatter: logging.Formatter) -> None:
    """An error of pydantic names the field and what is wrong, and not the value: somebody may have pasted that."""
    with pytest.raises(ValidationError) as refused:
        State.model_validate({"newer": "https://intranet.example.com/, with a \n'", "url": 5})
    written = formatter.format(record("broken", error=refused.value))
    assert "extra_forbidden" in written
    assert "intranet" not in written


@pytest.mark.parametrize("formatter", FORMATTERS.values(), ids=FORMATTERS)
def test_what_is_no_secret_stays(formatter: logging.Formatter) -> None:
    """A line without its secrets still says what failed and where."""
    written = formatter.format(record("%s failed", PATHS, error=ValueError(f"no way to {PATHS}")))
    assert written.count("/callback") == 2  # in the text and in the error
    assert "ValueError: no way to POST http://127.0.0.1:99/api" in written


def test_values_passed_along_keep_their_kind() -> None:
    """Numbers, lists and objects by name are what they were."""
    passed = {"guild": 5, "ok": True, "none": None, "list": ["a", 1.5], "by": {"a": {"b": "c"}}}
    line = json.loads(Lines(as_json=True).format(record("fine", **passed)))
    assert {name: line[name] for name in passed} == passed


@pytest.mark.parametrize("set_up", ["set_up_run_log", "set_up_command_log"])
def test_every_log_of_ours_is_clean(set_up: str) -> None:
    """Whichever command set it up, its log takes secrets out of what libraries say."""
    code = (
        f"import logging; from bot.cli.log import {set_up}; {set_up}('warning');"
        f"logging.getLogger('asyncpg').warning('cannot reach postgresql://bot:%s@db/x', '{TOKEN}')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cannot reach postgresql://<password>@db/x" in told.stderr


def test_people_get_a_line_without_json() -> None:
    """In a terminal a line reads as one; values passed along come after it."""
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
