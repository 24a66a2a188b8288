"""What a client knows that believes every event: the conversation's order and the responses that run. It asserts as it goes."""

import base64
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]


@dataclass
class Account:
    """A response that runs: its items in order, those that are done as they were shown, and what was sent of the open one."""

    in_conversation: bool
    added: list[str] = field(default_factory=list)
    done: list[JSON] = field(default_factory=list)
    said: str = ""
    chars: int = 0
    audio_bytes: int = 0

    @property
    def open_id(self) -> str | None:
        return self.added[-1] if len(self.added) > len(self.done) else None


class Ledger:
    """Check every event of a session in its order, then `finish`."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.committed: list[str] = []
        self.running: dict[str, Account] = {}
        self.ended: set[str] = set()
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
            case "response.created":
                self._begin(event["response"])
            case "response.done":
                self._end(event["response"])
            case kind if kind.startswith("response."):
                self._output(self.running[event["response_id"]], event)

    def finish(self) -> None:
        assert not self.running, "a response without an end"

    @property
    def last(self) -> str | None:
        return self.order[-1] if self.order else None

    def _insert(self, item: JSON, previous: str | None) -> None:
        assert item["id"] not in self.order
        if self.announced is not None or item["id"] in self.committed:
            assert previous == self.last, "what the service adds comes last"
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
            account.added.append(event["item"]["id"])
            account.said = ""
            self.announced = event["item"] if account.in_conversation else None
            return
        assert event["output_index"] == len(account.added) - 1
        assert account.open_id == event.get("item_id", event.get("item", {}).get("id")), "an event of an item that is not open"
        match event["type"]:
            case "response.output_item.done":
                account.done.append(event["item"])
                assert content(event["item"]) == account.said
            case "response.audio.delta":
                account.audio_bytes += len(base64.b64decode(event["delta"]))
            case kind if kind.endswith(("text.delta", "transcript.delta", "arguments.delta")):
                account.said += event["delta"]
                account.chars += len(event["delta"])

    def _end(self, response: JSON) -> None:
        account = self.running.pop(response["id"])
        self.ended.add(response["id"])
        assert account.open_id is None and response["output"] == account.done
        whole = [item["status"] == "completed" for item in response["output"]]
        assert all(whole[:-1]) and (response["status"] != "completed" or all(whole)), "only the last one can be cut"
        assert (response["status_details"] is None) is (response["status"] == "completed")
        spent = response["usage"]["output_token_details"]
        assert spent["text_tokens"] == -(-account.chars // 4)
        if response["output_audio_format"] == "pcm16":
            assert spent["audio_tokens"] == -(-account.audio_bytes // 48 // 50)
        limit = response["max_output_tokens"]
        assert limit == "inf" or spent["text_tokens"] + spent["audio_tokens"] <= limit


def content(item: JSON) -> str:
    """The words of a message, or the arguments of a call."""
    if item["type"] != "message":
        return str(item["arguments"])
    return "".join(part.get("text") or part.get("transcript") or "" for part in item["content"])
