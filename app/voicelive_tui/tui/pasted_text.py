"""Makes pasted text harmless, for every line in which something can be typed."""

import re
from typing import Final

_LINE_END: Final = re.compile("\r\n?|\u2028|\u2029|\x85")
_OBEYED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Control characters besides tab and line feed, those that change the direction of reading, and
lone surrogates, which cannot be written to a terminal."""


def clean_paste(text: str) -> str:
    """The pasted text with its lines kept whole, tabs as spaces, and no character that a terminal
    or the service might obey."""
    return _OBEYED.sub("", _LINE_END.sub("\n", text)).expandtabs(4)
