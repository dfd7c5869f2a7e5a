"""How do Discord's objects look on the wire?"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from mimetypes import guess_type
from typing import Any

DISCORD_EPOCH_MS = 1_420_070_400_000
EPHEMERAL, LOADING, HAS_THREAD, V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15
"""Flags of messages."""
TEXT, DM, GROUP, THREAD, PRIVATE_THREAD, FORUM = 0, 1, 3, 11, 12, 15
"""Types of channels."""
THREADS = (THREAD, PRIVATE_THREAD)
DIRECT = (DM, GROUP)
"""What belongs to no server."""
GUILD_NAME = "Help desk"
NOTHING = (
    "icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id", "afk_channel_id",
    "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code", "rules_channel_id",
    "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data",
)  # fmt: skip
ZERO = (
    "system_channel_flags", "verification_level", "default_message_notifications", "mfa_level",
    "explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level",
)  # fmt: skip
"""What a plain server does not have."""
UNSAFE = re.compile(r"[^\w.-]", re.ASCII)
"""What Discord replaces in names of files."""
_numbers = count(1)


def snowflake() -> str:
    """Return a new id; it carries the present time, as Discord's do."""
    return str(((int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22) | (next(_numbers) & 0x3FFFFF))


def now() -> str:
    """Return the present time as Discord writes it."""
    return datetime.now(UTC).isoformat()


def user(name: str, *, bot: bool = False) -> dict[str, Any]:
    """Return an account."""
    return {
        "id": snowflake(), "username": name, "discriminator": "0", "global_name": name.title(), "avatar": None,
        "public_flags": 0, "flags": 0, "primary_guild": None, "bot": bot,
    }  # fmt: skip


def member(roles: list[str], account: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return somebody's membership in the server."""
    shape: dict[str, Any] = {
        "avatar": None, "banner": None, "communication_disabled_until": None, "flags": 0, "joined_at": now(),
        "nick": None, "pending": False, "premium_since": None, "roles": roles, "mute": False, "deaf": False,
    }  # fmt: skip
    return shape if account is None else shape | {"user": account}


def role(name: str, permissions: int, ident: str | None = None) -> dict[str, Any]:
    """Return a role."""
    return {
        "id": ident or snowflake(), "name": name, "permissions": str(permissions), "position": 0, "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}, "hoist": False,
        "managed": False, "mentionable": False, "icon": None, "unicode_emoji": None, "flags": 0,
    }  # fmt: skip


def channel(name: str, guild: str, kind: int = TEXT) -> dict[str, Any]:
    """Return a text channel or forum."""
    return {
        "id": snowflake(), "type": kind, "guild_id": guild, "name": name, "position": 0, "flags": 0, "topic": None,
        "nsfw": False, "parent_id": None, "last_message_id": None, "rate_limit_per_user": 0,
        "permission_overwrites": [],
    }  # fmt: skip


def direct(account: dict[str, Any]) -> dict[str, Any]:
    """Return the channel of direct messages between the bot and one person."""
    return {"id": snowflake(), "type": DM, "flags": 0, "last_message_id": None, "recipients": [account]}


def group(accounts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a conversation between people, which no bot is in: of two, or of more."""
    if len(accounts) == 2:
        return direct(accounts[1])
    about = {"name": None, "icon": None, "owner_id": accounts[0]["id"]}
    return {"id": snowflake(), "type": GROUP, "flags": 0, "last_message_id": None, "recipients": accounts} | about


def thread(
    name: str, guild: str, parent: str, owner: str, minutes: int, *, ident: str | None = None, kind: int = THREAD
) -> dict[str, Any]:
    """Return a thread."""
    return {
        "id": ident or snowflake(), "type": kind, "flags": 0, "guild_id": guild, "parent_id": parent,
        "owner_id": owner, "name": name, "last_message_id": None, "rate_limit_per_user": 0,
        "message_count": 0, "member_count": 1, "total_message_sent": 0,
        "thread_metadata": {
            "archived": False, "archive_timestamp": now(), "auto_archive_duration": minutes, "locked": False,
            "create_timestamp": now(),
        },
    }  # fmt: skip


def guild(ident: str, owner: str, roles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a server, as far as HTTP describes it."""
    return {
        "id": ident, "name": GUILD_NAME, "owner_id": owner, "roles": roles, "features": [], "emojis": [],
        "stickers": [], "region": "deprecated", "preferred_locale": "en-US", "afk_timeout": 300,
        "nsfw": False, "widget_enabled": False, "premium_progress_bar_enabled": False,
        "max_members": 500_000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
    } | dict.fromkeys(NOTHING) | dict.fromkeys(ZERO, 0)  # fmt: skip


def message(channel_id: str, author: dict[str, Any], *, kind: int = 0, flags: int = 0) -> dict[str, Any]:
    """Return an empty message."""
    return {
        "id": snowflake(), "channel_id": channel_id, "author": author, "type": kind, "content": "", "timestamp": now(),
        "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "components": [], "pinned": False, "flags": flags,
    }  # fmt: skip


def attachment(name: str, size: int, place: str) -> dict[str, Any]:
    """Return an uploaded file, which can be had again at `place`."""
    ident, name = snowflake(), UNSAFE.sub("_", name)
    url = f"{place}/{ident}/{name}"
    kind = guess_type(name)[0]
    return {"id": ident, "filename": name, "size": size, "url": url, "proxy_url": url} | (
        {"content_type": kind} if kind else {}
    )


DEFAULTS: dict[int, dict[str, Any]] = {
    2: {"style": 2},
    3: {"min_values": 1, "max_values": 1},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}
"""Type of component -> what Discord adds when it is left out."""


def components(given: list[dict[str, Any]], *, form: bool = False) -> list[dict[str, Any]]:
    """Return components as Discord hands them back: each with a number of its own, defaults filled in."""
    return [_component(part, numbers, form=form) for numbers in [count(1)] for part in given]


def _component(given: dict[str, Any], numbers: Iterator[int], *, form: bool) -> dict[str, Any]:
    dropped = {"id"} if form else {"id", "required"}
    whole = DEFAULTS.get(given["type"], {}) | {"id": next(numbers)}
    whole |= {name: value for name, value in given.items() if value is not None and name not in dropped}
    for name in ("component", "accessory"):
        if name in whole:
            whole[name] = _component(whole[name], numbers, form=form)
    if "components" in whole:
        whole["components"] = [_component(part, numbers, form=form) for part in whole["components"]]
    return whole


def embeds(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return embeds as Discord hands them back."""
    whole = [{"type": "rich"} | {name: value for name, value in one.items() if name != "flags"} for one in given]
    for one in whole:
        if "fields" in one:
            one["fields"] = [{"inline": False} | part for part in one["fields"]]
    return whole
