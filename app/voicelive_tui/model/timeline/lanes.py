"""What a timeline shows in each of its columns, as values: a pure function of a session's view, its
timeline and a window.

Columns are positions in the window and may lie outside it at either end of a stretch.
"""

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.model.timeline.level_track import LevelTrack
from voicelive_tui.model.timeline.moments import (
    ConnectionGap,
    DetectedSpeech,
    EchoStretch,
    HeardStretch,
    LinkGap,
    MutedStretch,
)
from voicelive_tui.model.timeline.window import ZOOMS, TimeWindow
from voicelive_tui.model.transcript.line import ToolCall, TranscriptLine

_LOOK_BACK_S: Final = 90.0
"""How long before the window a line may begin that still reaches into it."""
_INSTANT_S: Final = 1e-6
_Lasting = TypeVar(
    "_Lasting", HeardStretch, DetectedSpeech, ConnectionGap, EchoStretch, LinkGap, MutedStretch
)
_Gap = TypeVar("_Gap", ConnectionGap, LinkGap)


@dataclass(frozen=True, slots=True)
class ColumnSpan:
    """The columns from `begin` to the one before `end`; at least one."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class HeardAnswer:
    """A part of an answer. cut: the column after the last heard one, when it was cut."""

    begin: int
    cut: int | None


@dataclass(frozen=True, slots=True)
class HeardLatency:
    """How long after the user's part an answer was heard, at the column of its first sound."""

    column: int
    heard_after_ms: float
    slowest: bool


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """Speech as the service detected it, and the silence that it waited for then, from the end of
    the voice. long_s, waited_ms: their lengths. open: it goes on. false_start: it gave no words."""

    speech: ColumnSpan
    long_s: float
    open: bool
    false_start: bool
    waited: ColumnSpan | None
    waited_ms: float


@dataclass(frozen=True, slots=True)
class ToolRun:
    """A tool's call from its arguments to its result. took_ms: None while it runs. waits: it needs
    the approval of a person."""

    run: ColumnSpan
    name: str
    took_ms: float | None
    failed: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """What a window shows.

    you, agent: the level of each column, as the bytes of `loudness.py`. waited: the silence between
    the end of the user's voice and the service's end of the speech. away: the columns in which the
    connection was lost or came back; sessions: those in which another one began. link_away: those
    in which the link to the machine with the devices was lost or came back. unheard: answers that
    nobody heard.
    """

    window: TimeWindow
    you: bytes
    agent: bytes
    answers: Sequence[HeardAnswer]
    echoes: Sequence[ColumnSpan]
    latencies: Sequence[HeardLatency] = ()
    typed: Sequence[int] = ()
    speech: Sequence[SpeechSpan] = ()
    waited: Sequence[ColumnSpan] = ()
    tools: Sequence[ToolRun] = ()
    unheard: Sequence[ColumnSpan] = ()
    muted: Sequence[ColumnSpan] = ()
    away: Sequence[int] = ()
    link_away: Sequence[int] = ()
    sessions: Sequence[int] = ()
    errors: Sequence[int] = ()
    marks: Sequence[int] = ()


def lanes_of(
    timeline: TimelineFold,
    transcript: Sequence[TranscriptLine],
    window: TimeWindow,
    now_s: float,
) -> Lanes:
    """What the window shows of a session at this time. Nothing that lies after it is shown, such as
    audio that waits to be heard."""
    draw = _Drawer(timeline, window, now_s)
    lines = [] if window.is_coarse else list(_lines(transcript, window))
    false_starts = {line.item_id for line in lines if line.mark == "false_start"}
    speech = [] if window.is_coarse else draw.speech(false_starts)
    return Lanes(
        window,
        draw.levels(timeline.you),
        draw.levels(timeline.agent),
        draw.answers(),
        draw.echoes(),
        latencies=[
            HeardLatency(window.column_of(line.heard_at_s), line.heard_after_ms, line.slowest)
            for line in lines
            if line.heard_at_s is not None and line.heard_after_ms is not None
        ],
        typed=[window.column_of(line.t_s) for line in lines if line.mark == "typed"],
        speech=speech,
        waited=[span.waited for span in speech if span.waited is not None],
        tools=[
            draw.tool(line, line.call, line.call.called_s)
            for line in lines
            if line.call is not None
            and line.call.called_s is not None
            and line.call.kind != "mcp_list_tools"
        ],
        unheard=[draw.unheard(line) for line in lines if line.mark == "unheard"],
        away=draw.away(timeline.away),
        link_away=draw.away(timeline.link_away),
        sessions=draw.sessions(),
        muted=draw.muted(),
        errors=draw.moments(timeline.errors),
        marks=draw.moments(timeline.marks),
    )


