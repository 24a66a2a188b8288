"""Folds a session's records into its transcript: lines in the order of the conversation
(protocol.md sections 5 and 15)."""

from collections.abc import Mapping, Sequence
from typing import Any

from voicelive_tui.model.events.cut_cause import CutCause
from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.gists.earlier import NO_EARLIER_EVENTS
from voicelive_tui.model.events.gists.local_gists import describe_device
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.transcript.assistant_fold import AssistantFold
from voicelive_tui.model.transcript.builder import TranscriptBuilder
from voicelive_tui.model.transcript.connection_note import ConnectionNote
from voicelive_tui.model.transcript.earlier_items import EarlierItem, GoesOnNote
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.transcript.line import TranscriptLine, TranscriptTotals
from voicelive_tui.model.transcript.link_note import LinkNotes
from voicelive_tui.model.transcript.system_message import SystemMessage
from voicelive_tui.model.transcript.tool_fold import TOOL_ITEMS, ToolFold
from voicelive_tui.model.transcript.user_fold import UserFold
from voicelive_tui.model.transcript.user_mark import UserMark

_TRANSCRIPTION = "conversation.item.input_audio_transcription."
_CONTENT = ("response.audio", "response.text.", "response.content_part.")
_ITEM_EVENTS = frozenset(
    {"conversation.item.created", "response.output_item.added", "response.output_item.done"}
)


