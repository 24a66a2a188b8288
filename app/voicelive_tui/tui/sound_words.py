"""Whose sound devices are in use, and the link to them, in words."""

import math

from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import AudioStatus, EngineSnapshot, SoundLink
from voicelive_tui.tui.formatting import amount, duration, whole_ms


def machine_of(audio: AudioStatus) -> str:
    """The machine with the devices, if it has to be named: the one behind the link, or over SSH
    without a link the one on which the console runs; else empty."""
    return printable(audio.link.machine if audio.link is not None else audio.host)


def muted_at(audio: AudioStatus) -> str:
    """The machine at which the microphone is muted and can alone be unmuted; empty if it is not."""
    return printable(audio.muted_at)


def is_muted(snapshot: EngineSnapshot) -> bool:
    """Whether silence is sent in place of the microphone, wherever that was asked for."""
    return snapshot.muted or bool(snapshot.audio.muted_at)


def link_lost(audio: AudioStatus) -> bool:
    """Whether nothing comes from the machine with the devices."""
    return audio.link is not None and audio.link.lost_s is not None


def lost_for(audio: AudioStatus, now_s: float) -> str:
    """How long nothing has come from the machine with the devices, such as `12 s`; empty while it
    answers. now_s: on the engine's clock."""
    if audio.link is None or audio.link.lost_s is None:
        return ""
    return duration(now_s - audio.link.lost_s)


def seconds_to_next_age(audio: AudioStatus, now_s: float) -> float:
    """Seconds until `lost_for` says something else; infinity if it never will."""
    if audio.link is None or audio.link.lost_s is None:
        return math.inf
    return 1.0 - (now_s - audio.link.lost_s) % 1.0


def link_words(link: SoundLink) -> str:
    """`laptop (ssh, 23 ms)`; the round trip is left out before it is measured and while nothing
    comes."""
    trip = ""
    if link.round_trip_ms is not None and link.lost_s is None:
        trip = f", {amount(whole_ms(link.round_trip_ms))} ms"
    return f"{printable(link.machine)} ({link.way}{trip})"


def short_link_words(link: SoundLink) -> str:
    """The same in fewer cells: `laptop 23 ms`."""
    if link.round_trip_ms is None or link.lost_s is not None:
        return printable(link.machine)
    return f"{printable(link.machine)} {amount(whole_ms(link.round_trip_ms))} ms"
