"""Keeps the output of a program on the upper rows of a terminal, so that the last row belongs to
us.

The program runs on a pseudo-terminal of one row less. Its output is passed on in whole control
sequences and whole characters, so that the last row can be drawn at any time between two calls.
Rewritten is what would reach the last row: positions below the program's rows, and the scrolling
region, which always ends above the last row. What may have erased the row is noted in `touched`.
What is refused is replaced by NUL, which terminals ignore, so that the bytes around it do not
become one sequence or character.
"""

import re
from collections.abc import Callable
from typing import Final

from voicelive_tui.ssh.allowed_sequences import (
    allows_escape,
    allows_final,
    allows_mode,
    allows_string,
    allows_window_operation,
    allows_with_intermediate,
)

_SEQUENCE: Final = re.compile(
    rb"\x1b\[(?P<private>[<-?]?)(?P<numbers>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<kind>[PX^_\]])(?P<body>[^\x07\x18\x1a\x1b]*)(?:[\x07\x18\x1a]|(?=\x1b)|\Z)"
    rb"|\x1b(?P<escape>[ -/]*[0-OQ-WYZ`-~\\])"
    rb"|(?P<refused>\x1b|\xc2[\x80-\x9f])"
)
"""A control sequence: CSI, a string such as OSC, which ends at the next ESC at the latest, or a
short one. Refused are broken sequences, and 8-bit controls in UTF-8, which some terminals obey."""
_CONTROL_CHARACTERS: Final = re.compile(rb"\xc2[\x80-\x9f]")
_STRING: Final = frozenset(b"PX^_]")
_STRING_ENDS: Final = (b"\x07", b"\x18", b"\x1a")
_STRING_ENDS_OR_ESC: Final = re.compile(rb"[\x07\x18\x1a]|(?=\x1b)")
_MAX_WITHHELD_BYTES: Final = 1 << 20
"""The longest string, such as a text for the clipboard."""
_MAX_SHORT_BYTES: Final = 1 << 12
"""The longest sequence that is no string; a longer one is none."""
_NOTHING: Final = b"\0"
_ALTERNATE: Final = frozenset({b"47", b"1047", b"1049"})
_REFUSED_MODES: Final = frozenset({b"2048", b"69"})
"""Reports of the size among the keys, which tell all rows; left and right margins, in which our row
would not fit."""
_RESET_AT_END: Final = (
    *(b"9", b"1000", b"1001", b"1002", b"1003", b"1005", b"1006", b"1015", b"1016"),  # mouse
    *(b"1004", b"2004", b"2026", b"2031", b"1"),  # focus, paste, updates, theme, cursor keys
    *(b"5", b"66", b"67"),  # reverse video, keypad, backspace
)
_WRAP: Final = b"7"
_TRACKED: Final = _ALTERNATE.union(_RESET_AT_END)
_MAX_KEYBOARD_MODES: Final = 32
_ASCII_AND_KEYPAD: Final = b"\x1b(B\x0f\x1b>\x1b[4l\x1b[20l"
"""ASCII letters, the numbers of the keypad, no insert mode, no new line mode."""


