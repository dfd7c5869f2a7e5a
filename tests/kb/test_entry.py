"""Do entries share the set of fields that were given?"""

from __future__ import annotations

from bot.kb.entry import Entry


class Tea(Entry):
    name: str
    sweet: bool = False


def test_entries_that_give_the_same_fields_share_one_set() -> None:
    """Thousands of sets with the same few names would take a megabyte."""
    black, green, sweet = Tea(name="black"), Tea(name="green"), Tea(name="chai", sweet=True)
    assert black.model_fields_set is green.model_fields_set
    assert black.model_fields_set == {"name"}
    assert sweet.model_fields_set == {"name", "sweet"}


def test_copy_shares_its_set_too() -> None:
    """A copy gives what it was given, and the original keeps what it gave."""
    black, sweet = Tea(name="black"), Tea(name="chai", sweet=True)
    copied = black.model_copy(update={"sweet": True})
    assert copied.model_fields_set is sweet.model_fields_set
    assert black.model_fields_set == {"name"}
