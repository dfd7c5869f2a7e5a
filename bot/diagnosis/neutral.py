"""What may remain of a text that somebody else wrote (title, header, certificate name, pasted word)?

The first half of the defence: nothing invisible, nothing that steers a terminal or a chat, a bounded length. The
surface that shows the text adds the second half (its own escaping).
"""

from __future__ import annotations

import unicodedata

VALUE_LENGTH = 200
MAX_COMBINING = 3
"""More combining marks in a row than any script needs: they pile up over neighbouring lines."""
_GONE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def neutral(text: str, length: int = VALUE_LENGTH) -> str:
    """Return the text as one harmless line of at most `length` characters."""
    kept: list[str] = []
    combining = 0
    for character in unicodedata.normalize("NFC", text[: length * 4]):
        category = unicodedata.category(character)
        combining = combining + 1 if category.startswith("M") else 0
        if character in "\t\r\n\v\f\u2028\u2029\x85" or category == "Zs":
            kept.append(" ")
        elif category not in _GONE and combining <= MAX_COMBINING:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