class UpperRows:
    """The output of one program for a terminal. rows: how many rows the program has.
    touched: whether the last row must be drawn again; whoever draws it sets this to False."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.touched = True
        self._withheld = b""
        self._skipping_string = False
        self._modes: set[bytes] = set()
        self._cursor_hidden = False
        self._wraps = True
        self._keyboard_modes = 0
        self._left_on: set[bytes] = set()
        """Sequences that undo what else the program has changed."""

    def pass_on(self, data: bytes) -> bytes:
        """What the terminal gets for this output of the program. An unfinished end is withheld
        until the rest has come."""
        data = self._withheld + data
        if self._skipping_string:
            end = _STRING_ENDS_OR_ESC.search(data)
            if end is None:
                return b""
            self._skipping_string, data = False, data[end.end() :]
        whole = _whole_length(data)
        self._withheld = data[whole:]
        if len(self._withheld) > _MAX_WITHHELD_BYTES:
            # A string that does not end is passed over.
            self._skipping_string, self._withheld = True, b""
        return _SEQUENCE.sub(self._passed, data[:whole])

    def region(self) -> bytes:
        """Confine scrolling to the program's rows; the cursor stays."""
        return b"\x1b7\x1b[1;%dr\x1b8" % self.rows

    def restore(self) -> bytes:
        """Leave the terminal as a shell expects it, whatever the program has left on."""
        parts = [b"\x1b[?%sl" % mode for mode in _RESET_AT_END if mode in self._modes]
        if self._keyboard_modes:
            parts.append(b"\x1b[<%du" % self._keyboard_modes)
        parts += sorted(self._left_on)
        parts += [b"\x1b[?%sl" % mode for mode in sorted(self._modes & _ALTERNATE)]
        if self._cursor_hidden:
            parts.append(b"\x1b[?25h")
        if not self._wraps:
            parts.append(b"\x1b[?7h")
        parts.append(_ASCII_AND_KEYPAD + b"\x1b[0m\x1b7\x1b[r" + self._erased_row() + b"\x1b8")
        return b"".join(parts)

    def _erased_row(self) -> bytes:
        return b"\x1b[?6l\x1b[%d;1H\x1b[0m\x1b[2K" % (self.rows + 1)

    def _passed(self, found: "re.Match[bytes]") -> bytes:
        return self._rewritten(found) or _NOTHING

    def _rewritten(self, found: "re.Match[bytes]") -> bytes:
        """What the terminal gets for a sequence; empty if it is refused."""
        whole = found[0]
        if found["refused"]:
            return b""
        if escape := found["escape"]:
            return self._escape(whole, escape)
        if kind := found["kind"]:
            return self._string(whole, kind, found["body"])
        private, numbers, final = found["private"], found["numbers"], found["final"]
        if not allows_final(final):
            return b""
        if found["between"]:
            return self._with_intermediate(whole, found)
        if private:
            return self._private(whole, private, numbers, final)
        act = _ACTIONS.get(final)
        return whole if act is None else act(self, whole, numbers)

    def _escape(self, whole: bytes, escape: bytes) -> bytes:
        if escape in (b"c", b"#8"):  # RIS and DECALN
            self.touched = True
            return whole + self.region()
        return whole if allows_escape(escape) else b""

    def _string(self, whole: bytes, kind: bytes, body: bytes) -> bytes:
        if not allows_string(kind, body):
            return b""
        if body.startswith(b"12;"):
            self._left_on.add(b"\x1b]112\x07")
        return _CONTROL_CHARACTERS.sub(_NOTHING, whole)

    def _with_intermediate(self, whole: bytes, found: "re.Match[bytes]") -> bytes:
        """Sequences such as a soft reset, and those that fill or erase a rectangle."""
        private, between, final = found["private"], found["between"], found["final"]
        if not allows_with_intermediate(private, between, final):
            return b""
        # A terminal that knows such a mode would invite the program to use it.
        if private and _mode(found["numbers"]) in _REFUSED_MODES:
            return b""
        if between + final == b" q":
            self._left_on.add(b"\x1b[0 q")
            return whole
        self.touched = True
        return whole + self.region() if final == b"p" and between == b"!" else whole

    def _private(self, whole: bytes, private: bytes, numbers: bytes, final: bytes) -> bytes:
        if final == b"u":
            self._keyboard(private, numbers)
        if private == b">" and final == b"m" and numbers.startswith(b"4"):
            self._left_on.add(b"\x1b[>4m")
        if final == b"J":
            self.touched = True
        if private != b"?" or final not in (b"h", b"l"):
            return whole
        modes = [mode for mode in map(_mode, numbers.split(b";")) if mode not in _REFUSED_MODES]
        before = b""
        if final == b"h":
            if _ALTERNATE.intersection(modes) and not _ALTERNATE & self._modes:
                # The terminal shows this screen again at the end, maybe with other rows.
                before = b"\x1b7" + self._erased_row() + b"\x1b8"
            self._modes.update(_TRACKED.intersection(modes))
        else:
            self._modes.difference_update(modes)
        if b"25" in modes:
            self._cursor_hidden = final == b"l"
        if _WRAP in modes:
            self._wraps = final == b"h"
        changed = b"\x1b[?%s%s" % (b";".join(modes), final) if modes else b""
        if _ALTERNATE.intersection(modes) or b"3" in modes:
            self.touched = True
            return before + changed + self.region()
        return changed

    def _keyboard(self, private: bytes, numbers: bytes) -> None:
        """Note how often the program has chosen another way in which keys are reported."""
        if private == b">":
            self._keyboard_modes = min(self._keyboard_modes + 1, _MAX_KEYBOARD_MODES)
        elif private == b"<":
            self._keyboard_modes = max(0, self._keyboard_modes - _number(numbers, 1))
        elif private == b"=":
            self._left_on.add(b"\x1b[=0u")

    def _mode_change(self, numbers: bytes, final: bytes) -> bytes:
        modes = [mode for mode in map(_mode, numbers.split(b";")) if allows_mode(mode)]
        return b"\x1b[%s%s" % (b";".join(modes), final) if modes else b""

    def _modes_on(self, _whole: bytes, numbers: bytes) -> bytes:
        return self._mode_change(numbers, b"h")

    def _modes_off(self, _whole: bytes, numbers: bytes) -> bytes:
        return self._mode_change(numbers, b"l")

    def _window(self, whole: bytes, numbers: bytes) -> bytes:
        return whole if allows_window_operation(_number(numbers.partition(b";")[0], 0)) else b""

    def _position(self, _whole: bytes, numbers: bytes) -> bytes:
        row, column, *_ = *numbers.split(b";"), b""
        return b"\x1b[%d;%dH" % (min(_number(row, 1), self.rows), _number(column, 1))

    def _row(self, _whole: bytes, numbers: bytes) -> bytes:
        return b"\x1b[%dd" % min(_number(numbers, 1), self.rows)

    def _down(self, _whole: bytes, numbers: bytes) -> bytes:
        # Unlike VPR, this one stops at the end of the scrolling region.
        return b"\x1b[%dB" % _number(numbers, 1)

    def _scrolling_region(self, _whole: bytes, numbers: bytes) -> bytes:
        top, _, bottom = numbers.partition(b";")
        last = min(_number(bottom, self.rows), self.rows)
        return b"\x1b[%d;%dr" % (_number(top, 1), last)

    def _erase(self, whole: bytes, _numbers: bytes) -> bytes:
        self.touched = True
        return whole


