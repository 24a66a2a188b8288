"""The bytes that a WebSocket client writes, for tests that must not leave them to a library."""

import base64

TARGET = "/voice-live/realtime?api-version=2026-07-15&model=gpt-4o"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def upgrade_request(target: str = TARGET) -> bytes:
    lines = [
        f"GET {target} HTTP/1.1",
        "Host: localhost",
        "api-key: anything",
        "Upgrade: websocket",
        "Connection: Upgrade",
    ]
    lines += [
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def client_frame(data: bytes, opcode: int = TEXT) -> bytes:
    """A whole frame. Its masking key is zero: the receiver has the same work, the sender none."""
    size = len(data)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65536:
        head = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + bytes(4) + data
