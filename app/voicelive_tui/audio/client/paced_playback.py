"""Sends audio over a link only a little ahead of what is heard, so that a flush does not wait
behind it. Pure: it takes requests and reports, and returns the requests to send now.

Invariant: parts, ends and formats keep their order. Every part that was queued or ended is reported
exactly once, as `Drained` or in `Flushed`, with all audio that was received of it; what was never
sent was not heard.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    PlaybackStarted,
    PlayedPart,
    PlayoutReport,
    Underrun,
)
from voicelive_tui.audio.ipc.requests import (
    EndRequest,
    FlushRequest,
    PlayRequest,
    SetFormatsRequest,
)
from voicelive_tui.model.formats import BLOCK_MS, AudioFormat

AHEAD_MS = 400
"""The most audio at the other machine that has not left the speaker's queue, in milliseconds."""
SPARE_MS = 150
"""What the speaker's queue needs beyond a round trip, in milliseconds. On a link whose round trip
is so long that `AHEAD_MS` would not hold it, more is sent ahead."""

Key = tuple[str, int]
Queued = PlayRequest | EndRequest | SetFormatsRequest


@dataclass(slots=True)
class _Part:
    format: AudioFormat
    received_bytes: int = 0
    sent_bytes: int = 0
    sent_until_ms: float = 0.0
    """How much audio of the epoch was sent up to the last of this part."""
    ended: bool = False

    @property
    def received_ms(self) -> int:
        return int(self.format.duration_ms(self.received_bytes))

    @property
    def sent_ms(self) -> int:
        return int(self.format.duration_ms(self.sent_bytes))


