"""Lists the devices of this machine, or of the one at the other end of a link."""

import asyncio

from voicelive_tui.audio.client.engine_connection import ANSWER_WITHIN_S, EngineConnection
from voicelive_tui.audio.client.host_connection import connect
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.client.link_opening import connect_link
from voicelive_tui.audio.ipc.requests import ListDevicesRequest
from voicelive_tui.model.session.snapshot import SoundLink
from voicelive_tui.model.sound_devices import Devices

_MEASURE_S = 1.0
"""Seconds in which the round trip is measured after the devices were listed."""


def _ignore(_: object) -> None:
    """Ignore the other reports of an engine that only lists devices."""


async def list_devices(at: LinkAddress | None = None) -> Devices:
    """List the devices in a new audio process. at: the link to the machine that has them; None for
    this one. Raises AudioUnavailable if the process does not start or the link is down."""
    if at is not None:
        return (await list_over_link(at))[0]
    return await _ask(await connect(_ignore, _ignore))


async def list_over_link(at: LinkAddress, *, measure: bool = False) -> tuple[Devices, SoundLink]:
    """List the devices at the other end of a link, and return what is known of the link. measure:
    wait until its round trip was measured a few times. Raises AudioUnavailable."""
    connection = await connect_link(at, "devices", _ignore, _ignore, _ignore)
    devices = await _ask(connection, _MEASURE_S if measure else 0)
    return devices, connection.link


async def _ask(connection: EngineConnection, stay_s: float = 0) -> Devices:
    """Ask this engine for its devices and close the connection, after stay_s more seconds."""
    try:
        connection.send(ListDevicesRequest())
        devices = await connection.answer(ANSWER_WITHIN_S)
        await asyncio.sleep(stay_s)
    except BaseException:
        await connection.abandon()
        raise
    await connection.close()
    assert isinstance(devices, Devices)
    return devices
