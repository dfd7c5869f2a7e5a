"""Is the reader's own machine told apart from others?"""

from __future__ import annotations

import pytest

from bot.diagnosis.identify import identify
from bot.diagnosis.loopback import is_own_machine
from bot.kb.model import KnowledgeBase


@pytest.mark.parametrize(
    ("text", "host", "own"),
    [
        ("http://localhost:3000 ERR_CONNECTION_REFUSED", None, True),
        ("localhost refused to connect", "localhost", True),
        ("http://127.0.0.1:8080/ times out", "127.0.0.1", True),
        ("http://[::1]:8000/ refused", "::1", True),
        ("shop.example.com refused, on localhost it works", "shop.example.com", False),
        ("localhost.example.com refused to connect", None, False),
        ("my-localhost-notes", None, False),
        ("http://10.0.0.7:3000 refused", "10.0.0.7", False),
        ("mail for root@localhost", None, False),
    ],
)
def test_loopback_is_the_own_machine(text: str, host: str | None, own: bool) -> None:
    """localhost, 127.0.0.0/8 and ::1 are one's own machine, unless another host is what failed."""
    assert is_own_machine(text, host) is own


def test_known_error_says_that_it_is_local(kb: KnowledgeBase) -> None:
    """The recognised error remembers that its address was the reader's own."""
    for text, own in (("http://localhost:3000 ERR_CONNECTION_REFUSED", True), ("ERR_CONNECTION_REFUSED", False)):
        match = identify(kb, text).match
        assert match is not None
        assert match.local is own
