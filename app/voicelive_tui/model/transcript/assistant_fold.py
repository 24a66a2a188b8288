"""Folds the assistant's events into its lines: text and audio as received, how much was heard, and
how each response ended."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.audio_field import audio_bytes
from voicelive_tui.model.events.cut_cause import (
    CutByConnection,
    CutByDevice,
    CutByLink,
    CutByService,
    CutCause,
    CutOffAir,
    cause_of_stop,
    measured_cause,
)
from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_objects, get_str
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_DRAINED, STOP_USER, Record
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.transcript.assistant_message import AssistantMessage, ContentPart, Word
from voicelive_tui.model.transcript.builder import TranscriptBuilder
from voicelive_tui.model.transcript.empty_answer import EmptyAnswer

_LOSS_WITHIN_S: Final = 1.0
"""The longest time from the stop of an answer to the note of the loss that stopped it."""
_LEAST_TO_COMPARE: Final = 3
"""The number of latencies from which on the longest one is marked."""


class AssistantFold:
    """Writes the assistant's messages into the transcript. output_format: the format of its audio,
    from the service's effective session. on_air: whether the session has the speaker; None while
    that is not known. link_away: whether nothing comes over the link to the machine with the
    speaker."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self.output_format = AudioFormat()
        self.on_air: bool | None = None
        self.link_away = False
        self._builder = builder
        self._responses: dict[str, list[str]] = {}
        """The item ids of every response that is not done, by response id."""
        self._done: set[str] = set()
        self._latencies = 0
        self._slowest: AssistantMessage | None = None
        self._last_stop: tuple[AssistantMessage, float] | None = None
        """The answer that was stopped last before its end, and when."""
        self._causes: dict[str, CutCause] = {}

    def content(self, record: Record, kind: str) -> None:
        """Handle an event of a content part. kind: its canonical type."""
        event = record.event
        match kind:
            case "response.audio.delta":
                message = self._message(record, get_str(event, "item_id"))
                part = message.part(get_count(event, "content_index"))
                message.no_speaker = message.no_speaker or (
                    not part.audio_ms and self.on_air is False
                )
                part.spoken = True
                part.audio_ms += self.output_format.duration_ms(audio_bytes(event))
            case "response.audio_transcript.delta" | "response.text.delta":
                part = self._part(record)
                part.spoken = part.spoken or kind == "response.audio_transcript.delta"
                part.text += get_str(event, "delta")
            case "response.audio_transcript.done" | "response.text.done":
                part, done = (
                    self._part(record),
                    get_str(event, "transcript") or get_str(event, "text"),
                )
                # An interrupted answer may end with a shortened text. The longer one stays:
                # `spoken_chars` tells how much of it was heard.
                part.text = done if len(done) >= len(part.text) else part.text
            case "response.audio_timestamp.delta":
                offset = get_int(event, "audio_offset_ms")
                if offset is not None and get_str(event, "text"):
                    self._part(record).words.append(Word(get_str(event, "text"), offset))
            case "response.content_part.added" | "response.content_part.done":
                text = get_str(get_object(event, "part"), "transcript") or get_str(
                    get_object(event, "part"), "text"
                )
                self._part(record).text = self._part(record).text or text
            case "response.audio.done":
                self._part(record)

    def item(self, record: Record, item: Mapping[str, Any], kind: str) -> None:
        """Handle an assistant item that the service announced or finished. kind: the event's
        type."""
        message = self._message(record, get_str(item, "id"))
        for index, part in enumerate(get_objects(item, "content")):
            text = get_str(part, "transcript") or get_str(part, "text")
            message.part(index).text = message.part(index).text or text
        # An item that the client added to the history belongs to no response and is complete at
        # once.
        complete = kind == "response.output_item.done" or (
            kind == "conversation.item.created" and not message.response_id
        )
        if complete and get_str(item, "status") == "completed" and message.state == "partial":
            message.state = "final"

    def playback_started(self, record: Record) -> None:
        """Note when the first sample of a message was heard."""
        message = self._message(record, get_str(record.event, "item_id"))
        if message.heard_at_s is None:
            message.heard_at_s = record.t_s

    def first_heard(self, item_id: str, after_ms: float | None, *, greeting: bool) -> None:
        """Note that a turn's answer began to be heard with this message, or that its latency has
        changed. after_ms: the time since the end of the user's part; None when nobody asked.
        greeting: nothing was said before."""
        message = self._builder.get(item_id)
        if not isinstance(message, AssistantMessage):
            return
        is_new = message.heard_after_ms is None
        message.greeting, message.heard_after_ms = greeting, after_ms
        self._builder.mark_changed(item_id)
        if greeting or after_ms is None:
            return
        self._latencies += is_new
        slowest = self._slowest
        if slowest is None or after_ms > (slowest.heard_after_ms or 0.0):
            if slowest is not None:
                slowest.slowest = False
                self._builder.mark_changed(slowest.item_id)
            self._slowest = message
        if self._latencies >= _LEAST_TO_COMPARE and self._slowest is not None:
            self._slowest.slowest = True
            self._builder.mark_changed(self._slowest.item_id)

    def playback_stopped(self, record: Record) -> None:
        """Note how much of a content part was heard."""
        played = get_count(record.event, "played_ms")
        self._part(record).played_ms = played
        reason = get_str(record.event, "reason")
        if reason != STOP_DRAINED and played < get_count(record.event, "received_ms"):
            message = self._message(record, get_str(record.event, "item_id"))
            message.lost = True
            message.cut = message.cut or reason in (STOP_BARGE_IN, STOP_USER)
            cause = cause_of_stop(record.event, on_air=self.on_air is not False)
            if isinstance(cause, CutByDevice) and self.link_away:
                cause = CutByLink()
            self._set_cause(message, message.cause or cause)
            self._last_stop = (message, record.t_s)

    def link_lost(self, t_s: float) -> None:
        """Note that nothing comes over the link from now on. The speaker may have gone with it an
        instant before."""
        self.link_away = True
        if self._last_stop is not None:
            stopped, stopped_s = self._last_stop
            if isinstance(stopped.cause, CutByDevice) and t_s - stopped_s < _LOSS_WITHIN_S:
                self._set_cause(stopped, CutByLink())

    def measured(self, record: Record) -> None:
        """Note what was at the microphone when an answer was cut."""
        message = self._builder.get(get_str(record.event, "item_id"))
        if isinstance(message, AssistantMessage) and message.cause is not None:
            self._set_cause(message, measured_cause(message.cause, record.event))
            message.last_n = record.n

    def take_causes(self) -> Mapping[str, CutCause]:
        """Return the causes of cuts that became known since the last call, by item."""
        causes = self._causes
        if causes:
            self._causes = {}
        return causes

    def _set_cause(self, message: AssistantMessage, cause: CutCause) -> None:
        message.cause = self._causes[message.item_id] = cause
        self._builder.mark_changed(message.item_id)

    def truncated(self, record: Record) -> None:
        """Note where an answer was cut, from the client's event or the service's."""
        item_id = get_str(record.event, "item_id")
        if isinstance(self._builder.get(item_id), AssistantMessage):
            message = self._message(record, item_id)
            message.truncated_ms = get_int(record.event, "audio_end_ms")
            message.cut = True

    def response_created(self, record: Record) -> None:
        """Handle the beginning of a response."""
        response_id = get_str(get_object(record.event, "response"), "id")
        if response_id and response_id not in self._done:
            self._responses.setdefault(response_id, [])

    def response_done(self, record: Record) -> None:
        """Handle the end of a response, whatever its status."""
        response = get_object(record.event, "response")
        status, details = get_str(response, "status"), get_object(response, "status_details")
        for item in get_objects(response, "output"):
            if get_str(item, "type") == "message" and get_str(item, "id"):
                self.item(record, item, "response.done")
                self._link_to_response(get_str(item, "id"), get_str(response, "id"))
        ended = self._take_items_of(get_str(response, "id"))
        for key in ended:
            self._end(record, key, status)
        if status == "completed" and not self._holds_something(ended, response):
            key = f"empty:{get_str(response, 'id')}:{record.n}"
            self._builder.entry(record, key, EmptyAnswer)
        if status == "failed":
            self._builder.note(
                record,
                f"answer failed: {format_error(get_object(details, 'error') or details)}",
                failed=True,
            )
        elif status == "incomplete":
            self._builder.note(
                record, f"answer incomplete: {get_str(details, 'reason') or 'no reason given'}"
            )

    def session_ended(self, t_s: float) -> None:
        """Note that the session ended in order. It gives the speaker back just before it is noted
        at `t_s`."""
        if self._last_stop is not None:
            stopped, stopped_s = self._last_stop
            if isinstance(stopped.cause, CutByDevice) and t_s - stopped_s < _LOSS_WITHIN_S:
                self._set_cause(stopped, CutOffAir())

    def connection_ended(self, t_s: float) -> None:
        """Mark the answers as interrupted that the ended connection cannot complete any more. A
        loss takes the speaker from the session just before it is noted at `t_s`."""
        if self._last_stop is not None:
            stopped, stopped_s = self._last_stop
            lost = isinstance(stopped.cause, CutByDevice | CutOffAir)
            if lost and t_s - stopped_s < _LOSS_WITHIN_S:
                stopped.cut = True
                self._set_cause(stopped, CutByConnection())
        self._last_stop = None
        for keys in self._responses.values():
            for key in keys:
                message = self._builder.get(key)
                if isinstance(message, AssistantMessage) and message.state == "partial":
                    message.cut, message.state = True, "final"
                    self._set_cause(message, message.cause or CutByConnection())
        self._responses.clear()
        self._done.clear()

    def _holds_something(self, keys: list[str], response: Mapping[str, Any]) -> bool:
        """Whether a response that is done said or called anything."""
        if any(get_str(item, "type") != "message" for item in get_objects(response, "output")):
            return True
        return any(
            not isinstance(entry := self._builder.get(key), AssistantMessage) or entry.has_content
            for key in keys
        )

    def _take_items_of(self, response_id: str) -> list[str]:
        """Remove and return the items that end with this response. A response that was never
        announced ends all that are open."""
        known = response_id in self._responses or response_id in self._done
        ended = (
            self._responses.pop(response_id, [])
            if known
            else [key for keys in self._responses.values() for key in keys]
        )
        if not known:
            self._done.update(self._responses)
            self._responses.clear()
        if response_id:
            self._done.add(response_id)
        return ended

    def _end(self, record: Record, key: str, status: str) -> None:
        message = self._builder.entry(record, key, AssistantMessage)
        # An earlier item of a cancelled response may have been complete.
        if status == "cancelled" and message.state == "partial":
            message.cut = True
            self._causes[key] = message.cause or CutByService()
        if status == "failed" and message.state == "partial":
            message.state = "failed"
        elif message.state == "partial":
            message.state = "final"

    def _part(self, record: Record) -> ContentPart:
        return self._message(record, get_str(record.event, "item_id")).part(
            get_count(record.event, "content_index")
        )

    def _message(self, record: Record, item_id: str) -> AssistantMessage:
        message = self._builder.entry(record, item_id, AssistantMessage)
        self._link_to_response(item_id, get_str(record.event, "response_id"))
        return message

    def _link_to_response(self, item_id: str, response_id: str) -> None:
        message = self._builder.get(item_id)
        if response_id and isinstance(message, AssistantMessage) and not message.response_id:
            message.response_id = response_id
            self._responses.setdefault(response_id, []).append(item_id)
