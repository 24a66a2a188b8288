"""Checks events like a client that relies on them: the order of the conversation, the user's turns
and the running responses. It asserts at every event; tests/simulator/support/response_checker.py is
the part about one response."""

from dataclasses import dataclass
from typing import Any

from tests.simulator.support.response_checker import ResponseChecker

JSON = dict[str, Any]
HEARD = "conversation.item.input_audio_transcription"


@dataclass
class McpCall:
    """An MCP call after its response: in_progress, then completed or failed, then its item is done
    (protocol.md 15.7)."""

    response_id: str
    output_index: int
    arguments: str
    state: str = "waiting"

    def move(self, event: JSON) -> None:
        assert (
            set(event) == {"event_id", "type", "item_id", "output_index"}
            and event["output_index"] == self.output_index
        )
        before, self.state = self.state, event["type"].rpartition(".")[2]
        assert before == ("waiting" if self.state == "in_progress" else "in_progress")

    def end(self, event: JSON) -> None:
        item = event["item"]
        assert (event["response_id"], event["output_index"]) == (
            self.response_id,
            self.output_index,
        )
        assert item["arguments"] == self.arguments
        assert (item["output"] is None, item["error"] is None) == (
            self.state == "failed",
            self.state == "completed",
        )


class EventChecker:
    """Check every event of a session in its order, then `finish`."""

    def __init__(self) -> None:
        self.event_ids: set[str] = set()
        self.session: JSON = {}
        self.order: list[str] = []
        self.items: dict[str, JSON] = {}
        self.made: set[str] = set()  # items that the service made: their ids must not be reused
        self.committed: dict[
            str, str | None
        ] = {}  # turns, with their transcript so far; None once it is complete
        self.turn: JSON = {}  # the speech_started of the turn under way
        self.heard_ms = 0
        self.running: dict[str, ResponseChecker] = {}
        self.ended: set[str] = set()
        self.sent_ms: dict[str, int] = {}  # spoken items that can still be truncated
        self.truncated: set[str] = set()
        self.listed: dict[
            str, bool
        ] = {}  # listings of MCP servers by item, and whether they have ended
        self.approvals: dict[
            str, bool | None
        ] = {}  # requests by item; None until they are answered
        self.calls: dict[str, McpCall] = {}  # MCP calls whose response is done
        self.announced: JSON | None = (
            None  # an output item whose conversation.item.created must come next
        )
        # the item of a turn whose conversation.item.created must come next; its transcript may
        # differ
        self.committing = ""
        self.stopped = ""  # the item of a turn that must be committed next
        self.owes_limits = False

    def check(self, event: JSON) -> None:
        assert isinstance(event["event_id"], str) and event["event_id"] not in self.event_ids
        self.event_ids.add(event["event_id"])
        assert bool(self.session) is (event["type"] != "session.created"), (
            "a session is created once, and first"
        )
        assert self.owes_limits is (event["type"] == "rate_limits.updated"), (
            "limits follow every response.done, and only that"
        )
        self.owes_limits = event["type"] == "response.done"
        self._check_next(event)
        if event["type"].startswith("response."):
            self._response(event)
        else:
            self._other(event)

    def finish(self) -> None:
        assert not self.running, "a response without an end"
        assert not self.calls, "a call without a result"
        assert (
            not self.owes_limits
            and not self.committing
            and not self.stopped
            and self.announced is None
        )
        waiting = [item for item, over in self.listed.items() if not over and item in self.order]
        assert not waiting, "a listing without an end"

    @property
    def last(self) -> str | None:
        return self.order[-1] if self.order else None

    def _check_next(self, event: JSON) -> None:
        """The event that must follow at once."""
        kind = event["type"]
        if self.announced is not None:
            assert kind == "conversation.item.created" and event["item"] == self.announced
        if self.stopped:
            assert kind == "input_audio_buffer.committed" and event["item_id"] == self.stopped
            self.stopped = ""
        elif self.committing:
            of_it = event.get("item_id", event.get("item", {}).get("id")) == self.committing
            assert of_it and (kind == "conversation.item.created" or kind.startswith(HEARD))

    def _other(self, event: JSON) -> None:
        match event["type"]:
            case "session.created" | "session.updated":
                self._configured(event["session"])
            case "conversation.item.created":
                self._insert(event["item"], event["previous_item_id"])
            case "conversation.item.deleted":
                self.order.remove(event["item_id"])
                del self.items[event["item_id"]]
            case "conversation.item.truncated":
                assert event["item_id"] in self.order and event["content_index"] == 0
                assert 0 <= event["audio_end_ms"] <= self.sent_ms.get(event["item_id"], 0), (
                    "truncated beyond what was sent"
                )
                assert self.items[event["item_id"]]["role"] == "assistant"
                self.sent_ms[event["item_id"]] = event["audio_end_ms"]
                self.truncated.add(event["item_id"])
            case "conversation.item.retrieved":
                known = self.items[event["item"]["id"]]
                assert all(
                    event["item"][key] == known[key]
                    for key in ("type", "object", "role", "call_id")
                    if key in known
                )
            case "mcp_list_tools.in_progress":
                assert self.listed[event["item_id"]] is False
            case "mcp_list_tools.completed" | "mcp_list_tools.failed":
                assert self.listed[event["item_id"]] is False and event["item_id"] in self.order
                self.listed[event["item_id"]] = True
            case kind if kind.startswith("input_audio_buffer."):
                self._turn(event)
            case kind if kind.startswith(HEARD):
                self._transcribed(event)

    def _configured(self, session: JSON) -> None:
        fixed = ("id", "object", "model", "agent", "expires_at")
        assert not self.session or all(
            session.get(name) == self.session.get(name) for name in fixed
        )
        assert not self.session or set(session) == set(self.session)
        self.session = session

    def _turn(self, event: JSON) -> None:
        """protocol.md 15.2: started, stopped, committed; times never decrease."""
        match event["type"].rpartition(".")[2]:
            case "speech_started":
                assert event["item_id"] not in self.made
                assert event["audio_start_ms"] >= 0
                self.turn = event
            case "speech_stopped":
                assert event["item_id"] == self.turn["item_id"]
                assert event["audio_end_ms"] >= max(self.turn["audio_start_ms"], self.heard_ms)
                self.heard_ms = event["audio_end_ms"]
                self.stopped = event["item_id"]
            case "committed":
                assert event["previous_item_id"] == self.last and event["item_id"] not in self.made
                self.committed[event["item_id"]] = ""
                self.committing = event["item_id"]
                self.turn = {}
            case "cleared":
                self.turn = {}

    def _transcribed(self, event: JSON) -> None:
        """At most one end, which repeats what was streamed; no event about a missing item."""
        item_id, verb = event["item_id"], event["type"].rpartition(".")[2]
        streamed = self.committed[item_id]
        assert streamed is not None and event["content_index"] == 0
        assert item_id in self.order or item_id == self.committing
        if verb == "delta":
            assert event["delta"]
            self.committed[item_id] = streamed + event["delta"]
            return
        assert verb == "failed" or streamed in ("", event["transcript"])
        self.committed[item_id] = None

    def _insert(self, item: JSON, previous: str | None) -> None:
        assert item["id"] not in self.order
        of_service = (
            self.announced is not None
            or item["id"] == self.committing
            or item["type"] == "mcp_list_tools"
        )
        if of_service:
            assert previous == self.last, "what the service adds comes last"
            self.made.add(item["id"])
        if item["type"] == "mcp_list_tools":
            assert item["tools"] == [] and item["id"] not in self.listed
            self.listed[item["id"]] = False
        if item["type"] == "mcp_approval_response":
            assert self.approvals[item["approval_request_id"]] is None, "one answer to a request"
            self.approvals[item["approval_request_id"]] = item["approve"]
        self.announced, self.committing = None, ""
        self.order.insert(0 if previous is None else self.order.index(previous) + 1, item["id"])
        self.items[item["id"]] = item

    def _response(self, event: JSON) -> None:
        match event["type"]:
            case "response.created":
                self._begin(event["response"])
            case "response.done":
                self._end(event["response"])
            case (
                "response.mcp_call.in_progress"
                | "response.mcp_call.completed"
                | "response.mcp_call.failed"
            ):
                self.calls[event["item_id"]].move(event)
            case "response.output_item.done" if event["item"]["id"] in self.calls:
                self.calls.pop(event["item"]["id"]).end(event)
            case "response.output_item.added":
                account = self.running[event["response_id"]]
                account.take(event)
                assert event["item"]["id"] not in self.made
                self._authorise(event["item"])
                if account.in_conversation:
                    self.announced = event["item"]
                else:
                    self.made.add(event["item"]["id"])
            case kind:
                account = self.running[event["response_id"]]
                account.take(event)
                truncated = event.get("item_id") in self.truncated
                if (
                    kind == "response.audio.delta"
                    and account.open
                    and event["item_id"] in self.order
                    and not truncated
                ):
                    self.sent_ms[event["item_id"]] = account.open.audio_ms

    def _begin(self, response: JSON) -> None:
        assert response["id"] not in self.running and response["id"] not in self.ended
        account = ResponseChecker(response)
        assert not (
            account.in_conversation
            and any(other.in_conversation for other in self.running.values())
        )
        self.running[response["id"]] = account

    def _authorise(self, item: JSON) -> None:
        """A request is answered at most once, and its call is made at most once."""
        if item["type"] == "mcp_approval_request":
            self.approvals[item["id"]] = None
        elif request := item.get("approval_request_id"):
            assert self.approvals[request] is True
            self.approvals[request] = False

    def _end(self, response: JSON) -> None:
        account = self.running.pop(response["id"])
        self.ended.add(response["id"])
        account.end(response)
        for call_id, output in account.calls.items():
            self.calls[call_id] = McpCall(response["id"], output.index, output.said)
