"""The turns as a fold over the journal: who asked when, what answered, and the moments between.

A turn begins with the person's speech, commit or text; a response that nobody asked for, such as a greeting, is a turn
without a user item. Responses that follow a tool's result stay in the turn that called the tool.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from voicelive_tui.model.agent_fold import audio_bytes
from voicelive_tui.model.events import canonical
from voicelive_tui.model.lenient import count, items, table, text, whole
from voicelive_tui.model.open_calls import OpenCalls
from voicelive_tui.model.record import STOP_BARGE_IN, STOP_OFF_AIR, STOP_USER, Local, Record
from voicelive_tui.model.turns import Turn

_LOOK_BACK: Final = 8
"""How many turns back an unanswered one is still looked for."""


class TurnsFold:
    """Feed every record to `apply`."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._tuple: tuple[Turn, ...] | None = ()
        self._of_item: dict[str, int] = {}
        self._of_response: dict[str, int] = {}
        self._played: dict[int, dict[tuple[str, int], int]] = {}
        self._talk_s: float | None = None
        self._create_s: float | None = None
        self._awaits_item: int | None = None
        self._tools_called = False
        self._calls = OpenCalls()

    def turns(self) -> tuple[Turn, ...]:
        """Every turn; the same tuple until something changes."""
        if self._tuple is None:
            self._tuple = tuple(self._turns)
        return self._tuple

    def apply(self, record: Record) -> None:
        """Take in one record."""
        match record.dir:
            case "received":
                self._received(record, canonical(record.type))
            case "sent":
                self._sent(record)
            case "local":
                self._local(record)

    def _received(self, record: Record, kind: str) -> None:
        event = record.event
        match kind:
            case "input_audio_buffer.speech_started":
                self._speech_started(record)
            case "input_audio_buffer.speech_stopped":
                self._change(
                    self._of_item.get(text(event, "item_id")), asked_s=record.t_s, audio_end_ms=whole(event, "audio_end_ms")
                )
            case "input_audio_buffer.committed":
                self._committed(record)
            case "input_audio_buffer.cleared":
                self._cleared()
            case "conversation.item.created":
                self._item_created(record)
            case "response.created":
                self._response_created(record)
            case "response.audio.delta":
                self._first_audio(record)
            case "response.text.delta" | "response.audio_transcript.delta":
                self._said(self._answering(event), text(event, "delta"))
            case "response.text.done" | "response.audio_transcript.done":
                self._said(self._answering(event), text(event, "text") or text(event, "transcript"))
            case "response.output_item.added":
                self._links(record, text(table(event, "item"), "id"))
            case "response.output_item.done":
                self._output(self._answering(event), table(event, "item"))
            case "response.done":
                self._response_done(record)

    def _sent(self, record: Record) -> None:
        item = table(record.event, "item")
        match record.type:
            case "conversation.item.create" if (text(item, "type"), text(item, "role")) == ("message", "user"):
                self._text_sent(record, text(item, "id"))
            case "conversation.item.create" if text(item, "type") in ("function_call_output", "mcp_approval_response"):
                self._tools_called = True
                turn = self._calls.answered(item)
                self._change(turn, unanswered_calls=self._calls.count(turn or 0))
            case "response.create":
                self._create_s = record.t_s
            case "input_audio_buffer.commit":
                self._commit_sent(record)

    def _local(self, record: Record) -> None:
        match record.type:
            case Local.TALK:
                self._talk_s = record.t_s if record.event.get("on") else self._talk_s
            case Local.PLAYBACK_STARTED:
                turn = self._of_item.get(text(record.event, "item_id"))
                if turn is not None and self._turns[turn].heard_s is None:
                    self._change(turn, heard_s=record.t_s)
            case Local.PLAYBACK_STOPPED:
                self._playback_stopped(record)

    # The person's part.

    def _speech_started(self, record: Record) -> None:
        item_id = text(record.event, "item_id")
        if item_id and item_id in self._of_item:
            return
        turn = self._new(record.t_s, user_item_id=item_id or None, audio_start_ms=whole(record.event, "audio_start_ms"))
        if item_id:
            self._of_item[item_id] = turn

    def _commit_sent(self, record: Record) -> None:
        """A manual turn is over. A commit while the service detects speech by itself ends the speech that is open."""
        last = len(self._turns) - 1
        if last >= 0 and self._turns[last].asked_s is None and self._turns[last].audio_start_ms is not None:
            self._change(last, asked_s=record.t_s)
            return
        started = record.t_s if self._talk_s is None else self._talk_s
        self._awaits_item = self._new(started, asked_s=record.t_s)
        self._talk_s = None

    def _committed(self, record: Record) -> None:
        item_id = text(record.event, "item_id")
        turn = self._of_item.get(item_id)
        if turn is None and item_id:
            turn = self._awaits_item if self._awaits_item is not None else self._new(record.t_s)
            self._of_item[item_id] = turn
            self._change(turn, user_item_id=item_id)
        self._awaits_item = None
        if turn is not None and self._turns[turn].asked_s is None:
            self._change(turn, asked_s=record.t_s)

    def _cleared(self) -> None:
        """Speech that was thrown away before its end asked nothing."""
        last = len(self._turns) - 1
        if last >= 0 and self._turns[last].asked_s is None and last not in self._of_response.values():
            self._turns.pop()
            self._of_item = {item: turn for item, turn in self._of_item.items() if turn != last}
            self._tuple = None

    def _text_sent(self, record: Record, item_id: str) -> None:
        last = len(self._turns) - 1
        unanswered = last >= 0 and self._turns[last].created_s is None and self._turns[last].audio_start_ms is None
        if unanswered and self._turns[last].asked_s is not None:
            self._change(last, asked_s=record.t_s)
        else:
            last = self._new(record.t_s, asked_s=record.t_s, user_item_id=item_id or None)
        self._awaits_item = None if item_id else last
        if item_id:
            self._of_item[item_id] = last

    def _item_created(self, record: Record) -> None:
        item = table(record.event, "item")
        item_id = text(item, "id")
        if text(item, "role") == "user" and item_id and item_id not in self._of_item and self._awaits_item is not None:
            self._of_item[item_id] = self._awaits_item
            self._change(self._awaits_item, user_item_id=item_id)
            self._awaits_item = None

    # The agent's part.

    def _response_created(self, record: Record) -> None:
        response_id = text(table(record.event, "response"), "id")
        turn = self._unanswered()
        if turn is None and self._tools_called:
            turn = self._latest_answered()
        if turn is None:
            asked = self._create_s
            turn = self._new(record.t_s if asked is None else asked, asked_s=asked)
        self._create_s, self._tools_called = None, False
        if response_id:
            self._of_response[response_id] = turn
        created = self._turns[turn].created_s
        self._change(
            turn,
            response_id=response_id or None,
            created_s=record.t_s if created is None else created,
            done_s=None,
            status="in_progress",
        )

    def _latest_answered(self) -> int | None:
        return next((at for at in range(len(self._turns) - 1, -1, -1) if self._turns[at].created_s is not None), None)

    def _unanswered(self) -> int | None:
        """The latest turn that asked and has no response yet."""
        for at in range(len(self._turns) - 1, max(-1, len(self._turns) - 1 - _LOOK_BACK), -1):
            if self._turns[at].asked_s is not None:
                return at if self._turns[at].created_s is None else None
        return None

    def _first_audio(self, record: Record) -> None:
        turn = self._links(record, text(record.event, "item_id"))
        if turn is not None and self._turns[turn].first_audio_s is None:
            self._change(turn, first_audio_s=record.t_s)
        turn = self._answering(record.event)
        if turn is not None and not self._turns[turn].said:
            self._said(turn, audio_bytes(record.event))

    def _answering(self, event: Mapping[str, Any]) -> int | None:
        """The turn of the event's response; of the running one, when the event names none."""
        response_id = text(event, "response_id")
        return self._of_response.get(response_id) if response_id else self._latest_answered()

    def _said(self, turn: int | None, something: object) -> None:
        if turn is not None and something and not self._turns[turn].said:
            self._change(turn, said=True)

    def _output(self, turn: int | None, item: Mapping[str, Any]) -> None:
        """An item of the answer is complete: it may say something, or call something."""
        if turn is None:
            return
        self._said(turn, any(text(part, "transcript") or text(part, "text") for part in items(item, "content")))
        self._calls.called(turn, item)
        if self._calls.count(turn) != self._turns[turn].unanswered_calls:
            self._change(turn, unanswered_calls=self._calls.count(turn))

    def _links(self, record: Record, item_id: str) -> int | None:
        """The turn of the event's response; its item belongs to it too."""
        turn = self._of_response.get(text(record.event, "response_id"))
        if turn is not None and item_id:
            self._of_item[item_id] = turn
        return turn

    def _response_done(self, record: Record) -> None:
        response = table(record.event, "response")
        turn = self._of_response.get(text(response, "id"))
        if turn is None:
            return
        status, usage, before = text(response, "status"), table(response, "usage"), self._turns[turn]
        if any(text(item, "type") in ("function_call", "mcp_call", "mcp_approval_request") for item in items(response, "output")):
            self._tools_called = True
        for item in items(response, "output"):
            self._output(turn, item)
        self._change(
            turn,
            done_s=record.t_s,
            status=status or None,
            interrupted=before.interrupted or status == "cancelled",
            input_tokens=before.input_tokens + count(usage, "input_tokens"),
            output_tokens=before.output_tokens + count(usage, "output_tokens"),
        )

    def _playback_stopped(self, record: Record) -> None:
        event = record.event
        turn = self._of_item.get(text(event, "item_id"))
        if turn is None:
            return
        parts = self._played.setdefault(turn, {})
        parts[text(event, "item_id"), count(event, "content_index")] = count(event, "played_ms")
        cut, before = count(event, "played_ms") < count(event, "received_ms"), self._turns[turn]
        short = cut and text(event, "reason") in (STOP_BARGE_IN, STOP_USER)
        lost = cut and text(event, "reason") == STOP_OFF_AIR
        self._change(turn, played_ms=sum(parts.values()), interrupted=before.interrupted or short, cut_off=before.cut_off or lost)

    def _new(self, started_s: float, **known: Any) -> int:
        self._turns.append(Turn(number=len(self._turns) + 1, started_s=started_s, **known))
        self._tuple = None
        return len(self._turns) - 1

    def _change(self, turn: int | None, **changes: Any) -> None:
        if turn is not None:
            self._turns[turn] = replace(self._turns[turn], **changes)
            self._tuple = None


def usage_of(event: Mapping[str, Any]) -> tuple[int, int]:
    """Input and output tokens of a `response.done`."""
    usage = table(table(event, "response"), "usage")
    return count(usage, "input_tokens"), count(usage, "output_tokens")