class PacedPlayback:
    """The audio on its way to the speaker of another machine, over one connection. Without a
    speaker there nothing is held back.

    round_trip_ms: of the link, as far as it is known. epoch: that of the last flush.
    """

    def __init__(self) -> None:
        self.round_trip_ms = 0.0
        self.epoch = 0
        self._queue: deque[Queued] = deque()
        self._parts: dict[Key, _Part] = {}
        """The parts since the last flush that were not reported as ended."""
        self._flushed: deque[tuple[int, dict[Key, _Part]]] = deque()
        """The parts of each flush that was not answered."""
        self._ended_early: set[Key] = set()
        """Parts that were reported as ended, because another one began, before their own end was
        put. The other side says nothing more of them."""
        self._format = AudioFormat()
        self._epochs = {0}
        """The numbers of the current epoch. A new process counts from 0 until its first flush."""
        self._sent_ms = 0.0
        self._left_ms = 0.0
        self._has_speaker = True

    # Requests.

    def put(self, request: Queued) -> list[Queued]:
        """Queue a request. Returns what is to be sent now."""
        match request:
            case SetFormatsRequest():
                self._format = request.output
            case PlayRequest(epoch, item_id, content_index, audio):
                self._epochs.add(epoch)
                self._part((item_id, content_index)).received_bytes += len(audio)
            case EndRequest(_, item_id, content_index):
                self._end((item_id, content_index))
        self._queue.append(request)
        return list(self._due())

    def flush(self, request: FlushRequest) -> list[Queued | FlushRequest]:
        """Drop the audio that waits. Returns what is to be sent now, which is the flush and the
        formats that waited."""
        formats = [each for each in self._queue if isinstance(each, SetFormatsRequest)][-1:]
        self._queue.clear()
        self.epoch = max(self.epoch, request.epoch)
        self._flushed.append((request.epoch, self._parts))
        self._parts, self._ended_early = {}, set()
        self._epochs = {request.epoch}
        self._sent_ms = self._left_ms = 0.0
        return [*formats, request]

    def _part(self, key: Key) -> _Part:
        return self._parts.setdefault(key, _Part(self._format))

    def _end(self, key: Key) -> None:
        if key in self._ended_early:
            self._ended_early.discard(key)
        else:
            self._part(key).ended = True

    # Reports.

    def set_speaker(self, on: bool) -> None:
        """Note whether there is a speaker. What waits for one that is lost is not sent: the other
        side's `Flushed` follows, with which it is over."""
        self._has_speaker = on

    def reported(self, report: PlayoutReport) -> list[Queued]:
        """Take how much has left the speaker's queue. Returns what is to be sent now."""
        if report.epoch in self._epochs:
            # More than was sent cannot have left; a wrong report must not open the way for good.
            self._left_ms = min(self._sent_ms, max(self._left_ms, report.left_ms))
        return list(self._due())

    def knows(self, message: Drained | PlaybackStarted | Underrun) -> bool:
        """Whether the message is about a part that is still to be heard."""
        about = message.part if isinstance(message, Drained) else message
        return self._known((about.item_id, about.content_index)) is not None

    def bounded(self, played: PlayedPart) -> PlayedPart:
        """The part with no more audio than was sent of it."""
        part = self._known((played.item_id, played.content_index))
        sent_ms = 0 if part is None else part.sent_ms
        received_ms = min(played.received_ms, sent_ms)
        return replace(
            played, played_ms=min(played.played_ms, received_ms), received_ms=received_ms
        )

    def _known(self, key: Key) -> _Part | None:
        for parts in (*(parts for _, parts in self._flushed), self._parts):
            if (part := parts.get(key)) is not None:
                return part
        return None

    def drained(self, message: Drained) -> list[Queued]:
        """Take the end of a part, with which all audio up to it has left. Returns what is to be
        sent now."""
        key = message.part.item_id, message.part.content_index
        if self._flushed and key in self._flushed[0][1]:
            del self._flushed[0][1][key]  # it ended before the flush arrived
        elif (part := self._parts.get(key)) is not None:
            self._left_ms = max(self._left_ms, part.sent_until_ms)
            self._drained(key, part)
        return list(self._due())

    def _drained(self, key: Key, part: _Part) -> None:
        if part.received_bytes > part.sent_bytes:
            # More of it waits behind another part, and will be a part of its own.
            part.received_bytes -= part.sent_bytes
            part.sent_bytes = 0
            return
        del self._parts[key]
        if not part.ended:
            self._ended_early.add(key)

    def completed(self, message: Flushed) -> Flushed:
        """The answer to a flush with what the other side never got: its audio counts as received
        and not as heard. Also for an answer that comes without a flush, because the speaker was
        lost; what waits is dropped then."""
        answers = bool(self._flushed) and self._flushed[0][0] <= message.epoch
        parts = self._flushed[0][1] if self._flushed else self._parts
        found = []
        for played in message.parts:
            part = parts.pop((played.item_id, played.content_index), None)
            if part is not None:  # else it was never sent
                played_ms = min(played.played_ms, part.sent_ms)
                found.append(replace(played, played_ms=played_ms, received_ms=part.received_ms))
        if answers or not self._flushed:
            for key, part in (
                self._answered(message.epoch) if answers else self._cut_off()
            ).items():
                found.append(PlayedPart(*key, 0, part.received_ms))
        return replace(message, parts=tuple(found))

    def _answered(self, epoch: int) -> dict[Key, _Part]:
        """Return the parts of all flushes up to this epoch, which are answered."""
        parts: dict[Key, _Part] = {}
        while self._flushed and self._flushed[0][0] <= epoch:
            parts |= self._flushed.popleft()[1]
        return parts

    def _cut_off(self) -> dict[Key, _Part]:
        """Drop what waits, and return the parts that are over with it."""
        parts, self._parts = self._parts, {}
        self._queue = deque(each for each in self._queue if isinstance(each, SetFormatsRequest))
        self._left_ms = self._sent_ms
        return parts

    def sent_ms(self, item_id: str, content_index: int) -> int:
        """How much of a part was sent, which bounds how much of it can have been heard."""
        part = self._known((item_id, content_index))
        return 0 if part is None else part.sent_ms

    # What is sent.

    def _due(self) -> Iterator[Queued]:
        while self._queue:
            request = self._queue[0]
            if isinstance(request, PlayRequest):
                piece = self._piece(request)
                if piece is None:
                    return
                yield piece
                continue
            self._queue.popleft()
            yield request

    def _piece(self, request: PlayRequest) -> PlayRequest | None:
        """As much of the first request as may be sent now; None for less than a block of it."""
        part = self._part((request.item_id, request.content_index))
        room_ms = self._room_ms
        whole_ms = part.format.duration_ms(len(request.audio))
        if room_ms < min(BLOCK_MS, whole_ms):
            return None
        audio, rest = request.audio, b""
        if whole_ms > room_ms:
            blocks = int(room_ms // BLOCK_MS) * part.format.block_bytes
            audio, rest = audio[:blocks], audio[blocks:]
        if rest:
            self._queue[0] = replace(request, audio=rest)
        else:
            self._queue.popleft()
        part.sent_bytes += len(audio)
        self._sent_ms += part.format.duration_ms(len(audio))
        part.sent_until_ms = self._sent_ms
        return replace(request, audio=audio)

    @property
    def _room_ms(self) -> float:
        if not self._has_speaker:
            return float("inf")
        ahead_ms = max(AHEAD_MS, self.round_trip_ms + SPARE_MS)
        return ahead_ms - (self._sent_ms - self._left_ms)
