"""What the user said in a turn, read from the audio that was sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.lines import LineError, frame_parts
from voicelive_tui.model.events.fields import get_object
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.formats import AudioFormat, input_format
from voicelive_tui.model.turns.turn import Turn

_APPEND: Final = "input_audio_buffer.append"
MOST_BYTES: Final = 64 * 2**20
"""More audio is not read at once, which is more than 20 minutes. A recording may come from
anybody, and its records may name the same audio any number of times."""
_TURN_BOUNDS: Final = ("input_audio_buffer.clear", "input_audio_buffer.commit")


class TooMuchAudio(Exception):
    """There is more audio than is read at once."""


@dataclass(frozen=True, slots=True)
class QuestionAudio:
    """The user's part of a turn, as it was sent. ends_s: when its last sample was sent, in seconds
    since the session's start."""

    audio: bytes
    audio_format: AudioFormat
    ends_s: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one record sent. began_ms, ended_ms: its place in all that its connection sent."""

    n: int
    began_ms: float
    ended_ms: float


def question_audio(index: EventIndex, turn: Turn) -> QuestionAudio | None:
    """Read what the user said in this turn; None if it was not recorded. Raises TooMuchAudio. This
    blocks on the disk, so it must not be called in the loop's thread."""
    end = _first_after(index, turn.asked_s or turn.started_s)
    begin = _newest(index, (Local.CONNECTED,), "local", end)
    audio_format = _format_at(index, begin, end)
    if turn.audio_start_ms is None:
        # A manual turn: what was sent since it was opened, up to its commit.
        commit = _newest(index, _TURN_BOUNDS, "sent", end)
        begin = max(begin, _newest(index, _TURN_BOUNDS, "sent", commit))
    first_ms, last_ms = turn.audio_start_ms or 0, turn.audio_end_ms
    pieces = list(_pieces(index, range(begin, end), first_ms, last_ms))
    audio = _read(index, pieces)
    if not audio:
        return None
    stop_ms = pieces[-1].ended_ms if last_ms is None else min(last_ms, pieces[-1].ended_ms)
    from_ms = pieces[0].began_ms
    cut = audio[_bytes(audio_format, first_ms - from_ms) : _bytes(audio_format, stop_ms - from_ms)]
    ends_s = index.t_s(pieces[-1].n) - (pieces[-1].ended_ms - stop_ms) / 1000
    return QuestionAudio(cut, audio_format, ends_s) if cut else None


def audio_of(index: EventIndex, n: int) -> bytes | None:
    """Return the audio of a record; None if it was not kept. This blocks on the disk."""
    line = index.kept_line(n)
    if line is None or index.audio_store is None:
        return None
    try:
        _, reference, _ = frame_parts(line)
    except LineError:
        return None
    return index.audio_store.read(reference) if reference is not None else None


def _first_after(index: EventIndex, t_s: float) -> int:
    """Return the number of the first of the newest records that were all later than this. Marks
    do not count: the time of one is that of the moment that it is about."""
    n = index.count
    while n and (index.t_s(n - 1) > t_s or index.type_name(n - 1) == Local.MARK):
        n -= 1
    return n


def _newest(index: EventIndex, types: Sequence[str], direction: str, stop: int) -> int:
    """Return the number of the newest such record before `stop`; 0 if there is none."""
    for n in range(stop - 1, -1, -1):
        if index.type_name(n) in types and index.direction(n) == direction:
            return n
    return 0


def _format_at(index: EventIndex, begin: int, end: int) -> AudioFormat:
    n = _newest(index, ("session.updated", "session.created"), "received", end)
    return input_format(get_object(index.record(n).event, "session") if n > begin else {})


def _pieces(
    index: EventIndex, numbers: range, first_ms: int, last_ms: int | None
) -> Iterator[_Piece]:
    """Yield what was appended in these records between two positions of their audio."""
    position_ms = 0.0
    for n in numbers:
        if index.type_name(n) != _APPEND or index.direction(n) != "sent":
            continue
        began_ms, position_ms = position_ms, position_ms + index.audio_ms(n)
        if position_ms > first_ms and (last_ms is None or began_ms < last_ms):
            yield _Piece(n, began_ms, position_ms)


def _read(index: EventIndex, pieces: Sequence[_Piece]) -> bytes:
    """Return the audio of these pieces; nothing if a part of it was not kept. Raises
    TooMuchAudio."""
    audio = bytearray()
    for piece in pieces:
        more = audio_of(index, piece.n)
        if not more:
            return b""
        audio += more
        if len(audio) > MOST_BYTES:
            raise TooMuchAudio
    return bytes(audio)


def _bytes(audio_format: AudioFormat, ms: float) -> int:
    return round(audio_format.rate_hz * max(0.0, ms) / 1000) * audio_format.sample_bytes
