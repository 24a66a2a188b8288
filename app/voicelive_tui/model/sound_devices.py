"""The audio devices of a machine, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """One device of this machine. A device without input or output has 0 channels there."""

    name: str
    host_api: str
    input_channels: int
    output_channels: int
    default_rate_hz: int
    default_input: bool
    default_output: bool


@dataclass(frozen=True, slots=True)
class Devices:
    """Every device that PortAudio knows. problem: one sentence with the cure when PortAudio cannot
    be asked; else empty."""

    devices: tuple[Device, ...] = ()
    problem: str = ""
