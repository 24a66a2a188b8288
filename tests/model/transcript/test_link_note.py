"""The lines about the link to the machine with the devices."""

import pytest

from tests.support.memory_journal import MemoryJournal


def lose(journal: MemoryJournal, t_s: float) -> None:
    """Both devices are lost."""
    for side in ("microphone", "loudspeaker"):
        journal("=", t_s, "console.device", side=side, state="lost", name="headset")


def find(journal: MemoryJournal, t_s: float, state: str = "back", **more: object) -> None:
    """Both devices are there again."""
    for side in ("microphone", "loudspeaker"):
        journal("=", t_s, "console.device", side=side, state=state, name="headset", **more)


def test_a_link_that_is_up_or_changes_its_round_trip_is_no_line(journal: MemoryJournal) -> None:
    journal.link(1, "up", round_trip_ms=23)
    journal.link(2, "up", round_trip_ms=160)
    assert journal.lines == []


@pytest.mark.parametrize("state", ["stalled", "lost"])
def test_a_loss_and_the_return_are_one_line(journal: MemoryJournal, state: str) -> None:
    journal.link(5, state)
    assert journal.lines == [f"note: sound link to laptop {state} [failed]"]
    journal.link(8.2, "back", away_ms=3200, round_trip_ms=23)
    (line,) = journal.view.transcript
    assert (line.text, line.state, line.t_s, line.first_n, line.last_n) == (
        f"sound link to laptop {state}, back after 3.2 s", "final", 5, 0, 1,
    )  # fmt: skip


def test_a_link_that_stalls_and_is_lost_then_is_one_line(journal: MemoryJournal) -> None:
    journal.link(5, "stalled")
    journal.link(14, "lost")
    journal.link(30, "up", round_trip_ms=23)
    assert journal.lines == ["note: sound link to laptop lost, back after 25.0 s"]
    journal.link(40, "lost")
    assert len(journal.lines) == 2


@pytest.mark.parametrize("devices_first", [False, True])
def test_devices_that_go_and_come_with_the_link_have_no_lines(
    journal: MemoryJournal, devices_first: bool
) -> None:
    order = [lambda t_s: journal.link(t_s, "lost"), lambda t_s: lose(journal, t_s)]
    for happens in reversed(order) if devices_first else order:
        happens(5)
    assert journal.lines == ["note: sound link to laptop lost [failed]"]
    order = [lambda t_s: journal.link(t_s, "back", away_ms=3200), lambda t_s: find(journal, t_s)]
    for happens in reversed(order) if devices_first else order:
        happens(8.2)
    assert journal.lines == ["note: sound link to laptop lost, back after 3.2 s"]


def test_a_device_that_is_lost_by_itself_has_its_lines(journal: MemoryJournal) -> None:
    lose(journal, 1)
    find(journal, 2, away_ms=1000)
    journal.link(5, "lost")
    journal.link(8, "back", away_ms=3000)
    lose(journal, 20)
    assert journal.lines == [
        "note: microphone lost: headset",
        "note: loudspeaker lost: headset",
        "note: microphone back after 1.0 s: headset",
        "note: loudspeaker back after 1.0 s: headset",
        "note: sound link to laptop lost, back after 3.0 s",
        "note: microphone lost: headset",
        "note: loudspeaker lost: headset",
    ]


def test_another_device_behind_the_link_is_a_line(journal: MemoryJournal) -> None:
    journal.link(5, "lost")
    lose(journal, 5)
    journal.link(8, "back", away_ms=3000)
    find(journal, 8.1, "switched", was="monitor")
    assert journal.lines[1:] == [
        "note: microphone switched: monitor to headset",
        "note: loudspeaker switched: monitor to headset",
    ]


def test_a_device_that_comes_long_after_the_link_is_a_line(journal: MemoryJournal) -> None:
    journal.link(5, "lost")
    lose(journal, 5)
    journal.link(8, "back", away_ms=3000)
    find(journal, 60, away_ms=55_000)
    assert journal.lines[1] == "note: microphone back after 55.0 s: headset"
