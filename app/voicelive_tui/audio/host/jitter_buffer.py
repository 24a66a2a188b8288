"""The jitter buffer: queues parts in the order of their arrival, decides when to start and to
restart, and reports how much was heard.

It has no threads and no clock of its own. Invariant: every part that was appended or ended is
reported exactly once, as `Drained` or in a flush, and never with more than was received.
"""

from collections import deque
from dataclasses import dataclass, field

from voicelive_tui.audio.host.playout_clock import PlayoutClock
from voicelive_tui.audio.host.received_audio import ReceivedAudio
from voicelive_tui.audio.ipc.messages import Drained, PlaybackStarted, PlayedPart, Underrun

PRIME_MS = (70, 120, 300)
"""Milliseconds of audio to collect before playing: at first, after an underrun, and after a second
one (measurements.md 5)."""

FRAME_BYTES = 2
DEVICE_GAP_S = 0.025
"""A device whose clock jumps by more than this many seconds was silent. PulseAudio's clock varies
by half as much."""

PlayoutEvent = PlaybackStarted | Drained | Underrun


@dataclass(slots=True)
class _Span:
    first_frame: int
    frames: int


@dataclass(slots=True)
class _Part:
    item_id: str
    content_index: int
    received: ReceivedAudio | None = None
    """The count of the audio received for it; None for a part of which only the end came."""
    chunks: deque[memoryview] = field(default_factory=deque)
    queued_frames: int = 0
    ended: bool = False
    pulled: bool = False
    """Whether all of its audio was pulled."""
    spans: list[_Span] = field(default_factory=list)
    """The positions of its frames on the frame clock."""
    started: bool = False
    starved_at: int | None = None
    """The frame at which its audio ran out; None if it did not."""
    underruns: int = 0

    @property
    def received_ms(self) -> int:
        """The whole milliseconds that the service has sent of it so far."""
        return self.received.ms if self.received else 0

    def heard_frames(self, position: int) -> int:
        """The number of its frames that were heard when the clock is at `position`."""
        return sum(min(span.frames, max(0, position - span.first_frame)) for span in self.spans)

    @property
    def pulled_frames(self) -> int:
        """The number of its frames that were handed to the device."""
        return sum(span.frames for span in self.spans)

    def end_frame(self) -> int | None:
        """The frame after its last one."""
        return self.spans[-1].first_frame + self.spans[-1].frames if self.spans else None


