"""Applies a fault to an outgoing event: takes steps and returns steps, without carrying them
out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, TypeGuard

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.event_fields import MISSING, changed, find, with_wrong_type, without
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.kinds import KINDS
from voicelive_simulator.faults.steps import (
    Body,
    ConnectionFault,
    Hold,
    Message,
    Payload,
    Step,
    Wait,
    encode,
    encoded,
    response_id,
)

Params = Mapping[str, Any]
MEBIBYTE = 2**20
_ENDINGS = ("drop", "close", "expire", "token-expiry")


def can_strike(fault: Fault, event: JSON) -> bool:
    """Whether the event has the field that the fault changes: a fault waits for such an event."""
    path = fault.params.get("field")
    match fault.name:
        case "missing-field" | "wrong-type" if path:
            return find(event, path) is not MISSING
        case "truncated-base64":
            value = find(event, path or "delta")
            return isinstance(value, str) and len(value) >= 4
        case _:
            return True


def apply_fault(fault: Fault, random: Random, steps: list[Step]) -> list[Step]:
    """Return the steps after the fault has struck.

    `steps` contain the event's own body, unless an earlier fault removed it; they are empty when a
    fault of the connection strikes without an event. Events that are held back already stay
    unchanged.
    """
    params = fault.params
    if KINDS[fault.name].stage == "connection":
        return _insert_connection_fault(fault, random, steps)
    if change := _EVENT_CHANGES.get(fault.name):
        return [
            Message(change(params, step.event)) if isinstance(step, Message) else step
            for step in steps
        ]
    if change_payload := _PAYLOAD_CHANGES.get(fault.name):
        return [
            change_payload(params, encoded(step)) if _is_own_body(step) else step for step in steps
        ]
    own_body = _own_body(steps)
    if own_body is None:
        return steps
    index, body = own_body
    return [*steps[:index], *_STEP_CHANGES[fault.name](params, random, body), *steps[index + 1 :]]


def _is_own_body(step: Step) -> TypeGuard[Body]:
    return isinstance(step, Message) or (isinstance(step, Payload) and not step.extra)


def _own_body(steps: list[Step]) -> tuple[int, Body] | None:
    return next(((n, step) for n, step in enumerate(steps) if _is_own_body(step)), None)


def _insert_connection_fault(fault: Fault, random: Random, steps: list[Step]) -> list[Step]:
    """Insert the fault: one that ends the connection replaces the event, any other comes before
    it."""
    index, body = _own_body(steps) or (len(steps), None)
    if fault.name not in _ENDINGS:
        return [*steps[:index], ConnectionFault(fault), *steps[index:]]
    last: list[Step] = [Message(_token_expired(random))] if fault.name == "token-expiry" else []
    return [*steps[:index], *last, ConnectionFault(fault, encoded(body).data if body else b"")]


def _event_id(random: Random) -> str:
    return f"event_fault{random.getrandbits(64):016x}"


def _token_expired(random: Random) -> JSON:
    """An `error` event in the form of protocol.md 14. What the service sends when a token expires
    before its session is not documented: this is a guess."""
    message = "The bearer token has expired. Connect again with a new one."
    details = {
        "type": "invalid_request_error",
        "code": "token_expired",
        "message": message,
        "param": None,
        "event_id": None,
    }
    return {"event_id": _event_id(random), "type": "error", "error": details}


def _truncate_base64(params: Params, event: JSON) -> JSON:
    """Cut base64 to whole groups of four plus one character, which no decoder accepts."""

    def cut(value: Any) -> Any:
        return (
            value[: len(value) // 2 // 4 * 4 + 1]
            if isinstance(value, str) and len(value) >= 4
            else value
        )

    path = params["field"] or "delta"
    return event if find(event, path) is MISSING else changed(event, path, cut)


def _remove_field(params: Params, event: JSON) -> JSON:
    return without(event, params["field"])


def _add_field(params: Params, event: JSON) -> JSON:
    return changed(event, params["field"] or "surplus_field", lambda _: params["value"])


def _change_type(params: Params, event: JSON) -> JSON:
    if params["field"] and find(event, params["field"]) is MISSING:
        return event
    return with_wrong_type(event, params["field"], params["value"])


_EVENT_CHANGES: Mapping[str, Callable[[Params, JSON], JSON]] = {
    "missing-field": _remove_field,
    "surplus-field": _add_field,
    "wrong-type": _change_type,
    "truncated-base64": _truncate_base64,
}


def _break_json(params: Params, body: Payload) -> Payload:
    data = body.data
    match params["how"]:
        case "cut":
            data = data[: len(data) // 2]
        case "comma":
            data = data[:-1] + b"," + data[-1:]
        case "nan":
            data = data[:-1] + b',"not_a_number":NaN' + data[-1:]
        case "two":
            data = data + data
        case "empty":
            data = b""
        case _:
            data = b"null"
    return replace(body, data=data)


def _insert_bad_utf8(params: Params, body: Payload) -> Payload:
    """Put the bytes into a string in a field of its own, so that a lenient client finds a complete
    event."""
    return replace(
        body, data=_with_field(body.data, b"spoilt", bytes.fromhex(params["hex"])), text=True
    )


def _with_field(data: bytes, name: bytes, text: bytes) -> bytes:
    return b"".join([data[:-1], b',"', name, b'":"', text, b'"', data[-1:]])


def _fragments(params: Params, body: Payload) -> Payload:
    return replace(body, pieces=params["pieces"])


_PAYLOAD_CHANGES: Mapping[str, Callable[[Params, Payload], Payload]] = {
    "malformed-json": _break_json,
    "bad-utf8": _insert_bad_utf8,
    "fragments": _fragments,
}


def _binary(params: Params, random: Random, body: Body) -> list[Step]:
    if params["how"] == "json":
        return [replace(encoded(body), text=False)]
    return [Payload(random.randbytes(params["size_bytes"]), text=False, extra=True), body]


def _giant(params: Params, random: Random, body: Body) -> list[Step]:
    size_bytes = int(params["size_mb"] * MEBIBYTE)
    if params["type"]:
        event = {"event_id": _event_id(random), "type": params["type"]}
        return [Payload(_padded(encode(event), size_bytes), extra=True), body]
    payload = encoded(body)
    return [replace(payload, data=_padded(payload.data, size_bytes))]


def _padded(data: bytes, size_bytes: int) -> bytes:
    """Pad to `size_bytes`: exactly, when the data leaves room for the field's name, else to a
    little more."""
    field = len(_with_field(data, b"padding", b""))
    return _with_field(data, b"padding", b"x" * max(0, size_bytes - field))


def _unknown(params: Params, random: Random, body: Body) -> list[Step]:
    data = params["json"].encode() or encode(
        {"event_id": _event_id(random), "type": params["type"]}
    )
    return [Payload(data, extra=True), body]


def _stall(params: Params, _: Random, body: Body) -> list[Step]:
    return [Wait(params["ms"] / 1000), body]


def _jitter(params: Params, random: Random, body: Body) -> list[Step]:
    return [Wait(random.uniform(0, params["ms"]) / 1000), body]


def _duplicate(params: Params, _: Random, body: Body) -> list[Step]:
    return [body] * (1 + params["copies"])


def _late(params: Params, _: Random, body: Body) -> list[Step]:
    return [Hold(body, params["until"], "", _response_of(body))]


def _reordered(_: Params, __: Random, body: Body) -> list[Step]:
    kind = str(body.event.get("type")) if isinstance(body, Message) else ""
    return [Hold(body, kind, "response.done", _response_of(body))] if kind else [body]


def _response_of(body: Body) -> str | None:
    return response_id(body.event) if isinstance(body, Message) else None


def _lost(_: Params, __: Random, ___: Body) -> list[Step]:
    return []


_STEP_CHANGES: Mapping[str, Callable[[Params, Random, Body], list[Step]]] = {
    "binary-frame": _binary,
    "giant-frame": _giant,
    "unknown-event": _unknown,
    "stall": _stall,
    "jitter": _jitter,
    "duplicate-delta": _duplicate,
    "late-delta": _late,
    "reordered-delta": _reordered,
    "lost-delta": _lost,
}
