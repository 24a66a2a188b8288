"""Values by key in an order that can change, with snapshots that cost only what changed since the
last one.

A B-tree: a leaf holds keys, a branch holds nodes, each at most `WIDTH` of them. Every operation
costs O(log n). Invariant: a node without a frozen version has no frozen ancestor, so a change is
passed up only to the first ancestor that is not frozen.
"""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final, Generic, TypeVar

from voicelive_tui.model.collections.shared_sequence import SharedSequence

WIDTH: Final = 32

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Node:
    """One node of the tree.

    children: the keys of a leaf, or the nodes of a branch. frozen: the node's part of the snapshot;
    None when it has to be made again.
    """

    __slots__ = ("children", "frozen", "is_leaf", "parent")

    def __init__(self, *, is_leaf: bool) -> None:
        self.is_leaf = is_leaf
        self.parent: _Node | None = None
        self.children: list[Any] = []
        self.frozen: Sequence[Any] | None = None


class OrderedTree(Generic[K, V]):
    """Keys in order, each with a value or without one. A key without a value keeps its position and
    is left out of snapshots."""

    def __init__(self) -> None:
        self._clear()
        self._leaf_of: dict[K, _Node] = {}
        self._values: dict[K, V] = {}

    def __iter__(self) -> Iterator[K]:
        return self._keys(self._root)

    def __contains__(self, key: object) -> bool:
        return key in self._leaf_of

    def last(self) -> K | None:
        """Return the last key; None when the tree is empty."""
        leaf = self._last_leaf()
        return leaf.children[-1] if leaf.children else None

    def append(self, key: K) -> None:
        """Add a new key at the end."""
        leaf = self._last_leaf()
        self._insert(leaf, len(leaf.children), key)

    def move_after(self, key: K, previous: K | None) -> None:
        """Move a key behind `previous`, or to the front when that is None."""
        value = self._values.get(key)
        self.remove(key)
        leaf = self._first_leaf() if previous is None else self._leaf_of[previous]
        self._insert(leaf, 0 if previous is None else leaf.children.index(previous) + 1, key)
        if value is not None:
            self._values[key] = value

    def remove(self, key: K) -> None:
        """Remove a key and its value."""
        leaf = self._leaf_of.pop(key)
        self._values.pop(key, None)
        self._remove_child(leaf, key)

    def rename(self, old: K, new: K) -> None:
        """Replace a key by a new one at the same position and with the same value."""
        leaf = self._leaf_of.pop(old)
        leaf.children[leaf.children.index(old)] = new
        self._leaf_of[new] = leaf
        if old in self._values:
            self._values[new] = self._values.pop(old)

    def set(self, key: K, value: V | None) -> None:
        """Set the value of a key, or remove it with None. A value that equals the present one
        changes nothing: the snapshot keeps the present object."""
        if self._values.get(key) == value:
            return
        if value is None:
            del self._values[key]
        else:
            self._values[key] = value
        _discard_frozen(self._leaf_of[key])

    def snapshot(self) -> SharedSequence[V]:
        """Return the values in order; the same object until something changes."""
        frozen = self._freeze(self._root)
        assert isinstance(frozen, SharedSequence), "the root is a branch"
        return frozen

    def _clear(self) -> None:
        self._root = _Node(is_leaf=False)
        leaf = _Node(is_leaf=True)
        leaf.parent = self._root
        self._root.children.append(leaf)

    def _first_leaf(self) -> _Node:
        node = self._root
        while not node.is_leaf:
            node = node.children[0]
        return node

    def _last_leaf(self) -> _Node:
        node = self._root
        while not node.is_leaf:
            node = node.children[-1]
        return node

    def _insert(self, node: _Node, at: int, child: Any) -> None:
        node.children.insert(at, child)
        self._set_parent(node, child)
        _discard_frozen(node)
        if len(node.children) > WIDTH:
            self._split(node, at)

    def _set_parent(self, node: _Node, child: Any) -> None:
        if node.is_leaf:
            self._leaf_of[child] = node
        else:
            child.parent = node

    def _split(self, node: _Node, at: int) -> None:
        """Split a full node in half. A node that grows at its end stays full, and only the last
        child moves on."""
        cut = at if at == len(node.children) - 1 else len(node.children) // 2
        right = _Node(is_leaf=node.is_leaf)
        right.children = node.children[cut:]
        del node.children[cut:]
        for child in right.children:
            self._set_parent(right, child)
        if node.parent is None:
            self._root = _Node(is_leaf=False)
            self._root.children.append(node)
            node.parent = self._root
        self._insert(node.parent, node.parent.children.index(node) + 1, right)

    def _remove_child(self, node: _Node, child: Any) -> None:
        node.children.remove(child)
        _discard_frozen(node)
        if node.children:
            return
        if node.parent is None:
            self._clear()
        else:
            self._remove_child(node.parent, node)

    def _freeze(self, node: _Node) -> Sequence[V]:
        if node.frozen is None:
            if node.is_leaf:
                values = self._values
                node.frozen = tuple([values[key] for key in node.children if key in values])
            else:
                node.frozen = SharedSequence([self._freeze(child) for child in node.children])
        return node.frozen

    def _keys(self, node: _Node) -> Iterator[K]:
        if node.is_leaf:
            yield from node.children
        else:
            for child in node.children:
                yield from self._keys(child)


def _discard_frozen(node: _Node | None) -> None:
    while node is not None and node.frozen is not None:
        node.frozen = None
        node = node.parent
