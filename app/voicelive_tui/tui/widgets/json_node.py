"""A value in a JSON text, as a range of the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["object", "array", "slice", "string", "scalar"]


@dataclass(slots=True, eq=False)
class Node:
    """A value in the text, from `start` to `end`.

    key_start, key_end: its name with the quotes; both -1 in an array. position: its place in its
    parent. is_last: no comma follows. first: the position of its first member; 0 but in a slice.
    """

    kind: Kind
    start: int
    end: int
    parent: "Node | None" = None
    key_start: int = -1
    key_end: int = -1
    position: int = 0
    depth: int = 0
    is_last: bool = True
    first: int = 0
    is_open: bool = False
    children: "list[Node] | None" = None
    count: int = -1
    """The number of members, once they have been counted."""
    starts: Sequence[int] = ()
    """Where each thousand of the members begins, once they have been counted."""
    lines: tuple[str, ...] = ()
    """The lines of an open text."""

    @property
    def is_container(self) -> bool:
        """Whether it has members."""
        return self.kind in ("object", "array", "slice")

    @property
    def begins(self) -> int:
        """Where it begins in the text, its name included."""
        return self.key_start if self.key_start >= 0 else self.start


Row = tuple[Node, int]
"""A node and which of its rows: 0 is the first one, -1 the closing bracket, and 1, 2 ... the lines
of an open text."""
CLOSING: Final = -1
