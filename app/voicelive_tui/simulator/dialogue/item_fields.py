"""The items that a client may create: their checks and the shape in which the server shows them (protocol.md 13.1 and 13.2)."""

from __future__ import annotations

import base64
import binascii

from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.api.schema import JSON, Field, Reading, Refused, boolean, list_of, nullable, one_of, tagged, text
from voicelive_tui.simulator.dialogue.items import Item
from voicelive_tui.simulator.sound.input_audio import InputAudio, InputFormat
from voicelive_tui.simulator.sound.vad import Endpointing

_COMMON = {
    "id": Field(nullable(text(most=64))),
    "status": Field(nullable(one_of("completed", "incomplete"))),
    "object": Field(text()),
}
_TEXT = {"text": Field(text(), required=True)}
_AUDIO = {"audio": Field(text(), required=True), "transcript": Field(nullable(text()))}
_IMAGE = {
    "image_url": Field(nullable(text()), since="2026-06-01"),
    "url": Field(nullable(text()), until="2026-06-01"),
    "detail": Field(one_of("auto", "low", "high")),
}
_USER_PART = tagged("type", {"input_text": _TEXT, "input_audio": _AUDIO, "input_image": _IMAGE})
_SYSTEM_PART = tagged("type", {"input_text": _TEXT})
_ASSISTANT_PART = tagged("type", {"text": _TEXT})
_MESSAGE = tagged(
    "role",
    {
        "user": {"content": Field(list_of(_USER_PART), required=True), **_COMMON},
        "system": {"content": Field(list_of(_SYSTEM_PART), required=True), **_COMMON},
        "assistant": {"content": Field(list_of(_ASSISTANT_PART), required=True), **_COMMON},
    },
)
_OTHERS = tagged(
    "type",
    {
        "function_call": {
            "name": Field(text(), required=True),
            "call_id": Field(text(), required=True),
            "arguments": Field(text(), required=True),
            **_COMMON,
        },
        "function_call_output": {"call_id": Field(text(), required=True), "output": Field(text(), required=True), **_COMMON},
        "mcp_approval_response": {
            "approval_request_id": Field(text(), required=True),
            "approve": Field(boolean, required=True),
            **_COMMON,
        },
    },
)
_TYPES = one_of("message", "function_call", "function_call_output", "mcp_approval_response")


def build_item(asked: object, reading: Reading, ids: Ids, audio_format: InputFormat, *, param: str = "item") -> Item:
    """The server's item of what a client asked for. Raises Refused; unknown fields are noted in `reading`."""
    if not isinstance(asked, dict):
        raise Refused(f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param)
    _TYPES(asked.get("type", "message"), f"{param}.type", reading)
    if asked.get("type", "message") == "message":
        rest = {key: value for key, value in asked.items() if key != "type"}
        return _message(_MESSAGE(rest, param, reading), ids, audio_format, param)
    wire = _OTHERS(asked, param, reading)
    if wire["type"] == "mcp_approval_response":
        message = "There is no such approval request: the simulator calls no MCP server yet."
        raise Refused(message, param=f"{param}.approval_request_id")
    shown = {
        "id": wire.pop("id", None) or ids.new("item"),
        "object": "realtime.item",
        **{k: v for k, v in wire.items() if k != "object"},
    }
    if shown["type"] == "function_call":
        shown["status"] = shown.get("status") or "completed"
    else:
        shown.pop("status", None)  # the server's function_call_output has none
    return Item(shown)


def _message(wire: JSON, ids: Ids, audio_format: InputFormat, param: str) -> Item:
    item = Item(
        {
            "id": wire.get("id") or ids.new("item"),
            "object": "realtime.item",
            "type": "message",
            "status": wire.get("status") or "completed",
            "role": wire["role"],
            "content": wire["content"],
        }
    )
    for n, part in enumerate(wire["content"]):
        if part["type"] == "input_audio":
            _measure(item, part, audio_format, f"{param}.content[{n}].audio")
    return item


def _measure(item: Item, part: JSON, audio_format: InputFormat, param: str) -> None:
    """Audio inside an item is heard like the microphone's, and shown without its bytes."""
    ears = InputAudio()
    ears.configure(audio_format, Endpointing())
    for _ in ears.append(audio_bytes(part["audio"], param)):
        pass
    item.heard = ears.commit()
    item.audio_ms = item.heard.audio_ms
    part["audio"] = None
    part["transcript"] = part.get("transcript") or item.heard.transcript


def audio_bytes(encoded: object, param: str) -> bytes:
    """Base64 to bytes. Raises Refused for anything else than strict base64."""
    if not isinstance(encoded, str):
        raise Refused(f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param)
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"Invalid '{param}'. Expected base64-encoded audio bytes.", param=param) from None
