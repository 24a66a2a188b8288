"""The transcript on the screen: a growing answer paints only what has changed."""

from pathlib import Path

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.widgets.transcript_view import TranscriptView

from tests.tui.support.paint_recorder import PaintRecorder


class PaintedTranscript(PaintRecorder, TranscriptView):
    """A transcript that keeps what it asked to be painted."""


class TranscriptApp(App[None]):
    """An app with nothing but the transcript."""

    CSS_PATH = str(Path(__file__).parents[3] / "app/voicelive_tui/tui/app.tcss")

    def compose(self) -> ComposeResult:
        yield PaintedTranscript()


def line(number: int, words: int) -> TranscriptLine:
    return TranscriptLine(
        f"i{number}", "agent", float(number), "some words " * words, "final", number, number
    )


def tree_of(count: int) -> OrderedTree[int, TranscriptLine]:
    tree: OrderedTree[int, TranscriptLine] = OrderedTree()
    for number in range(count):
        tree.append(number)
        tree.set(number, line(number, 3))
    return tree


async def assert_painted(pilot: Pilot[None], view: TranscriptView) -> None:
    """Check that the screen has what the view would draw now."""
    await pilot.pause()
    region = Region(0, 0, view.scrollable_content_region.width, view.page)
    painted = [strip.text for strip in view.render_lines(region)]
    assert painted == [view.render_line(y).text for y in range(view.page)]


async def test_a_growing_answer_paints_from_its_first_changed_line() -> None:
    tree = tree_of(4)
    async with TranscriptApp().run_test(size=(60, 30)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        view.sync(tree.snapshot())
        await assert_painted(pilot, view)
        for words in range(4, 60):
            before = [view.render_line(y) for y in range(view.page)]
            view.asked.clear()
            tree.set(3, line(3, words))
            view.sync(tree.snapshot())
            now = [view.render_line(y) for y in range(view.page)]
            changed = [
                y for y, pair in enumerate(zip(before, now, strict=True)) if pair[0] != pair[1]
            ]
            assert [region and (region.y, region.bottom) for region in view.asked] == [
                (changed[0], changed[-1] + 1)
            ]
            await assert_painted(pilot, view)


async def test_a_full_pane_shows_every_change_wherever_it_is() -> None:
    tree = tree_of(40)
    async with TranscriptApp().run_test(size=(60, 12)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        view.sync(tree.snapshot())
        await assert_painted(pilot, view)
        for number in (39, 38, 37, 36, 2):
            for words in (1, 20, 9):
                tree.set(number, line(number, words))
                view.sync(tree.snapshot())
                await assert_painted(pilot, view)
        for number in range(40, 45):
            tree.append(number)
            tree.set(number, line(number, 9))
            view.sync(tree.snapshot())
            await assert_painted(pilot, view)


async def test_fewer_entries_leave_nothing_behind() -> None:
    async with TranscriptApp().run_test(size=(60, 30)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        for count in (8, 3, 1, 5, 0, 2):
            view.sync(tree_of(count).snapshot(), ([("Nothing was said.", "dim")],))
            await assert_painted(pilot, view)


async def test_the_same_entries_paint_nothing() -> None:
    entries = tree_of(5).snapshot()
    async with TranscriptApp().run_test(size=(60, 30)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        view.sync(entries)
        await pilot.pause()
        view.asked.clear()
        view.sync(entries)
        assert not view.asked


async def test_the_cursor_goes_from_match_to_match_and_on_from_the_other_end() -> None:
    async with TranscriptApp().run_test(size=(60, 12)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        tree = tree_of(9)
        for number in (2, 5):
            tree.set(number, TranscriptLine(f"i{number}", "you", 9.0, "a parcel", "final", 0, 0))
        view.sync(tree.snapshot())
        view.search_for("Parcel")
        assert view.matches == (0, 2)
        went = [(view.seek_match(step), view.cursor) for step in (1, 1, 1, -1, -1)]
        assert went == [(False, 2), (False, 5), (True, 2), (True, 5), (False, 2)]
        assert view.matches == (1, 2)
        tree.set(8, TranscriptLine("i8", "agent", 9.0, "no parcel", "final", 0, 0))
        view.sync(tree.snapshot())
        assert view.matches == (1, 3)
        await assert_painted(pilot, view)
        view.search_for("")
        assert view.matches == (0, 0)


async def test_system_notes_can_be_left_out_and_the_cursor_goes_past_them() -> None:
    async with TranscriptApp().run_test(size=(60, 12)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        tree = tree_of(3)
        tree.set(1, TranscriptLine("i1", "note", 1.0, "muted", "final", 0, 0))
        view.sync(tree.snapshot())
        assert view.toggle_notes()
        await assert_painted(pilot, view)
        assert view.line_count == 2
        view.select(0)
        view.step(1)
        assert view.cursor == 2
        assert not view.toggle_notes()
        assert view.line_count == 3


async def test_numbers_and_times_of_later_entries_are_painted_anew() -> None:
    async with TranscriptApp().run_test(size=(60, 12)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        tree: OrderedTree[int, TranscriptLine] = OrderedTree()
        for number in range(4):
            tree.append(number)
            tree.set(number, TranscriptLine(f"i{number}", "you", 1.0, "Hi.", "final", 0, 0))
        view.sync(tree.snapshot())
        await assert_painted(pilot, view)
        false_start = TranscriptLine("i1", "you", 1.0, "Hi.", "final", 0, 0, mark="false_start")
        tree.set(1, false_start)
        view.sync(tree.snapshot())
        await assert_painted(pilot, view)
        numbers = [view.render_line(y).text[:2] for y in range(4)]
        assert numbers == [" 1", " -", " 2", " 3"]


async def test_an_entry_under_the_cursor_stays_in_view_when_rows_are_taken_away() -> None:
    async with TranscriptApp().run_test(size=(60, 8)) as pilot:
        view = pilot.app.query_one(PaintedTranscript)
        view.sync(tree_of(20).snapshot())
        view.select(19)
        await pilot.pause()
        await pilot.resize_terminal(60, 5)
        await pilot.pause()
        assert "▸" in "".join(view.render_line(y).text for y in range(view.page))
        view.scroll_to(y=0, animate=False)
        await pilot.resize_terminal(60, 4)
        await pilot.pause()
        assert view.top == 0
