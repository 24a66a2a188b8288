"""What a client knows that believes every event: the conversation's order and the responses that run. It asserts as it goes."""

import base64
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]


@dataclass
class Account:
    """A response that runs: its items in order, those that are done as they were shown, the MCP calls that will be done after it
    with their arguments, and what was sent of the open item. `free` says that it costs nothing."""

    in_conversation: bool
    added: list[str] = field(default_factory=list)
    done: dict[str, JSON] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    free: bool = False
    said: str = ""
    chars: int = 0
    audio_bytes: int = 0

    @property
    def open_id(self) -> str | None:
        return self.added[-1] if len(self.added) > len(self.done) + len(self.calls) else None

    def add(self, item: JSON) -> None:
        self.added.append(item["id"])
        self.said = ""
        self.free = bool(item.get("approval_request_id"))
        if item["type"] == "mcp_approval_request":  # it is whole at once
            self.said = item["arguments"]
            self.chars += len(self.said)


@dataclass
class McpCall:
    """An MCP call after its response: in_progress, then completed or failed, then its item is done (protocol.md 15.7)."""

    response_id: str
    output_index: int
    arguments: str
    state: str = "waiting"

    def move(self, event: JSON) -> None:
        assert set(event) == {"event_id", "type", "item_id", "output_index"} and event["output_index"] == self.output_index
        before, self.state = self.state, event["type"].rpartition(".")[2]
        assert before == ("waiting" if self.state == "in_progress" else "in_progress")

    def end(self, event: JSON) -> None:
        item = event["item"]
        assert (event["response_id"], event["output_index"]) == (self.response_id, self.output_index)
        assert item["arguments"] == self.arguments
        assert (item["output"] is None, item["error"] is None) == (self.state == "failed", self.state == "completed")


