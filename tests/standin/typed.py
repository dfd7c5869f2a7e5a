"""What does a client send for a command that somebody typed or picked?"""

from __future__ import annotations

from typing import Any

from standin import contexts
from standin.world import World

Shape = dict[str, Any]
Options = dict[str, str | bool | float]
SUB, GROUP, TEXT, INTEGER, TRUTH, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
"""Types of options."""
PYTHON: dict[int, Any] = {TEXT: str, INTEGER: int, TRUTH: bool, NUMBER: (int, float)}
SLASH, MENU = 1, 3
"""Types of commands."""


def find(world: World, name: str, kind: int, user: str, channel: str) -> Shape:
    """Return a command that is offered to somebody here; one of the server goes before one of all servers."""
    found = [one for one in world.commands if one["name"] == name and one["type"] == kind]
    assert found, f"there is no command {name!r}, but {[one['name'] for one in world.commands]}"
    found.sort(key=lambda one: "guild_id" not in one)
    contexts.offered(world, found[0], user, channel)
    return found[0]


def slash(world: World, path: str, user: str, channel: str, given: Options) -> tuple[Shape, Shape]:
    """Return a typed command and its data: `watch add` names a command within a command."""
    name, *inner = path.split()
    command = find(world, name, SLASH, user, channel)
    known = _known(command, inner)
    resolved: Shape = {}
    _check(known, given)
    options = []
    for option, value in given.items():
        kind = known[option]["type"]
        options.append({"name": option, "type": kind, "value": value})
        _resolve(world, resolved, kind, str(value))
    data = _data(command, inner, options)
    return command, data | ({"resolved": resolved} if resolved else {})


def typing(world: World, path: str, user: str, channel: str, *, option: str, text: str) -> Shape:
    """Return the data of a command that is being typed: what is in one option so far."""
    name, *inner = path.split()
    command = find(world, name, SLASH, user, channel)
    asked = _known(command, inner)[option]
    assert asked.get("autocomplete"), f"{option} makes no suggestions"
    return _data(command, inner, [{"name": option, "type": asked["type"], "value": text, "focused": True}])


def _known(command: Shape, inner: list[str]) -> dict[str, Shape]:
    """Return name -> option of a command, or of one within it."""
    there = {one["name"]: one for one in command.get("options") or ()}
    for name in inner:
        assert there[name]["type"] in (SUB, GROUP), f"{name} is no command within {command['name']}"
        there = {one["name"]: one for one in there[name].get("options") or ()}
    assert all(one["type"] not in (SUB, GROUP) for one in there.values()), f"one of {list(there)} must be picked"
    return there


def _data(command: Shape, inner: list[str], options: list[Shape]) -> Shape:
    for position, name in reversed(list(enumerate(inner))):
        options = [{"name": name, "type": GROUP if position < len(inner) - 1 else SUB, "options": options}]
    return {"id": command["id"], "name": command["name"], "type": SLASH, "options": options} | (
        {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    )


def _check(known: dict[str, Shape], given: Options) -> None:
    """A client lets nobody send what does not fit."""
    assert set(given) <= set(known), f"options are {list(known)}"
    missing = {name for name, one in known.items() if one.get("required")} - set(given)
    assert not missing, f"{missing} must be given"
    for name, value in given.items():
        option = known[name]
        choices = [one["value"] for one in option.get("choices") or ()]
        assert not choices or value in choices, f"{name} is one of {choices}"
        wanted = PYTHON.get(option["type"], str)
        assert isinstance(value, wanted), f"{name} must be {wanted}"
        if option["type"] == TEXT:
            assert option.get("min_length", 0) <= len(str(value)) <= option.get("max_length", 6000), f"{name} too long"


def _resolve(world: World, resolved: Shape, kind: int, value: str) -> None:
    """Discord says next to a number what it refers to."""
    if kind in (USER, MENTIONABLE) and value in world.users:
        resolved.setdefault("users", {})[value] = world.users[value]
        if value in world.members:
            member = {name: part for name, part in world.members[value].items() if name != "user"}
            resolved.setdefault("members", {})[value] = member | {"permissions": str(world.may_in_guild(value))}
    elif kind == CHANNEL:
        permissions = str(world.may(world.bot["id"], value).value)
        resolved.setdefault("channels", {})[value] = world.channel(value) | {"permissions": permissions}
    elif kind in (ROLE, MENTIONABLE):
        resolved.setdefault("roles", {})[value] = world.roles[value]
