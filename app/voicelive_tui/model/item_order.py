"""The order of a conversation's items: as the service links them, not as their events arrive."""

from collections.abc import Iterator

FRONT = "root"
"""What `previous_item_id` says of an item at the very front (protocol.md section 4)."""


class ItemOrder:
    """Keys in order. Items are linked by `previous_item_id`; notes stay where they came."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._known: set[str] = set()
        self._loose: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def last(self) -> str:
        """The last key; empty when there is none."""
        return self._keys[-1] if self._keys else ""

    def append(self, key: str, *, loose: bool = False) -> None:
        """A new key at the end, until it is known where it belongs. loose: it is no item, nothing is ever linked to it."""
        self._keys.append(key)
        self._known.add(key)
        if loose:
            self._loose.add(key)

    def place(self, key: str, previous: str) -> bool:
        """The service says that key follows previous. True when something moved; an unknown previous moves nothing."""
        if key not in self._known or (previous != FRONT and previous not in self._known) or previous == key:
            return False
        before, at = -1 if previous == FRONT else self.index(previous), self.index(key)
        # Notes in between do not part two items.
        if before < at and all(each in self._loose for each in self._keys[before + 1 : at]):
            return False
        self._keys.pop(at)
        self._keys.insert(before + 1 if before < at else before, key)
        return True

    def rename(self, old: str, new: str) -> None:
        """A key that stood in for an item takes the item's own name."""
        self._keys[self.index(old)] = new
        self._known.discard(old)
        self._known.add(new)

    def remove(self, key: str) -> None:
        """It never became an item."""
        self._keys.pop(self.index(key))
        self._known.discard(key)

    def index(self, key: str) -> int:
        """Where a known key stands; looked for from the end, where the conversation is."""
        at = len(self._keys) - 1
        while self._keys[at] != key:
            at -= 1
        return at
