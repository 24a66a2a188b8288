"""The agent's lines: text and sound as they come, what was heard of them, and how each response ended."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.events.audio_field import audio_bytes
from voicelive_tui.model.events.error_text import complaint
from voicelive_tui.model.events.fields import count, items, table, text, whole
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_USER, Record
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.model.transcript.assistant_message import Answer, Part, Word
from voicelive_tui.model.transcript.builder import TranscriptBook


class AgentFold:
    """Writes answers into a book. output_format: of the agent's audio, from the service's effective session."""

    def __init__(self, book: TranscriptBook) -> None:
        self.output_format = WireFormat()
        self._book = book
        self._responses: dict[str, list[str]] = {}
        """The items of every response that is not done."""
        self._done: set[str] = set()

    def content(self, record: Record, kind: str) -> None:
        """An event of a content part; kind is its canonical type."""
        event = record.event
        match kind:
            case "response.audio.delta":
                self._part(record).audio_ms += self.output_format.duration_ms(audio_bytes(event))
            case "response.audio_transcript.delta" | "response.text.delta":
                self._part(record).text += text(event, "delta")
            case "response.audio_transcript.done" | "response.text.done":
                part, done = self._part(record), text(event, "transcript") or text(event, "text")
                # An interrupted answer may end with a shortened text; what was said and not heard is told by spoken_chars.
                part.text = done if len(done) >= len(part.text) else part.text
            case "response.audio_timestamp.delta":
                offset = whole(event, "audio_offset_ms")
                if offset is not None and text(event, "text"):
                    self._part(record).words.append(Word(text(event, "text"), offset))
            case "response.content_part.added" | "response.content_part.done":
                said = text(table(event, "part"), "transcript") or text(table(event, "part"), "text")
                self._part(record).text = self._part(record).text or said
            case "response.audio.done":
                self._part(record)

    def item(self, record: Record, item: Mapping[str, Any], kind: str) -> None:
        """The service announced or finished an assistant item; kind is the event's type."""
        answer = self._answer(record, text(item, "id"))
        for index, part in enumerate(items(item, "content")):
            said = text(part, "transcript") or text(part, "text")
            answer.part(index).text = answer.part(index).text or said
        # One that the client put into the history belongs to no response and is complete at once.
        complete = kind == "response.output_item.done" or (kind == "conversation.item.created" and not answer.response_id)
        if complete and text(item, "status") == "completed" and answer.state == "partial":
            answer.state = "final"

    def playback_started(self, record: Record) -> None:
        """Its first sample was heard."""
        answer = self._answer(record, text(record.event, "item_id"))
        if answer.heard_at_s is None:
            answer.heard_at_s = record.t_s

    def playback_stopped(self, record: Record) -> None:
        """How much of a part was heard."""
        played = count(record.event, "played_ms")
        self._part(record).played_ms = played
        if text(record.event, "reason") in (STOP_BARGE_IN, STOP_USER) and played < count(record.event, "received_ms"):
            self._answer(record, text(record.event, "item_id")).cut = True

    def truncated(self, record: Record) -> None:
        """The service was told, or tells, where the answer was cut."""
        item_id = text(record.event, "item_id")
        if isinstance(self._book.get(item_id), Answer):
            answer = self._answer(record, item_id)
            answer.truncated_ms = whole(record.event, "audio_end_ms")
            answer.cut = True

    def response_created(self, record: Record) -> None:
        """A response began."""
        response_id = text(table(record.event, "response"), "id")
        if response_id and response_id not in self._done:
            self._responses.setdefault(response_id, [])

    def response_done(self, record: Record) -> None:
        """A response ended, one way or the other."""
        response = table(record.event, "response")
        status, details = text(response, "status"), table(response, "status_details")
        for item in items(response, "output"):
            if text(item, "type") == "message" and text(item, "id"):
                self.item(record, item, "response.done")
                self._belongs(text(item, "id"), text(response, "id"))
        for key in self._ended(text(response, "id")):
            self._end(record, key, status)
        if status == "failed":
            self._book.note(record, f"answer failed: {complaint(table(details, 'error') or details)}", failed=True)
        elif status == "incomplete":
            self._book.note(record, f"answer incomplete: {text(details, 'reason') or 'no reason given'}")

    def _ended(self, response_id: str) -> list[str]:
        """The items that end with this response; one that nobody knows ends all that run."""
        known = response_id in self._responses or response_id in self._done
        ended = self._responses.pop(response_id, []) if known else [key for keys in self._responses.values() for key in keys]
        if not known:
            self._done.update(self._responses)
            self._responses.clear()
        if response_id:
            self._done.add(response_id)
        return ended

    def _end(self, record: Record, key: str, status: str) -> None:
        answer = self._book.entry(record, key, Answer)
        # An earlier item of a cancelled response may have been complete.
        if status == "cancelled" and answer.state == "partial":
            answer.cut = True
        if status == "failed" and answer.state == "partial":
            answer.state = "failed"
        elif answer.state == "partial":
            answer.state = "final"

    def _part(self, record: Record) -> Part:
        return self._answer(record, text(record.event, "item_id")).part(count(record.event, "content_index"))

    def _answer(self, record: Record, item_id: str) -> Answer:
        answer = self._book.entry(record, item_id, Answer)
        self._belongs(item_id, text(record.event, "response_id"))
        return answer

    def _belongs(self, item_id: str, response_id: str) -> None:
        answer = self._book.get(item_id)
        if response_id and isinstance(answer, Answer) and not answer.response_id:
            answer.response_id = response_id
            self._responses.setdefault(response_id, []).append(item_id)
