"""Do watches go when they must: by expiry, with their person, with their server?"""

from __future__ import annotations

from bot.storage.lifetimes import WATCHES_LIVE_S
from bot.storage.sql import Database, SqlPrivacy
from bot.storage.watches import SqlWatches
from storage.test_watches import BLOG, SHOP, add, claim, watch


async def test_person_sees_and_deletes_their_watches(database: Database) -> None:
    """Export holds a person's watches; forgetting a person or a server deletes theirs and no others."""
    watches, privacy = SqlWatches(database), SqlPrivacy(database, "discord")
    await add(watches, watch("a"), watch("b", BLOG, owner="8"), watch("c", BLOG, owner="9", server="10"))
    (exported,) = await privacy.export("7")
    assert [one["url"] for one in exported["watches"]] == [SHOP]
    await privacy.forget("7")
    assert await watches.of("discord", "7") == ()
    await privacy.forget_server("9")
    assert await watches.of("discord", "8") == ()
    assert len(await watches.of("discord", "9")) == 1


async def test_watch_names_its_server(database: Database) -> None:
    """A server where somebody waits is one of which something is kept; a person who waits elsewhere names none."""
    watches, privacy = SqlWatches(database), SqlPrivacy(database, "discord")
    await add(watches, watch("a"), watch("b", owner="8", server=None))
    assert await privacy.servers() == {"9"}


async def test_what_nobody_could_be_told_goes(database: Database) -> None:
    """A week after it was asked for, a watch is gone, and with it the address."""
    watches = SqlWatches(database)
    await add(watches, watch("a"))
    database.clock.jump(WATCHES_LIVE_S + 1)  # type: ignore[attr-defined]
    await database.expire()
    assert await watches.of("discord", "7") == ()
    assert (await watches.claim(claim(after_s=WATCHES_LIVE_S + 2))).next_at is None
