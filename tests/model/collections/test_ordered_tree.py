"""The tree and its snapshots behave like a plain list."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.collections.shared_sequence import (
    SharedSequence,
    changes,
    common_prefix_length,
    common_suffix_length,
)


class Model:
    """A tree and a plain list to which the same operations are applied."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tree: OrderedTree[int, str] = OrderedTree()
        self.keys: list[int] = []
        self.values: dict[int, str] = {}
        self.next = 0

    def step(self) -> None:
        choice = self.random.random()
        if not self.keys or choice < 0.45:
            self.tree.append(self.next)
            self.keys.append(self.next)
            self._set(self.next)
            self.next += 1
            return
        key = self.random.choice(self.keys)
        if choice < 0.6:
            self._set(key)
        elif choice < 0.75:
            self._move(key)
        elif choice < 0.9:
            self.tree.remove(key)
            self.keys.remove(key)
            self.values.pop(key, None)
        else:
            self.tree.rename(key, self.next)
            self.keys[self.keys.index(key)] = self.next
            if key in self.values:
                self.values[self.next] = self.values.pop(key)
            self.next += 1

    def _set(self, key: int) -> None:
        value = None if self.random.random() < 0.2 else f"{key}:{self.random.randrange(5)}"
        self.tree.set(key, value)
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = value

    def _move(self, key: int) -> None:
        previous = self.random.choice([None, *(each for each in self.keys if each != key)])
        self.tree.move_after(key, previous)
        self.keys.remove(key)
        self.keys.insert(0 if previous is None else self.keys.index(previous) + 1, key)

    def expected(self) -> tuple[str, ...]:
        return tuple(self.values[key] for key in self.keys if key in self.values)


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 400))
def test_it_is_a_list_and_its_snapshots_stay_what_they_were(
    seed: int, rounds: int, size: int
) -> None:
    model = Model(seed)
    snapshots: list[tuple[SharedSequence[str], tuple[str, ...]]] = []
    for _ in range(rounds):
        for _ in range(model.random.choice([1, 3, size])):
            model.step()
        assert list(model.tree) == model.keys
        assert model.tree.last() == (model.keys[-1] if model.keys else None)
        snapshots.append((model.tree.snapshot(), model.expected()))
    for shown, expected in snapshots:
        assert shown == expected
        assert (len(shown), tuple(shown), tuple(reversed(shown))) == (
            len(expected),
            expected,
            expected[::-1],
        )
        assert [shown[at] for at in range(-len(expected), len(expected))] == [*expected, *expected]
        assert (shown[1:-1], shown[::2], shown[5:2]) == (
            expected[1:-1],
            expected[::2],
            expected[5:2],
        )
    for (new, _), (old, _) in zip(snapshots[1:], snapshots, strict=False):
        _compare(new, old)


def _compare(new: SharedSequence[str], old: SharedSequence[str]) -> None:
    ours, theirs = list(new), list(old)
    for same, pairs in ((common_prefix_length(new, old), zip(ours, theirs, strict=False)),):
        assert all(a is b for a, b in list(pairs)[:same])
    end = common_suffix_length(new, old)
    assert all(
        a is b for a, b in zip(ours[len(ours) - end :], theirs[len(theirs) - end :], strict=True)
    )
    found = dict(changes(new, old))
    assert all(ours[at] is value for at, value in found.items())
    known = {id(value) for value in theirs}
    assert all(at in found for at, value in enumerate(ours) if id(value) not in known)


def test_an_unchanged_tree_gives_the_same_snapshot_and_an_equal_value_changes_nothing() -> None:
    tree: OrderedTree[str, Any] = OrderedTree()
    tree.append("a")
    first = (1, 2)
    tree.set("a", first)
    shown = tree.snapshot()
    tree.set("a", (1, int("2")))
    assert tree.snapshot() is shown
    assert shown[0] is first
