"""The transcript as a fold over the journal: lines in the order in which people spoke (protocol.md sections 5 and 15)."""

from collections.abc import Sequence

from voicelive_tui.model.events.error_text import complaint
from voicelive_tui.model.events.event_types import canonical
from voicelive_tui.model.events.fields import table, text
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.model.transcript.assistant_fold import AgentFold
from voicelive_tui.model.transcript.builder import TranscriptBook
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.transcript.tool_fold import TOOL_ITEMS, ToolFold
from voicelive_tui.model.transcript.user_fold import PersonFold

_TRANSCRIPTION = "conversation.item.input_audio_transcription."


class TranscriptFold:
    """Feed every record to `apply`; `lines` is cheap and keeps the lines that did not change."""

    def __init__(self) -> None:
        self._book = TranscriptBook()
        self._person = PersonFold(self._book)
        self._agent = AgentFold(self._book)
        self._tools = ToolFold(self._book)

    def set_output_format(self, output_format: WireFormat) -> None:
        """The agent's audio has this format from now on."""
        self._agent.output_format = output_format

    def lines(self) -> Sequence[TranscriptLine]:
        """Every line; the same object until something changes."""
        return self._book.lines()

    def apply(self, record: Record) -> None:
        """Take in one record."""
        match record.dir:
            case "received":
                self._received(record, canonical(record.acts_as))
            case "sent":
                self._sent(record)
            case "local":
                self._local(record)

    def _received(self, record: Record, kind: str) -> None:
        event = record.event
        match kind:
            case "input_audio_buffer.speech_started":
                self._person.speech_started(record)
            case "input_audio_buffer.speech_stopped":
                self._person.speech_stopped(record)
            case "input_audio_buffer.committed":
                self._person.committed(record)
                self._book.place(text(event, "item_id"), text(event, "previous_item_id"))
            case "input_audio_buffer.cleared":
                self._person.cleared()
            case "conversation.item.created" | "response.output_item.added" | "response.output_item.done":
                self._item(record, kind)
            case "conversation.item.truncated":
                self._agent.truncated(record)
            case "response.created":
                self._agent.response_created(record)
            case "response.done":
                self._person.settle()
                self._agent.response_done(record)
            case "error":
                self._person.refused(text(table(event, "error"), "event_id"))
                self._book.note(record, f"error: {complaint(table(event, 'error'))}", failed=True)
            case "warning":
                self._book.note(record, f"warning: {complaint(table(event, 'warning'))}")
            case _ if kind.startswith(_TRANSCRIPTION):
                self._person.transcription(record, kind.removeprefix(_TRANSCRIPTION))
            case _ if kind.startswith(("response.audio", "response.text.", "response.content_part.")):
                self._agent.content(record, kind)
            case _:
                self._tools.event(record, kind)

    def _sent(self, record: Record) -> None:
        item = table(record.event, "item")
        match record.type:
            case "conversation.item.create" if (text(item, "type"), text(item, "role")) == ("message", "user"):
                self._person.typed(record, item)
            case "conversation.item.create":
                self._tools.answered(record, item)
            case "conversation.item.truncate":
                self._agent.truncated(record)
            case "input_audio_buffer.commit":
                self._person.talk(record)

    def _local(self, record: Record) -> None:
        event = record.event
        match record.type:
            case Local.TALK if event.get("on"):
                self._person.talk(record)
            case Local.PLAYBACK_STARTED:
                self._agent.playback_started(record)
            case Local.PLAYBACK_STOPPED:
                self._agent.playback_stopped(record)
            case Local.CLOSED if event.get("code") != 1000:
                self._book.note(record, text(event, "sentence") or "The connection ended.", failed=True)

    def _item(self, record: Record, kind: str) -> None:
        item = table(record.event, "item")
        key = text(item, "id")
        if not key:
            return
        match text(item, "type"), text(item, "role"):
            case "message", "user":
                self._person.item(record, item)
            case "message", "assistant":
                self._agent.item(record, item, kind)
            case name, _ if name in TOOL_ITEMS:
                self._tools.item(record, item, done=kind == "response.output_item.done")
            case _:
                self._tools.answered(record, item)
                self._book.know(key)
        self._book.place(key, text(record.event, "previous_item_id"))
