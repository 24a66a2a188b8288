"""A Voice Live session as the service sees it, sans I/O: client events, rendered speech and time in; events out.

The person's side runs in audio time (input_audio), the agent's in the clock given as `now_s`. Every method returns the effects in
the order in which they must happen. An error never ends the session.
"""

from __future__ import annotations

from voicelive_tui.simulator.agent import Agent
from voicelive_tui.simulator.handshake import Opening
from voicelive_tui.simulator.ids import Ids
from voicelive_tui.simulator.input_audio import InputAudio, InputFormat
from voicelive_tui.simulator.item_fields import audio_bytes, build_item
from voicelive_tui.simulator.items import Item, Items
from voicelive_tui.simulator.measure import Measurement
from voicelive_tui.simulator.outbox import Effect, Outbox
from voicelive_tui.simulator.planning import check_params
from voicelive_tui.simulator.schema import JSON, Reading, Refused, names, nullable, text
from voicelive_tui.simulator.session import Progress, Session
from voicelive_tui.simulator.speech import Rendered
from voicelive_tui.simulator.vad import Mark, SpeechStarted, SpeechStopped

MOST_APPENDED_BYTES = 15 * 2**20  # protocol.md 3
TRANSCRIPTION_S = 0.2  # native models transcribe beside the response: this long after the commit
HANDLED = (
    "session.update", "input_audio_buffer.append", "input_audio_buffer.clear", "input_audio_buffer.commit",
    "conversation.item.create", "conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate",
    "response.create", "response.cancel", "output_audio_buffer.clear", "session.avatar.connect",
)  # fmt: skip
MODELLED_ONLY = (
    "input_audio.clear", "input_audio.turn.start", "input_audio.turn.append", "input_audio.turn.end", "input_audio.turn.cancel",
    "input_text.delta", "input_text.done",
)  # fmt: skip


