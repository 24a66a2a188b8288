"""Cuts the middle out of a text that is too long to be laid out as a whole.

Breaking a text into screen lines takes up to 70 us per line and 7 us per character, in the thread
that also handles the keys. A service may send 16 MiB in one frame.
"""

from typing import Final

LONGEST_TEXT: Final = 30_000
"""Characters of one text that are laid out."""
MOST_BREAKS: Final = 1_000
"""Line breaks of one text that are laid out."""


def is_short(text: str) -> bool:
    """Whether the whole text can be laid out."""
    return len(text) <= LONGEST_TEXT and text.count("\n") <= MOST_BREAKS


def beginning(text: str, longest: int, most_lines: int) -> str:
    """The first lines of the text: at most `longest` characters and `most_lines` lines."""
    return "\n".join(text[:longest].split("\n", most_lines)[:most_lines])


def ending(text: str, longest: int, most_lines: int) -> str:
    """The last lines of the text: at most `longest` characters and `most_lines` lines."""
    return "\n".join(text[max(0, len(text) - longest) :].rsplit("\n", most_lines)[-most_lines:])


def abridged(text: str) -> tuple[str, str, str]:
    """Beginning, middle and end of a text. Beginning and end are short enough to be laid out; the
    middle is empty if the whole text is."""
    if is_short(text):
        return text, "", ""
    head = beginning(text, LONGEST_TEXT // 2, MOST_BREAKS // 2)
    tail = ending(text[len(head) :], LONGEST_TEXT // 2, MOST_BREAKS // 2)
    return head, text[len(head) : len(text) - len(tail)], tail
