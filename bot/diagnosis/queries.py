"""Which values in the query of an address are secret?

Their names tell, however they are written: `userPassword`, `user[password]`, `user%5Bpassword%5D`, `x-auth-token`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from bot.diagnosis.anchors import Guarded

FIELD = Guarded(r"(?:[?&;#]|%3F|%26)(?P<name>(?:[^\s=&;#?\"'<>%]|%(?!3[DF]|26)){1,80})(?:=|%3D)")
_VALUE = re.compile(r"[^&;#\s\"'<>)\]]{1,4096}")
"""It may hold another address, with a query of its own."""
_PASSWORDS = frozenset(
    "password passwd passwrd pwd pass passphrase passcode passwort kennwort contrasena senha".split()  # noqa: SIM905
)
_TOKENS = frozenset(
    "token secret csrf xsrf jwt sessid session ticket otp nonce verifier signature credential assertion".split()  # noqa: SIM905
)
"""They tell as the last word of a name: `user_password`, `resetToken`."""
_WHOLE = frozenset(
    (  # noqa: SIM905
        "apikey appkey privatekey secretkey accesskey authkey awsaccesskeyid key sig auth bearer code sessionid sid "
        "phpsessid jsessionid sas hm ex is hash samlresponse samlrequest pin"
    ).split()
)
_OFTEN = frozenset("key api state magic invite invitation confirmation verification activation reset".split())  # noqa: SIM905
"""Secret where the value looks random: `state=closed` and `sort_key=name` are not."""
_SIGNED = re.compile(r"x_(?:amz|goog)_[a-z_]{2,40}")
_PARTS = re.compile(r"[\[\]./:]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SAID = re.compile(r"\d{1,2}|true|false|yes|no|on|off|null|none", re.IGNORECASE)
_LEAST = 4
_DRAWN = 8
_LONG = 24


def secrets(text: str) -> Iterator[tuple[int, int]]:
    """Find the places of secret values in the queries of a text."""
    end = 0
    for found in FIELD.pattern.finditer(text):
        judge = _judge(found["name"]) if found.end() >= end else None
        if judge and (value := _VALUE.match(text, found.end())) and judge(value[0]):
            yield value.span()
            end = value.end()


def _judge(name: str) -> Callable[[str], bool] | None:
    """Return what tells whether a field of this name holds a secret; None: it never does."""
    parts = [part for part in _PARTS.split(unquote(unquote(name))) if part and not part.isdigit()]
    words = _HUMP.sub("_", parts[-1]).lower().replace("-", "_").strip("_").split("_") if parts else [""]
    last, whole = words[-1], "".join(words)
    if last in _PASSWORDS or whole == "pin":
        return _is_no_switch
    if last in _TOKENS or whole in _WHOLE or _SIGNED.fullmatch("_".join(words)):
        return _is_long
    return is_drawn if last in _OFTEN else None


def _is_no_switch(value: str) -> bool:
    return not _SAID.fullmatch(value)


def _is_long(value: str) -> bool:
    return len(value) >= _LEAST


def is_drawn(value: str) -> bool:
    """Does a value look random, as no word or number does?"""
    mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return len(value) >= (_DRAWN if mixed else _LONG)
