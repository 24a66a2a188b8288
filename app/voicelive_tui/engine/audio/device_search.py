"""Looks which devices are present, in a process of its own."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from voicelive_tui.audio.client.device_list import list_devices
from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.concurrency.waiting import cancel_and_wait
from voicelive_tui.model.sound_devices import Device

T = TypeVar("T")


async def present_devices(
    called_off: asyncio.Event, at: LinkAddress | None = None
) -> Sequence[Device] | None:
    """The devices that are present, none if they cannot be listed; None if the event was set before
    they were known. at: the link to the machine that has them; None for this one."""
    found = await unless_set(called_off, _listed(at))
    return None if called_off.is_set() else found


async def unless_set(called_off: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of the work; None if the event was set before there was one. The work is
    cancelled then."""
    working = asyncio.create_task(work)
    waiting = asyncio.create_task(called_off.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_and_wait(waiting)
        await cancel_and_wait(working)
    return None if working.cancelled() else working.result()


async def _listed(at: LinkAddress | None) -> Sequence[Device]:
    try:
        return (await list_devices(at)).devices
    except AudioUnavailable:
        return ()
