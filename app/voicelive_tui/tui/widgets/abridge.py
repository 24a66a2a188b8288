"""The beginning and the end of a text that is too long to be laid out as a whole: what a pane shows of it.

Breaking a text into screen lines takes up to 70 us for each of its lines and 7 us for each of its characters, in the thread that
also reads the keys; a service may send 16 MiB in one frame.
"""

from typing import Final

LONGEST_TEXT: Final = 30_000
"""Characters of one text that are laid out."""
MOST_BREAKS: Final = 1_000
"""Line breaks of one text that are laid out."""


def is_short(text: str) -> bool:
    """Whether the text can be laid out as a whole."""
    return len(text) <= LONGEST_TEXT and text.count("\n") <= MOST_BREAKS


def beginning(text: str, longest: int, most_lines: int) -> str:
    """The text up to `longest` characters and `most_lines` lines."""
    return "\n".join(text[:longest].split("\n", most_lines)[:most_lines])


def ending(text: str, longest: int, most_lines: int) -> str:
    """The last lines of the text, in at most `longest` characters."""
    return "\n".join(text[max(0, len(text) - longest) :].rsplit("\n", most_lines)[-most_lines:])


def abridged(text: str) -> tuple[str, str, str]:
    """Beginning, middle and end of a text: beginning and end are short enough to be laid out, the middle is empty if all is."""
    if is_short(text):
        return text, "", ""
    head = beginning(text, LONGEST_TEXT // 2, MOST_BREAKS // 2)
    tail = ending(text[len(head) :], LONGEST_TEXT // 2, MOST_BREAKS // 2)
    return head, text[len(head) : len(text) - len(tail)], tail
