"""The order of items follows their links."""

from voicelive_tui.model.transcript.item_order import FRONT, ItemOrder


def test_links_decide() -> None:
    order = ItemOrder()
    for key in "acb":
        order.append(key)
    assert order.move_after("b", "a")
    assert list(order) == ["a", "b", "c"]
    assert not order.move_after("b", "a")


def test_front() -> None:
    order = ItemOrder()
    for key in "abc":
        order.append(key)
    assert order.move_after("c", FRONT)
    assert list(order) == ["c", "a", "b"]


def test_moving_back_behind_a_later_item() -> None:
    order = ItemOrder()
    for key in "abc":
        order.append(key)
    order.move_after("a", "c")
    assert list(order) == ["b", "c", "a"]


def test_unknown_and_own_links_move_nothing() -> None:
    order = ItemOrder()
    for key in "ab":
        order.append(key)
    assert not order.move_after("b", "z")
    assert not order.move_after("b", "b")
    assert not order.move_after("z", "a")
    assert list(order) == ["a", "b"]


def test_loose_keys_between_do_not_part_items() -> None:
    order = ItemOrder()
    order.append("a")
    order.append("note", is_note=True)
    order.append("b")
    assert not order.move_after("b", "a")
    assert list(order) == ["a", "note", "b"]


def test_rename_and_remove() -> None:
    order = ItemOrder()
    for key in "abc":
        order.append(key)
    order.rename("b", "x")
    order.remove("a")
    assert list(order) == ["x", "c"]
    assert "b" not in order
    assert "x" in order


def linked_late(*, rename: bool = False, remove: str = "") -> list[str]:
    """The order when `new` is linked to the last item before two notes, after another item came."""
    order = ItemOrder()
    for key in "ab":
        order.append(key)
    for note in ("lost", "back"):
        order.append(note, is_note=True)
    for key in ("tools", "new"):
        order.append(key)
    if rename:
        order.rename("b", "c")
    if remove:
        order.remove(remove)
    order.move_after("new", {"b": "a"}.get(remove, "c" if rename else "b"))
    return list(order)


def test_what_is_linked_later_comes_behind_the_notes_of_its_time() -> None:
    assert linked_late() == ["a", "b", "lost", "back", "new", "tools"]
    assert linked_late(rename=True) == ["a", "c", "lost", "back", "new", "tools"]
    assert linked_late(remove="back") == ["a", "b", "lost", "new", "tools"]
    assert linked_late(remove="b") == ["a", "lost", "back", "new", "tools"]


def test_a_note_about_an_earlier_item_stands_behind_it_and_parts_no_items() -> None:
    order = ItemOrder()
    for key in "ab":
        order.append(key)
    order.append_note("first", "a")
    order.append_note("second", "a")
    order.append_note("lost", "z")
    assert list(order) == ["a", "first", "second", "b", "lost"]
    order.append("c")
    assert order.move_after("c", "a")
    assert list(order) == ["a", "first", "second", "c", "b", "lost"]
