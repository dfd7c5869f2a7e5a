"""How does the log of a running bot read? One JSON object a line; in a terminal, lines for people.

discord.py's records and ours pass the same way. structlog is imported with the first line that is written: at the
usual level there is none, and the bot is online sooner and smaller without it.
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
"""discord.py names the path of a request that failed; with what stands in it anybody could answer in our name."""


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
        last: list[Any] = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if self._as_json:
            last = [structlog.processors.format_exc_info, without_secrets, structlog.processors.JSONRenderer()]
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                without_secrets,
            ],
            processors=[meta, *last],
        )


def without_secrets(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Take tokens out of all texts of a line: errors of libraries like to name whole addresses."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in line.items()}


def clean(text: str) -> str:
    """Return a text without secrets."""
    return redact(TOKEN_IN_PATH.sub(r"\1<token>", text))[0]


def set_up_run_log(level: str) -> None:
    """Log to stderr, at the level that the operator wants."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(as_json=not sys.stderr.isatty()))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    # At DEBUG discord.py writes down every event and every request as it is, and with them what people write.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))
