"""Folds the user's events into lines: speech from its first sound to its transcript, and typed
messages."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_objects, get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.audio_clock import AudioClock
from voicelive_tui.model.transcript.builder import TranscriptBuilder
from voicelive_tui.model.transcript.user_message import UserMessage

_TYPED = "typed:"
"""The prefix of the provisional key of a message that was sent without an id."""


_NO_ITEM = ""
"""The key of speech whose first event named no item."""


class UserFold:
    """Writes the user's messages into the transcript. audio: the audio that was sent. transcribes:
    whether the session transcribes what the user says."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self.audio = AudioClock()
        self.transcribes = False
        self._builder = builder
        self._manual_turn_s: float | None = None
        self._sent_keys: dict[str, str] = {}
        """The keys of typed messages, by the id of the event that carried them."""
        self._sent_without_id: dict[tuple[str, ...], deque[UserMessage]] = {}
        """Typed messages that were sent without an id and wait for the service's, by their text,
        the oldest first."""
        self._uncommitted: dict[str, UserMessage] = {}
        """Speech that is no item yet and has no text, by key; clearing the buffer removes it."""
        self._stopped: UserMessage | None = None
        """The speech that ended last, unless other speech has begun since."""
        self._untranscribed: dict[str, UserMessage] = {}
        """Items that wait for their transcript, by key."""
        self._awaiting: dict[str, UserMessage] = {}
        """Items whose transcript was asked for and may come however late, by key."""

    def manual_turn(self, record: Record) -> None:
        """Note the time at which a manual turn begins, or is committed without a beginning."""
        if record.event.get("on") or self._manual_turn_s is None:
            self._manual_turn_s = record.t_s

    def speech_started(self, record: Record) -> None:
        """Add a line as soon as speech is detected, before there is any text."""
        self.finalise()
        self._give_up_speech(get_str(record.event, "item_id"))
        message = self._message(record)
        message.start_ms = get_int(record.event, "audio_start_ms")
        if message.first_n == record.n:
            message.t_s = self.audio.time_of(message.start_ms, record.t_s)

    def speech_stopped(self, record: Record) -> None:
        """Note the end of speech, on the service's clock of appended milliseconds."""
        message = self._speech(record)
        if message is not None:
            message.end_ms = get_int(record.event, "audio_end_ms")
            self._stopped = message

    def committed(self, record: Record) -> None:
        """Note that the audio became an item."""
        message, turn_s, self._manual_turn_s = self._speech(record), self._manual_turn_s, None
        if message is None:
            return
        message.committed, message.awaits_words = True, self.transcribes
        self._update_waiting(message)
        if turn_s is not None and message.start_ms is None and message.first_n == record.n:
            message.t_s = turn_s

    def cleared(self) -> None:
        """Remove the lines of audio that was discarded and never becomes an item."""
        for message in self._uncommitted.values():
            self._builder.remove(message.item_id)
        self._uncommitted.clear()

    def typed(self, record: Record, item: Mapping[str, Any]) -> None:
        """Show a message that was sent. It is final once the service confirms it."""
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
        """Mark the message of this event as failed, because the service answered the event with an
        error."""
        entry = self._builder.get(self._sent_keys.get(event_id, "")) if event_id else None
        if isinstance(entry, UserMessage):
            entry.state = "failed"
            self._update_waiting(entry)
            self._builder.mark_changed(entry.item_id)

    def item(self, record: Record, item: Mapping[str, Any]) -> None:
        """Handle a user item that the service announced."""
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
        """Handle an event of input transcription, which may come before its item is created
        (protocol.md 15.2). step: delta, completed or failed."""
        message, part = self._message(record), get_count(record.event, "content_index")
        match step:
            case "delta":
                message.parts[part] = message.parts.get(part, "") + get_str(record.event, "delta")
                message.state = "partial"
            case "completed":
                message.parts[part] = get_str(record.event, "transcript").strip()
                message.state, message.awaits_words = "final", False
                message.wordless = not message.typed
            case "failed":
                error = format_error(get_object(record.event, "error"))
                message.failure = f"not understood: {error}"
                message.state, message.awaits_words = "failed", False
        self._update_waiting(message)

    def finalise(self) -> None:
        """Finalise messages without a transcript, because the conversation went on and they may
        never get one."""
        for message in self._untranscribed.values():
            message.state = "final"
            self._builder.mark_changed(message.item_id)
        self._untranscribed.clear()

    def connection_ended(self) -> None:
        """Stop waiting for what the ended connection cannot bring any more. Speech that was no item
        yet stays as speech without a transcript."""
        self._untranscribed.update(self._uncommitted)
        self._uncommitted.clear()
        for message in self._awaiting.values():
            message.awaits_words = False
            self._builder.mark_changed(message.item_id)
        self._awaiting.clear()
        self.audio.connection_ended()
        self.finalise()
        self._sent_without_id.clear()
        self._manual_turn_s = None

    def carried_over(self, key: str) -> None:
        """Note that another connection was given this item: a typed message that no service had
        confirmed has arrived now."""
        entry = self._builder.get(key)
        if isinstance(entry, UserMessage) and entry.state == "partial":
            entry.state = "final"
            self._builder.mark_changed(key)

    def _update_waiting(self, message: UserMessage) -> None:
        """Track whether the message still waits to become an item, or for its transcript."""
        uncommitted = not (message.committed or message.typed)
        untranscribed = message.committed and message.state == "partial"
        _set_waiting(self._uncommitted, message, uncommitted and message.has_no_text)
        _set_waiting(self._untranscribed, message, untranscribed and message.has_no_text)
        _set_waiting(self._awaiting, message, message.awaits_words and message.has_no_text)

    def _give_up_speech(self, next_key: str) -> None:
        """Take speech that ended and never became an item as a false start, because other speech
        begins."""
        message, self._stopped = self._stopped, None
        if (
            message is not None
            and message.item_id not in (_NO_ITEM, next_key)
            and self._uncommitted.get(message.item_id) is message
        ):
            message.state, message.wordless = "final", True
            self._update_waiting(message)
            del self._uncommitted[message.item_id]
            self._builder.mark_changed(message.item_id)

    def _claim_typed(self, key: str, item: Mapping[str, Any]) -> None:
        """Give the oldest message that was sent without an id and has the same text the id that the
        service assigned."""
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
        message.pictures |= {
            index
            for index, part in enumerate(get_objects(item, "content"))
            if get_str(part, "type") == "input_image" and not get_str(part, "text")
        }
        if texts and not message.typed:
            message.state = "final"

    def _speech(self, record: Record) -> UserMessage | None:
        """Return the speech that this event continues. An event without an item id, or with one
        that is new after an event without, continues the last speech that began."""
        item_id = get_str(record.event, "item_id")
        if not item_id:
            key = next(reversed(self._uncommitted), None)
            return None if key is None else self._builder.entry(record, key, UserMessage)
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
    """Return the texts and transcripts of an item's content by index, with a placeholder for each
    picture."""
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
