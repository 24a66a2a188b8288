"""Exported text: a run of missing records is one line, whatever its length."""

import json
from pathlib import Path

import pytest
from voicelive_tui.journal.index import OVERFLOW, EventIndex
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.view import EventView
from voicelive_tui.tui.export import event_lines

from tests.support.step_count import steps


def index_of(folder: Path, numbers: list[int], *, kinds: int = 1) -> EventIndex:
    """The index of a recording with these record numbers. kinds: the number of event types in
    it."""
    folder.mkdir()
    with open(folder / "events.jsonl", "w") as file:
        for position, n in enumerate(numbers):
            event = {"type": f"marker {position % kinds}", "place": position}
            file.write(json.dumps({"n": n, "t": 0.1, "dir": "received", "event": event}) + "\n")
    return read_folder(folder).index


def exported(index: EventIndex) -> list[str]:
    view = EventView(index)
    view.sync()
    return list(event_lines(index, view.numbers))


@pytest.mark.parametrize("kinds", [1, OVERFLOW + 5], ids=["few types", "more types than a byte"])
def test_a_run_of_missing_records_is_one_line_that_says_how_many(
    tmp_path: Path, kinds: int
) -> None:
    index = index_of(tmp_path / "gaps", [*range(300), 301, 200_301, 200_302], kinds=kinds)
    lines = exported(index)
    assert len(lines) == 305
    assert [json.loads(line.split(" ", 2)[2]).get("place") for line in lines[298:]] == [
        298,
        299,
        None,
        300,
        None,
        301,
        302,
    ]
    assert json.loads(lines[300].split(" ", 2)[2]) == {
        "type": "(not recorded)",
        "lost": "it could not be kept",
    }
    assert json.loads(lines[302].split(" ", 2)[2])["records"] == 199_999
    index.close()


def test_a_recording_costs_by_its_lines_and_not_by_its_numbers(tmp_path: Path) -> None:
    near = index_of(tmp_path / "near", [at * 100 for at in range(15)])
    far = index_of(tmp_path / "far", [at * 130_000 for at in range(15)])
    assert steps(lambda: exported(far)) < 2 * steps(lambda: exported(near))
    near.close()
    far.close()
