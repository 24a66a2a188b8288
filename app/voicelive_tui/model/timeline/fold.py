"""Folds a session's records into its timeline; the same code for live and recorded sessions.

Invariant: one thread applies records, any thread may read. Lists only grow, and their values are
replaced whole.
"""

from bisect import bisect_left
from dataclasses import replace

from voicelive_tui.model.events.cut_cause import echo_of
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_str
from voicelive_tui.model.events.record import STOP_DRAINED, Local, Record
from voicelive_tui.model.formats import input_format, output_format
from voicelive_tui.model.timeline.heard_levels import HeardLevels, PartKey
from voicelive_tui.model.timeline.level_track import LevelTrack
from voicelive_tui.model.timeline.moments import (
    ConnectionGap,
    DetectedSpeech,
    EchoStretch,
    HeardStretch,
    LinkGap,
    MutedStretch,
)
from voicelive_tui.model.timeline.sent_levels import SentLevels
from voicelive_tui.model.transcript.audio_clock import AudioClock


class TimelineFold:
    """The timeline of one session. started_s: its start on the engine's clock; None for a
    recording.

    you, agent: the levels of the microphone as it was sent, and of the agent as it was heard. The
    lists are in order of time.
    """

    def __init__(self, started_s: float | None = None) -> None:
        self.started_s = started_s
        self.you, self.agent = LevelTrack(), LevelTrack()
        self._sent, self._heard = SentLevels(self.you), HeardLevels(self.agent)
        self._clock = AudioClock()
        self._voice_ended_s: float | None = None
        """When the voice at the microphone ended last; None while there is one."""
        self._connected = False
        self.speech: list[DetectedSpeech] = []
        self.away: list[ConnectionGap] = []
        self.link_away: list[LinkGap] = []
        self.echoes: list[EchoStretch] = []
        self.muted: list[MutedStretch] = []
        self.errors: list[float] = []
        """The times of errors."""
        self.marks: list[float] = []
        """The moments that the user marked."""

    @property
    def heard(self) -> list[HeardStretch]:
        """What left the speaker."""
        return self._heard.heard

    def apply(self, record: Record, audio: bytes | None = None) -> None:
        """Process one record. Never raises, whatever the event holds. audio: that of the record;
        None if it is not known, for which no level is shown."""
        self._sent.settle(record.t_s)
        if is_error(record.event):
            self.errors.append(record.t_s)
        match record.dir:
            case "sent":
                self._apply_sent(record, audio)
            case "received":
                self._apply_received(record, audio)
            case "local":
                self._apply_local(record)

    def _apply_sent(self, record: Record, audio: bytes | None) -> None:
        if record.kind in ("input_audio_buffer.append", "input_audio.turn.append"):
            self._clock.sent(record)
            if audio:
                self._sent.sent(audio, record.t_s)

    def _apply_received(self, record: Record, audio: bytes | None) -> None:
        match record.kind:
            case "response.audio.delta":
                if audio:
                    self._heard.received(_part_of(record), audio)
            case "session.created" | "session.updated":
                session = get_object(record.event, "session")
                self._clock.format = input_format(session)
                self._sent.set_format(self._clock.format)
                self._heard.format = output_format(session)
            case "input_audio_buffer.speech_started":
                self._speech_started(record)
            case "input_audio_buffer.speech_stopped":
                self._speech_stopped(record)

    def _speech_started(self, record: Record) -> None:
        at_s = self._clock.time_of(get_int(record.event, "audio_start_ms"), record.t_s)
        item_id = get_str(record.event, "item_id")
        if self.speech and self.speech[-1].end_s is None:
            if self.speech[-1].item_id == item_id:
                return
            self._speech_over(at_s)
        self.speech.append(DetectedSpeech(item_id, at_s))

    def _speech_over(self, at_s: float) -> None:
        """End speech of which the service never said that it stopped."""
        if self.speech and (speech := self.speech[-1]).end_s is None:
            self.speech[-1] = replace(speech, end_s=max(speech.begin_s, at_s))

    def _speech_stopped(self, record: Record) -> None:
        if not self.speech or self.speech[-1].end_s is not None:
            return
        speech = self.speech[-1]
        end_s = self._clock.time_of(get_int(record.event, "audio_end_ms"), record.t_s)
        end_s = max(speech.begin_s, end_s)
        self.speech[-1] = replace(speech, end_s=end_s, stopped_s=record.t_s)
        self._note_voice_end()

    def _apply_local(self, record: Record) -> None:
        event = record.event
        match record.type:
            case Local.PLAYBACK_STARTED:
                self._heard.started(_part_of(record), record.t_s)
            case Local.PLAYBACK_STOPPED:
                played_ms = get_count(event, "played_ms")
                cut = played_ms < get_count(event, "received_ms")
                cut = cut and get_str(event, "reason") != STOP_DRAINED
                self._heard.stopped(_part_of(record), played_ms / 1000, cut=cut)
            case Local.UNDERRUN:
                gap_s = get_count(event, "gap_ms") / 1000
                self._heard.gap(get_str(event, "item_id"), record.t_s, gap_s)
            case Local.SPEECH:
                self._voice(record)
            case Local.CUT:
                self._cut(record)
            case Local.MARK:
                self._mark(record.t_s)
            case Local.MUTED:
                self._mute(record)
            case Local.LINK:
                self._link(record)
            case Local.CONNECTED:
                self._connection_begins(record)
            case Local.CLOSED if self._connected:
                self._speech_over(record.t_s)
                self.away.append(ConnectionGap(record.t_s))
                self._connected = False

    def _mark(self, t_s: float) -> None:
        """A moment has one mark, however often its note was changed."""
        at = bisect_left(self.marks, t_s)
        if self.marks[at : at + 1] != [t_s]:
            self.marks.insert(at, t_s)

    def _voice(self, record: Record) -> None:
        on = record.event.get("on") is True
        self._voice_ended_s = None if on else record.t_s
        self._note_voice_end()
        if self.echoes and self.echoes[-1].end_s is None:
            self.echoes[-1] = replace(self.echoes[-1], end_s=record.t_s)
        if on and _is_echo(record):
            self.echoes.append(EchoStretch(record.t_s))

    def _cut(self, record: Record) -> None:
        """What cut an answer resembled it. Speech under way that is known as an echo goes on."""
        under_way = self.echoes and self.echoes[-1].end_s is None
        if _is_echo(record) and not under_way:
            begin_s = record.t_s - get_count(record.event, "before_ms") / 1000
            last_s = self.echoes[-1].begin_s if self.echoes else 0.0
            self.echoes.append(EchoStretch(max(begin_s, last_s), record.t_s))

    def _mute(self, record: Record) -> None:
        muted = bool(self.muted) and self.muted[-1].end_s is None
        if record.event.get("on") is True and not muted:
            self.muted.append(MutedStretch(record.t_s))
        elif record.event.get("on") is False and muted:
            self.muted[-1] = replace(self.muted[-1], end_s=record.t_s)

    def _link(self, record: Record) -> None:
        away = bool(self.link_away) and self.link_away[-1].end_s is None
        if get_str(record.event, "state") in ("stalled", "lost"):
            if not away:
                self.link_away.append(LinkGap(record.t_s))
        elif away:
            # The record of the loss comes when nothing has come for a while.
            since_s = record.t_s - get_count(record.event, "away_ms") / 1000
            before_s = self.link_away[-2].end_s if len(self.link_away) > 1 else None
            begin_s = min(self.link_away[-1].begin_s, max(since_s, before_s or 0.0))
            self.link_away[-1] = LinkGap(begin_s, record.t_s)

    def _note_voice_end(self) -> None:
        """The detector may tell of the end of the voice after the service does."""
        speech, ended_s = self.speech[-1] if self.speech else None, self._voice_ended_s
        if speech is None or ended_s is None or speech.voice_ended_s is not None:
            return
        if speech.stopped_s is not None and speech.begin_s <= ended_s <= speech.stopped_s:
            self.speech[-1] = replace(speech, voice_ended_s=ended_s)

    def _connection_begins(self, record: Record) -> None:
        self._clock.connection_ended()
        self._connected = True
        if self.away and self.away[-1].end_s is None:
            self.away[-1] = replace(self.away[-1], end_s=record.t_s)


def _is_echo(record: Record) -> bool:
    """Whether the sound that the record is about resembled what was playing."""
    return echo_of(record.event) is not None


def _part_of(record: Record) -> PartKey:
    return get_str(record.event, "item_id"), get_count(record.event, "content_index")
