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


_NAMELESS = ""
"""The key of speech whose beginning named no item."""


class UserFold:
    """Writes utterances into the transcript."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self._builder = builder
        self._talk_s: float | None = None
        self._sent_keys: dict[str, str] = {}
        """The keys of typed messages, by the id of the event that carried them."""
        self._nameless: dict[tuple[str, ...], deque[UserMessage]] = {}
        """Typed messages that were sent without an id and wait for the service's, the oldest first,
        by their words."""
        self._begun: dict[str, UserMessage] = {}
        """Speech that is no item yet and has no words, by key: what clearing the buffer throws
        away."""
        self._wordless: dict[str, UserMessage] = {}
        """Items that wait for their words, by key."""

    def talk(self, record: Record) -> None:
        """A manual turn begins, or is committed without having been begun by us."""
        if record.event.get("on") or self._talk_s is None:
            self._talk_s = record.t_s

    def speech_started(self, record: Record) -> None:
        """Voice activity: the line appears before there is any text."""
        self.finalise()
        self._utterance(record).start_ms = get_int(record.event, "audio_start_ms")

    def speech_stopped(self, record: Record) -> None:
        """The end of it, in the service's own milliseconds."""
        utterance = self._speech(record)
        if utterance is not None:
            utterance.end_ms = get_int(record.event, "audio_end_ms")

    def committed(self, record: Record) -> None:
        """The audio became an item."""
        utterance, talk_s, self._talk_s = self._speech(record), self._talk_s, None
        if utterance is None:
            return
        utterance.committed = True
        self._update_waiting(utterance)
        if talk_s is not None and utterance.start_ms is None and utterance.first_n == record.n:
            utterance.t_s = talk_s

    def cleared(self) -> None:
        """Audio that was thrown away never becomes an item."""
        for utterance in self._begun.values():
            self._builder.remove(utterance.item_id)
        self._begun.clear()

    def typed(self, record: Record, item: Mapping[str, Any]) -> None:
        """A message was sent: it shows at once, and is final when the service confirms it."""
        event_id = get_str(record.event, "event_id")
        utterance = self._builder.entry(
            record, get_str(item, "id") or f"{_TYPED}{event_id}:{record.n}", UserMessage
        )
        utterance.typed = True
        self._sent_keys[event_id] = utterance.item_id
        self._content(utterance, item)
        self._update_waiting(utterance)
        if not get_str(item, "id"):
            self._nameless.setdefault(_words(item), deque()).append(utterance)

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
        utterance = self._builder.entry(record, key, UserMessage)
        utterance.committed = True
        self._content(utterance, item)
        if utterance.typed:
            utterance.state = "final"
        self._update_waiting(utterance)

    def transcription(self, record: Record, step: str) -> None:
        """step: delta, completed or failed. It may come before its item is created (protocol.md
        15.2)."""
        utterance, part = self._utterance(record), get_count(record.event, "content_index")
        match step:
            case "delta":
                utterance.parts[part] = utterance.parts.get(part, "") + get_str(
                    record.event, "delta"
                )
                utterance.state = "partial"
            case "completed":
                utterance.parts[part] = get_str(record.event, "transcript").strip()
                utterance.state = "final"
            case "failed":
                utterance.failure = (
                    f"not transcribed: {format_error(get_object(record.event, 'error'))}"
                )
                utterance.state = "failed"
        self._update_waiting(utterance)

    def finalise(self) -> None:
        """The conversation went on: what has no transcript by now may never get one."""
        for utterance in self._wordless.values():
            utterance.state = "final"
            self._builder.mark_changed(utterance.item_id)
        self._wordless.clear()

    def _update_waiting(self, utterance: UserMessage) -> None:
        """Know whether it still waits: to become an item, or for its words."""
        begun, waits = (
            not (utterance.committed or utterance.typed),
            utterance.committed and utterance.state == "partial",
        )
        _set_waiting(self._begun, utterance, begun and utterance.wordless)
        _set_waiting(self._wordless, utterance, waits and utterance.wordless)

    def _claim_typed(self, key: str, item: Mapping[str, Any]) -> None:
        """A message that was sent without an id comes back with the service's: the oldest of the
        same words."""
        words = _words(item)
        waiting = self._nameless.get(words)
        while waiting:
            utterance = waiting.popleft()
            if not waiting:
                del self._nameless[words]
            if utterance.state == "partial":
                self._builder.rename(utterance.item_id, key)
                return

    def _content(self, utterance: UserMessage, item: Mapping[str, Any]) -> None:
        utterance.typed = utterance.typed or any(
            get_str(part, "type") == "input_text" for part in get_objects(item, "content")
        )
        said = _said(item)
        utterance.parts.update(said)
        if said and not utterance.typed:
            utterance.state = "final"

    def _speech(self, record: Record) -> UserMessage | None:
        """The speech that this event goes on with. One that names no item, or the first that names
        it, means the last begun."""
        item_id = get_str(record.event, "item_id")
        if not item_id:
            begun = next(reversed(self._begun), None)
            return None if begun is None else self._builder.entry(record, begun, UserMessage)
        if _NAMELESS in self._begun and self._builder.get(item_id) is None:
            self._builder.rename(_NAMELESS, item_id)
            self._begun[item_id] = self._begun.pop(_NAMELESS)
        return self._utterance(record)

    def _utterance(self, record: Record) -> UserMessage:
        utterance = self._builder.entry(record, get_str(record.event, "item_id"), UserMessage)
        self._update_waiting(utterance)
        return utterance


def _set_waiting(waiting: dict[str, UserMessage], utterance: UserMessage, waits: bool) -> None:
    if waits:
        waiting[utterance.item_id] = utterance
    else:
        waiting.pop(utterance.item_id, None)


def _words(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_said(item).values())


def _said(item: Mapping[str, Any]) -> dict[int, str]:
    """The texts and transcripts of an item's content, by index; pictures say that they are some."""
    said = {}
    for index, part in enumerate(get_objects(item, "content")):
        words = (
            get_str(part, "text")
            or get_str(part, "transcript")
            or ("[picture]" if get_str(part, "type") == "input_image" else "")
        )
        if words:
            said[index] = words
    return said