def _lines(transcript: Sequence[TranscriptLine], window: TimeWindow) -> Iterator[TranscriptLine]:
    """The lines that may show in the window. Their times run on but for short stretches."""
    begin = bisect_left(transcript, window.begin_s - _LOOK_BACK_S, key=lambda line: line.t_s)
    for position in range(begin, len(transcript)):
        line = transcript[position]
        if line.t_s > window.end_s + _LOOK_BACK_S:
            return
        yield line


class _Drawer:
    """Turns times into columns of one window. now_s: nothing is shown after it."""

    def __init__(self, timeline: TimelineFold, window: TimeWindow, now_s: float) -> None:
        self._timeline, self._window, self._now_s = timeline, window, now_s

    def levels(self, track: LevelTrack) -> bytes:
        window = self._window
        shown = max(0, min(window.columns, window.column_of(self._now_s) + 1))
        peaks = track.peaks(window.first, shown, ZOOMS[window.zoom])
        return peaks.ljust(window.columns, b"\0")

    def answers(self) -> list[HeardAnswer]:
        return [
            HeardAnswer(
                self._window.column_of(heard.begin_s),
                self._window.column_of(heard.end_s) + 1
                if heard.cut and heard.end_s is not None
                else None,
            )
            for heard in self._within(self._timeline.heard)
        ]

    def echoes(self) -> list[ColumnSpan]:
        return [
            self._stretch(echo.begin_s, echo.end_s) for echo in self._within(self._timeline.echoes)
        ]

    def muted(self) -> list[ColumnSpan]:
        return [
            self._stretch(each.begin_s, each.end_s) for each in self._within(self._timeline.muted)
        ]

    def speech(self, false_starts: Container[str]) -> list[SpeechSpan]:
        return [
            self._speech_span(speech, speech.item_id in false_starts)
            for speech in self._within(self._timeline.speech)
        ]

    def _speech_span(self, speech: DetectedSpeech, false_start: bool) -> SpeechSpan:
        end_s = self._now_s if speech.end_s is None else speech.end_s
        if speech.voice_ended_s is not None:
            # A service may count the silence that it waited for as a part of the speech.
            end_s = min(end_s, speech.voice_ended_s)
        waited, waited_ms = None, 0.0
        if speech.stopped_s is not None:
            waited_ms = (speech.stopped_s - end_s) * 1000
            begin = self._window.column_of(end_s - _INSTANT_S) + 1
            stop = self._window.column_of(speech.stopped_s) + 1
            waited = ColumnSpan(begin, stop) if stop > begin else None
        return SpeechSpan(
            self._stretch(speech.begin_s, end_s),
            end_s - speech.begin_s,
            speech.end_s is None,
            false_start,
            waited,
            waited_ms,
        )

    def tool(self, line: TranscriptLine, call: ToolCall, called_s: float) -> ToolRun:
        took_ms = call.took_ms
        end_s = None if took_ms is None else called_s + took_ms / 1000
        return ToolRun(
            self._stretch(called_s, end_s),
            call.name,
            took_ms,
            failed=line.state == "failed",
            waits=call.kind == "mcp_approval_request" and call.output is None,
        )

    def unheard(self, line: TranscriptLine) -> ColumnSpan:
        return self._stretch(line.t_s, line.t_s + (line.received_ms or 0) / 1000)

    def away(self, all_gaps: Sequence[_Gap]) -> list[int]:
        gaps = self._within(all_gaps)
        return self.moments(
            [at for gap in gaps for at in (gap.begin_s, gap.end_s) if at is not None]
        )

    def sessions(self) -> list[int]:
        gaps = self._within(self._timeline.away)
        return self.moments([gap.end_s for gap in gaps if gap.end_s is not None])

    def moments(self, times: Sequence[float]) -> list[int]:
        """The columns of those of these times, in order, that lie in the window."""
        begin = bisect_left(times, self._window.begin_s)
        stop = bisect_left(times, self._window.end_s)
        return [self._window.column_of(at_s) for at_s in times[begin:stop]]

    def _within(self, stretches: Sequence[_Lasting]) -> list[_Lasting]:
        """Those of these stretches, in order, that may reach into the window."""
        begin_s, end_s = self._window.begin_s, min(self._window.end_s, self._now_s + _INSTANT_S)
        begin = bisect_left(stretches, begin_s, key=lambda each: each.begin_s)
        stop = bisect_left(stretches, end_s, key=lambda each: each.begin_s)
        return list(stretches[max(0, begin - 1) : stop])

    def _stretch(self, begin_s: float, end_s: float | None) -> ColumnSpan:
        begin = self._window.column_of(begin_s)
        end_s = self._now_s if end_s is None else end_s
        return ColumnSpan(begin, max(begin, self._window.column_of(end_s - _INSTANT_S)) + 1)
