"""What was heard of a conversation, put together from a session's recorded audio: cut where it was
cut, and silent where the speaker had nothing to play.

Nothing is claimed that was not measured: a gap whose place was not recorded is left out and counted
(`HeardPart.unplaced_gaps`), and an answer of which nothing was heard has no part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.question_audio import (
    MOST_BYTES,
    TooMuchAudio,
    audio_of,
    question_audio,
)
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_str
from voicelive_tui.model.events.record import STOP_DRAINED, Local
from voicelive_tui.model.formats import AudioFormat, output_format
from voicelive_tui.model.turns.turn import Turn

_DELTA: Final = "response.audio.delta"
_SESSION: Final = ("session.created", "session.updated")
_PLAYBACK: Final = (Local.PLAYBACK_STARTED, Local.PLAYBACK_STOPPED, Local.UNDERRUN)
LONGEST_SILENCE_MS: Final = 60_000
"""A pause or gap in milliseconds that is not shortened. A recording may come from anybody."""
LONGEST_S: Final = 1800.0
"""What is longer, with its pauses and gaps, is not put together."""


class NotRecorded(Exception):
    """The audio was not recorded, or cannot be read any more."""


@dataclass(frozen=True, slots=True)
class HeardSamples:
    """Samples in the format of their part."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class HeardSilence:
    """Nothing was heard for this long."""

    duration_ms: int


Block = HeardSamples | HeardSilence


@dataclass(frozen=True, slots=True)
class HeardPart:
    """The user's part of a turn, or one content part of the agent, as it was heard.

    begins_s: when its first sample was heard, in seconds since the session's start. unplaced_gaps:
    the gaps in it that are left out, because their places were not recorded.
    """

    speaker: Literal["you", "agent"]
    begins_s: float
    audio_format: AudioFormat
    blocks: tuple[Block, ...]
    unplaced_gaps: int = 0

    @property
    def audio(self) -> bytes:
        """Its samples and silences in order, in its own format."""
        silence = self.audio_format.silence
        return b"".join(
            block.audio if isinstance(block, HeardSamples) else silence(block.duration_ms)
            for block in self.blocks
        )

    @property
    def duration_s(self) -> float:
        """The time from its first sample to its last one."""
        return sum(self._duration_ms(block) for block in self.blocks) / 1000

    def _duration_ms(self, block: Block) -> float:
        if isinstance(block, HeardSilence):
            return block.duration_ms
        return self.audio_format.duration_ms(len(block.audio))


@dataclass(slots=True)
class _Part:
    """What the records say of one content part."""

    audio: bytearray = field(default_factory=bytearray)
    audio_format: AudioFormat = field(default_factory=AudioFormat)
    started_s: float | None = None
    played_ms: int | None = None
    """How much was heard; None as long as it was not cut."""
    gaps: list[tuple[float, int]] = field(default_factory=list)
    """(milliseconds of the part before it, its own milliseconds)"""
    unplaced_gaps: int = 0
    stopped: bool = False


def heard_question(index: EventIndex, turn: Turn) -> HeardPart:
    """Return the user's part of a turn. Raises NotRecorded and TooMuchAudio. This blocks on the
    disk."""
    question = question_audio(index, turn)
    if question is None:
        raise NotRecorded
    duration_s = question.audio_format.duration_ms(len(question.audio)) / 1000
    begins_s, sound = question.ends_s - duration_s, HeardSamples(question.audio)
    return HeardPart("you", begins_s, question.audio_format, (sound,))


def heard_answer(index: EventIndex, item_id: str, numbers: range) -> tuple[HeardPart, ...]:
    """Return what was heard of an answer, a part for each of its content parts; none if nothing
    was. numbers: records among which all of the answer are. Raises NotRecorded and TooMuchAudio.
    This blocks on the disk."""
    parts: dict[int, _Part] = {}
    audio_format, size_bytes = _format_before(index, numbers.start), 0
    for n in numbers:
        kind = canonical(index.type_name(n))
        if kind in _SESSION:
            audio_format = _format_in(index, n)
        if kind != _DELTA and kind not in _PLAYBACK:
            continue
        event = index.record(n).event
        if get_str(event, "item_id") != item_id:
            continue
        part = parts.setdefault(get_count(event, "content_index"), _Part())
        if kind == _DELTA:
            size_bytes += _receive(part, index, n, audio_format)
            if size_bytes > MOST_BYTES:
                raise TooMuchAudio
        else:
            _play(part, kind, event, index.t_s(n))
    # The last record may be a note about an earlier moment, which has that moment's time.
    last_s = max(map(index.t_s, range(index.count)), default=0.0)
    heard = (_heard(part, last_s) for _, part in sorted(parts.items()))
    return tuple(part for part in heard if part is not None)


