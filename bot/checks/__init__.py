"""What does the network say? Which checks exist: one explicit table, in the order in which they are reported."""

import sys

# httpx imports its own command line where it can, with rich and Pygments: 4 MiB. None tells it that there is none.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

CHECKS = {
    "canary": "bot.checks.canary",
    "dns": "bot.checks.dns",
    "tcp": "bot.checks.tcp",
    "tls": "bot.checks.tls",
    "http": "bot.checks.visit",
}
"""Name of a check (and of its finding) -> the module that makes it. Its facts are in `bot.diagnosis.facts.CHECKS`."""
