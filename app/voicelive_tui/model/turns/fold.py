"""The turns as a fold over the journal: who asked when, what answered, and the moments between.

A turn begins with the user's speech, commit or text; a response that nobody asked for, such as a
greeting, is a turn without a user item. Responses that follow a tool's result stay in the turn that
called the tool.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from typing import Any, Final

from voicelive_tui.model.events.audio_field import audio_bytes
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_objects, get_str
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_OFF_AIR, STOP_USER, Local, Record
from voicelive_tui.model.turns.builder import TurnsBuilder
from voicelive_tui.model.turns.latency import TurnTotals
from voicelive_tui.model.turns.open_calls import OpenCalls
from voicelive_tui.model.turns.turn import Turn

_LOOK_BACK: Final = 8
"""How many turns back an unanswered one is still looked for."""


class TurnsFold:
    """Feed every record to `apply`."""

    def __init__(self) -> None:
        self._turns = TurnsBuilder()
        self._of_item: dict[str, int] = {}
        self._of_response: dict[str, int] = {}
        self._running: dict[str, int] = {}
        """Those of `_of_response` whose response is not done."""
        self._answered: list[int] = []
        """The turns that got a response, in order."""
        self._named: set[int] = set()
        """Those of them whose response has an id."""
        self._played: dict[tuple[int, str, int], int] = {}
        self._talk_s: float | None = None
        self._create_s: float | None = None
        self._awaits_item: int | None = None
        self._tools_called = False
        self._calls = OpenCalls()

    def turns(self) -> Sequence[Turn]:
        """Every turn; the same object until something changes."""
        return self._turns.all()

    def totals(self) -> TurnTotals:
        """What is known of all of them together."""
        return self._turns.totals()

    def apply(self, record: Record) -> None:
        """Take in one record."""
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
                self._speech_started(record)
            case "input_audio_buffer.speech_stopped":
                turn = self._spoken(get_str(event, "item_id"))
                if turn is not None:
                    self._turns.change(
                        turn, asked_s=record.t_s, audio_end_ms=get_int(event, "audio_end_ms")
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
                self._said(self._answering(event), get_str(event, "delta"))
            case "response.text.done" | "response.audio_transcript.done":
                self._said(
                    self._answering(event), get_str(event, "text") or get_str(event, "transcript")
                )
            case "response.output_item.added":
                self._links(record, get_str(get_object(event, "item"), "id"))
            case "response.output_item.done":
                self._output(self._answering(event), get_object(event, "item"))
            case "response.done":
                self._response_done(record)

    def _sent(self, record: Record) -> None:
        item = get_object(record.event, "item")
        match record.type:
            case "conversation.item.create" if (get_str(item, "type"), get_str(item, "role")) == (
                "message",
                "user",
            ):
                self._text_sent(record, get_str(item, "id"))
            case "conversation.item.create" if get_str(item, "type") in (
                "function_call_output",
                "mcp_approval_response",
            ):
                self._tools_called = True
                turn = self._calls.answered(item)
                if turn is not None:
                    self._turns.change(turn, unanswered_calls=self._calls.count(turn))
            case "response.create":
                self._create_s = record.t_s
            case "input_audio_buffer.commit":
                self._commit_sent(record)

    def _local(self, record: Record) -> None:
        match record.type:
            case Local.TALK:
                self._talk_s = record.t_s if record.event.get("on") else self._talk_s
            case Local.PLAYBACK_STARTED:
                turn = self._of_item.get(get_str(record.event, "item_id"))
                if turn is not None and self._turns[turn].heard_s is None:
                    self._turns.change(turn, heard_s=record.t_s)
            case Local.PLAYBACK_STOPPED:
                self._playback_stopped(record)

    # The user's part.

    def _speech_started(self, record: Record) -> None:
        item_id = get_str(record.event, "item_id")
        if item_id and item_id in self._of_item:
            return
        start_ms = get_int(record.event, "audio_start_ms")
        turn = self._turns.begin(record.t_s, user_item_id=item_id or None, audio_start_ms=start_ms)
        if item_id:
            self._of_item[item_id] = turn

    def _spoken(self, item_id: str) -> int | None:
        """The turn of this speech. An event that names no item, or the first one that names it,
        means the speech that is open."""
        turn = self._of_item.get(item_id)
        last = len(self._turns) - 1
        if (
            turn is not None
            or last < 0
            or last in self._named
            or self._turns[last].asked_s is not None
        ):
            return turn
        if item_id and self._turns[last].user_item_id is not None:
            return None
        if item_id:
            self._of_item[item_id] = last
            self._turns.change(last, user_item_id=item_id)
        return last

    def _commit_sent(self, record: Record) -> None:
        """A manual turn is over. A commit while the service detects speech by itself ends the
        speech that is open."""
        last = len(self._turns) - 1
        if (
            last >= 0
            and self._turns[last].asked_s is None
            and self._turns[last].audio_start_ms is not None
        ):
            self._turns.change(last, asked_s=record.t_s)
            return
        started = record.t_s if self._talk_s is None else self._talk_s
        self._awaits_item = self._turns.begin(started, asked_s=record.t_s)
        self._talk_s = None

    def _committed(self, record: Record) -> None:
        item_id = get_str(record.event, "item_id")
        turn = (
            self._of_item.get(item_id) if self._awaits_item is not None else self._spoken(item_id)
        )
        if turn is None and item_id:
            turn = (
                self._awaits_item
                if self._awaits_item is not None
                else self._turns.begin(record.t_s)
            )
            self._of_item[item_id] = turn
            self._turns.change(turn, user_item_id=item_id)
        self._awaits_item = None
        if turn is not None and self._turns[turn].asked_s is None:
            self._turns.change(turn, asked_s=record.t_s)

    def _cleared(self) -> None:
        """Speech that was thrown away before its end asked nothing."""
        last = len(self._turns) - 1
        if (
            last < 0
            or self._turns[last].asked_s is not None
            or self._turns[last].created_s is not None
        ):
            return
        # Speech that has asked nothing has no item but its own.
        item_id = self._turns[last].user_item_id
        if item_id is not None and self._of_item.get(item_id) == last:
            del self._of_item[item_id]
        self._turns.drop_last()

    def _text_sent(self, record: Record, item_id: str) -> None:
        last = len(self._turns) - 1
        unanswered = (
            last >= 0
            and self._turns[last].created_s is None
            and self._turns[last].audio_start_ms is None
        )
        if unanswered and self._turns[last].asked_s is not None:
            self._turns.change(last, asked_s=record.t_s)
        else:
            last = self._turns.begin(record.t_s, asked_s=record.t_s, user_item_id=item_id or None)
        self._awaits_item = None if item_id else last
        if item_id:
            self._of_item[item_id] = last

    def _item_created(self, record: Record) -> None:
        item = get_object(record.event, "item")
        item_id = get_str(item, "id")
        if (
            get_str(item, "role") == "user"
            and item_id
            and item_id not in self._of_item
            and self._awaits_item is not None
        ):
            self._of_item[item_id] = self._awaits_item
            self._turns.change(self._awaits_item, user_item_id=item_id)
            self._awaits_item = None

    # The assistant's part.

    def _response_created(self, record: Record) -> None:
        response_id = get_str(get_object(record.event, "response"), "id")
        turn = self._unanswered()
        if turn is None and self._tools_called:
            turn = self._latest_answered()
        if turn is None:
            asked = self._create_s
            turn = self._turns.begin(record.t_s if asked is None else asked, asked_s=asked)
        self._create_s, self._tools_called = None, False
        if response_id:
            self._of_response[response_id] = self._running[response_id] = turn
            self._named.add(turn)
        before = self._turns[turn]
        if before.created_s is None:
            insort(self._answered, turn)
        self._turns.change(
            turn,
            response_id=response_id or None,
            created_s=record.t_s if before.created_s is None else before.created_s,
            done_s=None,
            status="in_progress",
        )

    def _latest_answered(self) -> int | None:
        return self._answered[-1] if self._answered else None

    def _unanswered(self) -> int | None:
        """The latest turn that asked and has no response yet."""
        for at in range(len(self._turns) - 1, max(-1, len(self._turns) - 1 - _LOOK_BACK), -1):
            if self._turns[at].asked_s is not None:
                return at if self._turns[at].created_s is None else None
        return None

    def _first_audio(self, record: Record) -> None:
        turn = self._links(record, get_str(record.event, "item_id"))
        if turn is not None and self._turns[turn].first_audio_s is None:
            self._turns.change(turn, first_audio_s=record.t_s)
        turn = self._answering(record.event)
        if turn is not None and not self._turns[turn].said:
            self._said(turn, audio_bytes(record.event))

    def _answering(self, event: Mapping[str, Any]) -> int | None:
        """The turn of the event's response; of the running one, when the event names none."""
        response_id = get_str(event, "response_id")
        return self._of_response.get(response_id) if response_id else self._latest_answered()

    def _said(self, turn: int | None, something: object) -> None:
        if turn is not None and something and not self._turns[turn].said:
            self._turns.change(turn, said=True)

    def _output(self, turn: int | None, item: Mapping[str, Any]) -> None:
        """An item of the answer is complete: it may say something, or call something."""
        if turn is None:
            return
        self._said(
            turn,
            any(
                get_str(part, "transcript") or get_str(part, "text")
                for part in get_objects(item, "content")
            ),
        )
        self._calls.called(turn, item)
        if self._calls.count(turn) != self._turns[turn].unanswered_calls:
            self._turns.change(turn, unanswered_calls=self._calls.count(turn))

    def _links(self, record: Record, item_id: str) -> int | None:
        """The turn of the event's response; its item belongs to it too."""
        turn = self._of_response.get(get_str(record.event, "response_id"))
        if turn is not None and item_id:
            self._of_item[item_id] = turn
        return turn

    def _response_done(self, record: Record) -> None:
        response = get_object(record.event, "response")
        status = get_str(response, "status")
        if any(
            get_str(item, "type") in ("function_call", "mcp_call", "mcp_approval_request")
            for item in get_objects(response, "output")
        ):
            self._tools_called = True
        turns = self._ended(get_str(response, "id"))
        for item in get_objects(response, "output"):
            self._output(turns[-1] if turns else None, item)
        for turn in turns:
            interrupted = self._turns[turn].interrupted or status == "cancelled"
            self._turns.change(
                turn, done_s=record.t_s, status=status or None, interrupted=interrupted
            )
        if turns:
            before, (input_tokens, output_tokens) = self._turns[turns[-1]], usage_of(record.event)
            self._turns.change(
                turns[-1],
                input_tokens=before.input_tokens + input_tokens,
                output_tokens=before.output_tokens + output_tokens,
            )

    def _ended(self, response_id: str) -> list[int]:
        """The turns that end with this response. One that nobody knows ends what runs, or else what
        waits for an answer."""
        turn = self._of_response.get(response_id)
        if turn is not None:
            self._running.pop(response_id, None)
            return [turn]
        running = list(dict.fromkeys(self._running.values()))
        self._running.clear()
        waiting = self._unanswered()
        return running if running or waiting is None else [waiting]

    def _playback_stopped(self, record: Record) -> None:
        event = record.event
        turn = self._of_item.get(get_str(event, "item_id"))
        if turn is None:
            return
        part, played_ms = (
            (turn, get_str(event, "item_id"), get_count(event, "content_index")),
            get_count(event, "played_ms"),
        )
        cut, before = played_ms < get_count(event, "received_ms"), self._turns[turn]
        total_ms = (before.played_ms or 0) + played_ms - self._played.get(part, 0)
        self._played[part] = played_ms
        short = cut and get_str(event, "reason") in (STOP_BARGE_IN, STOP_USER)
        lost = cut and get_str(event, "reason") == STOP_OFF_AIR
        self._turns.change(
            turn,
            played_ms=total_ms,
            interrupted=before.interrupted or short,
            cut_off=before.cut_off or lost,
        )


def usage_of(event: Mapping[str, Any]) -> tuple[int, int]:
    """Input and output tokens of a `response.done`."""
    usage = get_object(get_object(event, "response"), "usage")
    return get_count(usage, "input_tokens"), get_count(usage, "output_tokens")
