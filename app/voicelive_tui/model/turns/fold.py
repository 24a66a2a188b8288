"""The turns as a fold over the journal: who asked when, what answered, and the moments between.

A turn begins with the user's speech, commit or text. A response that nobody asked for, such as a
greeting, is a turn without a user item. Responses that follow a tool's result stay in the turn that
called the tool.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from voicelive_tui.model.events.audio_field import audio_bytes
from voicelive_tui.model.events.cut_cause import CutCause
from voicelive_tui.model.events.fields import get_count, get_object, get_str
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_OFF_AIR, STOP_USER, Local, Record
from voicelive_tui.model.events.silenced_after import silenced_after
from voicelive_tui.model.formats import AudioFormat, input_format
from voicelive_tui.model.turns.builder import TurnsBuilder
from voicelive_tui.model.turns.latency import TurnTotals
from voicelive_tui.model.turns.response_turns import ResponseTurns
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.model.turns.turn_link import LinkInForce
from voicelive_tui.model.turns.turn_tools import TOOL_EVENTS
from voicelive_tui.model.turns.user_turns import UserTurns
from voicelive_tui.model.turns.voice_ends import VoiceEnds


class TurnsFold:
    """Apply every record in order."""

    def __init__(self) -> None:
        self._turns = TurnsBuilder()
        self._user = UserTurns(self._turns)
        self._responses = ResponseTurns(self._turns)
        self._voice = VoiceEnds(self._turns)
        self._link = LinkInForce()
        self._first_item: dict[int, str] = {}
        """The item with which each turn's answer began to be heard."""
        self._measured: list[int] = []
        """The turns whose `heard_ms` the last record may have changed."""
        self._played: dict[tuple[int, str, int], tuple[int, int]] = {}
        """The milliseconds heard and received of each content part, by turn, item and content
        index."""
        self._input_format = AudioFormat()
        self._connected = False

    @property
    def configuration(self) -> int | None:
        """The position of the configuration in force, which the turns that end now have."""
        return self._turns.configuration

    @configuration.setter
    def configuration(self, position: int | None) -> None:
        self._turns.configuration = position

    def set_session(self, session: Mapping[str, Any]) -> None:
        """Take in the session object in force: its model, and the format of the user's audio."""
        self._turns.model = get_str(session, "model") or None
        self._input_format = input_format(session)

    def turns(self) -> Sequence[Turn]:
        """Every turn; the same object until something changes."""
        return self._turns.all()

    def totals(self) -> TurnTotals:
        """The totals of all turns."""
        return self._turns.totals()

    def measured(self) -> list[tuple[str, Turn]]:
        """Return the turns whose answer was first heard with the last record applied, or whose
        latency it changed, each with the item that was heard first."""
        return [
            (self._first_item[turn], self._turns[turn])
            for turn in self._measured
            if turn in self._first_item
        ]

    def cut(self, item_id: str, cause: CutCause) -> None:
        """Note why an answer was cut, as far as it is known by now."""
        turn = self._turns.of_item.get(item_id)
        if turn is not None:
            self._turns.change(turn, cause=cause)

    def apply(self, record: Record) -> None:
        """Take in one record."""
        self._measured = []
        match record.dir:
            case "received":
                self._received(record)
            case "sent":
                self._sent(record)
            case "local":
                self._local(record)

    def _received(self, record: Record) -> None:
        event = record.event
        match record.kind:
            case "input_audio_buffer.speech_started":
                self._user.speech_started(record)
            case "input_audio_buffer.speech_stopped":
                self._user.speech_stopped(record)
                self._measured = self._voice.assign()
            case "input_audio_buffer.committed":
                self._user.committed(record)
                self._measured = self._voice.assign()
            case "input_audio_buffer.cleared":
                self._user.cleared()
            case "conversation.item.created":
                self._user.item_created(record)
                self._responses.tool_item(record, get_object(event, "item"))
            case "response.created":
                self._responses.response_created(record)
            case "response.audio.delta":
                self._responses.audio(record)
            case "response.text.delta" | "response.audio_transcript.delta":
                self._responses.text(event, get_str(event, "delta"))
            case "response.text.done" | "response.audio_transcript.done":
                self._responses.text(event, get_str(event, "text") or get_str(event, "transcript"))
            case "response.output_item.added":
                item = get_object(event, "item")
                self._responses.link(record, get_str(item, "id"))
                self._responses.tool_item(record, item)
            case "response.output_item.done":
                self._responses.item(event, get_object(event, "item"))
                self._responses.tool_item(record, get_object(event, "item"))
            case "response.done":
                self._responses.response_done(record)
            case kind if kind in TOOL_EVENTS:
                self._responses.tool(record)

    def _sent(self, record: Record) -> None:
        item = get_object(record.event, "item")
        match record.type:
            case "conversation.item.create" if (get_str(item, "type"), get_str(item, "role")) == (
                "message",
                "user",
            ):
                self._user.text_sent(record, get_str(item, "id"))
            case "conversation.item.create" if get_str(item, "type") in (
                "function_call_output",
                "mcp_approval_response",
            ):
                self._responses.call_answered(record, item)
            case "response.create":
                self._responses.response_asked(record)
            case "input_audio_buffer.commit":
                self._user.commit_sent(record)
                self._measured = self._voice.assign()
            case "input_audio_buffer.append":
                self._user.audio_sent(self._input_format.duration_ms(audio_bytes(record.event)))

    def _local(self, record: Record) -> None:
        self._link.apply(record)
        self._turns.link = self._link.link
        match record.type:
            case Local.CONNECTED:
                self._connection_begins()
            case Local.TALK:
                self._user.talk(record)
            case Local.SPEECH if record.event.get("on") is False:
                self._measured = self._voice.ended(record.t_s)
            case Local.PLAYBACK_STARTED:
                self._playback_started(record)
            case Local.PLAYBACK_STOPPED:
                self._playback_stopped(record)

    def _connection_begins(self) -> None:
        if self._connected:
            self._user.connection_ended()
            self._responses.connection_ended()
        self._connected = True

    def _playback_started(self, record: Record) -> None:
        item_id = get_str(record.event, "item_id")
        turn = self._turns.of_item.get(item_id)
        if turn is not None and self._turns[turn].heard_s is None:
            self._turns.change(turn, heard_s=record.t_s)
            self._first_item[turn] = item_id
            self._measured = [turn]

    def _playback_stopped(self, record: Record) -> None:
        event = record.event
        turn = self._turns.of_item.get(get_str(event, "item_id"))
        if turn is None:
            return
        part = (turn, get_str(event, "item_id"), get_count(event, "content_index"))
        played_ms, received_ms = get_count(event, "played_ms"), get_count(event, "received_ms")
        cut, before = played_ms < received_ms, self._turns[turn]
        counted = self._played.get(part, (0, 0))
        self._played[part] = played_ms, received_ms
        short = cut and get_str(event, "reason") in (STOP_BARGE_IN, STOP_USER)
        lost = cut and get_str(event, "reason") == STOP_OFF_AIR
        silenced = silenced_after(event) if short and before.silenced_after is None else None
        self._turns.change(
            turn,
            played_ms=(before.played_ms or 0) + played_ms - counted[0],
            received_ms=(before.received_ms or 0) + received_ms - counted[1],
            interrupted=before.interrupted or short,
            cut_off=before.cut_off or lost,
            silenced_after=before.silenced_after or silenced,
        )
