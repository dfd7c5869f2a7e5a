"""What do the tests of other places share? The stand-in, and a way to ask it after a failed look."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from globalping_standin import GlobalpingStandin


@pytest.fixture
async def standin() -> AsyncIterator[GlobalpingStandin]:
    """Return a stand-in whose requests and replies are judged when the test is over."""
    standing = GlobalpingStandin()
    runner = await standing.start()
    yield standing
    await runner.cleanup()
    assert standing.faults == []
