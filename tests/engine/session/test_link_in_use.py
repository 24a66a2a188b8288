"""The records of the link to another machine's sound."""

from voicelive_tui.engine.session.link_in_use import LinkInUse
from voicelive_tui.model.session.snapshot import AudioStatus, SoundLink


def status(
    round_trip_ms: float | None = 20.0, lost_s: float | None = None, *, running: bool = True
) -> AudioStatus:
    return AudioStatus(
        running=running, link=SoundLink("laptop", "ssh", round_trip_ms, 10.0, lost_s)
    )


def states(link: LinkInUse, *statuses: AudioStatus) -> list[str]:
    changes = [link.follow(each, 100.0) for each in statuses]
    return [change.state if change is not None else "" for change in changes]


def test_a_link_is_noted_when_it_is_got_and_when_its_round_trip_changes_by_a_fifth() -> None:
    link = LinkInUse()
    assert states(link, status(20), status(23), status(25), status(25)) == ["up", "", "up", ""]
    change = LinkInUse().follow(status(20), 100.0)
    assert change is not None
    assert change.fields() == {
        "machine": "laptop",
        "way": "ssh",
        "state": "up",
        "round_trip_ms": 20.0,
        "clock_error_ms": 10.0,
    }


def test_many_small_changes_are_noted_as_soon_as_they_are_a_fifth_together() -> None:
    link = LinkInUse()
    assert states(link, *(status(20 + step) for step in range(7))) == ["up", *[""] * 4, "up", ""]


def test_what_was_not_measured_is_left_out() -> None:
    link = LinkInUse()
    first = link.follow(AudioStatus(link=SoundLink("laptop")), 1.0)
    assert first is not None
    assert first.fields() == {"machine": "laptop", "way": "ssh", "state": "up"}
    assert states(link, status(20)) == ["up"]


def test_a_stall_that_ends_and_one_that_becomes_a_loss() -> None:
    link = LinkInUse()
    stalled, lost = status(lost_s=98.5), status(lost_s=98.5, running=False)
    assert states(link, status(), stalled, stalled, status()) == ["up", "stalled", "", "back"]
    assert states(link, stalled, lost, lost) == ["stalled", "lost", ""]
    back = link.follow(status(running=False), 100.0)
    assert back is not None and (back.state, back.away_ms) == ("back", 1500)
    assert states(link, status()) == [""]


def test_without_a_link_nothing_is_noted_and_the_next_one_is_new() -> None:
    link = LinkInUse()
    assert states(link, status(), AudioStatus(), AudioStatus(), status()) == ["up", "", "", "up"]
