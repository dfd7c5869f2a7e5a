"""Does work end with a signal, and a fault of the work with the process?"""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.cli.stopping import until_stopped


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_signal_ends_the_work(number: signal.Signals) -> None:
    """What is under way is given up, and nothing is raised."""
    given_up: list[bool] = []

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), number)
        try:
            await asyncio.sleep(60)
        finally:
            given_up.append(True)

    async with asyncio.timeout(5):
        await until_stopped(work())
    assert given_up == [True]
    asyncio.get_running_loop().remove_signal_handler(number)


async def test_fault_of_the_work_is_raised() -> None:
    """A process whose work broke does not go on without it."""

    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await until_stopped(work())
