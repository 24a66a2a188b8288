"""Makes the link to the audio engine of another machine."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from voicelive_tui.audio.client import link_texts
from voicelive_tui.audio.client.engine_connection import AudioUnavailable, EngineConnection
from voicelive_tui.audio.client.link_address import LinkAddress, LinkTarget, has_unix_sockets
from voicelive_tui.audio.client.link_connection import LinkConnection
from voicelive_tui.audio.ipc.frames import Message
from voicelive_tui.audio.ipc.requests import Purpose
from voicelive_tui.model.session.snapshot import SoundLink

CONNECT_WITHIN_S = 10.0


async def connect_link(
    address: LinkAddress,
    purpose: Purpose,
    received: Callable[[Message], None],
    died: Callable[[EngineConnection], None],
    changed: Callable[[SoundLink], None],
) -> LinkConnection:
    """Connect to the engine at this address and join it. Raises AudioUnavailable."""
    target = address.target()
    connection = LinkConnection(target, received, died, changed)
    try:
        async with asyncio.timeout(CONNECT_WITHIN_S):
            await _connect(target, connection)
        await connection.join(purpose, lambda: _has_moved(address, target))
    except TimeoutError:
        await connection.abandon()
        raise AudioUnavailable(link_texts.not_welcomed(str(target), "it does not answer")) from None
    except OSError as error:
        await connection.abandon()
        text = link_texts.cannot_connect(target.path, target.port, error)
        raise AudioUnavailable(text) from None
    except BaseException:
        await connection.abandon()
        raise
    return connection


async def _connect(target: LinkTarget, connection: LinkConnection) -> None:
    loop = asyncio.get_running_loop()
    if target.path is None:
        await loop.create_connection(lambda: connection, "127.0.0.1", target.port)
    elif has_unix_sockets():
        if is_foreign(target.path, os.getuid()):
            raise PermissionError
        await loop.create_unix_connection(lambda: connection, str(target.path))
    else:
        raise AudioUnavailable(link_texts.no_unix_sockets(target.path))


def is_foreign(path: Path, uid: int) -> bool:
    """Whether another user than this one made the socket, who would get the token and the speech.
    The administrator may use each socket, as in a container that shares a folder."""
    return uid != 0 and path.exists() and path.stat().st_uid != uid


def _has_moved(address: LinkAddress, target: LinkTarget) -> bool:
    """Return True if the address leads to another socket now."""
    try:
        return address.target() != target
    except AudioUnavailable:
        return True
