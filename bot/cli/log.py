"""What does a log look like, and what keeps secrets out of it? One JSON object per line; in a terminal, plain lines.

discord.py's records and ours take the same path. structlog is imported with the first line that is written: at the
usual level there is none, and the bot is online sooner and smaller without it. Other commands write plain lines.
"""

from __future__ import annotations

import logging
import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.diagnosis.redact import redact

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter
    from structlog.types import EventDict

TOKEN_IN_PATH = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.%-]+")
"""discord.py names the path of a request that failed; with its contents anybody could answer in our name."""
INPUT_IN_ERROR = re.compile(r"input_value=.*?, (?=input_type=)")
"""pydantic shows the value that it rejects: it may be what somebody pasted."""


class Lines(logging.Formatter):
    """Formats records with structlog."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        return self._formatter.format(record)

    @cached_property
    def _formatter(self) -> ProcessorFormatter:
        import structlog

        meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        last: Any = structlog.processors.JSONRenderer()
        if not self._as_json:
            last = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            # An error becomes text before secrets are removed: once it is written, nobody looks at it again.
            processors=[meta, structlog.processors.format_exc_info, without_secrets, last],
        )


def without_secrets(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Take secrets out of everything that a line holds: libraries' errors like to name whole addresses."""
    return {name: _cleaned(value, name) for name, value in line.items()}


def _cleaned(value: Any, name: str = "") -> Any:
    """Return a value, however it is nested, without secrets; one without any stays as it is."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            # With its name, as a password is often recognised only by that.
            cleaned = clean(f"{name}={value}")
            return cleaned.removeprefix(f"{name}=")
        case dict():
            return {_cleaned(key): _cleaned(inner, str(key)) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_cleaned(inner, name) for inner in value]
        case _:
            shown = repr(value)
            cleaned = clean(shown)
            return value if cleaned == shown else cleaned


def clean(text: str) -> str:
    """Return a text without secrets, and without values that an error shows."""
    return redact(INPUT_IN_ERROR.sub("", TOKEN_IN_PATH.sub(r"\1<token>", text)))[0]


class Plain(logging.Formatter):
    """Formats records as lines of plain text, for commands that a person waits for."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        return clean(super().format(record))


def set_up_command_log(level: str) -> None:
    """Log plainly to stderr, at the level that the operator wants."""
    _set_up(level, Plain())


def set_up_run_log(level: str) -> None:
    """Log to stderr as a long-running process does, at the level that the operator wants."""
    _set_up(level, Lines(as_json=not sys.stderr.isatty()))


def _set_up(level: str, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler])
    # At DEBUG discord.py logs every event and request as it is, and with them what people write.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))
