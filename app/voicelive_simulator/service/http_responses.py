"""HTTP responses in place of an upgrade. Each ends its connection, because a WebSocket server reads
only one request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.http11 import Response

from voicelive_simulator.api.handshake import Refusal
from voicelive_simulator.faults.handshake import phrase

JSON_TYPE, LINES_TYPE = "application/json", "application/x-ndjson"


def refusal_response(refusal: Refusal) -> Response:
    """An error in Azure's form, with the headers that HTTP requires for its status."""
    headers = dict(refusal.headers)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return json_response(
        {"error": {"code": refusal.code, "message": refusal.message}}, refusal.status, headers
    )


def unreadable_response() -> Response:
    """The response to something that is not an HTTP request, or to a request that a WebSocket
    server cannot read."""
    return refusal_response(
        Refusal(
            400,
            "BadRequest",
            "This request cannot be read. One with a body never can: parameters stand in the "
            "query.",
        )
    )


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return http_response(json.dumps(value, indent=1).encode() + b"\n", JSON_TYPE, status, headers)


def http_response(
    body: bytes, content_type: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    fixed = {
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    return Response(status, phrase(status), Headers({**fixed, **(headers or {})}), body)
