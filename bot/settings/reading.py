"""How are settings read, and what is said when they cannot be used?

This is the only reader of the environment. The shapes are imported when there is something to read: they bring
libraries (and with them asyncio and ssl) that a command without any setting need not wait for.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

if TYPE_CHECKING:
    from bot.settings.model import Settings

PREFIX = "FIVEOHTWO_"
ENV_FILE = ".env"


class SettingsError(Exception):
    """Settings that cannot be used; the text says which, why, and what to do."""


def anything_set() -> bool:
    """Tell whether there may be any setting at all."""
    names = list(os.environ)  # noqa: TID251 - the one place that reads the environment
    return Path(ENV_FILE).exists() or any(name.upper().startswith(PREFIX) for name in names)


def wants_colour() -> bool:
    """Tell whether the user allows programs to colour their output (https://no-color.org)."""
    return not os.environ.get("NO_COLOR")  # noqa: TID251 - the one place that reads the environment


def notify_socket() -> str | None:
    """Return where systemd wants to be told how this process is doing, None if it does not."""
    return os.environ.get("NOTIFY_SOCKET") or None  # noqa: TID251 - the one place that reads the environment


def load_settings() -> Settings:
    """Read all settings. Raises SettingsError that lists everything that is wrong."""
    from bot.settings.model import Settings  # noqa: PLC0415 - see above

    try:
        problems = _unknown(Settings)
        settings = Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the file {ENV_FILE} cannot be read: {error}") from error
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = PREFIX + str(fault["loc"][0]).upper()
            problems.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}. See deploy/env.example.")
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _unknown(settings: type[Settings]) -> list[str]:
    """A misspelt setting that is silently ignored helps nobody, wherever it stands."""
    from pydantic_settings import DotEnvSettingsSource  # noqa: PLC0415 - see above

    known = {name.upper() for name in settings.model_fields}
    in_file = DotEnvSettingsSource(settings).env_vars
    found: list[str] = []
    for name in sorted({*os.environ, *(name.upper() for name in in_file)}):  # noqa: TID251 - the one place that reads the environment
        bare = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and bare not in known:
            near = difflib.get_close_matches(bare, sorted(known), n=1)
            hint = f"Did you mean {PREFIX}{near[0]}?" if near else "See deploy/env.example for all settings."
            found.append(f"{name}: there is no such setting. {hint}")
    return found
