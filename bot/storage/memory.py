"""How are conversations kept for the life of one process?"""

from __future__ import annotations

from bot.conversation.effects import Effect, Wake
from bot.conversation.state import State
from bot.ports import Conflict, Stored


class MemoryStore:
    """A `Store` in a dict. States are kept as JSON, so that what comes back is what a database would give back."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[str, int]] = {}
        self._effects: dict[str, dict[str, Effect]] = {}

    async def load(self, key: str) -> Stored | None:
        """See `ports.Store`."""
        if key not in self._states:
            return None
        text, version = self._states[key]
        return Stored(State.model_validate_json(text), version)

    async def commit(self, key: str, expected: int, state: State, effects: tuple[Effect, ...]) -> int:
        """See `ports.Store`."""
        _, version = self._states.get(key, ("", 0))
        if version != expected:
            raise Conflict(key)
        waiting = self._effects.setdefault(key, {})
        if any(isinstance(effect, Wake) for effect in effects):
            for stale in [name for name, effect in waiting.items() if isinstance(effect, Wake)]:
                del waiting[stale]
        waiting.update({effect.id: effect for effect in effects})
        self._states[key] = (state.model_dump_json(), version + 1)
        return version + 1

    async def done(self, key: str, effect: str) -> None:
        """See `ports.Store`."""
        self._effects.get(key, {}).pop(effect, None)

    async def pending(self) -> tuple[tuple[str, Effect], ...]:
        """See `ports.Store`."""
        return tuple((key, effect) for key, waiting in self._effects.items() for effect in waiting.values())

    async def forget(self, key: str) -> None:
        """See `ports.Store`."""
        self._states.pop(key, None)
        self._effects.pop(key, None)


class MemoryPreferences:
    """`Preferences` in a dict."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str, str], str] = {}

    async def all(self, kind: str) -> tuple[tuple[str, str, str], ...]:
        """See `ports.Preferences`."""
        return tuple((scope, name, value) for (of, scope, name), value in self._values.items() if of == kind)

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """See `ports.Preferences`."""
        self._values[kind, scope, name] = value

    async def forget(self, kind: str, scope: str) -> None:
        """See `ports.Preferences`."""
        for key in [key for key in self._values if key[:2] == (kind, scope)]:
            del self._values[key]
