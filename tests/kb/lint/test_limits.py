"""Is text refused that Discord would cut off?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.kb.lint.limits import longest
from bot.kb.model import Detail, GuideStep

BROKEN = {
    "error-title-longer-than-a-button": (
        "errors/gateway.toml", "502 from the test gateway", "x" * 81,
        "errors/gateway.toml: title: has 81 characters; as a choice it may have 80. Shorten it.",
    ),
    "step-title-longer-than-a-button": (
        "guides/owner.toml", "Read the log", "x" * 81,
        "guides/owner.toml: steps.log.title: has 81 characters; as a choice it may have 80. Shorten it.",
    ),
    "guide-title-longer-than-an-option": (
        "guides/owner.toml", "Your gateway answers 502", "x" * 101,
        "guides/owner.toml: title: has 101 characters; as a choice it may have 100. Shorten it.",
    ),
    "choice-longer-than-a-button": (
        "locales/en.toml", 'stop = "Stop"', f'stop = "{"x" * 81}"',
        "locales/en.toml: choices.stop: is longer than 80 characters. Shorten it.",
    ),
    "translated-title-longer-than-a-button": (
        "locales/de.toml", "502 vom Testgateway", "x" * 81,
        "locales/de.toml: overlay.errors.gateway.title: has 81 characters; as a choice it may have 80. Shorten it.",
    ),
    "reply-longer-than-a-message": (
        "locales/en.toml", 'text = "I look at {host}."',
        f'text = "{{host}} {"x" * 1100}"\nreason = "{"x" * 1100}"\naction = "{"x" * 1000}"',
        "locales/en.toml: replies.checking: comes to 3207 characters in one message; there is room for 3000. "
        "Shorten it, or make two of it.",
    ),
    "step-longer-than-a-message": (
        "guides/owner.toml", 'do = "Read the gateway\'s log."',
        f'do = "{"x" * 1200}"\nwarn = "{"x" * 300}"\nlinks = ["https://{"x" * 1500}.example/"]',
        "guides/owner.toml: steps.log: comes to 3096 characters in one message; there is room for 3000. "
        "Shorten it, or make two of it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_text_beyond_discords_limits_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each text that is too long is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]


def test_longest_reader_counts() -> None:
    """A step is as long as it is for the reader who gets the most of its details; others do not add up."""
    details = [
        Detail(browser=(name,), do=name[0] * size) for name, size in (("chrome", 10), ("edge", 30), ("opera", 20))
    ]
    step = GuideStep(id="s", kind="wait", title="T", do="D", why="W", verify="V?", details=tuple(details))
    assert longest(step) == len("TDWV?") + 30
