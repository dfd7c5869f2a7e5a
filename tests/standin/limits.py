"""Which of Discord's limits are not in its OpenAPI description?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from standin import shapes
from standin.seen import walk

Shape = dict[str, Any]
ROW, BUTTON, MENUS, INPUT, TEXT, CONTAINER = 1, 2, (3, 5, 6, 7, 8), 4, 10, 17
LINK, PREMIUM = 5, 6
"""Styles of buttons without a custom id."""
CONTENT, V2_TEXT, V2_PARTS, ROWS, FORM_PARTS, EMBED_TEXT, IN_ROW = 2000, 4000, 40, 5, 5, 6000, 5
COMMANDS = {1: 100, 2: 15, 3: 15}
"""Type of command -> how many there may be."""
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
MESSAGE_ROUTES = ("/messages", "/webhooks/", "/callback")
EMPTY = "the message is empty"
SENDS = ("POST /channels/{channel_id}/messages", "POST /webhooks/{webhook_id}/{webhook_token}")


@dataclass(frozen=True)
class Said:
    """A message that is about to be sent or edited."""

    body: Shape
    v2: bool
    files: int
    sends: bool
    """It is a new message, so it may not be empty."""

    @property
    def parts(self) -> list[Shape]:
        """Return all components, nested ones too."""
        return [part for top in self.body.get("components") or () for part in walk(top)]

    @property
    def embeds(self) -> list[Shape]:
        """Return the embeds."""
        return self.body.get("embeds") or []


def units(text: object) -> int:
    """Return a text's length as Discord counts it, in UTF-16 code units."""
    return len(str(text or "").encode("utf-16-le")) // 2


def judge(name: str, body: Any, *, files: int = 0, flags: int = 0) -> list[str]:
    """Judge a request's body; `flags` are those that the message has already."""
    if name.startswith("PUT /applications"):
        return [found for rule in COMMAND_RULES for found in rule(body)]
    if not isinstance(body, dict) or not any(part in name for part in MESSAGE_ROUTES) or name.endswith("/threads"):
        return []
    kind = body.get("type") if name.endswith("/callback") else None
    message = (body.get("data") or {}) if kind is not None else body
    if kind == 9:
        return list(_form(message))
    if kind in (5, 6, 8):
        return []
    v2 = bool(((message.get("flags") or 0) | flags) & shapes.V2)
    said = Said(message, v2, files, name in SENDS or kind == 4)
    return [found for rule in MESSAGE_RULES for found in rule(said)]


def _content(said: Said) -> Iterator[str]:
    if units(said.body.get("content")) > CONTENT:
        yield f"content: more than {CONTENT} characters"


def _not_empty(said: Said) -> Iterator[str]:
    filled = any(said.body.get(name) for name in ("content", "embeds", "components", "sticker_ids", "poll"))
    if said.sends and not filled and not said.files:
        yield EMPTY


def _embed_total(said: Said) -> Iterator[str]:
    total = sum(units(text) for embed in said.embeds for text in _texts(embed))
    if total > EMBED_TEXT:
        yield f"embeds: {total} characters in all, more than {EMBED_TEXT}"


