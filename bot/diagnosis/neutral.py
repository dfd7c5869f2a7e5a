"""What may remain of a text that somebody else wrote (title, header, certificate name, pasted word)?

The first half of the defence: nothing invisible, nothing that steers a terminal or a chat, a bounded length. The
surface that shows the text adds the second half (its own escaping).
"""

from __future__ import annotations

import re
import unicodedata

VALUE_LENGTH = 200
MAX_COMBINING = 3
"""No script needs more combining marks in a row: they would pile up over neighbouring lines."""
_GONE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SPACE = re.compile(r"\s+")


def neutral(text: str, length: int = VALUE_LENGTH) -> str:
    """Return the text as one harmless line of at most `length` characters."""
    kept: list[str] = []
    combining = 0
    # Cut first: the time for composing and sorting marks grows with the square of a run's length.
    for character in _SPACE.sub(" ", text[: length * 20]):
        category = unicodedata.category(character)
        combining = combining + 1 if category in ("Mn", "Me") else 0
        if category not in _GONE and combining <= MAX_COMBINING:
            kept.append(character)
    line = _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
