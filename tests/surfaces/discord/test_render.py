"""Does every panel fit Discord's limits, whatever is in it, and can nothing in it act?"""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.replies import BROWSERS, CHOICES, SYSTEMS
from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.custom_id import Tag
from bot.surfaces.discord.render import Panel, as_text, layout, shortened, texts_of, units
from bot.wording import Block, Label, Message, Span

TAG = Tag("3w5e11264sgsf", 2**62, "zzzz", "nginx-502")
SPAN = st.builds(Span, text=st.text(max_size=600), foreign=st.booleans())
BLOCK = st.builds(
    Block,
    kind=st.sampled_from(["heading", "text", "reason", "action", "aside", "detail", "report"]),
    spans=st.lists(SPAN, min_size=1, max_size=4).map(tuple),
)
MESSAGE = st.builds(
    Message,
    key=st.sampled_from(["verdict", "plan", "step", "card"]),
    blocks=st.lists(BLOCK, max_size=8).map(tuple),
    verdict=st.sampled_from([None, {"state": "down"}, {"state": "nonsense"}]),
)
IDS = st.lists(
    st.sampled_from([*sorted(CHOICES), *(f"step:s{n}" for n in range(30)), "error:nginx-502"]), max_size=40, unique=True
)
PANEL = st.builds(
    lambda messages, ids, progress, label: Panel(
        tuple(messages), tuple(progress), tuple(Label(id=name, label=label or "x") for name in ids), label, tag=TAG
    ),
    st.lists(MESSAGE, max_size=20),
    IDS,
    st.lists(st.text(max_size=80), max_size=6),
    st.text(max_size=200),
)


def flat(components: list[Any]) -> list[dict[str, Any]]:
    """Return all components, however deep."""
    return [part for one in components for part in (one, *flat(one.get("components", [])))]


@given(panel=PANEL)
def test_any_panel_fits(panel: Panel) -> None:
    """Huge and hostile panels keep to 40 components, 4,000 characters, and every limit of buttons and menus."""
    parts = flat(layout(panel).to_components())
    assert len(parts) <= 40
    texts = [part["content"] for part in parts if part["type"] == 10]
    assert texts
    assert all(text.strip() for text in texts)
    assert sum(units(text) for text in texts) <= 4000
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(ids) == len(set(ids))
    assert all(0 < len(custom_id) <= 100 for custom_id in ids)
    for part in parts:
        if part["type"] == 1:
            assert 1 <= len(part["components"]) <= 5
        if part["type"] == 2:
            assert 1 <= len(part["label"]) <= 80
        if part["type"] == 3:
            assert 1 <= len(part["options"]) <= 25
            assert part["max_values"] <= len(part["options"])
            assert all(1 <= len(option["label"]) <= 100 and len(option["value"]) <= 100 for option in part["options"])
    assert len(as_text(panel)) <= 2000


@given(text=st.text(max_size=200))
def test_foreign_text_is_always_in_code(text: str) -> None:
    """In any block a hostile value stays within one code span on one line."""
    evil = "@everyone [x](https://evil.example) <@1> ```\n" + text
    for kind in ("heading", "text", "aside", "detail", "action"):
        block = Block(kind=kind, spans=(Span(text="a "), Span(text=evil, foreign=True), Span(text=" b")))  # type: ignore[arg-type]
        shown = texts_of(Panel((Message(key="k", blocks=(block,)),)))[0]
        outside = re.sub(r"`[^`]*`", "", shown)
        assert "evil" not in outside
        assert "everyone" not in outside


def test_colour_follows_the_verdict(kb: KnowledgeBase) -> None:
    """Red is down, green is up, and without a verdict there is a colour of its own."""
    block = (Block(kind="text", spans=(Span(text="x"),)),)
    colours = [
        layout(Panel((Message(key="k", blocks=block, verdict=verdict),))).to_components()[0]["accent_color"]
        for verdict in ({"state": "up"}, {"state": "down"}, None)
    ]
    assert len(set(colours)) == 3


def test_devices_and_steps_stand_in_a_menu() -> None:
    """Browsers, systems and steps are a menu, several steps may be marked, everything else is a button."""
    choices = tuple(Label(id=name, label=name) for name in (*BROWSERS, "back", "stop"))
    parts = flat(layout(Panel((), choices=choices, placeholder="Choose", tag=TAG)).to_components())
    (menu,) = [part for part in parts if part["type"] == 3]
    assert [option["value"] for option in menu["options"]] == list(BROWSERS)
    assert menu["max_values"] == 1
    assert len([part for part in parts if part["type"] == 2]) == 2
    steps = tuple(Label(id=f"step:{name}", label=name) for name in SYSTEMS)
    (menu,) = [part for part in flat(layout(Panel((), choices=steps, tag=TAG)).to_components()) if part["type"] == 3]
    assert menu["max_values"] == len(SYSTEMS)


def test_long_text_is_cut_at_a_line() -> None:
    """Half a line could leave a code span open: whole lines go."""
    assert shortened("one\ntwo `a`\nthree", 14) == "one\ntwo `a`\n…"
    assert shortened("short", 14) == "short"
    assert units("a😀") == 3
