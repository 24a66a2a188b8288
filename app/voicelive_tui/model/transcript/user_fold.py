"""The user's lines: speech from its first sound to its transcript, and typed messages."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_objects, get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.builder import TranscriptBuilder
from voicelive_tui.model.transcript.user_message import UserMessage

_TYPED = "typed:"
"""Begins the key of a message that was sent without an id, until the service gives it one."""


_NO_ITEM = ""
"""The key of speech whose beginning named no item."""


class UserFold:
    """Writes message into the transcript."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self._builder = builder
        self._manual_turn_s: float | None = None
        self._sent_keys: dict[str, str] = {}
        """The keys of typed messages, by the id of the event that carried them."""
        self._sent_without_id: dict[tuple[str, ...], deque[UserMessage]] = {}
        """Typed messages that were sent without an id and wait for the service's, the oldest first,
        by their text."""
        self._uncommitted: dict[str, UserMessage] = {}
        """Speech that is no item yet and has no text, by key: what clearing the buffer throws
        away."""
        self._untranscribed: dict[str, UserMessage] = {}
        """Items that wait for their text, by key."""

    def manual_turn(self, record: Record) -> None:
        """A manual turn begins, or is committed without having been begun by us."""
        if record.event.get("on") or self._manual_turn_s is None:
            self._manual_turn_s = record.t_s

    def speech_started(self, record: Record) -> None:
        """Voice activity: the line appears before there is any text."""
        self.finalise()
        self._message(record).start_ms = get_int(record.event, "audio_start_ms")

    def speech_stopped(self, record: Record) -> None:
        """The end of it, in the service's own milliseconds."""
        message = self._speech(record)
        if message is not None:
            message.end_ms = get_int(record.event, "audio_end_ms")

    def committed(self, record: Record) -> None:
        """The audio became an item."""
        message, turn_s, self._manual_turn_s = self._speech(record), self._manual_turn_s, None
        if message is None:
            return
        message.committed = True
        self._update_waiting(message)
        if turn_s is not None and message.start_ms is None and message.first_n == record.n:
            message.t_s = turn_s

    def cleared(self) -> None:
        """Audio that was thrown away never becomes an item."""
        for message in self._uncommitted.values():
            self._builder.remove(message.item_id)
        self._uncommitted.clear()

    def typed(self, record: Record, item: Mapping[str, Any]) -> None:
        """A message was sent: it shows at once, and is final when the service confirms it."""
        event_id = get_str(record.event, "event_id")
        message = self._builder.entry(
            record, get_str(item, "id") or f"{_TYPED}{event_id}:{record.n}", UserMessage
        )
        message.typed = True
        self._sent_keys[event_id] = message.item_id
        self._content(message, item)
        self._update_waiting(message)
        if not get_str(item, "id"):
            self._sent_without_id.setdefault(_text_of(item), deque()).append(message)

    def refused(self, event_id: str) -> None:
        """The service answered the event of this id with an error: the message it carried was not
        taken."""
        entry = self._builder.get(self._sent_keys.get(event_id, "")) if event_id else None
        if isinstance(entry, UserMessage):
            entry.state = "failed"
            self._update_waiting(entry)
            self._builder.mark_changed(entry.item_id)

    def item(self, record: Record, item: Mapping[str, Any]) -> None:
        """The service announced a user item."""
        key = get_str(item, "id")
        if self._builder.get(key) is None:
            self._claim_typed(key, item)
        message = self._builder.entry(record, key, UserMessage)
        message.committed = True
        self._content(message, item)
        if message.typed:
            message.state = "final"
        self._update_waiting(message)

    def transcription(self, record: Record, step: str) -> None:
        """step: delta, completed or failed. It may come before its item is created (protocol.md
        15.2)."""
        message, part = self._message(record), get_count(record.event, "content_index")
        match step:
            case "delta":
                message.parts[part] = message.parts.get(part, "") + get_str(record.event, "delta")
                message.state = "partial"
            case "completed":
                message.parts[part] = get_str(record.event, "transcript").strip()
                message.state = "final"
            case "failed":
                message.failure = (
                    f"not transcribed: {format_error(get_object(record.event, 'error'))}"
                )
                message.state = "failed"
        self._update_waiting(message)

    def finalise(self) -> None:
        """The conversation went on: what has no transcript by now may never get one."""
        for message in self._untranscribed.values():
            message.state = "final"
            self._builder.mark_changed(message.item_id)
        self._untranscribed.clear()

    def _update_waiting(self, message: UserMessage) -> None:
        """Know whether it still waits: to become an item, or for its text."""
        uncommitted = not (message.committed or message.typed)
        untranscribed = message.committed and message.state == "partial"
        _set_waiting(self._uncommitted, message, uncommitted and message.has_no_text)
        _set_waiting(self._untranscribed, message, untranscribed and message.has_no_text)

    def _claim_typed(self, key: str, item: Mapping[str, Any]) -> None:
        """A message that was sent without an id comes back with the service's: the oldest of the
        same text."""
        text = _text_of(item)
        waiting = self._sent_without_id.get(text)
        while waiting:
            message = waiting.popleft()
            if not waiting:
                del self._sent_without_id[text]
            if message.state == "partial":
                self._builder.rename(message.item_id, key)
                return

    def _content(self, message: UserMessage, item: Mapping[str, Any]) -> None:
        message.typed = message.typed or any(
            get_str(part, "type") == "input_text" for part in get_objects(item, "content")
        )
        texts = _texts_by_part(item)
        message.parts.update(texts)
        if texts and not message.typed:
            message.state = "final"

    def _speech(self, record: Record) -> UserMessage | None:
        """The speech that this event goes on with. One that names no item, or the first that names
        it, means the last begun."""
        item_id = get_str(record.event, "item_id")
        if not item_id:
            begun = next(reversed(self._uncommitted), None)
            return None if begun is None else self._builder.entry(record, begun, UserMessage)
        if _NO_ITEM in self._uncommitted and self._builder.get(item_id) is None:
            self._builder.rename(_NO_ITEM, item_id)
            self._uncommitted[item_id] = self._uncommitted.pop(_NO_ITEM)
        return self._message(record)

    def _message(self, record: Record) -> UserMessage:
        message = self._builder.entry(record, get_str(record.event, "item_id"), UserMessage)
        self._update_waiting(message)
        return message


def _set_waiting(waiting: dict[str, UserMessage], message: UserMessage, waits: bool) -> None:
    if waits:
        waiting[message.item_id] = message
    else:
        waiting.pop(message.item_id, None)


def _text_of(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_texts_by_part(item).values())


def _texts_by_part(item: Mapping[str, Any]) -> dict[int, str]:
    """The texts and transcripts of an item's content, by index; pictures say that they are some."""
    texts = {}
    for index, part in enumerate(get_objects(item, "content")):
        text = (
            get_str(part, "text")
            or get_str(part, "transcript")
            or ("[picture]" if get_str(part, "type") == "input_image" else "")
        )
        if text:
            texts[index] = text
    return texts
