"""Which control sequences of a program reach the terminal when its last row must stay ours and
readable, and the keyboard must go on to reach us.

Everything else is refused: it could paint over the row (images, a second status line, downloaded
fonts), make it unreadable (colours, character sets, margins), lock the keyboard, print, resize the
window, or start a program in some terminals.
"""

import re
from typing import Final

_COMMANDS: Final = frozenset(
    (b"0", b"1", b"2", b"8", b"12", b"22", b"52", b"112", b"133")  # title, link, cursor, clipboard
)
_ONLY_ASKED: Final = frozenset((b"4", b"10", b"11"))
"""Operating system commands that ask for a colour with `?`, and set it with anything else."""
_ASKS: Final = re.compile(rb"(?:\d{1,3};)?\?")
_DEVICE_REQUEST: Final = re.compile(rb"[$+]q[0-9A-Za-z; \"$'*+]*")
"""Questions about a setting (DECRQSS) or a capability (XTGETTCAP)."""
_MODES: Final = frozenset((b"4", b"20", b"34"))
"""Modes without `?`: insert, new line, cursor. Others lock the keyboard or show controls."""
_WINDOW_QUESTIONS: Final = frozenset((11, 13, 14, 15, 16, 18, 19, 22, 23))
"""Window operations that only ask, or keep the title."""
_WITH_INTERMEDIATE: Final = frozenset(
    (
        *(b" q", b"!p", b"$p"),
        *(b"$r", b"$t", b"$v", b"$x", b"$z", b"${", b"*x"),
        *(b"#p", b"#q", b"#{", b"#}"),
    )
)
"""Cursor style, soft reset, question about a mode, rectangles, and the stack of colours in use."""
_REFUSED_FINALS: Final = frozenset((b"i", b"y"))
"""Printing, self-test."""


def allows_string(kind: bytes, body: bytes) -> bool:
    """Whether a string may pass. kind: the character behind ESC. body: without the end."""
    if kind == b"]":
        number, _, rest = body.partition(b";")
        asks = _ASKS.fullmatch(rest) is not None
        return number in _COMMANDS or (number in _ONLY_ASKED and asks)
    return kind == b"P" and _DEVICE_REQUEST.fullmatch(body) is not None


def allows_escape(escape: bytes) -> bool:
    """Whether a short sequence may pass: not another encoding, nor the move to the lowest row."""
    return escape != b"F" and (not escape.startswith(b"%") or escape == b"%G")


def allows_with_intermediate(private: bytes, between: bytes, final: bytes) -> bool:
    """Whether a sequence such as `CSI ! p` may pass."""
    wanted = between + final in _WITH_INTERMEDIATE
    return wanted and (not private or (private, between, final) == (b"?", b"$", b"p"))


def allows_window_operation(number: int) -> bool:
    """Whether `CSI number t` may pass."""
    return number in _WINDOW_QUESTIONS


def allows_final(final: bytes) -> bool:
    """Whether control sequences that end so may pass."""
    return final not in _REFUSED_FINALS


def allows_mode(mode: bytes) -> bool:
    """Whether a mode without `?` may be changed."""
    return mode in _MODES
