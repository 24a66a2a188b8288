"""The items that a client may create: their checks, and the form in which the service shows them
(protocol.md 13.1 and 13.2)."""

from __future__ import annotations

import binascii
from collections.abc import Mapping

from voicelive_common.voice_activity.detector import Endpointing

from voicelive_simulator.api.errors import Refused, missing, wrong_type
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import (
    JSON,
    Check,
    Field,
    Reading,
    boolean,
    list_of,
    nullable,
    one_of,
    tagged,
    text,
)
from voicelive_simulator.dialogue.state.items import Item, message_json
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat

MOST_ID_CHARS = 32  # of an item's id, as with OpenAI; the documents say nothing


def _item_id(value: object, param: str, reading: Reading) -> object:
    """Check an item's id. "root" is refused, because it denotes the front of the conversation."""
    if value == "root":
        raise Refused(
            "The id 'root' is taken: as previous_item_id it is the front of the conversation.",
            param=param,
        )
    return nullable(text(most=MOST_ID_CHARS))(value, param, reading)


_COMMON = {
    "id": Field(_item_id),
    "status": Field(nullable(one_of("completed", "incomplete"))),
    "object": Field(nullable(text())),
}
_TEXT = {"text": Field(text(), required=True)}
_AUDIO = {"audio": Field(text(), required=True), "transcript": Field(nullable(text()))}
_IMAGE = {
    "image_url": Field(text(least=1), required=True, since="2026-06-01"),
    "url": Field(text(least=1), required=True, until="2026-06-01"),
    "detail": Field(one_of("auto", "low", "high"), "auto", shown=True),
}
_USER_PART = tagged("type", {"input_text": _TEXT, "input_audio": _AUDIO, "input_image": _IMAGE})
_SYSTEM_PART = tagged("type", {"input_text": _TEXT})
_ASSISTANT_PART = tagged("type", {"text": _TEXT})


def _message_of(part: Check) -> Mapping[str, Field]:
    return {"content": Field(list_of(part), required=True), **_COMMON}


_MESSAGE = tagged(
    "role",
    {
        "user": _message_of(_USER_PART),
        "system": _message_of(_SYSTEM_PART),
        "assistant": _message_of(_ASSISTANT_PART),
    },
)
_APPROVAL_SINCE = "2026-04-10"
_OTHERS = tagged(
    "type",
    {
        "function_call": {
            "name": Field(text(least=1), required=True),
            "call_id": Field(text(least=1), required=True),
            "arguments": Field(text(), required=True),
            **_COMMON,
        },
        "function_call_output": {
            "call_id": Field(text(), required=True),
            "output": Field(text(), required=True),
            **_COMMON,
        },
        "mcp_approval_response": {
            "approval_request_id": Field(text(), required=True),
            "approve": Field(boolean, required=True),
            "reason": Field(nullable(text())),
            **_COMMON,
        },
    },
)


def build_item(
    requested: object,
    reading: Reading,
    ids: Ids,
    audio_format: InputFormat | None,
    *,
    param: str = "item",
) -> Item:
    """Build the server's item from the one that a client requested. `audio_format` is that of audio
    in it, None for a model that accepts none. Raises Refused; unknown fields are added to
    `reading`."""
    if requested is None:
        raise missing(param)
    if not isinstance(requested, dict):
        raise wrong_type(param, "an object", requested)
    approval = ("mcp_approval_response",) if reading.api_date >= _APPROVAL_SINCE else ()
    kind = requested.get("type", "message")
    one_of("message", "function_call", "function_call_output", *approval)(
        kind, f"{param}.type", reading
    )
    if kind == "message":
        rest = {key: value for key, value in requested.items() if key != "type"}
        return _message(_MESSAGE(rest, param, reading), ids, audio_format, param)
    wire = _OTHERS(requested, param, reading)
    item_json = {**wire, "id": wire.get("id") or ids.new("item"), "object": "realtime.item"}
    if kind == "function_call":
        item_json["status"] = item_json.get("status") or "completed"
    else:
        item_json.pop("status", None)  # the service's other items have no status
    return Item(item_json)


def _message(wire: JSON, ids: Ids, audio_format: InputFormat | None, param: str) -> Item:
    item_id = wire.get("id") or ids.new("item")
    item = Item(
        message_json(item_id, wire["role"], wire["content"], wire.get("status") or "completed")
    )
    for n, part in enumerate(wire["content"]):
        if part["type"] == "input_audio":
            if audio_format is None:
                raise Refused(
                    "'input_audio' in an item needs a realtime model.",
                    param=f"{param}.content[{n}].type",
                )
            _measure(item, part, audio_format, f"{param}.content[{n}].audio")
        elif part["type"] == "input_image":
            _drop_image(part)
    return item


def _measure(item: Item, part: JSON, audio_format: InputFormat, param: str) -> None:
    """Measure audio in an item like a microphone's, and discard its bytes."""
    input_audio = InputAudio()
    input_audio.configure(audio_format, Endpointing())
    audio = audio_bytes(part["audio"], param)
    try:
        for _ in input_audio.append(audio):
            pass
    except Refused as refused:
        raise Refused(refused.message, code=refused.code, param=param) from refused
    item.measurement = input_audio.commit()
    item.audio_ms = item.measurement.audio_ms
    part["audio"] = None
    part["transcript"] = part.get("transcript") or item.measurement.transcript


def _drop_image(part: JSON) -> None:
    """Discard an image that is contained in the event; the address of an image is kept."""
    for name in ("image_url", "url"):
        if part.get(name, "").startswith("data:"):
            part[name] = None


def audio_bytes(encoded: str, param: str) -> bytes:
    """Decode strict base64. Raises Refused for anything else."""
    try:
        return binascii.a2b_base64(encoded, strict_mode=True)
    except (binascii.Error, ValueError):
        raise Refused(
            f"Invalid '{param}'. Expected base64-encoded audio bytes.", param=param
        ) from None
