"""What may an operator set? Environment variables with the prefix `FIVEOHTWO_` and an env file; read once, by cli."""

from bot.settings.reading import PREFIX, SettingsError, anything_set, load_settings, notify_socket, wants_colour

__all__ = ["PREFIX", "SettingsError", "anything_set", "load_settings", "notify_socket", "wants_colour"]
