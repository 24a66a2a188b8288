"""Keeps the output of a program on the upper rows of a terminal, so that the last row belongs to
us.

The program runs on a pseudo-terminal of one row less. Its output is passed on in whole control
sequences and whole characters, so that the last row can be drawn at any time between two calls.
Rewritten is what would reach the last row: positions below the program's rows, and the scrolling
region, which always ends above the last row. What may have erased the row is noted in `touched`.
"""

import re
from collections.abc import Callable
from typing import Final

_SEQUENCE: Final = re.compile(
    rb"\x1b\[(?P<private>[<-?]?)(?P<numbers>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b[PX^_\]][^\x07\x18\x1a\x1b]*(?:[\x07\x18\x1a]|(?=\x1b)|\Z)"
    rb"|\x1b(?P<escape>[ -/]*[0-OQ-WYZ`-~\\])"
    rb"|(?P<refused>\x1b|\xc2[\x80-\x9f])"
)
"""A control sequence: CSI, a string such as OSC, which ends at the next ESC at the latest, or a
short one. Refused are broken sequences, and 8-bit controls in UTF-8, which some terminals obey."""
_CONTROL_CHARACTERS: Final = re.compile(rb"\xc2[\x80-\x9f]")
_STRING: Final = frozenset(b"PX^_]")
_STRING_ENDS: Final = re.compile(rb"[\x07\x18\x1a]")
_MAX_WITHHELD_BYTES: Final = 1 << 18
_ALTERNATE: Final = frozenset({b"47", b"1047", b"1049"})
_IN_BAND_RESIZE: Final = b"2048"
_RESET_AT_END: Final = (
    *(b"1000", b"1002", b"1003", b"1005", b"1006", b"1015", b"1016"),  # mouse
    *(b"1004", b"2004", b"2026", b"2031", b"1"),  # focus, paste, updates, theme, cursor keys
)


class UpperRows:
    """The output of one program for a terminal. rows: how many rows the program has.
    touched: whether the last row must be drawn again; whoever draws it sets this to False."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.touched = True
        self._withheld = b""
        self._modes: set[bytes] = set()
        self._cursor_hidden = False
        self._keyboard_modes = 0

    def pass_on(self, data: bytes) -> bytes:
        """What the terminal gets for this output of the program. An unfinished end is withheld
        until the rest has come."""
        data = self._withheld + data
        whole = _whole_length(data)
        if len(data) - whole > _MAX_WITHHELD_BYTES:
            whole = len(data)
        self._withheld = data[whole:]
        return _SEQUENCE.sub(self._rewrite, data[:whole])

    def region(self) -> bytes:
        """Confine scrolling to the program's rows; the cursor stays."""
        return b"\x1b7\x1b[1;%dr\x1b8" % self.rows

    def restore(self) -> bytes:
        """Leave the terminal as a shell expects it, whatever the program has left on."""
        parts = [b"\x1b[?%sl" % mode for mode in _RESET_AT_END if mode in self._modes]
        parts += [b"\x1b[<u"] * self._keyboard_modes
        parts += [b"\x1b[?%sl" % mode for mode in sorted(self._modes & _ALTERNATE)]
        if self._cursor_hidden:
            parts.append(b"\x1b[?25h")
        parts.append(b"\x1b[0m\x1b7\x1b[r" + self._erased_row() + b"\x1b8")
        return b"".join(parts)

    def _erased_row(self) -> bytes:
        return b"\x1b[?6l\x1b[%d;1H\x1b[0m\x1b[2K" % (self.rows + 1)

    def _rewrite(self, found: "re.Match[bytes]") -> bytes:
        whole = found[0]
        if found["refused"]:
            return b""
        if escape := found["escape"]:
            if escape in (b"c", b"#8"):  # RIS and DECALN
                self.touched = True
                return whole + self.region()
            return whole
        if not found["final"]:
            return _CONTROL_CHARACTERS.sub(b"", whole)
        if found["between"]:
            return self._with_intermediate(whole)
        if private := found["private"]:
            return self._private(whole, private, found["numbers"], found["final"])
        act = _ACTIONS.get(found["final"])
        return whole if act is None else act(self, whole, found["numbers"])

    def _with_intermediate(self, whole: bytes) -> bytes:
        """Sequences such as a soft reset, and those that fill or erase a rectangle."""
        # A terminal that knows this mode would report all of its rows among the keys.
        if whole.startswith(b"\x1b[?%s$" % _IN_BAND_RESIZE):
            return b""
        self.touched = True
        return whole + self.region() if whole == b"\x1b[!p" else whole

    def _private(self, whole: bytes, private: bytes, numbers: bytes, final: bytes) -> bytes:
        if final == b"u" and private in (b">", b"<"):
            self._keyboard_modes = max(0, self._keyboard_modes + (1 if private == b">" else -1))
        if final == b"J":
            self.touched = True
        if private != b"?" or final not in (b"h", b"l"):
            return whole
        modes = [mode for mode in numbers.split(b";") if mode != _IN_BAND_RESIZE]
        before = b""
        if final == b"h":
            if _ALTERNATE.intersection(modes) and not _ALTERNATE & self._modes:
                # The terminal shows this screen again at the end, maybe with other rows.
                before = b"\x1b7" + self._erased_row() + b"\x1b8"
            self._modes.update(modes)
        else:
            self._modes.difference_update(modes)
        if b"25" in modes:
            self._cursor_hidden = final == b"l"
        changed = b"\x1b[?%s%s" % (b";".join(modes), final) if modes else b""
        if _ALTERNATE.intersection(modes) or b"3" in modes:
            self.touched = True
            return before + changed + self.region()
        return changed

    def _position(self, _whole: bytes, numbers: bytes) -> bytes:
        row, _, column = numbers.partition(b";")
        return b"\x1b[%d;%sH" % (min(_number(row, 1), self.rows), column or b"1")

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
}


def _number(digits: bytes, default: int) -> int:
    """The number of a sequence, at most 9999; the default where it is 0 or left out."""
    return min(int(digits), 9999) or default if digits.isdigit() and len(digits) < 9 else default


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
        return all(0x20 <= byte <= 0x3F for byte in sequence[2:])
    if sequence[1:2] and sequence[1] in _STRING:
        return _STRING_ENDS.search(sequence) is None
    return all(0x20 <= byte <= 0x2F for byte in sequence[1:])


def _whole_characters(data: bytes, end: int) -> int:
    for back in range(1, min(4, end) + 1):
        byte = data[end - back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return end - back if back < length else end
        if byte < 0x80:
            break
    return end
