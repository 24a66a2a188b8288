"""Finds ctrl+\\, which mutes at this machine, among the keys for the program on HOST, however the
program has made the terminal report keys."""

import re
from typing import Final

# The byte, and what terminals with other keyboard protocols report: perhaps with other letters of
# the key, with the locks among the modifiers, with the event and with the text.
_KEY: Final = re.compile(
    rb"\x1c|\x1b\[27;(?P<old>\d{1,3});92~"
    rb"|\x1b\[92(?::\d*){0,2};(?P<new>\d{1,3})(?::(?P<event>\d))?(?:;[\d:]*)?u"
)
_CTRL: Final = 4
_LOCKS: Final = 64 | 128
_RELEASED: Final = b"3"


def split_keys(keys: bytes) -> tuple[int, bytes]:
    """How often our key was pressed, and the other keys."""
    presses = 0

    def without_ours(found: "re.Match[bytes]") -> bytes:
        nonlocal presses
        modifiers = found["old"] or found["new"]
        if modifiers is not None and (int(modifiers) - 1) & ~_LOCKS != _CTRL:
            return found[0]
        presses += found["event"] != _RELEASED
        return b""

    others = _KEY.sub(without_ours, keys)
    return presses, others
