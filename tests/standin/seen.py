"""What does a person see of a message or a form?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standin import shapes

BUTTON, SELECT, TEXT_DISPLAY = 2, 3, 10


def walk(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a component and all that it holds."""
    yield part
    for child in (*part.get("components", ()), *filter(None, (part.get("component"), part.get("accessory")))):
        yield from walk(child)


class Seen:
    """A message on the screen; it changes when the bot edits it."""

    def __init__(self, shape: dict[str, Any]) -> None:
        self.shape = shape

    def __repr__(self) -> str:
        return f"<{self.shape['id']}: {self.text!r} {list(self.buttons)}>"

    @property
    def id(self) -> str:
        """Return its number."""
        return str(self.shape["id"])

    @property
    def channel(self) -> str:
        """Return where it stands."""
        return str(self.shape["channel_id"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Return all components."""
        return [part for top in self.shape["components"] for part in walk(top)]

    @property
    def text(self) -> str:
        """Return all that it says."""
        shown = [part["content"] for part in self.parts if part["type"] == TEXT_DISPLAY]
        cards = [str(one.get(name, "")) for one in self.shape["embeds"] for name in ("title", "description")]
        return "\n".join(filter(None, [self.shape["content"], *cards, *shown]))

    @property
    def buttons(self) -> dict[str, str]:
        """Return label -> custom id of the buttons that can be pressed."""
        usable = [one for one in self.parts if one["type"] == BUTTON and "custom_id" in one and not one.get("disabled")]
        return {str(one.get("label")): one["custom_id"] for one in usable}

    @property
    def menus(self) -> dict[str, list[str]]:
        """Return custom id -> values of the menus."""
        menus = [one for one in self.parts if one["type"] == SELECT]
        return {one["custom_id"]: [option["value"] for option in one["options"]] for one in menus}

    @property
    def files(self) -> list[str]:
        """Return the names of its files."""
        return [one["filename"] for one in self.shape["attachments"]]

    @property
    def ephemeral(self) -> bool:
        """Tell whether only one person sees it."""
        return bool(self.shape["flags"] & shapes.EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """Tell whether it says that an answer is on its way."""
        return bool(self.shape["flags"] & shapes.LOADING)

    @property
    def answers(self) -> str | None:
        """Return the message that it replies to."""
        return (self.shape.get("message_reference") or {}).get("message_id")


@dataclass(frozen=True)
class Form:
    """An open form."""

    shape: dict[str, Any]
    channel: str
    message: dict[str, Any] | None

    @property
    def title(self) -> str:
        """Return what is above it."""
        return str(self.shape["title"])

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """Return custom id -> field."""
        parts = [part for top in self.shape["components"] for part in walk(top)]
        return {part["custom_id"]: part for part in parts if "custom_id" in part}
