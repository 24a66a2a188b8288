"""The positions of entries: each is wrapped when it is seen, and never all of them again."""

from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.widgets.transcript_layout import ENTRIES_AT_ONCE, TranscriptLayout
from voicelive_tui.tui.widgets.transcript_lines import text_rows

from tests.support.step_count import steps

WIDTH = 60


def line(number: int, words: int) -> TranscriptLine:
    return TranscriptLine(
        f"i{number}", "agent", float(number), "some words " * words, "final", number, number
    )


def tree_of(count: int) -> OrderedTree[int, TranscriptLine]:
    tree: OrderedTree[int, TranscriptLine] = OrderedTree()
    for number in range(count):
        tree.append(number)
        tree.set(number, line(number, 1 + number % 20))
    return tree


def test_every_entry_starts_below_the_entries_before_it() -> None:
    tree, layout = tree_of(3 * ENTRIES_AT_ONCE), TranscriptLayout()
    layout.show(tree.snapshot(), WIDTH)
    tree.set(700, line(700, 60))
    tree.move_after(3, 900)
    tree.append(5_000)
    tree.set(5_000, line(5_000, 3))
    layout.show(tree.snapshot(), WIDTH)
    layout.wrap(0, 5_000)
    at = 0
    for position, entry in enumerate(tree.snapshot()):
        expected = text_rows(entry, layout.columns)
        assert (layout.start(position), layout.lines(position)) == (at, expected)
        assert layout.entry_at(at) == position
        at += len(expected)
    assert layout.line_count == at


def test_what_is_seen_settles_without_the_rest() -> None:
    layout = TranscriptLayout()
    layout.show(tree_of(3 * ENTRIES_AT_ONCE).snapshot(), WIDTH)
    layout.wrap(10, 20)
    assert all(layout.height(at) == len(layout.lines(at)) for at in range(10, 21))
    assert not layout.wrap(10, 20)


def test_a_new_line_costs_the_same_in_a_long_transcript() -> None:
    def cost(count: int) -> int:
        tree, layout = tree_of(count), TranscriptLayout()
        layout.show(tree.snapshot(), WIDTH)
        tree.append(count)
        tree.set(count, line(count, 1))
        shown = tree.snapshot()
        return steps(lambda: layout.show(shown, WIDTH))

    assert cost(3_000) < 2 * cost(300)


def test_of_many_tall_entries_only_the_last_and_what_is_seen_are_wrapped_at_once() -> None:
    def cost(count: int) -> int:
        tree: OrderedTree[int, TranscriptLine] = OrderedTree()
        for number in range(count):
            tree.append(number)
            tree.set(
                number,
                TranscriptLine(f"i{number}", "agent", 0.0, "\n" * 500, "final", number, number),
            )
        shown, layout = tree.snapshot(), TranscriptLayout()
        work = steps(lambda: layout.show(shown, WIDTH))
        assert layout.height(count - 1) == len(layout.lines(count - 1))
        return work + steps(lambda: layout.settle_lines(0, 50))

    assert cost(100) < 2 * cost(5)
