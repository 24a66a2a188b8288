"""Checks one response like a client that relies on its events: its outputs one after the other, and
the sum of each."""

import base64
from typing import Any

JSON = dict[str, Any]
BYTES_PER_MS = {
    "pcm16": 48.0,
    "pcm16_8000hz": 16.0,
    "pcm16_16000hz": 32.0,
    "pcm16_22050hz": 44.1,
    "pcm16_24000hz": 48.0,
    "pcm16_44100hz": 88.2,
    "pcm16_48000hz": 96.0,
    "g711_ulaw": 8.0,
    "g711_alaw": 8.0,
}
ECHOED = (
    "id",
    "object",
    "conversation_id",
    "voice",
    "modalities",
    "output_audio_format",
    "max_output_tokens",
    "metadata",
)
# The fields in which a stream's last event repeats all its deltas.
REPEATED = {
    "audio_transcript": "transcript",
    "text": "text",
    "function_call_arguments": "arguments",
    "mcp_call_arguments": "arguments",
}


class OutputChecker:
    """An item of a response's output, from its output_item.added on: its joined deltas, and the
    streams that have ended."""

    def __init__(self, item: JSON, index: int, output_audio_format: str) -> None:
        self.item = item
        self.index = index
        self.said = ""
        self.audio_bytes = 0
        self.done: JSON | None = None
        self.part: JSON | None = None
        self._bytes_per_ms = BYTES_PER_MS[output_audio_format]
        self._begun: set[str] = set()
        self._over: set[str] = set()
        self._timed: list[JSON] = []
        self._offset_ms: dict[str, int] = {}
        if item["type"] == "mcp_approval_request":  # it is complete at once
            self.said = item["arguments"]
        else:
            assert item.get("status", "in_progress") == "in_progress" and not content(item)

    @property
    def audio_ms(self) -> int:
        return round(self.audio_bytes / self._bytes_per_ms)

    def take(self, event: JSON) -> None:
        """Check any event about this item except output_item.added."""
        assert self.done is None, "an event of an item that is done"
        assert (
            event.get("item_id", self.item["id"]) == self.item["id"]
            and event["output_index"] == self.index
        )
        assert event.get("content_index", 0) == 0
        kind, _, verb = event["type"].removeprefix("response.").rpartition(".")
        match kind, verb:
            case "output_item", "done":
                self._end(event["item"])
            case "content_part", "added":
                assert self.item["type"] == "message" and self.part is None and not self.said
                self.part = event["part"]
                assert self.part in (
                    {"type": "audio", "transcript": ""},
                    {"type": "text", "text": ""},
                )
            case "content_part", "done":
                assert self.part is not None and self._begun == self._over
                assert (
                    event["part"]["type"] == self.part["type"]
                    and content({"content": [event["part"]]}) == self.said
                )
                self._over.add("part")
                self._begun.add("part")
            case stream, "delta":
                assert stream not in self._over, "a delta of a stream that is done"
                self._begun.add(stream)
                self._add(stream, event)
            case stream, "done":
                assert stream not in self._over
                self._begun.add(stream)
                self._over.add(stream)
                if stream in REPEATED:
                    assert event[REPEATED[stream]] == self.said
                if stream == "audio_timestamp":
                    assert "".join(word["text"] for word in self._timed) == "".join(
                        self.said.split()
                    )
            case _:
                raise AssertionError(f"no event of an item: {event['type']}")

    def _add(self, stream: str, event: JSON) -> None:
        assert stream in ("function_call_arguments", "mcp_call_arguments") or self.part is not None
        if stream in REPEATED:
            assert event["delta"]
            self.said += event["delta"]
        elif stream == "audio":
            audio = base64.b64decode(event["delta"], validate=True)
            assert audio and len(audio) % (2 if self._bytes_per_ms > 8 else 1) == 0
            self.audio_bytes += len(audio)
        else:
            assert (
                event["audio_offset_ms"] >= self._offset_ms.get(stream, 0)
                and event.get("audio_duration_ms", 0) >= 0
            )
            self._offset_ms[stream] = event["audio_offset_ms"]
            if stream == "audio_timestamp":
                self._timed.append(event)

    def _end(self, item: JSON) -> None:
        assert self._begun == self._over, "a stream without its end"
        assert (self.item["type"] == "message") is ("part" in self._over)
        assert self._kept(item) == self._kept(self.item) and content(item) == self.said
        if item.get("status") == "completed" and self._timed:
            assert (
                max(word["audio_offset_ms"] + word["audio_duration_ms"] for word in self._timed)
                <= self.audio_ms
            )
        self.done = item

    def _kept(self, item: JSON) -> JSON:
        """The fields of an item that never change."""
        return {
            key: value
            for key, value in item.items()
            if key not in ("status", "content", "arguments", "output", "error")
        }