class TranscriptFold:
    """Apply every record in order. `lines` is cheap and keeps the lines that did not change."""

    def __init__(self) -> None:
        self._builder = TranscriptBuilder()
        self._user = UserFold(self._builder)
        self._assistant = AssistantFold(self._builder)
        self._tools = ToolFold(self._builder)
        self._link = LinkNotes(self._builder)
        self._connected = False
        self._between: ConnectionNote | None = None
        """The line of the newest change of connections, or of the loss of one."""
        self._goes_on: GoesOnNote | None = None
        """The line about the earlier session, while its items are not carried over."""
        self._earlier_events: dict[str, EarlierItem] = {}
        """The items of the earlier session by the ids of the events that created them."""
        self._earlier_calls: dict[str, EarlierItem] = {}
        """The function calls among them, by their call ids."""

    def set_output_format(self, output_format: AudioFormat) -> None:
        """Set the format of the assistant's audio from now on."""
        self._assistant.output_format = output_format

    def set_input(self, input_format: AudioFormat, *, transcribes: bool) -> None:
        """Set the format of the user's audio from now on, and whether it is transcribed."""
        self._user.audio.format, self._user.transcribes = input_format, transcribes

    def first_heard(self, item_id: str, after_ms: float | None, *, greeting: bool) -> None:
        """Note that a turn's answer began to be heard with this item, or that its latency has
        changed. after_ms: the time since the end of the user's part; None when nobody asked.
        greeting: nothing was said before."""
        self._assistant.first_heard(item_id, after_ms, greeting=greeting)

    def take_causes(self) -> Mapping[str, CutCause]:
        """Return why answers were cut, by item, as far as that became known since the last call."""
        return self._assistant.take_causes()

    def note(self, record: Record, text: str) -> None:
        """Add a line for the person at the console: a fact about the session that the record
        shows."""
        self._builder.note(record, text)

    def totals(self) -> TranscriptTotals:
        """Return the totals of the lines that `lines` returned last."""
        return self._builder.totals()

    def lines(self) -> Sequence[TranscriptLine]:
        """Return every line; the same object until something changes."""
        return self._builder.lines()

    def history(self) -> tuple[PastItem, ...]:
        """Return the conversation so far, as another connection can be told it. Costs the length of
        the transcript."""
        return self._builder.history()

    def last_item(self) -> str:
        """Return the id of the last item; empty when there is none."""
        return self._builder.last_item()

    def apply(self, record: Record) -> None:
        """Process one record."""
        match record.dir:
            case "received":
                self._received(record)
            case "sent":
                self._sent(record)
            case "local":
                self._local(record)

    def _received(self, record: Record) -> None:
        kind = record.kind
        match kind:
            case "conversation.item.truncated":
                self._assistant.truncated(record)
            case _ if kind in _ITEM_EVENTS:
                self._item(record, kind)
            case "response.created":
                self._assistant.response_created(record)
            case "response.done":
                self._user.finalise()
                self._assistant.response_done(record)
            case "error":
                self._error(record)
            case "warning":
                text = format_error(get_object(record.event, "warning"))
                self._builder.note(record, f"warning: {text}")
            case _ if kind.startswith("input_audio_buffer."):
                self._input_buffer(record, kind)
            case _ if kind.startswith(_TRANSCRIPTION):
                self._user.transcription(record, kind.removeprefix(_TRANSCRIPTION))
            case _ if kind.startswith(_CONTENT):
                self._assistant.content(record, kind)
            case _:
                self._tools.event(record, kind)

    def _input_buffer(self, record: Record, kind: str) -> None:
        match kind:
            case "input_audio_buffer.speech_started":
                self._user.speech_started(record)
            case "input_audio_buffer.speech_stopped":
                self._user.speech_stopped(record)
            case "input_audio_buffer.committed":
                self._user.committed(record)
                self._builder.move_after(
                    get_str(record.event, "item_id"), get_str(record.event, "previous_item_id")
                )
            case "input_audio_buffer.cleared":
                self._user.cleared()

    def _error(self, record: Record) -> None:
        error = get_object(record.event, "error")
        self._user.refused(get_str(error, "event_id"))
        refused = self._earlier_events.get(get_str(error, "event_id"))
        if refused is not None:
            refused.refused = True
        self._builder.note(record, f"error: {format_error(error)}", failed=True)

    def _sent(self, record: Record) -> None:
        if record.type == "input_audio_buffer.append":
            self._user.audio.sent(record)
            return
        item = get_object(record.event, "item")
        match record.type:
            case "conversation.item.create" if (get_str(item, "type"), get_str(item, "role")) == (
                "message",
                "user",
            ):
                self._user.typed(record, item)
            case "conversation.item.create":
                self._tools.answered(record, item)
            case "conversation.item.truncate":
                self._assistant.truncated(record)
            case "input_audio_buffer.commit":
                self._user.manual_turn(record)

    def _local(self, record: Record) -> None:
        event = record.event
        match record.type:
            case Local.CONNECTED:
                self._connection_begins(record)
            case Local.GOES_ON:
                self._goes_on = self._builder.entry(
                    record, f"note:{record.n}", GoesOnNote, is_note=True
                )
                self._goes_on.goes_on(record)
            case Local.CARRIED_OVER if self._goes_on is not None:
                self._builder.entry(record, self._goes_on.item_id, GoesOnNote).carried_over(record)
                self._goes_on = None
            case Local.CARRIED_OVER:
                self._between_connections(record).carried_over(record)
                for item in get_objects(event, "items"):
                    self._user.carried_over(get_str(item, "was"))
            case Local.TALK if event.get("on"):
                self._user.manual_turn(record)
            case Local.ON_AIR:
                self._assistant.on_air = event.get("on") is True
            case Local.MUTED:
                self.note(record, "MUTED" if event.get("on") else "microphone open again")
            case Local.DEVICE:
                self._link.device(record, describe_device(event, NO_EARLIER_EVENTS))
            case Local.LINK:
                self._link.link(record)
                if self._link.away:
                    self._assistant.link_lost(record.t_s)
                else:
                    self._assistant.link_away = False
            case Local.PLAYBACK_STARTED:
                self._assistant.playback_started(record)
            case Local.PLAYBACK_STOPPED:
                self._assistant.playback_stopped(record)
            case Local.CUT:
                self._assistant.measured(record)
            case Local.MARK:
                about = get_str(event, "item_id")
                mark = self._builder.entry_after(record, f"mark:{record.t_s}", UserMark, about)
                mark.note = get_str(event, "note") or mark.note
            case Local.CLOSED if event.get("code") != 1000:
                self._assistant.connection_ended(record.t_s)
                self._between = self._builder.connection_note(record)
                self._between.lost(record)
            case Local.CLOSED:
                self._assistant.session_ended(record.t_s)
                self._between = None

    def earlier_item(self, record: Record) -> None:
        """Process a frame that creates or confirms an item of the earlier session."""
        item = get_object(record.event, "item")
        key, call_id = get_str(item, "id"), get_str(item, "call_id")
        if record.dir != "sent":
            return
        if get_str(item, "type") == "function_call_output":
            self._builder.reserve(key)
            if call_id in self._earlier_calls:
                self._earlier_calls[call_id].answered(get_str(item, "output"))
            return
        entry = self._builder.entry(record, key, EarlierItem)
        entry.created(item)
        self._earlier_events[get_str(record.event, "event_id")] = entry
        if call_id:
            self._earlier_calls[call_id] = entry

    def _connection_begins(self, record: Record) -> None:
        self._goes_on = None
        if self._connected:
            self._between_connections(record).connected(record)
            self._user.connection_ended()
            self._assistant.connection_ended(record.t_s)
            self._tools.connection_ended()
        elif self._assistant.on_air is None:
            # A session that has the speaker says so at once, behind this record.
            self._assistant.on_air = False
        self._connected = True

    def _between_connections(self, record: Record) -> ConnectionNote:
        """Return the line of the last loss, to which the record belongs too; a new one for a change
        that was asked for."""
        note = self._between
        if note is None:
            note = self._between = self._builder.connection_note(record)
        note.last_n = record.n
        self._builder.mark_changed(note.item_id)
        return note

    def _item(self, record: Record, kind: str) -> None:
        item = get_object(record.event, "item")
        key = get_str(item, "id")
        if not key:
            return
        match get_str(item, "type"), get_str(item, "role"):
            case "message", "user":
                self._user.item(record, item)
            case "message", "assistant":
                self._assistant.item(record, item, kind)
            case "message", "system":
                self._system(record, key, item)
            case name, _ if name in TOOL_ITEMS:
                self._tools.item(record, item, done=kind == "response.output_item.done")
            case _:
                self._tools.answered(record, item)
                self._builder.reserve(key)
        self._builder.move_after(key, get_str(record.event, "previous_item_id"))

    def _system(self, record: Record, key: str, item: Mapping[str, Any]) -> None:
        message = self._builder.entry(record, key, SystemMessage)
        texts = (get_str(part, "text") for part in get_objects(item, "content"))
        message.texts = tuple(text for text in texts if text) or message.texts