class Ledger:
    """Check every event of a session in its order, then `finish`."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.committed: list[str] = []
        self.running: dict[str, Account] = {}
        self.ended: set[str] = set()
        self.listed: dict[str, bool] = {}  # the listings of MCP servers by item, and whether they are over
        self.approvals: dict[str, bool | None] = {}  # requests by item; None until they are answered
        self.calls: dict[str, McpCall] = {}  # MCP calls whose response is done
        self.announced: JSON | None = None  # an output item whose conversation.item.created must come next
        self.owes_limits = False

    def check(self, event: JSON) -> None:
        assert self.owes_limits is (event["type"] == "rate_limits.updated"), "limits follow every response.done, and only that"
        self.owes_limits = event["type"] == "response.done"
        if self.announced is not None:
            assert event["type"] == "conversation.item.created" and event["item"] == self.announced
        match event["type"]:
            case "input_audio_buffer.committed":
                assert event["previous_item_id"] == self.last
                self.committed.append(event["item_id"])
            case "conversation.item.input_audio_transcription.completed":
                assert event["item_id"] in self.committed
            case "conversation.item.created":
                self._insert(event["item"], event["previous_item_id"])
            case "conversation.item.deleted":
                self.order.remove(event["item_id"])
            case "conversation.item.truncated":
                assert event["item_id"] in self.order
            case "conversation.item.retrieved":
                assert event["item"]["id"] in self.order
            case "mcp_list_tools.in_progress":
                assert self.listed[event["item_id"]] is False
            case "mcp_list_tools.completed" | "mcp_list_tools.failed":
                assert self.listed[event["item_id"]] is False and event["item_id"] in self.order
                self.listed[event["item_id"]] = True
            case "response.created":
                self._begin(event["response"])
            case "response.done":
                self._end(event["response"])
            case "response.mcp_call.in_progress" | "response.mcp_call.completed" | "response.mcp_call.failed":
                self.calls[event["item_id"]].move(event)
            case "response.output_item.done" if event["item"]["id"] in self.calls:
                self.calls.pop(event["item"]["id"]).end(event)
            case kind if kind.startswith("response."):
                self._output(self.running[event["response_id"]], event)

    def finish(self) -> None:
        assert not self.running, "a response without an end"
        assert not self.calls, "a call without a result"
        waiting = [item for item, over in self.listed.items() if not over and item in self.order]
        assert not waiting, "a listing without an end"

    @property
    def last(self) -> str | None:
        return self.order[-1] if self.order else None

    def _insert(self, item: JSON, previous: str | None) -> None:
        assert item["id"] not in self.order
        if self.announced is not None or item["id"] in self.committed or item["type"] == "mcp_list_tools":
            assert previous == self.last, "what the service adds comes last"
        if item["type"] == "mcp_list_tools":
            assert item["tools"] == [] and item["id"] not in self.listed
            self.listed[item["id"]] = False
        if item["type"] == "mcp_approval_response":
            assert self.approvals[item["approval_request_id"]] is None, "one answer to a request"
            self.approvals[item["approval_request_id"]] = item["approve"]
        self.announced = None
        self.order.insert(0 if previous is None else self.order.index(previous) + 1, item["id"])

    def _begin(self, response: JSON) -> None:
        assert response["id"] not in self.running and response["id"] not in self.ended
        in_conversation = response["conversation_id"] is not None
        assert not (in_conversation and any(account.in_conversation for account in self.running.values()))
        self.running[response["id"]] = Account(in_conversation)

    def _output(self, account: Account, event: JSON) -> None:
        if event["type"] == "response.output_item.added":
            assert account.open_id is None and event["output_index"] == len(account.added)
            account.add(event["item"])
            self._authorise(event["item"])
            self.announced = event["item"] if account.in_conversation else None
            return
        assert event["output_index"] == len(account.added) - 1
        if event["type"] == "response.output_item.done" and account.calls.pop(event["item"]["id"], None) is not None:
            assert event["item"]["error"], "a call that is done before its response did not run"
        assert account.open_id == event.get("item_id", event.get("item", {}).get("id")), "an event of an item that is not open"
        match event["type"]:
            case "response.output_item.done":
                account.done[event["item"]["id"]] = event["item"]
                assert content(event["item"]) == account.said
            case "response.mcp_call_arguments.done":
                assert event["arguments"] == account.said
                account.calls[event["item_id"]] = account.said
            case "response.audio.delta":
                account.audio_bytes += len(base64.b64decode(event["delta"]))
            case kind if kind.endswith(("text.delta", "transcript.delta", "arguments.delta")):
                account.said += event["delta"]
                account.chars += 0 if account.free else len(event["delta"])

    def _authorise(self, item: JSON) -> None:
        """A request is answered once at most, and its call made once at most."""
        if item["type"] == "mcp_approval_request":
            self.approvals[item["id"]] = None
        elif request := item.get("approval_request_id"):
            assert self.approvals[request] is True
            self.approvals[request] = False

    def _end(self, response: JSON) -> None:
        account = self.running.pop(response["id"])
        self.ended.add(response["id"])
        assert account.open_id is None and [item["id"] for item in response["output"]] == account.added
        for index, item in enumerate(response["output"]):
            if item["id"] in account.calls:
                assert content(item) == account.calls[item["id"]] and item["output"] is item["error"] is None
                self.calls[item["id"]] = McpCall(response["id"], index, content(item))
            else:
                assert item == account.done[item["id"]]
        whole = [is_whole(item) for item in response["output"]]
        assert all(whole[:-1]) and (response["status"] != "completed" or all(whole)), "only the last one can be cut"
        assert (response["status_details"] is None) is (response["status"] == "completed")
        spent = response["usage"]["output_token_details"]
        assert spent["text_tokens"] == -(-account.chars // 4)
        if response["output_audio_format"] == "pcm16":
            assert spent["audio_tokens"] == -(-account.audio_bytes // 48 // 50)
        limit = response["max_output_tokens"]
        assert limit == "inf" or spent["text_tokens"] + spent["audio_tokens"] <= limit


def is_whole(item: JSON) -> bool:
    """Whether an item of a response's output was not cut, as far as it tells."""
    return not item["error"] if item["type"] == "mcp_call" else item.get("status", "completed") == "completed"


def content(item: JSON) -> str:
    """The words of a message, or the arguments of a call."""
    if item["type"] != "message":
        return str(item["arguments"])
    return "".join(part.get("text") or part.get("transcript") or "" for part in item["content"])
