"""Finds the device that a user named among those that are present. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicelive_tui.model.sound_devices import Device

Side = Literal["microphone", "loudspeaker"]
BEST_WINDOWS_API = "Windows WASAPI"


@dataclass(frozen=True, slots=True)
class Choice:
    """The index of a device in the list. exact: False if the default replaces the device that was
    asked for."""

    index: int
    exact: bool


def channels(device: Device, side: Side) -> int:
    """The device's number of channels on this side."""
    return device.input_channels if side == "microphone" else device.output_channels


def is_default(device: Device, side: Side) -> bool:
    """Whether the device is the system's default on this side."""
    return device.default_input if side == "microphone" else device.default_output


def choose(devices: Sequence[Device], wanted: str, side: Side) -> Choice | None:
    """Return the wanted device (empty: the default), else the default one; None if this side has no
    device at all.

    `wanted` is a device's name, its name and host API as `devices` prints them ("NAME, API"), or
    the beginning of a name; some host APIs cut names at 31 characters, so a name that is the
    beginning of `wanted` matches as well.
    """
    usable = [index for index, device in enumerate(devices) if channels(device, side)]
    if not usable:
        return None
    # The default first, then the devices of its host API, because each API may list a device of the
    # same name.
    preferred_api = next(
        (devices[index].host_api for index in usable if is_default(devices[index], side)),
        BEST_WINDOWS_API,
    )
    usable.sort(
        key=lambda index: (
            not is_default(devices[index], side),
            devices[index].host_api != preferred_api,
        )
    )
    if not wanted:
        return Choice(usable[0], True)
    tests = (
        lambda device: wanted in (device.name, f"{device.name}, {device.host_api}"),
        lambda device: device.name.casefold().startswith(wanted.casefold()),
        lambda device: len(device.name) >= 30 and wanted.startswith(device.name),
    )
    for test in tests:
        for index in usable:
            if test(devices[index]):
                return Choice(index, True)
    return Choice(usable[0], False)