class Conversation:
    """One client's session, from session.created to the close."""

    def __init__(self, opening: Opening, ids: Ids, expires_at: int) -> None:
        """`expires_at` in unix seconds."""
        self._ids = ids
        self._outbox = Outbox(ids)
        self._session = Session(opening, ids.new("sess"), expires_at)
        self._items = Items()
        self._agent = Agent(self._session, self._items, ids, self._outbox)
        self._ears = InputAudio()
        self._user_item_id = ""
        self._turn_start_ms = 0
        self._answer_owed = False
        self._transcripts: list[tuple[float, JSON]] = []
        self._configure_ears()

    @property
    def id(self) -> str:
        return self._session.id

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do."""
        due = [at for at, _ in self._transcripts]
        if self._agent.due_s is not None:
            due.append(self._agent.due_s)
        return min(due, default=None)

    def opened(self) -> list[Effect]:
        self._outbox.send({"type": "session.created", "session": self._session.wire()})
        return self._outbox.drain()

    def receive(self, event: object, now_s: float) -> list[Effect]:
        """One decoded client frame."""
        client_event_id = event.get("event_id") if isinstance(event, dict) else None
        try:
            if not isinstance(event, dict):
                raise Refused("Expected a JSON object.", code="invalid_type")
            self._handle(event, now_s)
        except Refused as refused:
            self._outbox.error(refused, client_event_id if isinstance(client_event_id, str) else None)
        return self._outbox.drain()

    def undecodable(self, reason: str) -> list[Effect]:
        """A frame that is no JSON."""
        self._outbox.error(Refused(f"The frame is not valid JSON: {reason}", code="invalid_json"), None)
        return self._outbox.drain()

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> list[Effect]:
        self._agent.rendered(response_id, rendered, now_s)
        return self._outbox.drain()

    def render_failed(self, response_id: str, message: str, now_s: float) -> list[Effect]:
        self._agent.failed(response_id, message, now_s)
        return self._outbox.drain()

    def tick(self, now_s: float) -> list[Effect]:
        """Sends all that is due."""
        for at_s, transcript in self._transcripts:
            if at_s <= now_s:
                self._outbox.send(transcript)
        self._transcripts = [(at_s, event) for at_s, event in self._transcripts if at_s > now_s]
        self._agent.tick(now_s)
        if self._answer_owed and not self._agent.busy:
            self._answer(now_s)
        return self._outbox.drain()

    def _handle(self, event: JSON, now_s: float) -> None:
        match event.get("type"):
            case "input_audio_buffer.append":
                self._append(event, now_s)
            case "session.update":
                self._update(event)
            case "input_audio_buffer.commit":
                self._commit(now_s)
            case "input_audio_buffer.clear":
                self._ears.clear()
                self._user_item_id = ""
                self._outbox.send({"type": "input_audio_buffer.cleared"})
            case "conversation.item.create":
                self._create_item(event)
            case "conversation.item.delete":
                item_id = _text(event, "item_id")
                self._items.delete(item_id)
                self._outbox.send({"type": "conversation.item.deleted", "item_id": item_id})
            case "conversation.item.retrieve":
                item = self._items.find(_text(event, "item_id"))
                self._outbox.send({"type": "conversation.item.retrieved", "item": _shown(item)})
            case "conversation.item.truncate":
                self._truncate(event)
            case "response.create":
                self._create_response(event, now_s)
            case "response.cancel":
                self._agent.cancel(event.get("response_id"), now_s)
            case "output_audio_buffer.clear" | "session.avatar.connect" as name:
                raise Refused(
                    f"{name} belongs to avatar mode, which the simulator does not have.",
                    code="avatar_not_available",
                    param="type",
                )
            case name if name in MODELLED_ONLY:
                message = f"{name} is in the SDK's models but undocumented; the simulator does not guess what it does."
                raise Refused(message, code="not_simulated", param="type")
            case None:
                raise Refused("Missing required parameter: 'type'.", code="missing_required_parameter", param="type")
            case name:
                raise Refused(f"Invalid value: {name!r}. Supported values are: {names(HANDLED)}.", param="type")

    def _update(self, event: JSON) -> None:
        progress = Progress(audio_in=self._ears.received, audio_out=self._agent.has_spoken)
        if "session" not in event:
            raise Refused("Missing required parameter: 'session'.", code="missing_required_parameter", param="session")
        unknown = self._session.update(event["session"], progress)
        self._configure_ears()
        self._outbox.send({"type": "session.updated", "session": self._session.wire()})
        self._warn(unknown)

    def _warn(self, unknown: list[str]) -> None:
        """Unknown fields are left out and named, each in a warning (the event exists from 2026-01-01-preview on)."""
        if self._session.opening.api_date < "2026-01-01":
            return
        for path in unknown:
            message = f"Unknown parameter: '{path}'. The simulator ignores it."
            self._outbox.send({"type": "warning", "warning": {"message": message, "code": "unknown_parameter", "param": path}})

    def _configure_ears(self) -> None:
        codec, rate_hz = self._session["input_audio_format"], self._session["input_audio_sampling_rate"]
        self._ears.configure(InputFormat(codec, rate_hz, self._session.input_channels), self._session.endpointing)

    @property
    def _input_format(self) -> InputFormat:
        return InputFormat(self._session["input_audio_format"], self._session["input_audio_sampling_rate"])

    def _append(self, event: JSON, now_s: float) -> None:
        audio = audio_bytes(event.get("audio"), "audio")
        if len(audio) > MOST_APPENDED_BYTES:
            raise Refused("Invalid 'audio': one append takes at most 15 MiB.", param="audio")
        for mark in self._ears.append(audio):
            if self._session["turn_detection"] is not None:
                self._turn(mark, now_s)

    def _turn(self, mark: Mark, now_s: float) -> None:
        detection = self._session["turn_detection"]
        match mark:
            case SpeechStarted(audio_start_ms=start_ms):
                self._user_item_id, self._turn_start_ms = self._ids.new("item"), start_ms
                started = {"type": "input_audio_buffer.speech_started", "audio_start_ms": start_ms, "item_id": self._user_item_id}
                self._outbox.send(started)
                if detection["interrupt_response"]:
                    appended = detection.get("appended_text_after_truncation") or ""
                    self._agent.interrupt(now_s, auto_truncate=detection["auto_truncate"], appended=appended)
            case SpeechStopped(audio_end_ms=end_ms):
                if not self._user_item_id:  # detection was switched on in the middle of a turn
                    return
                stopped = {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": end_ms, "item_id": self._user_item_id}
                self._outbox.send(stopped)
                self._heard(self._ears.end_turn(self._turn_start_ms), now_s)
                if detection["create_response"]:
                    self._answer(now_s)

    def _commit(self, now_s: float) -> None:
        if self._ears.empty:
            message = "Error committing input audio buffer: the buffer is empty."
            raise Refused(message, code="input_audio_buffer_commit_empty")
        self._heard(self._ears.commit(), now_s)

    def _heard(self, measured: Measurement, now_s: float) -> None:
        """The buffer becomes the person's item: protocol.md 15.2 (cascaded: the transcript comes before the item)."""
        item_id, self._user_item_id = self._user_item_id or self._ids.new("item"), ""
        self._agent.turn += 1
        self._outbox.send({"type": "input_audio_buffer.committed", "previous_item_id": self._items.last_id, "item_id": item_id})
        wire = {"id": item_id, "object": "realtime.item", "type": "message", "status": "completed", "role": "user"}
        transcribes, native = self._session.transcribes, self._session.opening.hears_audio
        transcript = measured.transcript if transcribes else None
        wire["content"] = [{"type": "input_audio", "audio": None, "transcript": None if native else transcript}]  # type: ignore[assignment]
        item = Item(dict(wire), audio_ms=measured.audio_ms, heard=measured)
        completed = {
            "type": "conversation.item.input_audio_transcription.completed",
            "item_id": item_id,
            "content_index": 0,
            "transcript": measured.transcript,
        }
        if transcribes and not native:
            self._outbox.send(completed)
        previous = self._items.add(item)
        self._outbox.send({"type": "conversation.item.created", "previous_item_id": previous, "item": _shown(item)})
        if transcribes and native:
            item.wire["content"][0]["transcript"] = measured.transcript
            self._transcripts.append((now_s + TRANSCRIPTION_S, completed))

    def _answer(self, now_s: float) -> None:
        """Turn detection's own response; while another one runs (interrupt_response false) it waits for that one's end."""
        self._answer_owed = self._agent.busy
        if not self._answer_owed:
            self._agent.start({}, self._items.in_order(), now_s)

    def _create_item(self, event: JSON) -> None:
        reading = Reading(self._session.opening.api_date)
        item = build_item(event.get("item"), reading, self._ids, self._input_format)
        previous = event.get("previous_item_id") or None
        previous = self._items.add(item, _text(event, "previous_item_id") if previous else None)
        if item.role == "user":
            self._agent.turn += 1
        self._outbox.send({"type": "conversation.item.created", "previous_item_id": previous, "item": _shown(item)})
        self._warn(reading.unknown)

    def _truncate(self, event: JSON) -> None:
        item_id = _text(event, "item_id")
        content_index, audio_end_ms = _integer(event, "content_index"), _integer(event, "audio_end_ms")
        self._items.truncate(item_id, content_index, audio_end_ms)
        truncated = {"type": "conversation.item.truncated", "item_id": item_id, "content_index": content_index}
        self._outbox.send({**truncated, "audio_end_ms": audio_end_ms})

    def _create_response(self, event: JSON, now_s: float) -> None:
        reading = Reading(self._session.opening.api_date)
        nullable(text())(event.get("additional_instructions"), "additional_instructions", reading)
        params = check_params(event.get("response"), reading)
        self._agent.start(params, self._context(params, reading), now_s)
        self._warn(reading.unknown)

    def _context(self, params: JSON, reading: Reading) -> list[Item]:
        """What the model would see: the conversation or `input_items` instead, and `append_input_items` after it."""

        def built(name: str) -> list[Item]:
            return [
                build_item(entry, reading, self._ids, self._input_format, param=f"response.{name}[{n}]")
                for n, entry in enumerate(params.get(name) or [])
            ]

        base = self._items.in_order() if params.get("input_items") is None else built("input_items")
        return [*base, *built("append_input_items")]


def _shown(item: Item) -> JSON:
    """The item as it is now: later changes must not reach an event that waits to be sent."""
    if "content" not in item.wire:
        return dict(item.wire)
    return {**item.wire, "content": [dict(part) for part in item.wire["content"]]}


def _text(event: JSON, name: str) -> str:
    value = event.get(name)
    if value is None:
        raise Refused(f"Missing required parameter: '{name}'.", code="missing_required_parameter", param=name)
    if not isinstance(value, str):
        raise Refused(f"Invalid type for '{name}': expected a string.", code="invalid_type", param=name)
    return value


def _integer(event: JSON, name: str) -> int:
    value = event.get(name)
    if value is None:
        raise Refused(f"Missing required parameter: '{name}'.", code="missing_required_parameter", param=name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(f"Invalid type for '{name}': expected an integer of 0 or more.", code="invalid_type", param=name)
    return value
