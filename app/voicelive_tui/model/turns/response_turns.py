"""The assistant's part of the turns: which turn a response answers, what it said and called, and
how it ended."""

from bisect import insort
from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.audio_field import audio_bytes
from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.turns.builder import TurnsBuilder
from voicelive_tui.model.turns.open_calls import OpenCalls
from voicelive_tui.model.turns.response_moments import ResponseMoments
from voicelive_tui.model.turns.token_usage import token_usage
from voicelive_tui.model.turns.turn_tools import TurnTools

_LOOK_BACK: Final = 8
"""How many turns back an unanswered one is still looked for."""


class ResponseTurns:
    """Finds the turn of each response, and begins one for a response that nobody asked for."""

    def __init__(self, turns: TurnsBuilder) -> None:
        self._turns = turns
        self._of_response: dict[str, int] = {}
        self._running: dict[str, int] = {}
        """Those of `_of_response` whose response is not done."""
        self._counted: set[str] = set()
        """The responses whose tokens are counted: a service may end one twice."""
        self._answered: list[int] = []
        """The turns that got a response, in order."""
        self._create_s: float | None = None
        """When the client asked for a response that has not begun yet."""
        self._tools_called = False
        """The next response goes on from a tool's result."""
        self._calls = OpenCalls()
        self._tools = TurnTools(turns)
        self._moments = ResponseMoments(turns)

    def connection_ended(self) -> None:
        """The service is gone, with its responses: no answer comes any more to what was said
        before."""
        first = max(0, len(self._turns) - _LOOK_BACK)
        lost = {at for at in range(first, len(self._turns)) if not self._turns[at].over}
        if len(self._turns) and self._turns[len(self._turns) - 1].cut_off:
            lost.add(len(self._turns) - 1)
        for turn in sorted(lost | set(self._running.values())):
            self._turns.change(turn, broken_off=True)
        self._running.clear()
        self._of_response.clear()
        self._counted.clear()
        self._calls = OpenCalls()
        self._tools.connection_ended()
        self._create_s, self._tools_called = None, False

    def response_asked(self, record: Record) -> None:
        """The client asked for a response."""
        self._create_s = record.t_s

    def call_answered(self, record: Record, item: Mapping[str, Any]) -> None:
        """The client sent a tool's output, or the answer to a request to approve a call."""
        self._tools_called = True
        self._tools.answered(record, item)
        turn = self._calls.answered(item)
        if turn is not None:
            self._turns.change(turn, unanswered_calls=self._calls.count(turn))

    def response_created(self, record: Record) -> None:
        """A response began."""
        response_id = get_str(get_object(record.event, "response"), "id")
        turn = self._unanswered()
        if turn is None and self._tools_called:
            turn = self._latest_answered()
        if turn is None:
            asked = self._create_s
            turn = self._turns.begin(
                record.t_s if asked is None else asked,
                asked_s=asked,
                greeting=not self._turns.user_asked,
            )
        self._create_s, self._tools_called = None, False
        if response_id:
            self._of_response[response_id] = self._running[response_id] = turn
            self._turns.named.add(turn)
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
        self._moments.created(turn, response_id, record.t_s)

    def audio(self, record: Record) -> None:
        """Sound of a response came in."""
        turn = self.link(record, get_str(record.event, "item_id"))
        if turn is not None and self._turns[turn].first_audio_s is None:
            self._turns.change(turn, first_audio_s=record.t_s)
        turn = self._answering(record.event)
        if turn is None:
            return
        self._moments.audio(turn, get_str(record.event, "response_id"), record.t_s)
        if not self._turns[turn].has_content:
            self._note_content(turn, audio_bytes(record.event))

    def text(self, event: Mapping[str, Any], text: str) -> None:
        """Text of a response came in, or what its sound says."""
        self._note_content(self._answering(event), text)

    def link(self, record: Record, item_id: str) -> int | None:
        """The turn of the event's response, to which this item belongs too."""
        turn = self._of_response.get(get_str(record.event, "response_id"))
        if turn is not None and item_id:
            self._turns.of_item[item_id] = turn
        return turn

    def item(self, event: Mapping[str, Any], item: Mapping[str, Any]) -> None:
        """An item of a response is complete."""
        self._output(self._answering(event), item)

    def tool(self, record: Record) -> None:
        """A tool that the agent called works, or has ended."""
        self._tools.event(record, self._turn_of(record, get_str(record.event, "item_id")))

    def tool_item(self, record: Record, item: Mapping[str, Any]) -> None:
        """The service announced or finished an item, which may be a tool's."""
        self._tools.item(record, item, self._turn_of(record, get_str(item, "id")))

    def _turn_of(self, record: Record, item_id: str) -> int | None:
        turn = self._turns.of_item.get(item_id)
        return self._answering(record.event) if turn is None else turn

    def response_done(self, record: Record) -> None:
        """A response ended, one way or the other."""
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
            self._moments.done(turn, get_str(response, "id"), record.t_s)
        response_id = get_str(response, "id")
        if turns and response_id not in self._counted:
            self._counted.update([response_id] if response_id else [])
            usage = self._turns[turns[-1]].usage + token_usage(record.event)
            self._turns.change(turns[-1], usage=usage, model=self._turns.model)

    def _latest_answered(self) -> int | None:
        return self._answered[-1] if self._answered else None

    def _unanswered(self) -> int | None:
        """The latest turn that asked and has no response yet."""
        for at in range(len(self._turns) - 1, max(-1, len(self._turns) - 1 - _LOOK_BACK), -1):
            turn = self._turns[at]
            if turn.asked_s is not None:
                return at if turn.created_s is None and not turn.broken_off else None
        return None

    def _answering(self, event: Mapping[str, Any]) -> int | None:
        """The turn of the event's response; of the running one, when the event names none."""
        response_id = get_str(event, "response_id")
        return self._of_response.get(response_id) if response_id else self._latest_answered()

    def _note_content(self, turn: int | None, something: object) -> None:
        if turn is not None and something and not self._turns[turn].has_content:
            self._turns.change(turn, has_content=True)

    def _output(self, turn: int | None, item: Mapping[str, Any]) -> None:
        """An item of the answer is complete: it may say something, or call something."""
        if turn is None:
            return
        self._note_content(
            turn,
            any(
                get_str(part, "transcript") or get_str(part, "text")
                for part in get_objects(item, "content")
            ),
        )
        self._calls.called(turn, item)
        if self._calls.count(turn) != self._turns[turn].unanswered_calls:
            self._turns.change(turn, unanswered_calls=self._calls.count(turn))

    def _ended(self, response_id: str) -> list[int]:
        """The turns that this response ends. For an unknown id: the turns with a running response,
        or else the turn that waits for a response."""
        turn = self._of_response.get(response_id)
        if turn is not None:
            self._running.pop(response_id, None)
            return [turn]
        running = list(dict.fromkeys(self._running.values()))
        self._running.clear()
        waiting = self._unanswered()
        return running if running or waiting is None else [waiting]
