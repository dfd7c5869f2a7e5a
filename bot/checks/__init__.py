"""What does the network say? Which checks exist: one explicit table, in the order in which they are reported."""

CHECKS = {
    "canary": "bot.checks.canary",
    "dns": "bot.checks.dns",
    "tcp": "bot.checks.tcp",
    "tls": "bot.checks.tls",
    "http": "bot.checks.visit",
}
"""Name of a check (and of its finding) -> the module that makes it. Its facts stand in `bot.diagnosis.facts.CHECKS`."""