def with_pauses(parts: Sequence[HeardPart]) -> tuple[HeardPart, ...]:
    """Return these parts in order, each with the silence that followed it until the next one
    began. Raises TooMuchAudio."""
    parts = sorted(parts, key=lambda part: part.begins_s)
    paused = tuple(
        HeardPart(
            part.speaker,
            part.begins_s,
            part.audio_format,
            (*part.blocks, HeardSilence(_pause_ms(part, following))),
            part.unplaced_gaps,
        )
        for part, following in pairwise(parts)
    ) + tuple(parts[-1:])
    if sum(part.duration_s for part in paused) > LONGEST_S:
        raise TooMuchAudio
    return paused


def _pause_ms(part: HeardPart, following: HeardPart) -> int:
    pause_s = following.begins_s - part.begins_s - part.duration_s
    return round(min(max(0.0, pause_s * 1000), LONGEST_SILENCE_MS))


def _receive(part: _Part, index: EventIndex, n: int, audio_format: AudioFormat) -> int:
    """Take the audio of a record, and return its length in bytes. Raises NotRecorded."""
    if not part.audio:
        part.audio_format = audio_format
    audio = audio_of(index, n)
    if audio is None:
        raise NotRecorded
    part.audio += audio
    return len(audio)


def _play(part: _Part, kind: str, event: Mapping[str, Any], t_s: float) -> None:
    """Take a record of the speaker. What is played again after a stop, by another speaker, is not
    known to the sample and left out."""
    if part.stopped:
        return
    match kind:
        case Local.PLAYBACK_STARTED:
            part.started_s = t_s if part.started_s is None else part.started_s
        case Local.UNDERRUN:
            at_ms = _position_ms(event)
            if at_ms is not None:
                gap_ms = min(get_count(event, "gap_ms"), LONGEST_SILENCE_MS)
                part.gaps.append((at_ms, gap_ms))
            else:
                part.unplaced_gaps += 1
        case Local.PLAYBACK_STOPPED:
            part.stopped = True
            played_ms, received_ms = get_int(event, "played_ms"), get_int(event, "received_ms")
            whole = get_str(event, "reason") == STOP_DRAINED and played_ms == received_ms
            part.played_ms = None if whole else max(0, played_ms or 0)


def _position_ms(event: Mapping[str, Any]) -> float | None:
    """The place of a gap in its part, with its fraction; None for one that is not recorded."""
    at_ms = event.get("at_ms")
    whole = get_int(event, "at_ms")
    return float(at_ms) if at_ms is not None and whole is not None and whole >= 0 else None


def _heard(part: _Part, last_s: float) -> HeardPart | None:
    """What was heard of a part; None if nothing was. last_s: when the recording ends, which is all
    that is known of the end of a part that did not stop before."""
    if part.started_s is None:
        return None
    audio, audio_format, played_ms = bytes(part.audio), part.audio_format, part.played_ms
    if not part.stopped:
        silent_ms = sum(gap_ms for _, gap_ms in part.gaps)
        played_ms = max(0, round((last_s - part.started_s) * 1000) - silent_ms)
    if played_ms is not None:
        audio = audio[: _bytes(audio_format, played_ms)]
    if not audio:
        return None
    blocks = _with_gaps(audio, audio_format, part.gaps)
    return HeardPart("agent", part.started_s, audio_format, blocks, part.unplaced_gaps)


def _with_gaps(
    audio: bytes, audio_format: AudioFormat, gaps: Sequence[tuple[float, int]]
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    begin = 0
    for at_ms, gap_ms in sorted(gaps):
        end = min(len(audio), _bytes(audio_format, at_ms))
        if end == len(audio):
            # What came behind it was not heard, so it was no gap.
            break
        blocks += [HeardSamples(audio[begin:end]), HeardSilence(gap_ms)]
        begin = end
    blocks.append(HeardSamples(audio[begin:]))
    return tuple(block for block in blocks if not isinstance(block, HeardSamples) or block.audio)


def _format_before(index: EventIndex, n: int) -> AudioFormat:
    """The format of the agent's audio in record n."""
    for earlier in range(n - 1, -1, -1):
        if index.type_name(earlier) in _SESSION:
            return _format_in(index, earlier)
    return AudioFormat()


def _format_in(index: EventIndex, n: int) -> AudioFormat:
    """The format of the agent's audio from this record of the session's settings on."""
    return output_format(get_object(index.record(n).event, "session"))


def _bytes(audio_format: AudioFormat, ms: float) -> int:
    return round(audio_format.rate_hz * ms / 1000) * audio_format.sample_bytes
