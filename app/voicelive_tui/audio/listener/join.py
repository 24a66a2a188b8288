"""Reads the first request of a peer, and nothing behind it.

The rest of the stream belongs to the audio process, which inherits the socket, so not one byte more
than the request is read here.
"""

import asyncio
import secrets
import socket
import struct

from voicelive_tui.audio.ipc.frames import PREAMBLE, FrameError, decode, encode
from voicelive_tui.audio.ipc.messages import Welcome
from voicelive_tui.audio.ipc.requests import JoinRequest

JOIN_WITHIN_S = 5.0
"""Seconds within which a peer must have joined."""
_MOST_BYTES = 4096
"""The largest first frame, in bytes."""


class JoinError(Exception):
    """The peer did not join. The text says why, in one sentence."""


class JoinerGone(Exception):
    """The peer closed the connection before it had joined."""


async def read_join(sock: socket.socket, within_s: float = JOIN_WITHIN_S) -> JoinRequest:
    """Read the preamble and the request to join from a socket that does not block. Raises JoinError
    and JoinerGone."""
    try:
        async with asyncio.timeout(within_s):
            return await _read(sock)
    except TimeoutError:
        raise JoinError("It did not join in time.") from None
    except FrameError as error:
        raise JoinError(f"It does not speak this protocol: {error}.") from None
    except OSError:
        raise JoinerGone from None


async def _read(sock: socket.socket) -> JoinRequest:
    head = await _exactly(sock, len(PREAMBLE))
    if head != PREAMBLE:
        raise FrameError(f"it began with {head!r} instead of {PREAMBLE!r}")
    (length,) = struct.unpack(">I", await _exactly(sock, 4))
    if length > _MOST_BYTES:
        raise FrameError(f"its first frame has {length} bytes, the limit is {_MOST_BYTES}")
    request = decode(await _exactly(sock, length))
    if not isinstance(request, JoinRequest):
        raise FrameError(f"it began with {type(request).__name__} instead of JoinRequest")
    return request


async def _exactly(sock: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        data = await asyncio.get_running_loop().sock_recv(sock, size - len(found))
        if not data:
            raise ConnectionError("the connection was closed")
        found += data
    return found


def knows_token(request: JoinRequest, token: str | None) -> bool:
    """Whether the peer has the right to the sound. Takes the same time wherever a token is
    wrong."""
    if token is None:
        return True
    asked, right = (text.encode("utf-8", "surrogatepass") for text in (request.token, token))
    return secrets.compare_digest(asked, right)


async def refuse(sock: socket.socket, welcome: Welcome, within_s: float = JOIN_WITHIN_S) -> None:
    """Tell the peer why it gets no sound, as far as it listens."""
    try:
        async with asyncio.timeout(within_s):
            await asyncio.get_running_loop().sock_sendall(sock, PREAMBLE + encode(welcome))
            sock.shutdown(socket.SHUT_WR)
            # Closing a socket with unread bytes would discard the answer on its way.
            while await asyncio.get_running_loop().sock_recv(sock, 4096):
                pass
    except (OSError, TimeoutError):
        return
