"""Are scripts without spaces told apart from others?"""

from __future__ import annotations

import pytest

from bot.diagnosis.scripts import RUN_ON, UNSPACED, UNSPACED_PAIR


@pytest.mark.parametrize("text", ["网", "ページ", "ひ", "ห้อง"])
def test_scripts_that_run_on_are_known(text: str) -> None:
    """Chinese, Japanese and Thai show no end of a word."""
    assert RUN_ON.search(text)
    assert UNSPACED.search(text)


def test_korean_only_joins() -> None:
    """It has spaces, but joins endings to its words."""
    assert UNSPACED.search("오류")
    assert not RUN_ON.search("오류")


@pytest.mark.parametrize("text", ["page", "страница", "صفحة", "σελίδα", "पेज", "502"])
def test_others_have_spaces(text: str) -> None:
    """Most scripts divide their words."""
    assert not UNSPACED.search(text)


def test_pair_needs_two() -> None:
    """One character alone is none."""
    assert UNSPACED_PAIR.match("网站")
    assert not UNSPACED_PAIR.match("网 站")
