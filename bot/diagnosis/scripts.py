"""Which scripts are written without spaces between words?"""

from __future__ import annotations

import re

_CHARACTERS = "\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
UNSPACED = re.compile(f"[{_CHARACTERS}]")
"""Thai, Japanese, Chinese; and Korean, whose words have endings joined to them."""
UNSPACED_PAIR = re.compile(f"[{_CHARACTERS}]{{2}}")
