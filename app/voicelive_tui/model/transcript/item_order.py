"""The order of a conversation's items: as the service links them, not as their events arrive."""

from collections.abc import Iterator

from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.collections.shared_sequence import SharedSequence
from voicelive_tui.model.transcript.line import TranscriptLine

FRONT = "root"
"""The `previous_item_id` of an item at the very front (protocol.md section 4)."""


class ItemOrder:
    """Keys in order, each with a line or without one. Items are linked by `previous_item_id`; notes
    stay at the position where they came, so that what is linked to the last item before a note
    later comes behind the note.

    Every operation costs O(log n) at most.
    """

    def __init__(self) -> None:
        self._tree: OrderedTree[str, TranscriptLine] = OrderedTree()
        self._before: dict[str | None, str | None] = {None: None}
        self._after: dict[str | None, str | None] = {None: None}
        """The items without the notes, as a ring linked in both directions; None is the link
        between the last and the first."""
        self._notes: dict[str, list[str]] = {}
        """The notes directly behind an item, in order."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __contains__(self, key: str) -> bool:
        return key in self._tree

    def last(self) -> str:
        """Return the last key; empty when there is none."""
        return self._tree.last() or ""

    def last_item(self) -> str:
        """Return the last key that is no note's; empty when there is none."""
        return self._before[None] or ""

    def append(self, key: str, *, is_note: bool = False) -> None:
        """Add a new key at the end, where it stays until `move_after`. is_note: no item is ever
        linked to this key."""
        self._tree.append(key)
        last = self._before[None]
        if not is_note:
            self._link(key, last)
        elif last is not None:
            self._notes.setdefault(last, []).append(key)

    def append_note(self, key: str, item_id: str) -> None:
        """Add a new key behind this item and its notes, where no item is ever linked to it; at the
        end if the item is unknown."""
        if item_id not in self._before:
            self.append(key, is_note=True)
            return
        notes = self._notes.setdefault(item_id, [])
        self._tree.append(key)
        self._tree.move_after(key, notes[-1] if notes else item_id)
        notes.append(key)

    def move_after(self, key: str, previous: str) -> bool:
        """Move an item behind `previous`, or to the front for `FRONT`; return whether it moved. An
        unknown key or `previous` moves nothing."""
        anchor = None if previous == FRONT else previous
        if key not in self._before or anchor not in self._before or previous == key:
            return False
        # Two items are adjacent even with notes between them.
        if self._before[key] == anchor:
            return False
        self._unlink(key)
        notes = self._notes.get(anchor, []) if anchor is not None else []
        self._link(key, anchor)
        self._tree.move_after(key, notes[-1] if notes else anchor)
        return True

    def rename(self, old: str, new: str) -> None:
        """Give a provisional key the id of its item. An entry that already has that id is
        removed."""
        if new in self._tree:
            self.remove(new)
        before, notes = self._before[old], self._notes.pop(old, [])
        self._unlink(old)
        self._link(new, before)
        if notes:
            self._notes[new] = notes
        self._tree.rename(old, new)

    def remove(self, key: str) -> None:
        """Remove a key that never became an item."""
        if key in self._before:
            self._unlink(key)
        else:
            self._forget_note(key)
        self._tree.remove(key)

    def set_line(self, key: str, line: TranscriptLine | None) -> None:
        """Set the line of a known key; None for no line."""
        self._tree.set(key, line)

    def snapshot(self) -> SharedSequence[TranscriptLine]:
        """Return the lines in order; costs what changed since the last call."""
        return self._tree.snapshot()

    def _link(self, key: str, before: str | None) -> None:
        after = self._after[before]
        self._before[key], self._after[key] = before, after
        self._after[before] = self._before[after] = key

    def _unlink(self, key: str) -> None:
        before, after = self._before.pop(key), self._after.pop(key)
        self._after[before], self._before[after] = after, before
        notes = self._notes.pop(key, [])
        if before is not None and notes:
            self._notes.setdefault(before, []).extend(notes)

    def _forget_note(self, note: str) -> None:
        for notes in self._notes.values():
            if note in notes:
                notes.remove(note)
