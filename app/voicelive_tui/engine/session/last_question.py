"""The user's last question, to be asked again: its text, or its sound from the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.lines import LineError, frame_parts
from voicelive_tui.model.events.fields import get_object
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.formats import AudioFormat, input_format
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.history import PastItem, PastMessage
from voicelive_tui.model.turns.turn import Turn

_APPEND: Final = "input_audio_buffer.append"
_TURN_BOUNDS: Final = ("input_audio_buffer.clear", "input_audio_buffer.commit")


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """A question. asked: the conversation from it on. turn: its turn. text: what was typed; empty
    for a question that was spoken."""

    asked: tuple[PastItem, ...]
    turn: Turn
    text: str


@dataclass(frozen=True, slots=True)
class QuestionAudio:
    """The sound of a question, as it was sent."""

    audio: bytes
    audio_format: AudioFormat


def last_question(view: SessionView, history: Sequence[PastItem]) -> LastQuestion | None:
    """Return the last question that became an item; None if there is none."""
    places = {past.item_id: at for at, past in enumerate(history)}
    for turn in reversed(view.turns):
        at = places.get(turn.user_item_id or "")
        if at is not None and turn.asked_s is not None:
            text = _typed_text(view, history[at])
            return LastQuestion(tuple(history[at:]), turn, text)
    return None


def question_audio(index: EventIndex, turn: Turn) -> QuestionAudio | None:
    """Read the sound of a spoken question; None if it was not recorded. This blocks on the disk, so
    it must not be called in the loop's thread."""
    end = _first_after(index, turn.asked_s or turn.started_s)
    begin = _newest(index, (Local.CONNECTED,), "local", end)
    fmt = _format_at(index, begin, end)
    if turn.audio_start_ms is None:
        # A manual turn: what was sent since it was opened, up to its commit.
        commit = _newest(index, _TURN_BOUNDS, "sent", end)
        begin = max(begin, _newest(index, _TURN_BOUNDS, "sent", commit))
    audio = _appended(index, range(begin, end), fmt, turn.audio_start_ms or 0, turn.audio_end_ms)
    return QuestionAudio(audio, fmt) if audio else None


def _typed_text(view: SessionView, past: PastItem) -> str:
    line = next((line for line in view.transcript if line.item_id == past.item_id), None)
    typed = line is not None and line.mark == "typed" and isinstance(past, PastMessage)
    return "\n".join(past.texts) if typed and isinstance(past, PastMessage) else ""


def _first_after(index: EventIndex, t_s: float) -> int:
    """Return the number of the first of the newest records that were all later than this."""
    n = index.count
    while n and index.t_s(n - 1) > t_s:
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


def _appended(
    index: EventIndex, numbers: range, fmt: AudioFormat, first_ms: int, last_ms: int | None
) -> bytes:
    """Return what was appended in these records between two positions of their audio; nothing if a
    part of it was not kept."""
    pieces: list[bytes] = []
    position_ms = begin_ms = 0.0
    for n in numbers:
        if index.type_name(n) != _APPEND or index.direction(n) != "sent":
            continue
        began_ms, position_ms = position_ms, position_ms + index.audio_ms(n)
        if position_ms <= first_ms or (last_ms is not None and began_ms >= last_ms):
            continue
        piece = _audio_of(index, n)
        if piece is None:
            return b""
        begin_ms = begin_ms if pieces else began_ms
        pieces.append(piece)
    audio = b"".join(pieces)
    end = None if last_ms is None else _bytes(fmt, last_ms - begin_ms)
    return audio[_bytes(fmt, first_ms - begin_ms) : end]


def _audio_of(index: EventIndex, n: int) -> bytes | None:
    line = index.kept_line(n)
    if line is None or index.audio_store is None:
        return None
    try:
        _, reference, _ = frame_parts(line)
    except LineError:
        return None
    return index.audio_store.read(reference) if reference is not None else None


def _bytes(fmt: AudioFormat, ms: float) -> int:
    return round(fmt.rate_hz * max(0.0, ms) / 1000) * fmt.sample_bytes
