"""An immutable sequence that shares its unchanged parts with the version before it, so that a new
version is cheap to make.

A part is a tuple of values or another shared sequence. Invariant: parts that are the same object
hold the same values, so two versions can be compared without reading what they share.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import Any, TypeVar, overload

T = TypeVar("T")


class SharedSequence(Sequence[T]):
    """A read-only sequence that compares by value with any tuple. Index and length cost O(log n) at
    most."""

    __slots__ = ("_ends", "height", "parts")

    def __init__(self, parts: Iterable[Sequence[T]] = ()) -> None:
        """Make a sequence of the values of all parts. Parts that are not empty must have the same
        height."""
        self.parts: tuple[Sequence[T], ...] = tuple([part for part in parts if len(part)])
        self._ends: tuple[int, ...] = tuple(accumulate(map(len, self.parts)))
        self.height: int = 1 + max(map(_height, self.parts), default=0)
        """The number of levels of parts above the values."""

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        """Return one value, or a tuple of the values in a slice."""
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step == 1:
                return tuple(islice(self._from(start), max(0, stop - start)))
            return tuple(self[at] for at in range(start, stop, step))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(f"no item {index}")
        part_index = bisect_right(self._ends, at)
        return self.parts[part_index][at - self._start(part_index)]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self.parts)

    def __reversed__(self) -> Iterator[T]:
        return chain.from_iterable(map(reversed, reversed(self.parts)))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, SharedSequence | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            ours is theirs or ours == theirs for ours, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"SharedSequence({tuple(self)!r})"

    def _start(self, part_index: int) -> int:
        return self._ends[part_index - 1] if part_index else 0

    def _from(self, start: int) -> Iterator[T]:
        """Iterate over the values from this position to the end."""
        part_index = bisect_right(self._ends, start)
        if part_index == len(self.parts):
            return iter(())
        first, begin = self.parts[part_index], start - self._start(part_index)
        rest = first._from(begin) if isinstance(first, SharedSequence) else iter(first[begin:])
        return chain(rest, chain.from_iterable(self.parts[part_index + 1 :]))


def with_end(sequence: Sequence[T], values: tuple[T, ...]) -> Sequence[T]:
    """Return the sequence with these values at its end, sharing its parts."""
    if not isinstance(sequence, SharedSequence):
        return (*sequence, *values)
    end: Sequence[T] = values
    while _height(end) < sequence.height - 1:
        end = SharedSequence((end,))
    return SharedSequence((*sequence.parts, end))


def common_prefix_length(new: Sequence[Any], old: Sequence[Any]) -> int:
    """Return how many values at the front are the same objects in both. For two versions of one
    sequence this costs only what differs."""
    if new is old:
        return len(new)
    new, old = _at_same_height(new, old)
    same = 0
    for ours, theirs in zip(_parts(new), _parts(old), strict=False):
        if ours is not theirs:
            return same + (common_prefix_length(ours, theirs) if _height(new) else 0)
        same += len(ours) if _height(new) else 1
    return same


def common_suffix_length(new: Sequence[Any], old: Sequence[Any]) -> int:
    """Return how many values at the end are the same objects in both. For two versions of one
    sequence this costs only what differs."""
    if new is old:
        return len(new)
    if _height(new) != _height(old):
        # The tree has grown by a level, which happens a few times in a session.
        return _count_same(reversed(new), reversed(old))
    same = 0
    for ours, theirs in zip(reversed(_parts(new)), reversed(_parts(old)), strict=False):
        if ours is not theirs:
            return same + (common_suffix_length(ours, theirs) if _height(new) else 0)
        same += len(ours) if _height(new) else 1
    return same


def changes(new: Sequence[T], old: Sequence[T]) -> Iterator[tuple[int, T]]:
    """Yield position and value of everything in `new` that may not be in `old`: every new value,
    and some that only moved."""
    return _changes(new, old, 0)


def _changes(new: Sequence[T], old: Sequence[T], start: int) -> Iterator[tuple[int, T]]:
    if new is old:
        return
    new_level, old_level = _height(new), _height(old)
    if new_level < old_level:
        yield from enumerate(new, start)
        return
    new_parts = _parts(new)
    old_parts: Sequence[Any] = (old,) if new_level > old_level else _parts(old)
    if not new_level:
        yield from (
            (start + at, value)
            for at, value in enumerate(new_parts)
            if at >= len(old_parts) or value is not old_parts[at]
        )
        return
    for at, part in enumerate(new_parts):
        if at >= len(old_parts):
            yield from enumerate(part, start)
        elif part is not old_parts[at]:
            yield from _changes(part, old_parts[at], start)
        start += len(part)


def _at_same_height(new: Sequence[Any], old: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return both at the same height: the first part of a version that has grown by a level is the
    whole of the version before."""
    while _height(new) > _height(old) and len(new):
        new = _parts(new)[0]
    while _height(old) > _height(new) and len(old):
        old = _parts(old)[0]
    return new, old


def _parts(sequence: Sequence[Any]) -> Sequence[Any]:
    return sequence.parts if isinstance(sequence, SharedSequence) else sequence


def _height(sequence: Sequence[Any]) -> int:
    return sequence.height if isinstance(sequence, SharedSequence) else 0


def _count_same(new: Iterable[Any], old: Iterable[Any]) -> int:
    same = 0
    for ours, theirs in zip(new, old, strict=False):
        if ours is not theirs:
            break
        same += 1
    return same
