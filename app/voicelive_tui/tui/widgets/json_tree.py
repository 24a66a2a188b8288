"""A JSON text as rows that can be folded, read no further than it is opened.

Nothing is decoded: a node is a range of the text, so numbers and texts keep the spelling in which
they came. One pass over the text finds its brackets; after that only what is unfolded is read. No
function recurses, and a text that is no valid JSON ends early but never raises.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from voicelive_tui.tui.widgets.json_node import CLOSING, Kind, Node, Row

MOST_MEMBERS: Final = 1_000
"""Members of an object or array that are rows at a time; of more, each thousand folds into one."""
LONGEST_INLINE: Final = 72
"""Characters of an object or array that stands on one row while it is folded."""
_SMALL: Final = 400
"""Characters of an inner object or array that is open from the beginning."""
_FEW: Final = 100
"""Members of a field of the event that is open from the beginning."""

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_STRING_PATTERN: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+'
_STRING: Final = re.compile(_STRING_PATTERN, re.DOTALL)
_SCALAR: Final = re.compile(rf"{_STRING_PATTERN}|[^\s,:\[\]{{}}\"]++", re.DOTALL)
_TO_BRACKET: Final = re.compile(
    rf'[^"\[\]{{}}]*+(?:{_STRING_PATTERN}[^"\[\]{{}}]*+)*+([\[\]{{}}]|\Z)', re.DOTALL
)
_TO_COMMA: Final = re.compile(
    rf'(?:[^",\[\]{{}}]++|{_STRING_PATTERN})*+([,\[\]{{}}]|\Z)', re.DOTALL
)
_NAME: Final = re.compile(r"[A-Za-z_$][\w$-]*")


def _match_brackets(text: str) -> "tuple[array[int], array[int]]":
    """Where each object and array begins, ascending, and where each of them ends."""
    begins, ends, inside, at = array("I"), array("I"), list[int](), 0
    while (found := _TO_BRACKET.match(text, at)) and found[1]:
        at = found.end()
        if found[1] in "{[":
            inside.append(len(begins))
            begins.append(at - 1)
            ends.append(len(text))
        elif inside:
            ends[inside.pop()] = at
    return begins, ends


class JsonTree:
    """The rows of one JSON text. `rows` changes with every fold and unfold."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._opening, self._ends = _match_brackets(text)
        start = self._past_space(0)
        self.root = Node(self._kind_at(start), start, self._value_end(start))
        self.root.is_open = self.root.is_container and not self.is_inline(self.root)
        self.rows: list[Row] = []
        self.rebuild()

    # What a node is

    @cached_property
    def size_bytes(self) -> int:
        """The bytes of the whole text."""
        return len(self.text.encode("utf-8", "surrogatepass"))

    def spelling(self, node: Node, longest: int | None = None) -> str:
        """The text of a node as it came, or its beginning."""
        end = node.end if longest is None else min(node.end, node.start + longest)
        return self.text[node.start : end]

    def key(self, node: Node, longest: int) -> str:
        """The name of a node with its quotes, or its beginning; empty in an array."""
        if node.key_start < 0:
            return ""
        return self.text[node.key_start : min(node.key_end, node.key_start + longest)]

    def node_bytes(self, node: Node) -> int:
        """The bytes of a node's text."""
        return len(self.spelling(node).encode("utf-8", "surrogatepass"))

    def member_count(self, node: Node) -> int:
        """The number of members of an object, an array or a slice."""
        self._count(node)
        return node.count

    def is_reference(self, node: Node) -> bool:
        """Whether the node stands for sound that the journal keeps elsewhere."""
        return node.kind == "object" and self.text.startswith('{"$wav":', node.start)

    def is_inline(self, node: Node) -> bool:
        """Whether a folded object or array is short enough to stand on its row as a whole."""
        if node.kind not in ("object", "array") or node.end - node.start > LONGEST_INLINE:
            return False
        inside = self.text[node.start + 1 : node.end - 1]
        return not any(bracket in inside for bracket in "[{")

    def path(self, node: Node) -> str:
        """The JSON path of a node from the event on, such as `response.output[0].id`; empty for the
        event itself."""
        parts: list[str] = []
        at: Node | None = node
        while at is not None and at.parent is not None:
            if at.kind == "slice":
                if at is node:
                    parts.append(f"[{at.first}:{at.first + at.count}]")
            elif at.key_start >= 0:
                name = self.text[at.key_start + 1 : at.key_end - 1]
                parts.append(f".{name}" if _NAME.fullmatch(name) else f'["{name}"]')
            else:
                parts.append(f"[{at.position}]")
            at = at.parent
        return "".join(reversed(parts)).removeprefix(".")

    # Folding

    def can_fold(self, node: Node) -> bool:
        """Whether the node can be folded and unfolded: it has members, or is a text."""
        if self.is_reference(node):
            return False
        return node.kind == "string" or (node.is_container and self.member_count(node) > 0)

    def toggle(self, at: int) -> None:
        """Fold or unfold the node of row `at`."""
        node = self.rows[at][0]
        if not self.can_fold(node):
            return
        at = self.row_of(node)
        end = at + 1
        while end < len(self.rows) and (
            self.rows[end][0] is node or self.rows[end][0].depth > node.depth
        ):
            end += 1
        node.is_open = not node.is_open
        self._open_only_child(node)
        self.rows[at:end] = self._rows_of(node)

    def _open_only_child(self, node: Node) -> None:
        """Unfold the only member of an unfolded array: nobody wants to see just its brackets."""
        if node.is_open and node.kind == "array" and self.member_count(node) == 1:
            (child,) = self.children(node) or (node,)
            child.is_open = child.is_open or (
                child.kind in ("object", "array") and not self.is_reference(child)
            )

    def rebuild(self) -> None:
        """Make the rows anew, after nodes were opened or closed or lines of texts have changed."""
        self.rows = self._rows_of(self.root)

    def row_of(self, node: Node) -> int:
        """The first row of a node that is shown."""
        return next((at for at, row in enumerate(self.rows) if row[0] is node), 0)

    def reveal(self, offset: int) -> Node:
        """Unfold what hides this place of the text, and return the innermost node there that has a
        row of its own."""
        node = self.root
        while node.is_container and not self.is_reference(node) and not self.is_inline(node):
            children = self.children(node)
            at = bisect_right(children, offset, key=lambda child: child.begins) - 1
            if at < 0 or offset >= children[at].end:
                break
            node.is_open = True
            node = children[at]
            if offset < node.start:
                break
        self.rebuild()
        return node

    def children(self, node: Node) -> list[Node]:
        """The members of a node; of one with very many, the slices that hold them."""
        if node.children is None:
            self._count(node)
            if node.kind != "slice" and node.count > MOST_MEMBERS:
                node.children = self._slices(node)
            else:
                node.children = list(self._members(node))
            for child in node.children:
                child.is_open = self._opens_at_first(child)
        return node.children

    def _opens_at_first(self, node: Node) -> bool:
        if node.kind not in ("object", "array") or self.is_reference(node) or self.is_inline(node):
            return False
        if node.end - node.start <= _SMALL:
            return True
        return node.depth == 1 and self.member_count(node) <= _FEW

    def _rows_of(self, node: Node) -> list[Row]:
        rows: list[Row] = []
        waiting: list[Row] = [(node, 0)]
        while waiting:
            row = waiting.pop()
            rows.append(row)
            each, part = row
            if part or not each.is_open:
                continue
            if each.kind == "string":
                rows += [(each, line) for line in range(1, len(each.lines) + 1)]
                continue
            if each.kind != "slice":
                waiting.append((each, CLOSING))
            waiting += [(child, 0) for child in reversed(self.children(each))]
        return rows

    # Reading the text

    def _past_space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _value_end(self, start: int) -> int:
        """Where the value that begins at `start` ends; `start` if there is none."""
        if self.text[start : start + 1] in ("{", "["):
            return self._ends[bisect_left(self._opening, start)]
        found = _SCALAR.match(self.text, start)
        return found.end() if found else start

    def _kind_at(self, start: int) -> Kind:
        match self.text[start : start + 1]:
            case "{":
                return "object"
            case "[":
                return "array"
            case '"':
                return "string"
            case _:
                return "scalar"

    def _count(self, node: Node) -> None:
        """Count a node's members, and remember where each thousand of them begins."""
        if node.count >= 0:
            return
        at = node.start + 1
        if self._past_space(at) >= node.end - 1:
            node.count = 0
            return
        starts, count = [at], 1
        while (found := _TO_COMMA.match(self.text, at, node.end)) and found[1]:
            at = found.end()
            if found[1] == ",":
                if count % MOST_MEMBERS == 0:
                    starts.append(at)
                count += 1
            elif found[1] in "[{":
                at = self._value_end(at - 1)
            else:
                break
        node.count, node.starts = count, starts

    def _slices(self, node: Node) -> list[Node]:
        ends = [*node.starts[1:], node.end - 1]
        return [
            Node(
                "slice",
                start,
                end,
                node,
                position=number,
                depth=node.depth + 1,
                first=number * MOST_MEMBERS,
                count=min(MOST_MEMBERS, node.count - number * MOST_MEMBERS),
            )
            for number, (start, end) in enumerate(zip(node.starts, ends, strict=True))
        ]

    def _members(self, node: Node) -> Iterator[Node]:
        """The members that a node's text lists. Those of a slice know the whole object or array by
        way of the slice."""
        whole = node.parent if node.kind == "slice" and node.parent else node
        at = node.start if node.kind == "slice" else node.start + 1
        for position in range(node.first, node.first + node.count):
            key_start, key_end, start = self._key_at(at, whole.kind == "object")
            end = self._value_end(start)
            if end == start:
                return
            comma = self._past_space(end)
            more = self.text[comma : comma + 1] == ","
            yield Node(
                self._kind_at(start),
                start,
                end,
                node,
                key_start,
                key_end,
                position,
                node.depth + 1,
                is_last=not more,
            )
            if not more:
                return
            at = comma + 1

    def _key_at(self, at: int, in_object: bool) -> tuple[int, int, int]:
        """Where the name at this place begins and ends, -1 for none, and where its value begins."""
        at = self._past_space(at)
        name = _STRING.match(self.text, at) if in_object else None
        if name is None:
            return -1, -1, at
        colon = self._past_space(name.end())
        return name.start(), name.end(), self._past_space(colon + 1)
