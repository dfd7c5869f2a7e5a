"""Do forms keep to Discord's limits, and is what was typed read from the interaction?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.custom_id import Tag, decode
from bot.surfaces.discord.modals import address_form, answers_of, diagnose_form, paste_form
from bot.surfaces.discord.phrases import Phrases

TAG = Tag("abc", 7)


@pytest.mark.parametrize("form", [address_form, paste_form, diagnose_form])
async def test_form_keeps_to_the_limits(kb: KnowledgeBase, form: Any) -> None:
    """Title and labels have at most 45 characters, and the id tells whose form it is."""
    shape = form(Phrases(kb, "en"), TAG).to_dict()
    assert len(shape["title"]) <= 45
    assert 1 <= len(shape["components"]) <= 5
    assert all(len(part["label"]) <= 45 for part in shape["components"])
    click = decode(shape["custom_id"])
    assert click is not None
    assert (click.key, click.owner) == ("abc", 7)


def test_answers_are_read_from_labels_and_rows() -> None:
    """Fields in labels and in rows, texts and menus are read; empty ones are missing."""
    data = {
        "components": [
            {"type": 18, "component": {"custom_id": "paste", "value": "502"}},
            {"type": 1, "components": [{"custom_id": "address", "value": ""}]},
            {"type": 18, "component": {"custom_id": "role", "values": ["owner"]}},
            {"type": 10},
        ]
    }
    assert answers_of(SimpleNamespace(data=data)) == {"paste": "502", "role": "owner"}  # type: ignore[arg-type]
    assert answers_of(SimpleNamespace(data=None)) == {}  # type: ignore[arg-type]
