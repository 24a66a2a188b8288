"""A copied turn has a bounded size and obeys the filter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.journal.reader import Recorded, read_folder
from voicelive_tui.paths import DEMO, recording_folder
from voicelive_tui.tui.turn_text import MOST_BYTES, turn_text

from tests.support.memory_journal import MemoryJournal
from tests.support.tool_turn import tool_turn


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    """The recording of the program."""
    demo = read_folder(recording_folder(DEMO))
    yield demo
    demo.index.close()


def all_of(recorded: Recorded) -> list[int]:
    return list(range(recorded.index.count))


def test_every_turn_of_the_demo_fits_with_all_of_its_events(recorded: Recorded) -> None:
    view = recorded.view
    assert len(view.turns) >= 7
    for turn in view.turns:
        text = turn_text(turn, view.transcript, recorded.index, None, all_of(recorded))
        assert text.startswith(f"Turn {turn.number} at ")
        assert len(text.encode()) <= MOST_BYTES
        assert "lines left out here" in text


def test_the_filter_applies_to_the_events_of_a_turn(recorded: Recorded) -> None:
    index, view = recorded.index, recorded.view
    done = [n for n in all_of(recorded) if index.type_name(n) == "response.done"]
    text = turn_text(view.turns[0], view.transcript, index, view.turns[1].started_s, done)
    events = [line for line in text.splitlines() if " < " in line]
    assert len(events) == 1 and '"response.done"' in events[0]
    assert "Of course. What is the number on the card?" in text


def test_long_lines_are_cut_before_any_is_left_out(tmp_path: Path) -> None:
    padding = "x" * 50_000
    with open(tmp_path / "events.jsonl", "w") as file:
        for n in range(20):
            event = f'{{"type":"response.created","number":{n},"padding":"{padding}"}}'
            file.write(f'{{"n":{n},"t":{n}.0,"dir":"received","event":{event}}}\n')
    recorded, demo = read_folder(tmp_path), read_folder(recording_folder(DEMO))
    turn = demo.view.turns[0]
    text = turn_text(turn, (), recorded.index, None, all_of(recorded))
    recorded.index.close()
    demo.index.close()
    assert len(text.encode()) <= MOST_BYTES
    kept = [f'"number": {n},' in text for n in range(20)]
    assert kept == [n >= turn.started_s for n in range(20)]
    assert "left out" not in text


def test_the_figures_of_a_turn_tell_the_link_apart(tmp_path: Path) -> None:
    journal = MemoryJournal()
    journal.link(0, "up", round_trip_ms=80, clock_error_ms=12.5)
    tool_turn(journal)
    journal.stopped(56.22, "a1", 2100, 6800, "barge_in", link_ms=81, device_ms=15)
    (tmp_path / "events.jsonl").touch()
    recorded = read_folder(tmp_path)
    head = turn_text(journal.turn(1), (), recorded.index, None, ()).splitlines()[0]
    recorded.index.close()
    assert head == (
        "Turn 1 at 00:50.000, heard after 1920 ms (1414 ms after the service's end of speech), of "
        "it the link 80 ms est; clock of laptop ± 13 ms, interrupted, silent after 96 ms: link 81, "
        "device 15"
    )
