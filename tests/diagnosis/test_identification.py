"""Are the values of an identification strict and unchanging?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.diagnosis.identification import Identification, Known, Target


def known(confidence: float) -> Known:
    return Known(
        error="nginx-502", status=502, family="bad-gateway", source="nginx", substatus=None, code=None,
        confidence=confidence,
    )  # fmt: skip


def test_empty_identification_is_silent() -> None:
    """Nothing recognised means nothing said."""
    nothing = Identification()
    assert (nothing.speak, nothing.match, nothing.target, nothing.hop) == (False, None, None, None)


@pytest.mark.parametrize(
    ("host", "may_be_looked_at"),
    [("shop.example.com", True), ("xx.example.com", True), ("xxx.com", False), ("api.xxxxx.com", False)],
)
def test_masked_target_is_no_address(host: str, may_be_looked_at: bool) -> None:
    """A name that somebody made unreadable is told, but nobody looks at the stranger who owns it."""
    target = Target(url=f"https://{host}/", host=host)
    assert Identification(target=target).address == (target if may_be_looked_at else None)


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_confidence_is_a_share(confidence: float) -> None:
    """It lies between 0 and 1."""
    with pytest.raises(ValidationError):
        known(confidence)


def test_values_do_not_change() -> None:
    """They are frozen, equal by content, and take no unknown fields."""
    assert known(0.5) == known(0.5)
    with pytest.raises(ValidationError):
        known(0.5).error = "other"
    with pytest.raises(ValidationError):
        Target.model_validate({"url": "https://a.example", "host": "a.example", "port": 1})
