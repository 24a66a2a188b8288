"""Frames and HTTP answers that repeat the secrets that a service was sent; for
tests/support/hostile_servers.py."""

import json
from collections.abc import Iterator

from tests.support.hostile_servers import Handler, answering, frame
from tests.whole.support.canaries import HELD, KEY, spellings

SOME = ("plain", "JSON, every letter escaped", "percent-encoded", "HTML in numbers", "base64")
"""A choice of notations, for tests in which each costs a run."""


def echoing_frames() -> Iterator[bytes]:
    """Frames that repeat the secrets in every form: in events, in malformed frames and in
    pieces."""
    session = {"id": "s1", "model": "gpt-4o", "modalities": ["text"]}
    yield frame(json.dumps({"type": "session.created", "session": session}).encode())
    yield frame(json.dumps({"type": "session.updated", "session": session}).encode())
    for value in HELD:
        yield from echo(value)
    yield from answer_in_pieces()


def echo(value: str) -> Iterator[bytes]:
    """The value in every notation, in frames that are events and in frames that are not."""
    for said in spellings(value).values():
        error = {
            "type": "invalid",
            "code": said,
            "message": f"Bad {said}.",
            "param": [said],
            said: {said: 1},
        }
        yield frame(json.dumps({"type": "error", "error": error}).encode())
        yield frame(
            f'{{"type": "error", "error": {{"message": "{said}'.encode()
        )  # cut off, so not JSON
        yield frame(f'["{said}"]'.encode(), 2)
        yield frame(b"\xff\xfe" + said.encode() + b"\0", 2)
        yield frame(
            f'{{"type": "{said}", "url": "wss://h.example/?a={said}", "value": "{said}"}}'.encode()
        )


def answer_in_pieces() -> Iterator[bytes]:
    """An answer whose deltas hold three characters of a canary each, and whose end holds all of
    it."""
    ids = {"response_id": "r1", "item_id": "a1", "output_index": 0, "content_index": 0}
    said = f"You said {KEY}, did you?"
    yield event("response.created", response={"id": "r1", "status": "in_progress", "output": []})
    item = {
        "id": "a1",
        "type": "message",
        "role": "assistant",
        "status": "in_progress",
        "content": [],
    }
    yield event("response.output_item.added", response_id="r1", output_index=0, item=item)
    for start in range(0, len(said), 3):
        yield event("response.text.delta", **ids, delta=said[start : start + 3])
    yield event("response.text.done", **ids, text=said)
    yield event("response.done", response={"id": "r1", "status": "completed", "output": []})


def event(type_name: str, **fields: object) -> bytes:
    return frame(json.dumps({"type": type_name, **fields}).encode())


def html_page(value: str) -> str:
    return "<html><body>" + "<p>".join(spellings(value).values()) + "</body></html>"


def refusals() -> Iterator[Handler]:
    """HTTP answers that repeat the key in the status line, in headers and in bodies."""
    for said in map(spellings(KEY).__getitem__, SOME):
        body = json.dumps({"error": {"code": said, "message": f"Wrong key {said}, sorry"}})
        yield answering(
            "401 Unauthorized",
            f"WWW-Authenticate: Bearer realm={said}",
            f"X-Echo: {said}",
            body=body,
        )
    in_json = spellings(KEY)["JSON of .NET"]
    yield answering("400 Bad Request", body=f'{{"error": {{"message": "Wrong key {in_json}"}}}}')
    yield answering(f"403 {KEY}", f"Set-Cookie: key={KEY}", body=html_page(KEY))
    yield answering(
        "302 Found", f"Location: https://{spellings(KEY)['percent-encoded']}.example/?key={KEY}"
    )
    yield answering("302 Found", f"Location: {KEY}")
    yield answering("302 Found", f"Location: http://[{KEY}")
    yield answering("503 No", f"Retry-After: {KEY}", body=KEY)
    yield answering("101 Switching Protocols", f"Upgrade: {KEY}", f"Sec-WebSocket-Accept: {KEY}")
    yield answering(f"999 {KEY}")