class JitterBuffer:
    """Takes mono pcm16 at the device's rate by parts, and delivers it in the sizes that the device
    asks for."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._clock = PlayoutClock(rate_hz)
        self._parts: deque[_Part] = deque()
        self._pulled_frames = 0
        self._gate_open = False
        self._prime = 0
        self._new_events: list[PlayoutEvent] = []
        self._history: deque[tuple[int, int, bytes]] = deque()
        self._history_read = 0

    # What comes in.

    def append(
        self, item_id: str, content_index: int, audio: bytes, received: ReceivedAudio
    ) -> None:
        """Queue more of a part.

        audio: mono pcm16 at the device's rate. received: the count of all audio that the service
        sent of the part, which goes on counting while the part is queued.
        """
        part = self._part(item_id, content_index)
        part.received = received
        if audio:
            part.chunks.append(memoryview(audio))
            part.queued_frames += len(audio) // FRAME_BYTES

    def end(self, item_id: str, content_index: int) -> None:
        """Note that no more of this part will come."""
        for part in reversed(self._parts):
            if (part.item_id, part.content_index) == (item_id, content_index) and not part.pulled:
                part.ended = True
                return
        self._part(item_id, content_index).ended = True

    def _part(self, item_id: str, content_index: int) -> _Part:
        """Return the part that is being received: the last one, or a new one, which ends the parts
        before it."""
        last = self._parts[-1] if self._parts else None
        if (
            last is not None
            and (last.item_id, last.content_index) == (item_id, content_index)
            and not last.ended
        ):
            return last
        if last is not None:
            last.ended = True
        self._parts.append(_Part(item_id, content_index))
        return self._parts[-1]

    # What goes out.

    def pull(self, out: memoryview, heard_s: float, *, ran_dry: bool = False) -> None:
        """Fill `out` (bytes) with the audio to be heard from `heard_s` on, and with silence where
        there is none."""
        frames = len(out) // FRAME_BYTES
        first = self._pulled_frames
        self._check_device(first, heard_s, ran_dry)
        done = 0
        while done < frames:
            part = self._playing(first + done)
            if part is None:
                break
            done += self._copy(part, out[done * FRAME_BYTES :], first + done)
        if done < frames:
            out[done * FRAME_BYTES :] = bytes((frames - done) * FRAME_BYTES)
        self._clock.add_anchor(first, frames, heard_s)
        self._pulled_frames = first + frames
        if done:
            self._history.append((first, done, bytes(out[: done * FRAME_BYTES])))

    def _check_device(self, at: int, heard_s: float, ran_dry: bool) -> None:
        # The device itself reports about half of the gaps; a jump of its clock shows the others.
        playing = next(
            (part for part in self._parts if not part.pulled and part.end_frame() == at), None
        )
        if playing is None or playing.starved_at is not None:
            return
        due_s = self._clock.time_of(at)
        gap_s = heard_s - due_s
        if ran_dry or (gap_s > DEVICE_GAP_S and not self._clock.is_settling(at)):
            self._add_underrun(playing, max(1, round(gap_s * 1000)), due_s)

    def _playing(self, at: int) -> _Part | None:
        """The part that has sound to play at frame `at`, if any."""
        for part in self._parts:
            if part.pulled:
                continue
            if part.queued_frames:
                self._gate_open = self._gate_open or part.ended or self._primed(part)
                return part if self._gate_open else None
            if not part.ended:
                self._starve(part, at)
                return None
            part.pulled = True
            self._gate_open = False
            if not part.underruns:
                self._prime = max(0, self._prime - 1)
        return None

    def _primed(self, part: _Part) -> bool:
        level = self._prime if part.starved_at is None else min(self._prime + 1, len(PRIME_MS) - 1)
        return part.queued_frames * 1000 >= PRIME_MS[level] * self._rate_hz

    def _starve(self, part: _Part, at: int) -> None:
        # Not an underrun yet: perhaps all of the part is played and only its end is late.
        if part.spans and part.starved_at is None:
            part.starved_at = at
            self._gate_open = False

    def _resume(self, part: _Part, starved_at: int, at: int) -> None:
        part.starved_at = None
        part.underruns += 1
        self._prime = min(self._prime + 1, len(PRIME_MS) - 1)
        gap_ms = round((at - starved_at) * 1000 / self._rate_hz)
        self._add_underrun(part, gap_ms, self._clock.time_of(starved_at))

    def _add_underrun(self, part: _Part, gap_ms: int, at_s: float) -> None:
        at_ms = part.pulled_frames * 1000 / self._rate_hz
        self._new_events.append(Underrun(part.item_id, part.content_index, gap_ms, at_ms, at_s))

    def _copy(self, part: _Part, out: memoryview, at: int) -> int:
        if part.starved_at is not None:
            self._resume(part, part.starved_at, at)
        chunk = part.chunks[0]
        size = min(len(out), len(chunk))
        out[:size] = chunk[:size]
        if size == len(chunk):
            part.chunks.popleft()
        else:
            part.chunks[0] = chunk[size:]
        count = size // FRAME_BYTES
        part.queued_frames -= count
        if part.end_frame() == at:
            part.spans[-1].frames += count
        else:
            part.spans.append(_Span(at, count))
        return count

    def restart(self) -> None:
        """Note that the device, which was stopped while this was idle, starts again."""
        self._clock.restart(self._pulled_frames)
        self._history_read = self._pulled_frames

    # What was heard.

    @property
    def is_idle(self) -> bool:
        """Whether every part was reported as heard or flushed, so that only silence is pulled."""
        return not self._parts and not self._new_events

    def events(self, now_s: float) -> list[PlayoutEvent]:
        """Return the events since the last call: first underruns, then starts, then ends that were
        heard until now."""
        position = self._clock.position(now_s)
        happened, self._new_events = self._new_events, []
        for part in self._parts:
            if part.spans and not part.started and position > part.spans[0].first_frame:
                part.started = True
                started_s = self._clock.time_of(part.spans[0].first_frame)
                happened.append(PlaybackStarted(part.item_id, part.content_index, started_s))
        while (
            self._parts and self._parts[0].pulled and position >= (self._parts[0].end_frame() or 0)
        ):
            part = self._parts.popleft()
            end = part.end_frame()
            ended_s = now_s if end is None else self._clock.time_of(end)
            happened.append(Drained(self._played(part, position), ended_s))
        return happened

    @property
    def queued_frames(self) -> int:
        """The number of frames that wait to be pulled."""
        return sum(part.queued_frames for part in self._parts)

    @property
    def queued_pieces(self) -> int:
        """The number of pieces of audio that wait."""
        return sum(len(part.chunks) for part in self._parts)

    @property
    def parts(self) -> int:
        """The number of parts that were not reported as heard or flushed."""
        return len(self._parts)

    def flush(self, silent_s: float) -> tuple[PlayedPart, ...]:
        """Drop everything, and return how much of each part was heard until `silent_s`. Call
        `events` first."""
        position = self._clock.position(silent_s)
        played = tuple(self._played(part, position) for part in self._parts)
        self._parts.clear()
        self._history.clear()
        self._history_read = self._pulled_frames
        self._clock.skip_to(self._pulled_frames)
        self._gate_open = False
        return played

    def _played(self, part: _Part, position: int) -> PlayedPart:
        played_ms = part.heard_frames(position) * 1000 // self._rate_hz
        return PlayedPart(
            part.item_id, part.content_index, min(played_ms, part.received_ms), part.received_ms
        )

    def heard(self, now_s: float) -> bytes:
        """Return the audio that was heard since the last call, without the silence after it."""
        position = self._clock.position(now_s)
        found = bytearray()
        while self._history:
            first, frames, audio = self._history[0]
            begin = max(0, self._history_read - first)
            found += audio[begin * FRAME_BYTES : max(0, position - first) * FRAME_BYTES]
            if position < first + frames:
                break
            self._history.popleft()
        self._history_read = position
        return bytes(found)
