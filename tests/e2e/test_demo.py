"""Can a person with nothing but a browser try the bot from a pasted error to the end?"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import chromium
from e2e.command import COMMAND, PATIENCE_S

playwright = pytest.importorskip("playwright.async_api", reason="the browser is driven by playwright (extra dev)")
pytest.importorskip("linkify_it", reason="the demo needs simcord[preview] (extra dev)")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(chromium.path() is None, reason=f"there is no browser: apt-get install {chromium.PACKAGE}"),
]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/#\S+")


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the demo as a user does; it must end well when it is asked to."""
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        "demo",
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    yield process
    process.terminate()
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0


@pytest.fixture
async def browser() -> AsyncIterator[playwright.BrowserContext]:
    """Return a browser without a past."""
    async with playwright.async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=chromium.path(), args=[*chromium.SWITCHES])
        context = await running.new_context(viewport={"width": 1100, "height": 900})
        context.set_default_timeout(PATIENCE_S * 1000)
        yield context
        await running.close()


async def address_of(demo: asyncio.subprocess.Process) -> str:
    """Return the address that the demo prints."""
    assert demo.stdout is not None
    while line := await asyncio.wait_for(demo.stdout.readline(), PATIENCE_S):
        if found := ADDRESS.search(line.decode()):
            return found[0]
    raise AssertionError("the demo ended without an address")


async def opened(browser: playwright.BrowserContext, address: str) -> playwright.Page:
    """Open a page and wait until it listens."""
    page = await browser.new_page()
    await page.goto(address)
    await page.locator("#preview-app[aria-busy=false]").wait_for()
    await page.get_by_placeholder(re.compile("Message #")).wait_for()
    return page


async def test_person_clicks_from_a_pasted_error_to_the_end(
    demo: asyncio.subprocess.Process, browser: playwright.BrowserContext
) -> None:
    """The page opens; an error is typed; the real checks judge it; Guide me leads through steps to solved."""
    page = await opened(browser, await address_of(demo))
    site = await page.locator("a", has_text="shop.example.com").first.inner_text()
    box = page.get_by_placeholder("Message #help")
    await box.fill(f"help, I get 502 Bad Gateway nginx/1.24.0 at {site}cart")
    await box.press("Enter")
    chat = page.locator("#channel-layout")
    await chat.get_by_text("Looking at").wait_for()
    await chat.get_by_text("is down").wait_for()
    await page.get_by_role("button", name="Guide me").click()
    link = chat.locator("a[href*='127.0.0.1']")
    await link.wait_for()
    thread = await opened(browser, await link.get_attribute("href") or "")
    talk = thread.locator("#channel-layout")
    await thread.get_by_role("button", name="I am visiting it").click()
    await talk.get_by_text("Step 1").wait_for()
    await thread.get_by_role("button", name="Still broken").click()
    await talk.get_by_text("Step 2").wait_for()
    await thread.get_by_role("button", name="It works").click()
    await talk.get_by_text("Good.").wait_for()
    await talk.get_by_text("solved").first.wait_for()


async def test_demo_says_what_is_missing(tmp_path: Path) -> None:
    """Without simcord the command says how to install it, and into which Python."""
    hidden = (
        "import sys; sys.modules['simcord'] = None; from bot.cli import main; sys.argv = ['fiveohtwo', 'demo']; main()"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", hidden, stderr=asyncio.subprocess.PIPE, cwd=tmp_path, env={"HOME": str(tmp_path)}
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert said.decode().splitlines() == [
        "fiveohtwo: the demo needs simcord, a simulated Discord. In a checkout say `make demo`, which installs it; "
        f"elsewhere: {sys.executable} -m pip install 'fiveohtwo[demo]'"
    ]
