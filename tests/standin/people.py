"""What do people do? Each action waits for what the bot makes of it, and returns what that person sees then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import discord

from standin import contexts, shapes, typed
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
        may, inside = self.world.may(self.id, channel), channel in self.world.in_thread
        assert may.send_messages_in_threads if inside else may.send_messages, "this person may not write here"
        if channel in self.world.in_thread:
            self.world.join(channel, self.id)
        return Seen(self.world.post(channel, self.id, {"content": text, **more}))

    async def says(self, channel: str, text: str, patience_s: float = PATIENCE_S) -> Seen:
        """Write something; return the bot's next message in that channel."""
        before = {one.id for one in self.sees(channel)}
        self.writes(channel, text)
        return await self.until(channel, lambda one: one.id not in before, f"an answer to {text[:60]!r}", patience_s)

    async def mentions(self, channel: str, text: str, patience_s: float = PATIENCE_S) -> Seen:
        """Call the bot by name; return its next message in that channel."""
        return await self.says(channel, f"<@{self.world.bot['id']}> {text}", patience_s)

    def opens_thread(self, channel: str, name: str, text: str) -> tuple[str, Seen]:
        """Open a thread (in a forum: a post) that begins with a message; return both."""
        thread = self.world.open_thread(channel, self.id, {"name": name})["id"]
        forum = self.world.channel(channel)["type"] == shapes.FORUM
        return thread, Seen(self.world.post(thread, self.id, {"content": text}, ident=thread if forum else None))

    def reacts(self, message: Seen, emoji: str) -> None:
        """React to a message."""
        self._must_see(message)
        self.stand.reactions.put(message.shape, emoji, self.id)

    def installs(self) -> None:
        """Install the bot for themselves: its commands come along everywhere."""
        self.world.installed.add(self.id)

    def edits(self, message: Seen, text: str) -> None:
        """Change a message of their own."""
        self.world.change(message.shape, {"content": text})

    def deletes(self, message: Seen) -> None:
        """Delete a message."""
        self.world.remove(message.shape)

    def leaves(self, thread: str) -> None:
        """Leave a thread. Discord tells the bot so only with the members intent."""
        self.world.leave(thread, self.id)

    def leaves_server(self) -> None:
        """Leave the server."""
        self.world.leave_server(self.id)

    async def uses_slash(self, channel: str, name: str, **options: str | bool | float) -> Outcome:
        """Use a command: `check`, or `watch add` for one within another."""
        command, data = typed.slash(self.world, name, self.id, channel, options)
        return await self._interact(COMMAND, channel, data, command=command)

    async def autocompletes(self, channel: str, name: str, option: str, text: str) -> list[dict[str, Any]]:
        """Type into an option; return what is suggested."""
        data = typed.typing(self.world, name, self.id, channel, option=option, text=text)
        outcome = await self._interact(AUTOCOMPLETE, channel, data)
        return outcome.interaction.suggestions or []

    async def uses_context_menu(self, message: Seen, name: str) -> Outcome:
        """Pick from a message's menu."""
        command = typed.find(self.world, name, typed.MENU, self.id, message.channel)
        resolved = {"messages": {message.id: message.shape}}
        data = {"id": command["id"], "name": name, "type": 3, "target_id": message.id, "resolved": resolved}
        return await self._interact(COMMAND, message.channel, data, command=command)

    async def clicks(self, message: Seen, label: str) -> Outcome:
        """Press a button, told by its label or its custom id."""
        self._must_see(message)
        assert label in (*message.buttons, *message.buttons.values()), f"there is no {label!r}, but {message.buttons}"
        return await self._uses(message.shape, message.buttons.get(label, label), BUTTON)

    async def chooses(self, message: Seen, *values: str) -> Outcome:
        """Pick from a message's menu of choices."""
        self._must_see(message)
        custom_id, offered = next(iter(message.menus.items()))
        assert set(values) <= set(offered), f"{values} is not among {offered}"
        return await self._uses(message.shape, custom_id, SELECT, values)

    async def uses(self, shown: Shown) -> Outcome | None:
        """Use a component that was shown at some time; None if its message is gone."""
        message = self.world.find(shown.message["id"])
        if message is None:
            return None
        return await self._uses(message, shown.custom_id, shown.kind, shown.values, shown.message)

    def _must_see(self, message: Seen) -> None:
        assert message.id in {one["id"] for one in self.world.seen_by(self.id, message.channel)}, "not to be seen"
        assert self.world.may(self.id, message.channel).view_channel, "this person does not see the channel"

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
        command: dict[str, Any] | None = None, snapshot: dict[str, Any] | None = None,
    ) -> Outcome:  # fmt: skip
        one = Interaction(shapes.snowflake(), kind, self.id, channel, message=message, snapshot=snapshot)
        shown_by = self.stand.interactions.shown_by.get(message["id"]) if message is not None else None
        one.owners = shown_by or contexts.owners(self.world, self.id, channel)
        if command is not None:
            one.name, one.menu = command["name"], command["type"] == typed.MENU
            one.owners = contexts.offered(self.world, command, self.id, channel)
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
                await self.stand.record.until(lambda: self._came_of(one, before), "an answer", self.answer_patience_s)
            except NothingHappenedError:
                return replace(outcome, silent=True)
        return outcome

    def _came_of(self, one: Interaction, before: set[str]) -> bool:
        """Tell whether something came of an interaction: an answer, a new message, or its own message is gone."""
        if one.changes or one.follow_ups or (one.message is not None and self.world.find(one.message["id"]) is None):
            return True
        others = (other for other in self.stand.interactions.by_id.values() if other is not one)
        not_its_own = {said["id"] for other in others for said in (other.original, *other.follow_ups) if said}
        thinking = {one.original["id"]} if one.original is not None else set()
        return bool({seen.id for seen in self.sees(one.channel)} - before - thinking - not_its_own)

    def _payload(self, one: Interaction, data: dict[str, Any]) -> dict[str, Any]:
        channel = self.world.channel(one.channel)
        direct = channel["type"] in shapes.DIRECT
        payload: dict[str, Any] = {
            "id": one.ident, "application_id": self.world.bot["id"], "type": one.kind, "token": one.token,
            "version": 1, "data": data, "channel_id": one.channel, "channel": channel, "locale": "en-US",
            "app_permissions": str(self._of_the_bot(one.channel).value), "entitlements": [],
            "authorizing_integration_owners": one.owners,
            "context": contexts.context(self.world, one.channel), "attachment_size_limit": 10 * 2**20,
        }  # fmt: skip
        if one.message is not None:
            payload["message"] = one.snapshot or one.message
        if direct:
            return payload | {"user": self.account}
        permissions = {"permissions": str(self.world.may(self.id, one.channel).value)}
        guild = channel["guild_id"]
        where = {"guild_id": guild, "guild": {"id": guild, "locale": "en-US", "features": []}}
        member = self.world.members.get(self.id) if guild in self.world.guilds else None
        member = (member or shapes.member([], self.account)) | permissions
        return payload | where | {"member": member, "guild_locale": "en-US"}

    def _of_the_bot(self, channel: str) -> discord.Permissions:
        """Where nobody invited the bot, Discord tells what the person may do, although the bot itself may do nothing.

        So it does by issue 7251 of discord-api-docs; between people it tells what belongs to an answer.
        """
        if channel in self.world.private:
            return discord.Permissions(embed_links=True, attach_files=True, mention_everyone=True)
        if contexts.FOR_SERVER not in contexts.owners(self.world, self.id, channel):
            return self.world.may(self.id, channel)
        return self.world.may(self.world.bot["id"], channel)


def person(stand: Standin, name: str, *, member: bool = True, **permissions: bool) -> Person:
    """Let somebody come."""
    return Person(stand, stand.world.add_user(name, member=member, **permissions))


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