_ACTIONS: Final[dict[bytes, Callable[[UpperRows, bytes, bytes], bytes]]] = {
    b"H": UpperRows._position,
    b"f": UpperRows._position,
    b"d": UpperRows._row,
    b"e": UpperRows._down,
    b"r": UpperRows._scrolling_region,
    b"J": UpperRows._erase,
    b"h": UpperRows._modes_on,
    b"l": UpperRows._modes_off,
    b"t": UpperRows._window,
}


def _number(digits: bytes, default: int) -> int:
    """The number of a sequence, at most 9999; the default where it is 0 or left out."""
    return min(int(digits), 9999) or default if digits.isdigit() and len(digits) < 9 else default


def _mode(digits: bytes) -> bytes:
    """The number of a mode without leading zeros, as terminals read it."""
    return b"%d" % _number(digits, 0)


def _whole_length(data: bytes) -> int:
    """How many bytes at the beginning are whole sequences and whole characters."""
    last = data.rfind(b"\x1b")
    if last < 0 or not _unfinished(data[last:]):
        return _whole_characters(data, len(data))
    # A string whose end, ESC and a backslash, has come only in half.
    before = data.rfind(b"\x1b", 0, last)
    half = before >= 0 and last == len(data) - 1 and _unfinished(data[before:last])
    return before if half else last


def _unfinished(sequence: bytes) -> bool:
    """Whether these bytes, which begin with ESC and hold no other, may still become a sequence."""
    if sequence[1:2] == b"[":
        return len(sequence) < _MAX_SHORT_BYTES and all(
            0x20 <= byte <= 0x3F for byte in sequence[2:]
        )
    if sequence[1:2] and sequence[1] in _STRING:
        return not any(end in sequence for end in _STRING_ENDS)
    return len(sequence) < _MAX_SHORT_BYTES and all(0x20 <= byte <= 0x2F for byte in sequence[1:])


def _whole_characters(data: bytes, end: int) -> int:
    for back in range(1, min(4, end) + 1):
        byte = data[end - back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return end - back if back < length else end
        if byte < 0x80:
            break
    return end
