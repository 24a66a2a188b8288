"""The conditions of an event filter and how they are combined: a tree of frozen values.

Most conditions depend on an event's kind alone (direction, type, failure), so a filter is evaluated
once for each kind; only where that leaves it open are single events looked at.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from voicelive_tui.model.events.record import Direction
from voicelive_tui.model.events.type_names import searchable_names


@dataclass(frozen=True, slots=True)
class TypeTerm:
    """The type's whole or short name holds any of these words, which are in lower case."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DirectionTerm:
    """The event has one of these directions."""

    directions: frozenset[Direction]


@dataclass(frozen=True, slots=True)
class ErrorTerm:
    """The event reports a failure."""


@dataclass(frozen=True, slots=True)
class TextTerm:
    """The journal's line holds any of these bytes, which are in lower case."""

    needles: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PatternTerm:
    """The event's JSON in lower case matches this regular expression."""

    pattern: "re.Pattern[bytes]"


@dataclass(frozen=True, slots=True)
class SizeTerm:
    """The frame has more, or fewer, bytes on the wire than `size_bytes`."""

    sign: Literal[">", "<"]
    size_bytes: float


@dataclass(frozen=True, slots=True)
class TimeTerm:
    """The event's time, in seconds since the session's start, is in [start_s, end_s)."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class TurnTerm:
    """The event is part of this turn; None for the turn under the cursor."""

    number: int | None


@dataclass(frozen=True, slots=True)
class CursorTerm:
    """The event names the item or response of the event under the cursor."""

    what: Literal["item", "resp"]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All conditions hold."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one condition holds."""

    nodes: "tuple[Node, ...]"


RecordTerm = TextTerm | PatternTerm | SizeTerm | TimeTerm | TurnTerm | CursorTerm
Term = TypeTerm | DirectionTerm | ErrorTerm | RecordTerm
Node = Term | Not | AllOf | AnyOf


def evaluate(
    node: Node, kind: "tuple[Direction, str, bool]", holds: Callable[[RecordTerm], bool | None]
) -> bool | None:
    """Return whether the condition holds; None if that is open, because `holds` does not know.

    kind: direction, type, and whether the event reports a failure. holds: the answer for a
    condition that is not decided by the kind.
    """
    direction, type_name, error = kind
    match node:
        case TypeTerm(words):
            names = searchable_names(type_name)
            return any(word in names for word in words)
        case DirectionTerm(directions):
            return direction in directions
        case ErrorTerm():
            return error
        case Not(inner):
            found = evaluate(inner, kind, holds)
            return None if found is None else not found
        case AllOf(nodes):
            return _combine(nodes, kind, holds, decisive=False)
        case AnyOf(nodes):
            return _combine(nodes, kind, holds, decisive=True)
        case _:
            return holds(node)


def _combine(
    nodes: tuple[Node, ...],
    kind: tuple[Direction, str, bool],
    holds: Callable[[RecordTerm], bool | None],
    *,
    decisive: bool,
) -> bool | None:
    open_ = False
    for node in nodes:
        found = evaluate(node, kind, holds)
        if found is decisive:
            return decisive
        open_ = open_ or found is None
    return None if open_ else not decisive


def leaves(node: Node) -> Iterator[Term]:
    """Yield every condition in the tree that is not made of others."""
    match node:
        case Not(inner):
            yield from leaves(inner)
        case AllOf(nodes) | AnyOf(nodes):
            for each in nodes:
                yield from leaves(each)
        case _:
            yield node


def replace_leaves(node: Node, replace: Callable[[Term], Node]) -> Node:
    """Return the tree with each of its leaves replaced."""
    match node:
        case Not(inner):
            return Not(replace_leaves(inner, replace))
        case AllOf(nodes):
            return AllOf(tuple(replace_leaves(each, replace) for each in nodes))
        case AnyOf(nodes):
            return AnyOf(tuple(replace_leaves(each, replace) for each in nodes))
        case _:
            return replace(node)


def holds_in_line(term: RecordTerm, line: bytes, size_bytes: int, t_s: float) -> bool:
    """Return whether the condition holds for the event with this line in the journal, in lower
    case. A condition that refers to a turn or the cursor holds for none."""
    match term:
        case TextTerm(needles):
            return any(needle in line for needle in needles)
        case PatternTerm(pattern):
            return pattern.search(line, event_start(line)) is not None
        case SizeTerm() | TimeTerm():
            return holds_in_columns(term, size_bytes, t_s)
        case _:
            return False


def holds_in_columns(term: SizeTerm | TimeTerm, size_bytes: int, t_s: float) -> bool:
    """Return whether the condition holds for an event of this size and time."""
    match term:
        case SizeTerm(">", limit):
            return size_bytes > limit
        case SizeTerm(_, limit):
            return size_bytes < limit
        case TimeTerm(start_s, end_s):
            return start_s <= t_s < end_s


def event_start(line: bytes, start: int = 0, end: int | None = None) -> int:
    """Return where the event begins in its journal line; the line's start when it has none, as that
    of a malformed frame."""
    at = line.find(_EVENT, start, len(line) if end is None else end)
    return start if at < 0 else at + len(_EVENT)


_EVENT = b'"event":'
