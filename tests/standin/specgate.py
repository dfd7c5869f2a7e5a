"""Does a request or a reply fit Discord's own OpenAPI description?"""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PLACE = Path(__file__).parents[2].parent / "shared/specs/discord/openapi.json"
BASE = "discord:spec"
SENT_BESIDES = {
    "ApplicationCommandUpdateRequest": ("nsfw",),
    "ApplicationCommandCreateRequest": ("nsfw",),
    "IncomingWebhookInteractionRequest": ("tts",),
    "IncomingWebhookUpdateRequestPartial": ("tts",),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": ("tts",),
    "MessageEditRequestPartial": ("tts",),
    "RichEmbed": ("flags",),
}
"""Schema -> keys that discord.py always sends and the description does not name."""
SHARED = ("Error",)
"""Schemas that others add keys to (by `allOf`), so they cannot be closed by themselves."""
EVENTS = {
    "MESSAGE_CREATE": ("MessageResponse", ("guild_id", "member")),
    "MESSAGE_UPDATE": ("MessageResponse", ("guild_id", "member")),
    "THREAD_CREATE": ("ThreadResponse", ("newly_created",)),
    "THREAD_UPDATE": ("ThreadResponse", ()),
}
"""Event -> the named schema that its object has, and the keys that only the gateway adds."""
formats = FormatChecker(formats=())


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


@cache
def spec() -> SpecGate | None:
    """Return the judge; None where the description is not at hand, which is said once, past any capturing."""
    place = Path(os.environ.get("DISCORD_OPENAPI") or PLACE)
    if place.is_file():
        return SpecGate(json.loads(place.read_text()))
    print(f"\nNOT JUDGED by Discord's OpenAPI description: {place} is missing", file=sys.__stderr__)
    return None


class SpecGate:
    """The description, made strict."""

    def __init__(self, document: dict[str, Any]) -> None:
        document = _adjusted(copy.deepcopy(document))
        self._paths = document["paths"]
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(BASE, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    def request(self, name: str, body: Any) -> list[str]:
        """Judge a request's body; `name` is the method and the route."""
        method, _, route = name.partition(" ")
        operation = self._paths.get(route, {}).get(method.lower())
        if operation is None:
            return ["the description has no such operation"]
        contents = operation.get("requestBody", {}).get("content", {})
        if not contents:
            return ["there is a body, but none is described"] if body else []
        return self._check(_pointer(route, method, "requestBody"), body)

    def reply(self, name: str, status: int, body: Any) -> list[str]:
        """Judge what we reply."""
        method, _, route = name.partition(" ")
        responses = self._paths[route][method.lower()]["responses"]
        if status == 429:
            return self.object("RatelimitedResponse", body)
        if 400 <= status < 500:
            return self.object("ErrorResponse", body)
        if str(status) not in responses:
            return [f"status {status} is not described"]
        if "content" not in responses[str(status)]:
            return [] if body is None else ["there is a body, but none is described"]
        return self._check(_pointer(route, method, f"responses/{status}"), body)

    def event(self, event: str, data: dict[str, Any]) -> list[str]:
        """Judge an object that goes over the gateway."""
        schema, more = EVENTS.get(event, (None, ()))
        if schema is None:
            return []
        return self.object(schema, {name: value for name, value in data.items() if name not in more})

    def object(self, schema: str, data: Any) -> list[str]:
        """Judge an object by the name of its schema."""
        return self._check(f"/components/schemas/{schema}", data)

    def _check(self, pointer: str, body: Any) -> list[str]:
        validator = self._validators.get(pointer)
        if validator is None:
            validator = Draft202012Validator(
                {"$ref": f"{BASE}#{pointer}"}, registry=self._registry, format_checker=formats
            )
            self._validators[pointer] = validator
        return [_told(fault) for error in validator.iter_errors(body) for fault in _leaves(error)]


def _pointer(route: str, method: str, place: str) -> str:
    escaped = route.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    return f"/paths/{escaped}/{method.lower()}/{place}/content/application~1json/schema"


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Follow a union into the branch that was meant: one of its kind and `type`, else the one with fewest faults."""
    if not error.context:
        yield error
        return
    branches: dict[int, list[ValidationError]] = {}
    for one in error.context:
        branches.setdefault(one.schema_path[0], []).append(one)  # type: ignore[arg-type]
    meant = [faults for faults in branches.values() if not any(_is_another(one) for one in faults)]
    for one in min(meant or branches.values(), key=len):
        yield from _leaves(one)


def _is_another(fault: ValidationError) -> bool:
    """Tell whether a fault means that the branch is not about such a thing at all."""
    return list(fault.path) == ["type"] or (not fault.path and fault.validator == "type")


def _told(error: ValidationError) -> str:
    where = ".".join(str(part) for part in error.absolute_path) or "(body)"
    limit = str(error.validator_value)[:80]
    return f"{where}: {error.validator}={limit} violated by {str(error.instance)[:120]!r}"


def _adjusted(document: dict[str, Any]) -> dict[str, Any]:
    """Close all objects, allow what discord.py always sends besides, and take numbers for snowflakes."""
    schemas = document["components"]["schemas"]
    for name, keys in SENT_BESIDES.items():
        for key in keys:
            schemas[name]["properties"].setdefault(key, {})
    _close(document["paths"])
    _close(schemas)
    for name in SHARED:
        del schemas[name]["additionalProperties"]
    schemas["SnowflakeType"]["type"] = ["string", "integer"]
    return document


def _close(node: Any) -> None:
    if isinstance(node, list):
        for child in node:
            _close(child)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name not in ("example", "allOf"):
                _close(child)
        if isinstance(node.get("properties"), dict) and "type" in node:
            node.setdefault("additionalProperties", False)
        if "allOf" in node and node.get("type") == "object":
            node.setdefault("unevaluatedProperties", False)
