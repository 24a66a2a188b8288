"""Says by which way the sound comes, and whose devices are used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import SoundLink

_TUNNELS = {"PULSE_SERVER": "PulseAudio", "PIPEWIRE_REMOTE": "PipeWire"}
"""The variables with which a sound server elsewhere is chosen, and whose they are."""
_OVER_SSH = (
    "type `voicelive-tui ssh HOST` there to use its microphone and loudspeaker, or use --audio"
)
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class SoundSource:
    """Whose devices are used, as a sentence without its full stop. elsewhere: whether that needs to
    be said where only unusual things are said. cure: how to use others, or empty."""

    verdict: Literal["ok", "warning"]
    text: str
    elsewhere: bool = True
    cure: str = ""


def sound_source(
    link: SoundLink | None, environ: Mapping[str, str], host: str, *, over_ssh: bool
) -> SoundSource:
    """The source of the sound. link: to the machine whose devices are used, if it is another one.
    environ: of the program. host: the name of this machine."""
    if link is not None:
        way = "`voicelive-tui ssh`" if link.way == "ssh" else "the socket of --audio"
        name = printable(link.machine)
        return SoundSource("ok", f"the devices of {name}, through {way}{_figures(link)}")
    for variable, server in _TUNNELS.items():
        if value := environ.get(variable, "").strip():
            shown = printable(value)[:_LONGEST]
            return SoundSource("ok", f"the devices of the {server} server at {variable}={shown}")
    if over_ssh:
        return SoundSource(
            "warning",
            f"the devices of {printable(host)}, not of the machine in front of you",
            cure=_OVER_SSH,
        )
    return SoundSource("ok", "the devices of this machine", elsewhere=False)


def _figures(link: SoundLink) -> str:
    if link.round_trip_ms is None or link.clock_error_ms is None:
        return ""
    return (
        f": round trip {_ms(link.round_trip_ms)}, clocks aligned within {_ms(link.clock_error_ms)}"
    )


def _ms(value_ms: float) -> str:
    return f"{value_ms:.0f} ms" if value_ms >= 10 else f"{value_ms:.1f} ms"
