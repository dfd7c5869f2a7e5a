"""Which scripts are written without spaces between words?"""

from __future__ import annotations

import re

_RUN_ON = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
_HANGUL = "\u1100-\u11ff\uac00-\ud7af"
RUN_ON = re.compile(f"[{_RUN_ON}]")
"""Thai, Japanese, Chinese: nothing shows where a word ends."""
UNSPACED = re.compile(f"[{_RUN_ON}{_HANGUL}]")
"""These, and Korean: its words have endings attached, and what belongs together is often joined, too."""
UNSPACED_PAIR = re.compile(f"[{_RUN_ON}{_HANGUL}]{{2}}")
