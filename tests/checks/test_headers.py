"""What do headers say, and what when they lie?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.headers import capped, codings, location, retry_after, seconds, text, values
from bot.checks.limits import MAX_HEADER_BYTES, MAX_HEADERS

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YEAR = 366 * 24 * 3600


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (b"Tue, 24 Nov 2026 12:02:00 GMT", 120),
        (b"Tuesday, 24-Nov-26 12:02:00 GMT", 120),
        (b"Tue Nov 24 12:02:00 2026", 120),
        (b"Tue, 24 Nov 2026 11:00:00 GMT", 0),
        (b"Tue, 24 Nov 2026 14:02:00 +0200", 120),
        (b"9999999999", YEAR),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", YEAR),
        (b"-5", None),
        (b"1.5", None),
        (b"soon", None),
        (b"", None),
        ("١٢٠".encode(), None),
        (b"9" * 5000, None),
        (b"Tue, 99 Nov 2026 12:02:00 GMT", None),
        (b"Fri, 01 Jan 0000 00:00:00 GMT", 0),
    ],
)
def test_retry_after(value: bytes, expected: int | None) -> None:
    """Seconds and all three HTTP dates are understood, the past means now, a year is the most, rubbish is nothing."""
    assert retry_after(((b"retry-after", value),), NOW) == expected


def test_retry_after_is_missing_without_the_header() -> None:
    """No header, no time."""
    assert retry_after((), NOW) is None


@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda one: one.encode("utf-8", "surrogatepass")))
def test_retry_after_never_raises(value: bytes) -> None:
    """Any bytes give a bounded number or nothing."""
    found = retry_after(((b"retry-after", value),), NOW)
    assert found is None or 0 <= found <= YEAR


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_date_gives_a_bounded_time(date: datetime) -> None:
    """Dates of any year stay within the bounds."""
    value = date.strftime("%a, %d %b %Y %H:%M:%S GMT").encode()
    found = retry_after(((b"retry-after", value),), NOW)
    assert found is None or 0 <= found <= YEAR


def test_capped_counts_and_weighs() -> None:
    """At most a hundred headers and 32 KiB are kept, names in lower case."""
    assert capped([(b"Server", b"x")]) == ((b"server", b"x"),)
    assert len(capped([(b"a", b"b")] * 1000)) == MAX_HEADERS
    kept = capped([(b"a", b"b" * 10_000)] * 10)
    assert sum(len(name) + len(value) for name, value in kept) <= MAX_HEADER_BYTES
    assert len(kept) == 3


def test_location_is_raw_and_alone() -> None:
    """One Location comes back as its bytes; the same one twice counts once; two that differ lead nowhere."""
    assert location(()) is None
    assert location(((b"location", b" /\xe9 "),)) == b"/\xe9"
    assert location(((b"location", b"/a"), (b"location", b"/a"))) == b"/a"
    with pytest.raises(ValueError, match="more than one"):
        location(((b"location", b"/a"), (b"location", b"/b")))


def test_values_text_and_codings() -> None:
    """All values of a name, the first as text, codings split and in lower case."""
    headers = ((b"content-encoding", b"GZIP, br"), (b"content-encoding", b"deflate"), (b"server", b"ng\xffinx"))
    assert values(headers, b"server") == [b"ng\xffinx"]
    assert text(headers, b"server") == "ng\u00ffinx"
    assert text(headers, b"missing") == ""
    assert codings(headers) == ["gzip", "br", "deflate"]


@pytest.mark.parametrize(("value", "expected"), [(b"17", 17), (b"-1", None), (b"x", None), (b"9999999999", YEAR)])
def test_seconds(value: bytes, expected: int | None) -> None:
    """Age is a bounded whole number or nothing."""
    assert seconds(((b"age", value),), b"age") == expected


def test_location_beyond_the_limit_is_kept_and_too_long() -> None:
    """A redirect whose Location is too large for any address is still a redirect: it is refused, not overlooked."""
    kept = capped([(b"X-Filler", b"x" * 40_000), (b"Location", b"https://shop.example.com/" + b"a" * 40_000)])
    found = location(kept)
    assert found is not None
    assert len(found) > 2048
