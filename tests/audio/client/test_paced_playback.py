"""The pacing of playback over a link, against a small model of the speaker there."""

from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from voicelive_tui.audio.client.paced_playback import AHEAD_MS, Key, PacedPlayback
from voicelive_tui.audio.ipc.messages import Drained, Flushed, PlayedPart, PlayoutReport
from voicelive_tui.audio.ipc.requests import (
    AudioRequest,
    EndRequest,
    FlushRequest,
    PlayRequest,
    SetFormatsRequest,
)
from voicelive_tui.model.formats import AudioFormat

PCM = AudioFormat()


def audio(duration_ms: int) -> bytes:
    return PCM.silence(duration_ms)


def play(item_id: str, duration_ms: int, epoch: int = 0) -> PlayRequest:
    return PlayRequest(epoch, item_id, 0, audio(duration_ms))


def sent_ms(requests: list[AudioRequest]) -> float:
    return sum(PCM.duration_ms(len(r.audio)) for r in requests if isinstance(r, PlayRequest))


def test_no_more_is_sent_than_may_be_ahead() -> None:
    pacing = PacedPlayback()
    assert sent_ms([*pacing.put(play("a", 1000))]) == AHEAD_MS
    assert pacing.put(EndRequest(0, "a", 0)) == []
    assert pacing.reported(PlayoutReport(0, 10)) == []  # less than a block
    assert sent_ms([*pacing.reported(PlayoutReport(0, 250))]) == 240
    rest = pacing.reported(PlayoutReport(0, 640))
    assert sent_ms([*rest]) == 360
    assert rest[-1] == EndRequest(0, "a", 0)


def test_a_report_of_another_epoch_or_of_more_than_was_sent_opens_nothing() -> None:
    pacing = PacedPlayback()
    pacing.put(play("a", 5000))
    assert pacing.reported(PlayoutReport(3, 400)) == []
    assert sent_ms([*pacing.reported(PlayoutReport(0, 1 << 40))]) == AHEAD_MS


def test_a_long_round_trip_is_bridged() -> None:
    pacing = PacedPlayback()
    pacing.round_trip_ms = 600
    assert sent_ms([*pacing.put(play("a", 2000))]) == 740  # whole blocks of 750


def test_formats_wait_with_the_audio_that_they_follow_and_a_flush_still_sends_them() -> None:
    pacing = PacedPlayback()
    narrow = SetFormatsRequest(PCM, AudioFormat("g711_ulaw", 8_000))
    pacing.put(play("a", 1000))
    assert pacing.put(narrow) == []
    assert pacing.flush(FlushRequest(1)) == [narrow, FlushRequest(1)]


def test_without_a_speaker_nothing_waits() -> None:
    pacing = PacedPlayback()
    pacing.set_speaker(False)
    assert sent_ms([*pacing.put(play("a", 1000))]) == 1000
    assert pacing.put(EndRequest(0, "a", 0)) == [EndRequest(0, "a", 0)]


def test_what_a_flush_dropped_was_received_and_not_heard() -> None:
    pacing = PacedPlayback()
    pacing.put(play("a", 300))
    pacing.put(EndRequest(0, "a", 0))
    pacing.put(play("b", 500))
    pacing.put(play("c", 50))
    pacing.put(EndRequest(0, "d", 0))
    pacing.flush(FlushRequest(1))
    pacing.put(play("e", 100, epoch=1))
    answer = Flushed(1, (PlayedPart("a", 0, 200, 300), PlayedPart("b", 0, 0, 100)), 5.0)
    assert pacing.completed(answer).parts == (
        PlayedPart("a", 0, 200, 300),
        PlayedPart("b", 0, 0, 500),
        PlayedPart("c", 0, 0, 50),
        PlayedPart("d", 0, 0, 0),
    )
    assert pacing.sent_ms("e", 0) == 100


def test_a_speaker_that_is_lost_ends_what_waits_too() -> None:
    pacing = PacedPlayback()
    pacing.put(play("a", 1000))
    pacing.put(play("b", 200))
    pacing.set_speaker(False)
    lost = Flushed(0, (PlayedPart("a", 0, 100, 400),), 5.0)
    assert pacing.completed(lost).parts == (
        PlayedPart("a", 0, 100, 1000),
        PlayedPart("b", 0, 0, 200),
    )
    assert pacing.reported(PlayoutReport(0, 400)) == []


def test_a_loss_of_the_speaker_that_crosses_a_flush_reports_no_part_twice() -> None:
    pacing = PacedPlayback()
    pacing.put(play("a", 1000))
    pacing.put(play("b", 100))
    pacing.flush(FlushRequest(1))
    assert pacing.completed(Flushed(0, (PlayedPart("a", 0, 100, 400),), 5.0)).parts == (
        PlayedPart("a", 0, 100, 1000),
    )
    assert pacing.completed(Flushed(1, (), 5.1)).parts == (PlayedPart("b", 0, 0, 100),)


def test_at_most_what_was_sent_can_have_been_heard() -> None:
    pacing = PacedPlayback()
    pacing.put(play("a", 1000))
    assert pacing.sent_ms("a", 0) == AHEAD_MS
    assert pacing.sent_ms("never", 0) == 0


