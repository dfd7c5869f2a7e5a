"""What do people do? Each deed waits for what the bot makes of it, and returns what that person sees then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from standin import shapes
from standin.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    WITHIN_S,
    Interaction,
)  # fmt: skip
from standin.record import PATIENCE_S, NothingHappenedError
from standin.seen import BUTTON, SELECT, Form, Seen
from standin.server import Standin
from standin.shown import Shown

Options = dict[str, str | bool | int]
OPTION_TYPES: dict[type, int] = {str: 3, int: 4, bool: 5}


@dataclass(frozen=True)
class Outcome:
    """What came of an interaction."""

    interaction: Interaction
    stand: Standin
    silent: bool = False
    """It was acknowledged, and then nothing came of it."""

    @property
    def failed(self) -> bool:
        """Tell whether the person reads "This interaction failed", or waits for nothing."""
        return self.silent or not self.acknowledged

    @property
    def acknowledged(self) -> bool:
        """Tell whether the bot answered in time."""
        return self.interaction.answer is not None

    @property
    def form(self) -> Form:
        """Return the form that opened."""
        assert self.interaction.form is not None, "no form opened"
        return Form(self.interaction.form, self.interaction.channel, self.interaction.message)

    @property
    def answer(self) -> Seen:
        """Return the first answer, or the message that was clicked."""
        assert self.interaction.original is not None, "there is no answer"
        return Seen(self.interaction.original)

    @property
    def told(self) -> list[Seen]:
        """Return what was said to this person alone, or besides the first answer."""
        return [Seen(shape) for shape in self.interaction.follow_ups]

    async def whispered(self, patience_s: float = PATIENCE_S) -> Seen:
        """Wait until something is said besides; return the newest of it."""
        await self.stand.record.until(lambda: self.interaction.follow_ups, "something said aside", patience_s)
        return self.told[-1]


class Person:
    """Somebody with an account, and with or without a place in the server."""

    def __init__(self, stand: Standin, account: dict[str, Any]) -> None:
        self.stand = stand
        self.world = stand.world
        self.account = account
        self.id: str = account["id"]
        self.patience_s = WITHIN_S + 0.2
        """How long the person waits for an acknowledgement before reading "This interaction failed"."""
        self.answer_patience_s = PATIENCE_S
        """How long the person waits after the acknowledgement for something to happen."""

    def sees(self, channel: str) -> list[Seen]:
        """Return the bot's messages in a channel that this person sees, oldest first."""
        mine = self.world.bot["id"]
        there = self.world.seen_by(self.id, channel)
        return [Seen(one) for one in there if one["author"]["id"] == mine and one["type"] in (0, 19, 20, 23)]

    async def until(
        self, channel: str, right: Callable[[Seen], object], what: str, patience_s: float = PATIENCE_S
    ) -> Seen:
        """Wait until one of the bot's messages in a channel is right; return the newest such."""

        def look() -> Seen | None:
            return next((one for one in reversed(self.sees(channel)) if right(one)), None)

        found = await self.stand.record.until(look, what, patience_s)
        assert found is not None
        return found

    def writes(self, channel: str, text: str, **more: Any) -> Seen:
        """Write something, and wait for nothing."""
        if channel in self.world.in_thread:
            self.world.join(channel, self.id)
        return Seen(self.world.post(channel, self.id, {"content": text, **more}))

    async def says(self, channel: str, text: str, patience_s: float = PATIENCE_S) -> Seen:
        """Write something; return the bot's next message in that channel."""
        before = {one.id for one in self.sees(channel)}
        self.writes(channel, text)
        return await self.until(channel, lambda one: one.id not in before, f"an answer to {text[:60]!r}", patience_s)

    def edits(self, message: Seen, text: str) -> None:
        """Change a message of their own."""
        self.world.change(message.shape, {"content": text})

    def deletes(self, message: Seen) -> None:
        """Delete a message."""
        self.world.remove(message.shape)

    def leaves(self, thread: str) -> None:
        """Leave a thread. Discord tells the bot so only with the members intent."""
        self.world.in_thread[thread].pop(self.id, None)

    async def uses_slash(self, channel: str, name: str, **options: str | bool | int) -> Outcome:
        """Use a command."""
        command = self._command(name, 1)
        self._check_options(command, options)
        data = {"id": command["id"], "name": name, "type": 1, "options": _options(options)}
        return await self._interact(COMMAND, channel, data, name=name)

    async def autocompletes(self, channel: str, name: str, option: str, typed: str) -> list[dict[str, Any]]:
        """Type into an option; return what is suggested."""
        command = self._command(name, 1)
        assert any(one["name"] == option and one.get("autocomplete") for one in command["options"]), "no suggestions"
        typing = [{"name": option, "type": 3, "value": typed, "focused": True}]
        data = {"id": command["id"], "name": name, "type": 1, "options": typing}
        outcome = await self._interact(AUTOCOMPLETE, channel, data, name=name)
        return outcome.interaction.suggestions or []

    async def uses_context_menu(self, message: Seen, name: str) -> Outcome:
        """Pick from a message's menu."""
        command = self._command(name, 3)
        resolved = {"messages": {message.id: message.shape}}
        data = {"id": command["id"], "name": name, "type": 3, "target_id": message.id, "resolved": resolved}
        return await self._interact(COMMAND, message.channel, data, name=name, menu=True)

    async def clicks(self, message: Seen, label: str) -> Outcome:
        """Press a button."""
        assert label in message.buttons, f"there is no {label!r}, but {list(message.buttons)}"
        return await self._uses(message.shape, message.buttons[label], BUTTON)

    async def chooses(self, message: Seen, *values: str) -> Outcome:
        """Pick from a message's menu of choices."""
        custom_id, offered = next(iter(message.menus.items()))
        assert set(values) <= set(offered), f"{values} is not among {offered}"
        return await self._uses(message.shape, custom_id, SELECT, values)

    async def uses(self, shown: Shown) -> Outcome | None:
        """Use a component that was shown at some time; None if its message is gone."""
        message = self.world.find(shown.message["id"])
        if message is None:
            return None
        return await self._uses(message, shown.custom_id, shown.kind, shown.values, shown.message)

    async def _uses(
        self, message: dict[str, Any], custom_id: str, kind: int, values: tuple[str, ...] = (),
        snapshot: dict[str, Any] | None = None,
    ) -> Outcome:  # fmt: skip
        data: dict[str, Any] = {"custom_id": custom_id, "component_type": kind}
        if kind == SELECT:
            data["values"] = list(values)
        return await self._interact(COMPONENT, message["channel_id"], data, message=message, snapshot=snapshot)

    async def submits_modal(self, form: Form, **values: str) -> Outcome:
        """Fill a form in and hand it in."""
        assert set(values) <= set(form.fields), f"there is no such field, but {list(form.fields)}"
        rows = [_filled(top, values) for top in form.shape["components"]]
        data = {"custom_id": form.shape["custom_id"], "components": rows}
        return await self._interact(MODAL, form.channel, data, message=form.message)

    async def _interact(
        self, kind: int, channel: str, data: dict[str, Any], *, message: dict[str, Any] | None = None,
        name: str = "", menu: bool = False, snapshot: dict[str, Any] | None = None,
    ) -> Outcome:  # fmt: skip
        one = Interaction(
            shapes.snowflake(), kind, self.id, channel, name=name, menu=menu, message=message, snapshot=snapshot
        )
        one.sent_at -= self.stand.faults.lateness()
        self.stand.interactions.add(one)
        before = {seen.id for seen in self.sees(channel)}
        payload = self._payload(one, data)
        self.stand.gateway.emit("INTERACTION_CREATE", payload, channel=channel)
        for _ in range(self.stand.faults.repeats()):
            self.stand.gateway.emit("INTERACTION_CREATE", payload, channel=channel)
        outcome = Outcome(one, self.stand)
        try:
            await self.stand.record.until(lambda: one.answer is not None, "acknowledged", self.patience_s)
        except NothingHappenedError:
            return outcome
        if one.answer in (DEFER, DEFER_UPDATE):
            try:
                await self.stand.record.until(
                    lambda: one.changes or one.follow_ups or self._new(one, before), "an answer", self.answer_patience_s
                )
            except NothingHappenedError:
                return replace(outcome, silent=True)
        return outcome

    def _new(self, one: Interaction, before: set[str]) -> bool:
        """Tell whether the bot has sent a message to the channel since, besides its "thinking"."""
        thinking = {one.original["id"]} if one.original is not None else set()
        return bool({seen.id for seen in self.sees(one.channel)} - before - thinking)

    def _payload(self, one: Interaction, data: dict[str, Any]) -> dict[str, Any]:
        channel = self.world.channel(one.channel)
        direct = channel["type"] == shapes.DM
        payload: dict[str, Any] = {
            "id": one.ident, "application_id": self.world.bot["id"], "type": one.kind, "token": one.token,
            "version": 1, "data": data, "channel_id": one.channel, "channel": channel, "locale": "en-US",
            "app_permissions": str(self.world.may(self.world.bot["id"], one.channel).value), "entitlements": [],
            "authorizing_integration_owners": {"0": "0" if direct else self.world.guild},
            "context": 1 if direct else 0, "attachment_size_limit": 10 * 2**20,
        }  # fmt: skip
        if one.message is not None:
            payload["message"] = one.snapshot or one.message
        if direct:
            return payload | {"user": self.account}
        permissions = {"permissions": str(self.world.may(self.id, one.channel).value)}
        where = {"guild_id": self.world.guild, "guild": {"id": self.world.guild, "locale": "en-US", "features": []}}
        return payload | where | {"member": self.world.members[self.id] | permissions, "guild_locale": "en-US"}

    def _command(self, name: str, kind: int) -> dict[str, Any]:
        found = [one for one in self.world.commands if one["name"] == name and one["type"] == kind]
        assert found, f"there is no command {name!r}, but {[one['name'] for one in self.world.commands]}"
        return found[0]

    def _check_options(self, command: dict[str, Any], given: Options) -> None:
        known = {one["name"]: one for one in command.get("options", ())}
        assert set(given) <= set(known), f"options are {list(known)}"
        missing = {name for name, one in known.items() if one.get("required")} - set(given)
        assert not missing, f"{missing} must be given"
        for name, value in given.items():
            choices = [one["value"] for one in known[name].get("choices", ())]
            assert not choices or value in choices, f"{name} is one of {choices}"


def person(stand: Standin, name: str, *, member: bool = True, **permissions: bool) -> Person:
    """Let somebody come."""
    return Person(stand, stand.world.add_user(name, member=member, **permissions))


def _options(given: Options) -> list[dict[str, Any]]:
    return [{"name": name, "type": OPTION_TYPES[type(value)], "value": value} for name, value in given.items()]


def _filled(part: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """Return a form's part as it is handed in: the same nesting and numbers, with what was typed."""
    shape: dict[str, Any] = {"type": part["type"], "id": part["id"]}
    if "component" in part:
        return shape | {"component": _filled(part["component"], values)}
    if "components" in part:
        return shape | {"components": [_filled(child, values) for child in part["components"]]}
    if "custom_id" not in part:
        return shape
    given = values.get(part["custom_id"])
    shape["custom_id"] = part["custom_id"]
    assert given or not part.get("required", True), f"{part['custom_id']} must be filled in"
    if part["type"] == SELECT:
        return shape | {"values": [given] if given else []}
    assert len(given or "") <= part.get("max_length", 4000)
    return shape | {"value": given or ""}