def _texts(embed: Shape) -> Iterator[object]:
    yield from (embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text"))
    yield (embed.get("author") or {}).get("name")
    for field in embed.get("fields") or ():
        yield from (field.get("name"), field.get("value"))


def _embed_fields(said: Said) -> Iterator[str]:
    for field in (field for embed in said.embeds for field in embed.get("fields") or ()):
        if not str(field.get("name") or "").strip() or not str(field.get("value") or "").strip():
            yield "embeds: a field is empty"


def _v2_flag(said: Said) -> Iterator[str]:
    if said.v2 and any(said.body.get(name) for name in ("content", "embeds", "poll", "sticker_ids")):
        yield "content and embeds cannot stand beside Components V2"
    if not said.v2 and any(top["type"] != ROW for top in said.body.get("components") or ()):
        yield "components: Components V2 without their flag"


def _v2_text(said: Said) -> Iterator[str]:
    total = sum(units(part.get("content")) for part in said.parts if part["type"] == TEXT)
    if total > V2_TEXT:
        yield f"components: {total} characters of text in all, more than {V2_TEXT}"
    if any(part["type"] == TEXT and not str(part.get("content") or "").strip() for part in said.parts):
        yield "components: a text is empty"


def _count(said: Said) -> Iterator[str]:
    if len(said.parts) > V2_PARTS:
        yield f"components: {len(said.parts)} in all, more than {V2_PARTS}"
    if not said.v2 and len(said.body.get("components") or ()) > ROWS:
        yield f"components: more than {ROWS} rows"
    if any(part["type"] == CONTAINER and not part.get("components") for part in said.parts):
        yield "components: a container is empty"


def _unique(said: Said) -> Iterator[str]:
    yield from _unique_ids(said.parts)


def _unique_ids(parts: list[Shape]) -> Iterator[str]:
    used = Counter(part["custom_id"] for part in parts if "custom_id" in part)
    yield from (f"components: custom_id {name!r} is used {times} times" for name, times in used.items() if times > 1)


def _rows(said: Said) -> Iterator[str]:
    for row in (part for part in said.parts if part["type"] == ROW):
        held = row.get("components") or []
        menus = [part for part in held if part["type"] in MENUS]
        if menus and len(held) > 1:
            yield "components: a menu shares its row"
        if not held or len(held) > IN_ROW:
            yield f"components: a row holds {len(held)}"


def _buttons(said: Said) -> Iterator[str]:
    for part in (part for part in said.parts if part["type"] == BUTTON):
        linked = part.get("style") in (LINK, PREMIUM)
        if linked == ("custom_id" in part):
            yield "components: a button has a custom_id or leads elsewhere, one of both"
        if part.get("style") == LINK and not part.get("url"):
            yield "components: a link without an address"
        if part.get("style") != PREMIUM and not part.get("label") and not part.get("emoji"):
            yield "components: a button without label and emoji"


def _menus(said: Said) -> Iterator[str]:
    yield from _choices(said.parts)


def _choices(parts: list[Shape]) -> Iterator[str]:
    for part in (part for part in parts if part["type"] == 3):
        options = part.get("options") or []
        least, most = part.get("min_values"), part.get("max_values")
        least, most = 1 if least is None else least, 1 if most is None else most
        if not options:
            yield "components: a menu without options"
        if most > len(options):
            yield f"components: max_values is {most}, but there are {len(options)} options"
        if least > most:
            yield f"components: min_values is {least}, max_values {most}"
        if len({option["value"] for option in options}) < len(options):
            yield "components: two options share a value"
        if sum(bool(option.get("default")) for option in options) > most:
            yield "components: more options are chosen at first than may be"


def _form(form: Shape) -> Iterator[str]:
    top = form.get("components") or []
    if not 1 <= len(top) <= FORM_PARTS:
        yield f"components: a form of {len(top)} parts"
    parts = [part for one in top for part in walk(one)]
    yield from _unique_ids(parts)
    yield from _choices(parts)
    for part in (part for part in parts if part["type"] == INPUT):
        longest = part.get("max_length") or V2_TEXT
        if (part.get("min_length") or 0) > longest or units(part.get("value")) > longest:
            yield "components: a field's text does not fit its own limits"


def _command_names(commands: list[Shape]) -> Iterator[str]:
    used = Counter((one.get("type") or 1, one["name"]) for one in commands)
    yield from (f"command {name!r} is there {times} times" for (_, name), times in used.items() if times > 1)
    for one in (one for one in commands if (one.get("type") or 1) == 1):
        names = [one["name"], *(option["name"] for option in one.get("options") or ())]
        yield from (f"name {name!r}" for name in names if not COMMAND_NAME.fullmatch(name) or name != name.lower())
        if not one.get("description"):
            yield f"command {one['name']!r} has no description"


def _command_options(commands: list[Shape]) -> Iterator[str]:
    for one in commands:
        required = [bool(option.get("required")) for option in one.get("options") or ()]
        if required != sorted(required, reverse=True):
            yield f"command {one['name']!r}: a required option after an optional one"
        for option in one.get("options") or ():
            if option.get("autocomplete") and option.get("choices"):
                yield f"command {one['name']!r}: both choices and suggestions"


def _command_count(commands: list[Shape]) -> Iterator[str]:
    there = Counter(one.get("type") or 1 for one in commands)
    yield from (f"{there[kind]} commands of type {kind}" for kind, most in COMMANDS.items() if there[kind] > most)


MESSAGE_RULES: tuple[Callable[[Said], Iterator[str]], ...] = (
    _content, _not_empty, _embed_total, _embed_fields, _v2_flag, _v2_text, _count, _unique, _rows, _buttons, _menus,
)  # fmt: skip
COMMAND_RULES: tuple[Callable[[list[Shape]], Iterator[str]], ...] = (_command_names, _command_options, _command_count)
