"""The order of a conversation's items: as the service links them, not as their events arrive."""

from collections.abc import Iterator

from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.collections.shared_sequence import SharedSequence
from voicelive_tui.model.transcript.line import TranscriptLine

FRONT = "root"
"""What `previous_item_id` says of an item at the very front (protocol.md section 4)."""


class ItemOrder:
    """Keys in order, each with its line or with none. Items are linked by `previous_item_id`; notes
    stay where they came.

    Every operation costs O(log n) at most.
    """

    def __init__(self) -> None:
        self._tree: OrderedTree[str, TranscriptLine] = OrderedTree()
        self._before: dict[str | None, str | None] = {None: None}
        self._after: dict[str | None, str | None] = {None: None}
        """The items alone, without notes, as a ring of links in both directions; None stands
        between last and first."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __contains__(self, key: str) -> bool:
        return key in self._tree

    def last(self) -> str:
        """The last key; empty when there is none."""
        return self._tree.last() or ""

    def append(self, key: str, *, is_note: bool = False) -> None:
        """A new key at the end, until it is known where it belongs. loose: it is no item, nothing
        is ever linked to it."""
        self._tree.append(key)
        if not is_note:
            self._link(key, self._before[None])

    def move_after(self, key: str, previous: str) -> bool:
        """The service says that key follows previous. True when something moved; an unknown
        previous moves nothing."""
        anchor = None if previous == FRONT else previous
        if key not in self._before or anchor not in self._before or previous == key:
            return False
        # Notes in between do not part two items.
        if self._before[key] == anchor:
            return False
        self._unlink(key)
        self._link(key, anchor)
        self._tree.move_after(key, anchor)
        return True

    def rename(self, old: str, new: str) -> None:
        """A key that stood in for an item takes the item's own name, also from one that was known
        and showed nothing."""
        if new in self._tree:
            self.remove(new)
        before = self._before[old]
        self._unlink(old)
        self._link(new, before)
        self._tree.rename(old, new)

    def remove(self, key: str) -> None:
        """It never became an item."""
        if key in self._before:
            self._unlink(key)
        self._tree.remove(key)

    def set_line(self, key: str, line: TranscriptLine | None) -> None:
        """The line of a known key from now on; None for none."""
        self._tree.set(key, line)

    def snapshot(self) -> SharedSequence[TranscriptLine]:
        """The lines in the order of their keys; costs what changed since the last time."""
        return self._tree.snapshot()

    def _link(self, key: str, before: str | None) -> None:
        after = self._after[before]
        self._before[key], self._after[key] = before, after
        self._after[before] = self._before[after] = key

    def _unlink(self, key: str) -> None:
        before, after = self._before.pop(key), self._after.pop(key)
        self._after[before], self._before[after] = after, before
