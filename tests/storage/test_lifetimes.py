"""Is it known for every table how long its rows live?"""

from __future__ import annotations

from bot.storage.lifetimes import LIFETIMES
from bot.storage.tables import metadata


def test_every_table_has_a_lifetime() -> None:
    """No table is kept forever by oversight: each says how long, or that somebody must delete its rows."""
    assert set(LIFETIMES) == set(metadata.tables)


def test_nothing_of_a_person_lives_longer_than_a_month() -> None:
    """Whatever belongs to a person goes within 30 days; settings and bare counts stay."""
    lives = {
        table: life for table, life in LIFETIMES.items() if table not in ("preferences", "outcomes", "applications")
    }
    assert all(life is not None and 0 < life <= 30 * 86400 for life in lives.values())
