"""The person's side of a conversation: hears the input audio, finds the turns in it, and makes them items (protocol.md 15)."""

from __future__ import annotations

from collections.abc import Iterator

from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.api.schema import JSON, Refused
from voicelive_tui.simulator.dialogue.agent import Agent
from voicelive_tui.simulator.dialogue.items import Item, Items
from voicelive_tui.simulator.dialogue.outbox import Outbox
from voicelive_tui.simulator.dialogue.script import Heard, Script
from voicelive_tui.simulator.dialogue.session import Session
from voicelive_tui.simulator.dialogue.transcription import Transcription
from voicelive_tui.simulator.sound.input_audio import InputAudio, InputFormat
from voicelive_tui.simulator.sound.measure import Measurement
from voicelive_tui.simulator.sound.vad import Mark, SpeechStarted, SpeechStopped


class Listener:
    """Finds turns in audio time; `now_s`, in session time, says when the agent is interrupted or asked to answer."""

    def __init__(self, session: Session, items: Items, ids: Ids, outbox: Outbox, agent: Agent, script: Script) -> None:
        self._session = session
        self._items = items
        self._ids = ids
        self._outbox = outbox
        self._agent = agent
        self._script = script
        self._ears = InputAudio()
        self._detects = True
        self._item_id = ""  # of the turn that speech_started announced
        self._start_ms = 0
        self._answer_owed = False
        self._transcription = Transcription(session, items, outbox)
        self.configure()

    @property
    def received(self) -> bool:
        """Whether any audio came in."""
        return self._ears.received

    @property
    def due_s(self) -> float | None:
        return self._transcription.due_s

    def configure(self) -> None:
        """Takes the session's settings. A turn in progress ends unsaid when detection is switched off, but stays in the buffer
        and keeps its item; when it is switched on, speech in progress begins a turn."""
        codec, rate_hz = self._session["input_audio_format"], self._session["input_audio_sampling_rate"]
        self._ears.configure(InputFormat(codec, rate_hz, self._session.input_channels), self._session.endpointing)
        detects = self._session["turn_detection"] is not None
        if detects != self._detects:
            self._ears.forget_turn()
        self._detects = detects
        self._answer_owed = self._answer_owed and self._creates_response

    @property
    def _creates_response(self) -> bool:
        detection = self._session["turn_detection"] or {"create_response": False}
        return bool(detection.get("create_response", True))

    @property
    def received_ms(self) -> float:
        """How much audio came in, a started block included."""
        return self._ears.received_ms

    def hear(self, audio: bytes) -> Iterator[tuple[Mark, int]]:
        """The marks in `audio`, each to be acted on before the next is asked for, with the audio time at which it was known.
        Raises Refused, before anything is heard, for broken frames."""
        return ((mark, self._ears.position_ms) for mark in self._ears.append(audio))

    def commit(self, now_s: float) -> None:
        """Raises Refused when there is nothing to commit."""
        if self._ears.empty:
            message = "Error committing input audio buffer: it is empty or holds less than 20 ms of audio."
            raise Refused(message, code="input_audio_buffer_commit_empty")
        self._items.refuse_when_full()
        measured = self._ears.commit()
        self._heard(measured, self._script.hears(self._agent.turn + 1, measured), now_s)

    def clear(self) -> None:
        self._ears.clear()
        self._item_id = ""
        self._outbox.send({"type": "input_audio_buffer.cleared"})

    def tick(self, now_s: float) -> None:
        """Sends the transcripts that are due, and has the agent answer a turn that waited for it."""
        self._transcription.tick(now_s)
        if self._answer_owed and not self._agent.busy:
            self._answer(now_s)

    def answered(self) -> None:
        """The client asked for the answer itself."""
        self._answer_owed = False

    def act(self, mark: Mark, now_s: float) -> None:
        """A turn begins or ends at session time `now_s`."""
        if not self._detects:
            return
        match mark:
            case SpeechStarted(audio_start_ms=start_ms):
                self._item_id, self._start_ms = self._ids.new("item"), start_ms
                started = {"type": "input_audio_buffer.speech_started", "audio_start_ms": start_ms, "item_id": self._item_id}
                self._outbox.send(started)
                self._interrupt(now_s)
            case SpeechStopped(audio_end_ms=end_ms):
                stopped = {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": end_ms, "item_id": self._item_id}
                self._outbox.send(stopped)
                measured = self._ears.end_turn(self._start_ms)
                self._heard(measured, self._script.hears(self._agent.turn + 1, measured), now_s)
                if self._creates_response:
                    self._answer(now_s)

    def _interrupt(self, now_s: float) -> None:
        detection = self._session["turn_detection"]
        if detection.get("interrupt_response", True):
            self._answer_owed = False
            appended = detection.get("appended_text_after_truncation") or ""
            self._agent.interrupt(now_s, auto_truncate=detection["auto_truncate"], appended=appended)

    def _heard(self, measured: Measurement, heard: Heard | None, now_s: float) -> None:
        """The buffer becomes the person's item (protocol.md 15.2); `heard` is what a script says of it."""
        item_id, self._item_id = self._item_id or self._ids.new("item"), ""
        self._agent.turn += 1
        self._outbox.send({"type": "input_audio_buffer.committed", "previous_item_id": self._items.last_id, "item_id": item_id})
        said = measured.transcript if heard is None or heard.transcript is None else heard.transcript
        item = Item(_user_item(item_id), audio_ms=measured.audio_ms, heard=measured, said=said)
        self._transcription.before_item(item, heard)
        previous = self._items.add(item)
        self._outbox.send({"type": "conversation.item.created", "previous_item_id": previous, "item": item.shown()})
        self._transcription.after_item(item, heard, now_s)

    def _answer(self, now_s: float) -> None:
        """Turn detection's own response; while another one runs (interrupt_response false) it waits for that one's end."""
        self._answer_owed = self._agent.busy
        if not self._answer_owed:
            self._agent.answer(now_s)


def _user_item(item_id: str) -> JSON:
    content = [{"type": "input_audio", "audio": None, "transcript": None}]
    shape = {"id": item_id, "object": "realtime.item", "type": "message", "status": "completed", "role": "user"}
    return {**shape, "content": content}
