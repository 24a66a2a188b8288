"""The user's side of a conversation: receives the input audio, finds the turns in it, and makes
them items (protocol.md 15)."""

from __future__ import annotations

from collections.abc import Iterator

from voicelive_common.voice_activity.detector import (
    Mark,
    SpeechLasted,
    SpeechStarted,
    SpeechStopped,
)

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.input.transcription import Transcription
from voicelive_simulator.dialogue.input.turn_taking import (
    IGNORED_NULL,
    LONGEST_FILLER_MS,
    only_fillers,
    turn_taking,
)
from voicelive_simulator.dialogue.responses.scheduler import ResponseScheduler
from voicelive_simulator.dialogue.state.effects import EffectQueue
from voicelive_simulator.dialogue.state.items import Item, Items, message_json
from voicelive_simulator.dialogue.state.script import Heard, NoScript, Script
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat
from voicelive_simulator.sound.measurement import Measurement


class TurnListener:
    """Finds turns in audio time. `now_s`, in session time, is when the assistant is interrupted or
    asked to respond."""

    def __init__(
        self,
        session: SessionConfig,
        items: Items,
        ids: Ids,
        effects: EffectQueue,
        responses: ResponseScheduler,
        script: Script,
    ) -> None:
        self._session = session
        self._items = items
        self._ids = ids
        self._effects = effects
        self._responses = responses
        self._script = script
        self._input_audio = InputAudio()
        self._turn_taking = turn_taking(None)
        self.keeps_detecting = False
        """True while turns are detected although `turn_detection` is null."""
        self._kept_detecting = False
        self._has_script = not isinstance(script, NoScript)
        self._item_id = ""  # of the turn that speech_started announced
        self._start_ms = 0
        # The beginning of speech that may turn out to be a filler.
        self._unconfirmed: SpeechStarted | None = None
        # Whether the script was asked about the turn under way; if so, `_script_answer` is its
        # answer.
        self._script_asked = False
        self._script_answer: Heard | None = None
        self._response_pending = False
        self._transcription = Transcription(session, items, effects)
        self.configure()

    @property
    def received(self) -> bool:
        """Whether any audio was received."""
        return self._input_audio.received

    @property
    def due_s(self) -> float | None:
        return self._transcription.due_s

    def configure(self) -> None:
        """Adopt the session's settings.

        When detection is switched off, a turn in progress ends without events, but stays in the
        buffer and keeps its item id; when it is switched on, speech in progress begins a turn.
        """
        codec, rate_hz = (
            self._session["input_audio_format"],
            self._session["input_audio_sampling_rate"],
        )
        self._kept_detecting = self.keeps_detecting
        detection = self._session["turn_detection"]
        if detection is None and self._kept_detecting:
            detection = IGNORED_NULL
        settings = turn_taking(detection)
        self._input_audio.configure(
            InputFormat(codec, rate_hz, self._session.input_channels), settings.endpointing
        )
        if settings.detects != self._turn_taking.detects:
            self._input_audio.forget_turn()
            self._unconfirmed = None
        self._turn_taking = settings
        self._response_pending = self._response_pending and settings.answers

    @property
    def received_ms(self) -> float:
        """The duration of the audio received, including a block that is not complete yet."""
        return self._input_audio.received_ms

    def process_audio(self, audio: bytes) -> Iterator[tuple[Mark, int]]:
        """Yield the marks in `audio`, each with the audio time at which it was found. The caller
        acts on each before it takes the next. Raises Refused, before any audio is processed, for
        incomplete frames."""
        if self.keeps_detecting != self._kept_detecting:
            self.configure()
        return ((mark, self._input_audio.position_ms) for mark in self._input_audio.append(audio))

    def commit(self, now_s: float) -> None:
        """Make the buffer an item. Raises Refused when the buffer is empty."""
        if self._input_audio.empty:
            message = (
                "Error committing input audio buffer: it is empty or holds less than 20 ms "
                "of audio."
            )
            raise Refused(message, code="input_audio_buffer_commit_empty")
        self._items.refuse_when_full()
        measured = self._input_audio.commit()
        self._add_user_item(measured, self._ask_script(measured), now_s)

    def clear(self) -> None:
        self._input_audio.clear()
        self._items.release([self._item_id])
        self._item_id, self._script_asked, self._unconfirmed = "", False, None
        self._effects.send({"type": "input_audio_buffer.cleared"})

    def tick(self, now_s: float) -> None:
        """Send the transcripts that are due, and start a response that waited for the previous one
        to end."""
        self._transcription.tick(now_s)
        if self._response_pending and not self._responses.busy:
            self._respond(now_s)

    def cancel_pending_response(self) -> None:
        """Cancel a pending response, because the client has created one itself."""
        self._response_pending = False

    def apply_mark(self, mark: Mark, now_s: float) -> None:
        """React to a mark at session time `now_s`: a turn begins, lasts or ends."""
        if not self._turn_taking.detects:
            return
        match mark:
            case SpeechStarted():
                self._on_speech_started(mark, now_s)
            case SpeechLasted():
                self._begin_unconfirmed(now_s)
            case SpeechStopped():
                self._on_speech_stopped(mark, now_s)

    def _on_speech_started(self, mark: SpeechStarted, now_s: float) -> None:
        """Begin a turn. While the assistant speaks, that may take more speech, and a possible
        filler has to be confirmed first."""
        spoken_over = self._responses.speaking(now_s)
        if spoken_over and mark.speech_ms < self._turn_taking.over_assistant_ms:
            self._input_audio.postpone()
        elif (
            spoken_over
            and self._turn_taking.ignores_fillers
            and self._has_script
            and mark.speech_ms < LONGEST_FILLER_MS
        ):
            self._unconfirmed = mark
            self._input_audio.notify_after(LONGEST_FILLER_MS)
        else:
            self._begin_turn(mark, now_s)

    def _begin_unconfirmed(self, now_s: float) -> None:
        mark, self._unconfirmed = self._unconfirmed, None
        if mark:
            self._begin_turn(mark, now_s)

    def _begin_turn(self, mark: SpeechStarted, now_s: float) -> None:
        self._items.release([self._item_id])
        self._item_id, self._start_ms = self._ids.new("item"), mark.audio_start_ms
        self._items.reserve([self._item_id])
        started = {
            "type": "input_audio_buffer.speech_started",
            "audio_start_ms": self._start_ms,
            "item_id": self._item_id,
        }
        self._effects.send(started)
        if self._turn_taking.interrupts:
            self._response_pending = False
            self._responses.interrupt(
                now_s,
                auto_truncate=self._turn_taking.truncates,
                appended=self._turn_taking.appended,
            )

    def _on_speech_stopped(self, mark: SpeechStopped, now_s: float) -> None:
        """End the turn if its sentence is finished. An unfinished sentence is given more time,
        once."""
        first = not self._script_asked
        start_ms = self._unconfirmed.audio_start_ms if self._unconfirmed else self._start_ms
        words = self._ask_script(self._input_audio.measure_turn(start_ms))
        if self._unconfirmed and words and words.transcript and only_fillers(words.transcript):
            self._ignore_filler()
            return
        self._begin_unconfirmed(now_s)
        if first and words and not words.finished and self._turn_taking.unfinished_ms:
            self._input_audio.extend_silence(self._turn_taking.unfinished_ms)
            return
        stopped = {
            "type": "input_audio_buffer.speech_stopped",
            "audio_end_ms": mark.audio_end_ms,
            "item_id": self._item_id,
        }
        self._effects.send(stopped)
        self._add_user_item(self._input_audio.end_turn(start_ms), words, now_s)
        if self._turn_taking.answers:
            self._respond(now_s)

    def _ignore_filler(self) -> None:
        """Ignore a filler during the assistant's speech: it is not a turn, but it counts, so that
        the next speech matches the script's next entry."""
        self._input_audio.clear()
        self._unconfirmed, self._script_asked = None, False
        self._responses.turn += 1

    def _ask_script(self, measured: Measurement) -> Heard | None:
        """What the script says about the turn under way; it is asked only once."""
        if not self._script_asked:
            self._script_asked, self._script_answer = (
                True,
                self._script.hears(self._responses.turn + 1, measured),
            )
        return self._script_answer

    def _add_user_item(self, measured: Measurement, heard: Heard | None, now_s: float) -> None:
        """Make the buffer the user's item (protocol.md 15.2); `heard` is what a script says about
        it."""
        item_id, self._item_id = self._item_id or self._ids.new("item"), ""
        self._script_asked, self._unconfirmed = False, None
        self._responses.turn += 1
        self._effects.send(
            {
                "type": "input_audio_buffer.committed",
                "previous_item_id": self._items.last_id,
                "item_id": item_id,
            }
        )
        transcript = (
            measured.transcript if heard is None or heard.transcript is None else heard.transcript
        )
        content: list[JSON] = [{"type": "input_audio", "audio": None, "transcript": None}]
        item = Item(
            message_json(item_id, "user", content),
            audio_ms=measured.audio_ms,
            measurement=measured,
            transcript=transcript,
        )
        self._transcription.before_item(item, heard)
        self._items.release([item_id])
        previous = self._items.add(item)
        self._effects.send(
            {
                "type": "conversation.item.created",
                "previous_item_id": previous,
                "item": item.to_json(),
            }
        )
        self._transcription.after_item(item, heard, now_s)

    def _respond(self, now_s: float) -> None:
        """Start turn detection's own response; while another one is running (interrupt_response
        false), it waits for that one's end."""
        self._response_pending = self._responses.busy
        if not self._response_pending:
            self._responses.respond(now_s)
