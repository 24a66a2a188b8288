"""The jitter buffer: order, priming, underruns and what was heard, in audio time."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.audio.host.jitter_buffer import PRIME_MS, JitterBuffer, PlayoutEvent
from voicelive_tui.audio.host.received_audio import ReceivedAudio
from voicelive_tui.audio.ipc.messages import Drained, PlaybackStarted, PlayedPart, Underrun
from voicelive_tui.model.formats import AudioFormat

from tests.support.signals import counter, sounding, without_silence

RATE_HZ = 24_000
BLOCK = 480


class Speaker:
    """A device that asks for 20 ms every 20 ms and plays them 60 ms later."""

    def __init__(self, playout: JitterBuffer) -> None:
        self.playout = playout
        self.now_s = 100.0
        self.heard = b""
        self.events: list[PlayoutEvent] = []

    def play(self, blocks: int) -> None:
        for _ in range(blocks):
            out = bytearray(b"\x55" * 2 * BLOCK)
            self.playout.pull(memoryview(out), self.now_s + 0.06)
            self.heard += out
            self.now_s += 0.02
            self.events += self.playout.events(self.now_s)

    def of(self, kind: type[PlayoutEvent]) -> Sequence[PlayoutEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def feed(
    playout: JitterBuffer, audio: bytes, item: str = "a", received_ms: int | None = None
) -> None:
    size_bytes = len(audio) if received_ms is None else received_ms * 48
    playout.append(item, 0, audio, ReceivedAudio(AudioFormat(), size_bytes))


def test_a_part_is_heard_whole_started_and_drained_at_the_times_of_the_ear() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(2_400))
    speaker.playout.end("a", 0)
    speaker.play(20)
    assert without_silence(speaker.heard) == counter(2_400)
    started, drained = speaker.events
    assert started == PlaybackStarted("a", 0, 100.06)
    assert isinstance(drained, Drained)
    assert drained.part == PlayedPart("a", 0, 100, 100)
    assert abs(drained.at_s - 100.16) < 1e-6


def test_it_waits_for_enough_sound_to_bridge_the_jitter() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter((PRIME_MS[0] - 1) * 24))
    speaker.play(5)
    assert not any(speaker.heard)
    feed(speaker.playout, counter(48, start=(PRIME_MS[0] - 1) * 24 + 1))
    speaker.play(5)
    assert without_silence(speaker.heard) == counter((PRIME_MS[0] + 1) * 24)


def test_a_short_part_does_not_wait_for_more_than_there_is() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(240))
    speaker.playout.end("a", 0)
    speaker.play(1)
    assert without_silence(speaker.heard) == counter(240)


def test_a_gap_in_a_part_is_an_underrun_and_asks_for_more_sound_each_time() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(4_800))
    speaker.play(13)  # 200 ms of audio, 60 of silence
    feed(speaker.playout, counter((PRIME_MS[1] - 1) * 24))
    speaker.play(1)  # not enough yet
    feed(speaker.playout, counter(24))
    speaker.play(30)
    assert [
        (event.item_id, event.gap_ms)
        for event in speaker.of(Underrun)
        if isinstance(event, Underrun)
    ] == [("a", 80)]
    feed(speaker.playout, counter((PRIME_MS[2] - 1) * 24))
    speaker.play(2)
    assert len(speaker.of(Underrun)) == 1
    feed(speaker.playout, counter(24))
    speaker.play(1)
    assert len(speaker.of(Underrun)) == 2


def test_an_end_that_comes_late_is_no_underrun() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(4_800))
    speaker.play(20)
    assert not speaker.of(Drained)
    speaker.playout.end("a", 0)
    speaker.play(4)
    assert not speaker.of(Underrun)
    assert [
        event.part.played_ms for event in speaker.of(Drained) if isinstance(event, Drained)
    ] == [200]


def test_a_device_silent_in_the_middle_of_a_part_is_an_underrun_by_clock_or_word() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(24_000))
    speaker.play(5)
    speaker.now_s += 0.01  # clocks vary
    speaker.play(1)
    assert not speaker.of(Underrun)
    speaker.now_s += 0.04
    speaker.play(1)
    speaker.playout.pull(memoryview(bytearray(960)), speaker.now_s + 0.06, ran_dry=True)
    speaker.now_s += 0.02
    speaker.play(1)
    assert [event.gap_ms for event in speaker.of(Underrun) if isinstance(event, Underrun)] == [
        40,
        1,
    ]


def test_the_next_part_follows_without_a_gap() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(3_000))
    feed(speaker.playout, counter(3_000, start=3_001), item="b")  # a is over: b has begun
    speaker.playout.end("b", 0)
    speaker.play(30)
    assert without_silence(speaker.heard) == counter(6_000)
    assert [type(event) for event in speaker.events] == [
        PlaybackStarted,
        PlaybackStarted,
        Drained,
        Drained,
    ]


def test_a_flush_reports_what_reached_the_ear_not_what_was_handed_over() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(24_000))
    feed(speaker.playout, counter(2_400), item="b")
    speaker.play(10)  # 200 ms are with the device, 140 were heard
    assert speaker.playout.flush(speaker.now_s + 1e-9) == (
        PlayedPart("a", 0, 140, 1_000),
        PlayedPart("b", 0, 0, 100),
    )
    before = len(speaker.heard)
    speaker.play(10)
    assert not any(speaker.heard[before:])
    assert speaker.of(Drained) == []


def test_sound_after_a_flush_plays_and_counts_from_zero() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(24_000))
    speaker.play(10)
    speaker.playout.flush(speaker.now_s)
    feed(speaker.playout, counter(2_400), item="b")
    speaker.playout.end("b", 0)
    speaker.play(12)
    assert [event.part for event in speaker.of(Drained) if isinstance(event, Drained)] == [
        PlayedPart("b", 0, 100, 100)
    ]


def test_never_more_is_played_than_was_received() -> None:
    playout = JitterBuffer(RATE_HZ)
    speaker = Speaker(playout)
    feed(playout, counter(2_424), received_ms=100)  # a resampler's tail
    playout.end("a", 0)
    speaker.play(20)
    assert [event.part for event in speaker.of(Drained) if isinstance(event, Drained)] == [
        PlayedPart("a", 0, 100, 100)
    ]


def test_a_part_is_as_long_as_the_service_s_format_makes_it() -> None:
    playout = JitterBuffer(RATE_HZ)
    speaker = Speaker(playout)
    received = ReceivedAudio(AudioFormat("g711_ulaw", 8_000))
    for _ in range(2):
        received.size_bytes += 400
        playout.append("a", 0, counter(1_200), received)
    playout.end("a", 0)
    speaker.play(20)
    assert [event.part for event in speaker.of(Drained) if isinstance(event, Drained)] == [
        PlayedPart("a", 0, 100, 100)
    ]


def test_the_level_meter_hears_what_the_ear_hears() -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    feed(speaker.playout, counter(2_400))
    speaker.playout.end("a", 0)
    heard = b""
    for _ in range(20):
        speaker.play(1)
        heard += speaker.playout.heard(speaker.now_s)
    assert without_silence(heard) == counter(2_400)


step = st.one_of(
    st.tuples(st.just("append"), st.sampled_from("abc"), st.integers(0, 3_000)),
    st.tuples(st.just("end"), st.sampled_from("abc"), st.just(0)),
    st.tuples(st.just("play"), st.just(""), st.integers(1, 12)),
    st.tuples(st.just("flush"), st.just(""), st.just(0)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(step, max_size=30))
def test_nothing_is_lost_repeated_or_left_without_an_answer(
    steps: list[tuple[str, str, int]],
) -> None:
    speaker = Speaker(JitterBuffer(RATE_HZ))
    expected, level = b"", 1
    answered: list[PlayedPart] = []
    for kind, item, amount in steps:
        match kind:
            case "append":
                audio = counter(amount, start=level) if level + amount < 32_000 else b""
                level += len(audio) // 2
                expected += audio
                feed(speaker.playout, audio, item, received_ms=10_000)
            case "end":
                speaker.playout.end(item, 0)
            case "play":
                speaker.play(amount)
            case _:
                speaker.events += speaker.playout.events(speaker.now_s)
                answered += speaker.playout.flush(speaker.now_s)
                assert expected.startswith(sounding(speaker.heard))
                expected, speaker.heard = b"", b""
    for item in "abc":
        speaker.playout.end(item, 0)
    speaker.play(150)
    assert sounding(speaker.heard) == expected
    answered += [event.part for event in speaker.of(Drained) if isinstance(event, Drained)]
    assert {part.item_id for part in answered} >= set("abc")
    assert all(0 <= part.played_ms <= part.received_ms for part in answered)
    assert speaker.playout.flush(speaker.now_s) == ()


def test_a_device_that_just_started_and_tells_no_delay_yet_is_corrected_by_its_next_times() -> None:
    """As PulseAudio does: 50 ms are taken at once as if they were heard at once, and what follows
    tells that they are heard 40 ms later."""
    playout = JitterBuffer(RATE_HZ)
    playout.pull(memoryview(bytearray(2 * BLOCK)), 10.0)
    playout.restart()
    feed(playout, counter(4_800))
    playout.end("a", 0)
    for piece in range(4):
        playout.pull(memoryview(bytearray(600)), 100.0 + piece * 0.0125)
    for piece in range(4, 20):
        playout.pull(memoryview(bytearray(600)), 100.04 + piece * 0.0125)
    started, drained = playout.events(101.0)
    assert isinstance(started, PlaybackStarted)
    assert abs(started.at_s - 100.04) < 1e-6
    assert isinstance(drained, Drained)
    assert drained.part == PlayedPart("a", 0, 200, 200)
    assert abs(drained.at_s - 100.24) < 1e-6


def test_a_gap_in_what_a_settled_device_plays_is_an_underrun_also_after_a_restart() -> None:
    playout = JitterBuffer(RATE_HZ)
    playout.restart()
    feed(playout, counter(9_600))
    for piece in range(10):
        playout.pull(memoryview(bytearray(600)), 100.0 + piece * 0.0125)
    playout.pull(memoryview(bytearray(600)), 100.0 + 10 * 0.0125 + 0.04)
    assert [event for event in playout.events(101.0) if isinstance(event, Underrun)] == [
        Underrun("a", 0, 40, 125.0, 100.0 + 10 * 0.0125)
    ]
