"""When do reports of one site make an incident? When different people on a server have met an error of it lately.

It is evidence beside what the bot sees itself ("4 others here met it"), never proof: nobody knows whether they all met
the same thing.
"""

from __future__ import annotations

from datetime import datetime

from bot.diagnosis.identification import Value

WINDOW_S = 30 * 60.0
"""A report counts for this long after its person last met the error; the window slides with the time of asking."""
LEAST = 2
"""This many different people make an incident: nobody raises one alone, however often they ask."""


class Others(Value):
    """Other people on the same server who met an error of the same site lately."""

    count: int
    since: datetime
    """When the first of them met it."""


def others_of(people: int, others: int, since: datetime | None) -> Others | None:
    """Return the others of an incident, None if there is none.

    `people`: all who reported within the window; `others`: those of them other than the one who asks, the first of
    whom met it at `since`.
    """
    if people < LEAST or others < 1 or since is None:
        return None
    return Others(count=others, since=since)
