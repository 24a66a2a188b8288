"""The choice of a device by name."""

import pytest
from voicelive_tui.audio.ports.devices import Choice, choose
from voicelive_tui.model.sound_devices import Device


def device(
    name: str, api: str = "ALSA", inputs: int = 1, outputs: int = 0, *, default: bool = False
) -> Device:
    """A device for a list."""
    return Device(
        name, api, inputs, outputs, 48_000, default and inputs > 0, default and outputs > 0
    )


CUT = "Headset Microphone (Jabra Evol"  # a host API that truncates names
DEVICES = [
    device("HDMI", outputs=2, inputs=0),
    device("USB", "MME"),
    device("USB", "WASAPI"),
    device("Built-in", "WASAPI", default=True),
    device("USB mixer", "WASAPI", inputs=2, outputs=2),
    device(CUT, "MME"),
]


@pytest.mark.parametrize(
    ("wanted", "choice"),
    [
        ("", Choice(3, True)),
        ("USB", Choice(2, True)),
        ("USB, MME", Choice(1, True)),
        ("USB mix", Choice(4, True)),
        ("usb m", Choice(4, True)),
        ("Headset Microphone (Jabra Evolve 65)", Choice(5, True)),
        ("HDMI", Choice(3, False)),
        ("Nothing", Choice(3, False)),
    ],
)
def test_a_name_is_taken_exactly_then_by_its_beginning_else_the_default_stands_in(
    wanted: str, choice: Choice
) -> None:
    assert choose(DEVICES, wanted, "microphone") == choice


def test_the_other_side_has_its_own_devices() -> None:
    assert choose(DEVICES, "HDMI", "loudspeaker") == Choice(0, True)


def test_no_device_is_no_choice() -> None:
    assert choose([], "", "microphone") is None
    assert choose(DEVICES[:1], "HDMI", "microphone") is None
