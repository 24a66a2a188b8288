"""A stream that stops without a word is noticed, and a machine that slept is no such stream."""

import time

import pytest
from voicelive_tui.audio.ports.watchdog import StreamWatch, Watchdog


class Stream:
    """A stream that should be running since `started_s`, and what was reported of it."""

    def __init__(self) -> None:
        self.reports: list[str] = []
        self.watch = StreamWatch("microphone", "Mic", self.reports.append)
        self.watch.expect(True)
        self.started_s = time.perf_counter()


@pytest.fixture
def stream() -> Stream:
    return Stream()


def checked(stream: Stream, *after_s: float) -> Watchdog:
    """A watchdog that checked this stream at these seconds after its start."""
    watchdog = Watchdog()
    watchdog.watch(stream.watch)
    watchdog.close()
    for second in after_s:
        watchdog.check(stream.started_s + second)
    return watchdog


def test_a_stream_without_callbacks_for_five_seconds_is_reported_once(stream: Stream) -> None:
    watchdog = checked(stream, 0.0, 1.0, 2.0, 3.0, 4.0)
    assert stream.reports == []
    for second in (5.0, 6.0, 7.0):
        watchdog.check(stream.started_s + second)
    assert len(stream.reports) == 1
    assert stream.reports[0].startswith("The microphone Mic stopped")


def test_callbacks_keep_a_stream_alive(stream: Stream) -> None:
    watchdog = checked(stream, 0.0)
    for second in range(1, 20):
        stream.watch.called(stream.started_s + second - 0.5)
        watchdog.check(stream.started_s + second)
    assert stream.reports == []


def test_a_machine_that_slept_does_not_count_as_a_stalled_device(stream: Stream) -> None:
    checked(stream, 0.0, 1.0, 3_600.0, 3_601.0)
    assert stream.reports == []


def test_a_stream_that_this_program_stopped_is_not_missed(stream: Stream) -> None:
    stream.watch.expect(False)
    checked(stream, *range(20))
    stream.watch.finished()
    assert stream.reports == []


def test_the_end_of_a_running_stream_is_reported_and_that_of_a_closed_one_is_not(
    stream: Stream,
) -> None:
    stream.watch.finished()
    stream.watch.finished()
    assert len(stream.reports) == 1
    closed = Stream()
    closed.watch.close()
    closed.watch.finished()
    assert closed.reports == []