class Speaker:
    """The other side: takes requests in order, plays when told, and reports like the audio
    process."""

    def __init__(self) -> None:
        self.epoch = 0
        self.parts: deque[list[int | str | bool]] = deque()  # item, received, played, ended
        self.left_ms = 0

    def take(self, request: AudioRequest) -> list[Drained | Flushed]:
        match request:
            case PlayRequest(_, item_id, _, sound):
                if not self.parts or self.parts[-1][0] != item_id:
                    self.parts.append([item_id, 0, 0, False])
                self.parts[-1][1] += round(PCM.duration_ms(len(sound)))  # type: ignore[operator]
            case EndRequest(_, item_id, _):
                if not self.parts or self.parts[-1][0] != item_id:
                    self.parts.append([item_id, 0, 0, False])
                self.parts[-1][3] = True
                return self._drain()
            case FlushRequest(epoch):
                parts = tuple(PlayedPart(p[0], 0, p[2], p[1]) for p in self.parts)  # type: ignore[arg-type]
                self.parts.clear()
                self.epoch, self.left_ms = epoch, 0
                return [Flushed(epoch, parts, 1.0, None, 1.0)]
        return []

    def play(self, duration_ms: int) -> list[Drained | Flushed]:
        for part in self.parts:
            heard = min(duration_ms, part[1] - part[2])  # type: ignore[operator]
            part[2] += heard  # type: ignore[operator]
            self.left_ms += heard
            duration_ms -= heard
            if part[2] != part[1] or not part[3]:
                break
        return self._drain()

    def _drain(self) -> list[Drained | Flushed]:
        found: list[Drained | Flushed] = []
        while self.parts and self.parts[0][3] and self.parts[0][1] == self.parts[0][2]:
            item, received, played, _ = self.parts.popleft()
            found.append(Drained(PlayedPart(item, 0, played, received), 1.0))  # type: ignore[arg-type]
        return found


class Playback(RuleBasedStateMachine):
    """Any order of answers, flushes and playing, with messages that are under way meanwhile."""

    @initialize()
    def begin(self) -> None:
        self.pacing = PacedPlayback()
        self.speaker = Speaker()
        self.there: deque[AudioRequest] = deque()
        self.back: deque[Drained | Flushed | PlayoutReport] = deque()
        self.received: dict[Key, int] = {}
        self.ended: dict[Key, PlayedPart] = {}
        self.epoch = 0
        self.number = 0
        self.open = False
        self.in_epoch_ms = 0.0

    def send(self, requests: "list[AudioRequest]") -> None:
        self.there += requests
        for request in requests:
            if isinstance(request, FlushRequest):
                self.in_epoch_ms = 0.0
        self.in_epoch_ms += sent_ms(requests)

    @property
    def key(self) -> Key:
        return (f"item{self.number}", 0)

    @rule(duration_ms=st.integers(0, 900))
    def answer(self, duration_ms: int) -> None:
        if not self.open:
            self.number += 1
            self.open = True
        self.received[self.key] = self.received.get(self.key, 0) + duration_ms
        self.send([*self.pacing.put(PlayRequest(self.epoch, *self.key, audio(duration_ms)))])

    @rule()
    def end(self) -> None:
        if not self.open:
            self.number += 1
            self.received[self.key] = 0
        self.open = False
        self.send([*self.pacing.put(EndRequest(self.epoch, *self.key))])

    @rule()
    def flush(self) -> None:
        self.epoch += 1
        self.open = False
        self.send([*self.pacing.flush(FlushRequest(self.epoch))])

    @precondition(lambda self: self.there)
    @rule()
    def arrive(self) -> None:
        self.back += self.speaker.take(self.there.popleft())

    @rule(duration_ms=st.integers(1, 500))
    def play(self, duration_ms: int) -> None:
        self.back += self.speaker.play(duration_ms)
        self.back.append(PlayoutReport(self.speaker.epoch, self.speaker.left_ms))

    @precondition(lambda self: self.back)
    @rule()
    def told(self) -> None:
        match self.back.popleft():
            case Drained() as drained:
                self.over(drained.part)
                self.send([*self.pacing.drained(drained)])
            case Flushed() as flushed:
                for part in self.pacing.completed(flushed).parts:
                    self.over(part)
            case PlayoutReport() as report:
                self.send([*self.pacing.reported(report)])

    def over(self, part: PlayedPart) -> None:
        key = part.item_id, part.content_index
        assert key not in self.ended
        assert part.played_ms <= part.received_ms == self.received[key]
        self.ended[key] = part

    @invariant()
    def little_is_ahead(self) -> None:
        queued_ms = sum(part[1] - part[2] for part in self.speaker.parts)  # type: ignore[operator,misc]
        assert queued_ms <= AHEAD_MS
        assert self.in_epoch_ms - self.speaker.left_ms <= AHEAD_MS or self.there or self.back

    def teardown(self) -> None:
        if not hasattr(self, "pacing"):
            return
        self.end()
        for _ in range(10_000):
            if self.there:
                self.arrive()
            elif self.back:
                self.told()
            elif self.speaker.parts:
                self.play(500)
            else:
                break
        assert set(self.ended) == set(self.received)


TestPlayback = Playback.TestCase
TestPlayback.settings = settings(max_examples=40, stateful_step_count=40)


@given(st.lists(st.integers(0, 700), min_size=1, max_size=8))
def test_the_audio_arrives_unchanged(durations_ms: list[int]) -> None:
    pacing = PacedPlayback()
    said = b""
    requests: list[AudioRequest] = []
    for number, duration_ms in enumerate(durations_ms):
        sound = bytes([number + 1]) * len(audio(duration_ms))
        said += sound
        requests += pacing.put(PlayRequest(0, "a", 0, sound))
    while more := pacing.reported(PlayoutReport(0, int(sent_ms(requests)))):
        requests += more
    assert b"".join(r.audio for r in requests if isinstance(r, PlayRequest)) == said
