"""Is a lazy value computed once, and only when it is needed?"""

from __future__ import annotations

from bot.diagnosis.lazy import lazy


class Thing:
    asked = 0

    @lazy
    def value(self) -> int:
        """The answer."""
        self.asked += 1
        return 42


def test_value_is_found_out_once() -> None:
    """Asking twice costs once; the class itself gives the property."""
    thing = Thing()
    assert thing.asked == 0
    assert thing.value == thing.value == 42
    assert thing.asked == 1
    assert Thing.value.__doc__ == "The answer."
