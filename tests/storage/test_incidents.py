"""Do memory, SQLite and PostgreSQL tell alike whether others met the same error?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.diagnosis.incidents import WINDOW_S, Others
from bot.ports import (
    Met,
)
from databases import Storage

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def met(owner: str, minutes: float = 0, server: str = "9", site: str = "example.com") -> Met:
    return Met(server, site, owner, AT + timedelta(minutes=minutes))


async def test_one_person_raises_no_incident(kept: Storage) -> None:
    """However often one person reports a site, for them and for whoever else asks there are no others."""
    for minute in range(5):
        await kept.incidents.note(met("7", minute))
    assert await kept.incidents.others(met("7", 5)) is None
    assert await kept.incidents.others(met("8", 5)) is None


async def test_different_people_make_an_incident(kept: Storage) -> None:
    """Each learns of the others, how many they are and since when; a bystander learns of all."""
    for owner, minute in (("7", 0), ("8", 3), ("6", 4), ("8", 6)):
        await kept.incidents.note(met(owner, minute))
    assert await kept.incidents.others(met("7", 7)) == Others(count=2, since=AT + timedelta(minutes=3))
    assert await kept.incidents.others(met("8", 7)) == Others(count=2, since=AT)
    assert await kept.incidents.others(met("bystander", 7)) == Others(count=3, since=AT)


async def test_servers_and_sites_do_not_mix(kept: Storage) -> None:
    """Whoever met another site, or the same one elsewhere, is no witness here."""
    await kept.incidents.note(met("7"))
    await kept.incidents.note(met("8", server="5"))
    await kept.incidents.note(met("6", site="example.org"))
    assert await kept.incidents.others(met("7")) is None


async def test_window_slides(kept: Storage) -> None:
    """Whoever met it longer ago than the window no longer counts; whoever meets it again starts afresh."""
    window = WINDOW_S / 60
    await kept.incidents.note(met("7"))
    await kept.incidents.note(met("8", window))
    assert await kept.incidents.others(met("8", window)) == Others(count=1, since=AT)
    assert await kept.incidents.others(met("8", window + 1)) is None
    await kept.incidents.note(met("7", window + 1))
    assert await kept.incidents.others(met("8", window + 1)) == Others(
        count=1, since=AT + timedelta(minutes=window + 1)
    )


async def test_late_word_does_not_set_a_report_back(kept: Storage) -> None:
    """Two processes note the same person out of order: the newer time stays."""
    await kept.incidents.note(met("7", 29))
    await kept.incidents.note(met("7", 0))
    await kept.incidents.note(met("8", 29))
    assert await kept.incidents.others(met("8", 58)) is not None


async def test_many_report_at_once(kept: Storage) -> None:
    """Hundreds of reports at the same time, many of them twice: each person counts once."""
    await asyncio.gather(*(kept.incidents.note(met(str(number % 60))) for number in range(180)))
    others = await kept.incidents.others(met("0"))
    assert others is not None
    assert others.count == 59


async def test_site_that_is_back_has_no_incident(kept: Storage) -> None:
    """When it was seen up, its reports go on all servers; those of other sites stay."""
    for server in ("5", "9"):
        for site in ("example.com", "example.org"):
            for owner in ("7", "8"):
                await kept.incidents.note(met(owner, server=server, site=site))
    await kept.incidents.over("example.com", AT)
    for server in ("5", "9"):
        assert await kept.incidents.others(met("7", server=server)) is None
        assert await kept.incidents.others(met("7", server=server, site="example.org")) is not None


async def test_report_is_taken_back(kept: Storage) -> None:
    """A person's report goes; those of others, and their own of another site, stay."""
    for owner in ("7", "8", "6"):
        await kept.incidents.note(met(owner))
    await kept.incidents.note(met("6", site="example.org"))
    await kept.incidents.withdraw(met("6"))
    await kept.incidents.withdraw(met("nobody"))
    assert await kept.incidents.others(met("7")) == Others(count=1, since=AT)
    (exported,) = await kept.privacy.export("6")
    assert [row["site"] for row in exported["reports"]] == ["example.org"]


async def test_older_look_ends_nothing_newer(kept: Storage) -> None:
    """A look that is remembered from before somebody met the error says nothing about their trouble."""
    for owner in ("7", "8"):
        await kept.incidents.note(met(owner, 1))
    await kept.incidents.over("example.com", AT)
    assert await kept.incidents.others(met("7", 1)) is not None


async def test_reports_belong_to_person_and_server(kept: Storage) -> None:
    """Export names a person's reports; forgetting the person, or the server, takes them along."""
    for owner in ("7", "8", "6"):
        await kept.incidents.note(met(owner))
        await kept.incidents.note(met(owner, server="5"))
    (exported,) = await kept.privacy.export("7")
    assert [(row["server"], row["site"], row["owner"]) for row in exported["reports"]] == [
        ("9", "example.com", "7"),
        ("5", "example.com", "7"),
    ]
    await kept.privacy.forget("7")
    assert await kept.privacy.export("7") == []
    assert await kept.incidents.others(met("8")) == Others(count=1, since=AT)
    await kept.privacy.forget_server("9")
    assert await kept.incidents.others(met("8")) is None
    assert await kept.incidents.others(met("8", server="5")) is not None
