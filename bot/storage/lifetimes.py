"""How long is each thing kept? PRIVACY.md tells people the same; a test compares the two."""

from __future__ import annotations

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
CONVERSATIONS_LIVE_S = 30 * DAY_S
"""A conversation is kept this long after its last event; what is pending for it goes with it."""
PLACES_LIVE_S = 30 * DAY_S
"""A place is kept this long after its last change, and as long as its conversation."""
WATCHES_LIVE_S = 7 * DAY_S
"""A watch is given up after two days at most; whoever could not be told until now never will be."""
REPORTS_LIVE_S = DAY_S
"""Somebody's trouble with a site says something about the site for hours, not days."""
DUTIES_LIVE_S = DAY_S
"""A shard that nobody has been responsible for this long no longer exists."""
LOOKS_LIVE_S = HOUR_S
"""What was seen is reused for at most a minute; the rest is until somebody comes by to delete it."""
FORGOTTEN_LIVE_S = 7 * DAY_S
"""For this long a bot that is not running can still learn what was deleted meanwhile."""
ACTS_LIVE_S = HOUR_S
"""The longest window in which acts are counted."""

EXPIRE_EVERY_S = HOUR_S
"""How often expired rows are deleted."""

LIFETIMES: dict[str, float | None] = {
    "conversations": CONVERSATIONS_LIVE_S,
    "effects": CONVERSATIONS_LIVE_S,
    "replies": CONVERSATIONS_LIVE_S,
    "places": PLACES_LIVE_S,
    "preferences": None,
    "watched": WATCHES_LIVE_S,
    "watchers": WATCHES_LIVE_S,
    "reports": REPORTS_LIVE_S,
    "outcomes": None,
    "duties": DUTIES_LIVE_S,
    "looks": LOOKS_LIVE_S,
    "acts": ACTS_LIVE_S,
    "forgotten": FORGOTTEN_LIVE_S,
    "applications": None,
}
"""Table -> the longest life of an untouched row in seconds; None: until somebody deletes it."""
