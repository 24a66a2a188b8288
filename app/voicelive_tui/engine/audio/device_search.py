"""Looks which devices are present, in a process of its own."""

import asyncio
from collections.abc import Sequence

from voicelive_tui.audio.client.host_connection import AudioUnavailable, list_devices
from voicelive_tui.concurrency.waiting import cancel_and_wait
from voicelive_tui.model.sound_devices import Device


async def present_devices(called_off: asyncio.Event) -> Sequence[Device] | None:
    """The devices that are present, none if they cannot be listed; None if the event was set before
    they were known."""
    listing = asyncio.create_task(_listed())
    waiting = asyncio.create_task(called_off.wait())
    try:
        await asyncio.wait({listing, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_and_wait(waiting)
        await cancel_and_wait(listing)
    return None if called_off.is_set() or listing.cancelled() else listing.result()


async def _listed() -> Sequence[Device]:
    try:
        return (await list_devices()).devices
    except AudioUnavailable:
        return ()
