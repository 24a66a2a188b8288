"""What changes about the devices of a session, as its journal has it."""

from typing import Any

from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.engine.session.devices_in_use import DevicesInUse
from voicelive_tui.model.session.snapshot import AudioStatus

BOTH = OpenRequest("device", "device")
HEADSET = AudioStatus(input_name="headset", output_name="speaker")
NO_MICROPHONE = AudioStatus(output_name="speaker")


def followed(
    *statuses: AudioStatus, request: OpenRequest = BOTH, every_s: float = 1.4
) -> list[dict[str, Any]]:
    """What the last of these statuses, one after the other, changes."""
    devices = DevicesInUse()
    found = [
        devices.follow(request, status, number * every_s) for number, status in enumerate(statuses)
    ]
    return [change.fields() for change in found[-1]]


def test_the_first_devices_are_no_change_and_neither_are_the_same_ones() -> None:
    assert followed(HEADSET) == []
    assert followed(HEADSET, HEADSET) == []
    assert followed(NO_MICROPHONE, HEADSET) == [], "it was missing from the start"


def test_a_lost_device_is_told_once_and_its_return_with_the_time_between() -> None:
    lost = {"side": "microphone", "state": "lost", "name": "headset"}
    assert followed(HEADSET, NO_MICROPHONE) == [lost]
    assert followed(HEADSET, NO_MICROPHONE, NO_MICROPHONE) == []
    back = {"side": "microphone", "state": "back", "name": "headset", "away_ms": 1400}
    assert followed(HEADSET, NO_MICROPHONE, HEADSET) == [back]
    assert followed(HEADSET, NO_MICROPHONE, HEADSET, HEADSET) == []


def test_another_device_is_a_switch() -> None:
    other = AudioStatus(input_name="headset", output_name="monitor")
    switched = {
        "side": "loudspeaker",
        "state": "switched",
        "name": "monitor",
        "was": "speaker",
    }
    assert followed(HEADSET, other) == [switched]
    silent = AudioStatus(input_name="headset")
    assert followed(HEADSET, silent, other) == [{**switched, "away_ms": 1400}]


def test_a_side_that_is_not_wanted_is_neither_lost_nor_back() -> None:
    devices, unwanted = DevicesInUse(), OpenRequest("none", "device")
    assert devices.follow(BOTH, HEADSET, 0) == []
    assert devices.follow(unwanted, NO_MICROPHONE, 1) == []
    assert devices.follow(BOTH, HEADSET, 2) == []