class ResponseChecker:
    """A response from response.created to response.done."""

    def __init__(self, response: JSON) -> None:
        assert (response["status"], response["status_details"], response["output"]) == (
            "in_progress",
            None,
            [],
        )
        assert response["usage"]["total_tokens"] == 0
        self.created = response
        self.outputs: list[OutputChecker] = []
        self.calls: dict[str, OutputChecker] = {}  # complete MCP calls: they run after the response

    @property
    def in_conversation(self) -> bool:
        return self.created["conversation_id"] is not None

    @property
    def open(self) -> OutputChecker | None:
        last = self.outputs[-1] if self.outputs else None
        return None if last is None or last.done or last.item["id"] in self.calls else last

    def take(self, event: JSON) -> None:
        if event["type"] == "response.output_item.added":
            assert self.open is None and event["output_index"] == len(self.outputs)
            self.outputs.append(
                OutputChecker(event["item"], len(self.outputs), self.created["output_audio_format"])
            )
            return
        output = self.open
        if (
            event["type"] == "response.output_item.done"
            and self.calls.pop(event["item"]["id"], None) is not None
        ):
            assert event["item"]["error"], "a call that is done before its response did not run"
            output = self.open
        assert output is not None, "an event of an item that is not open"
        output.take(event)
        if event["type"] == "response.mcp_call_arguments.done":
            self.calls[output.item["id"]] = output

    def end(self, response: JSON) -> None:
        assert self.open is None and [item["id"] for item in response["output"]] == [
            out.item["id"] for out in self.outputs
        ]
        assert all(response[name] == self.created[name] for name in ECHOED)
        for item, output in zip(response["output"], self.outputs, strict=True):
            if item["id"] in self.calls:
                assert content(item) == output.said and item["output"] is item["error"] is None
            else:
                assert item == output.done
        whole = [is_whole(item) for item in response["output"]]
        assert all(whole[:-1]) and (response["status"] != "completed" or all(whole)), (
            "only the last one can be cut"
        )
        self._check_details(response["status"], response["status_details"])
        self._check_usage(response["usage"], response["max_output_tokens"])

    def _check_details(self, status: str, details: JSON | None) -> None:
        """protocol.md 13.4."""
        if details is None:
            assert status == "completed"
            return
        assert details["type"] == status
        match status:
            case "cancelled":
                assert details["reason"] in ("turn_detected", "client_cancelled")
            case "incomplete":
                assert details["reason"] in ("max_output_tokens", "content_filter")
            case _:
                assert status == "failed" and details["error"]["message"]

    def _check_usage(self, usage: JSON, limit: Any) -> None:
        """A token is four characters or a twentieth of a second; an approved call was counted when
        approval was requested."""
        paid = [output for output in self.outputs if not output.item.get("approval_request_id")]
        spent, read = usage["output_token_details"], usage["input_token_details"]
        assert spent["text_tokens"] == -(-sum(len(output.said) for output in paid) // 4)
        assert spent["audio_tokens"] == -(-sum(output.audio_ms for output in paid) // 50)
        assert (
            usage["output_tokens"]
            == spent["text_tokens"] + spent["audio_tokens"] + spent["reasoning_tokens"]
        )
        assert (
            usage["input_tokens"]
            == read["text_tokens"] + read["audio_tokens"] + read["image_tokens"]
        )
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
        assert (
            0
            <= read["cached_tokens"]
            == sum(read["cached_tokens_details"].values())
            <= usage["input_tokens"]
        )
        assert limit == "inf" or usage["output_tokens"] <= limit


def is_whole(item: JSON) -> bool:
    """Whether an item of a response's output was complete, as far as its fields show."""
    return (
        not item["error"]
        if item["type"] == "mcp_call"
        else item.get("status", "completed") == "completed"
    )


def content(item: JSON) -> str:
    """The words of a message, or the arguments of a call."""
    if "content" not in item:
        return str(item["arguments"])
    return "".join(part.get("text") or part.get("transcript") or "" for part in item["content"])
