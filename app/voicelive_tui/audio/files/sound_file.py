"""Reads sound files as mono int16.

Invariant: memory and time depend only on the data that is really there, never on what a header
claims.
"""

import math
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voicelive_tui.audio.dsp.pcm import Samples
from voicelive_tui.audio.files.mixdown import READ_TIMEOUT_S, Mixdown, mix_channels
from voicelive_tui.audio.files.sound_decoder import (
    CONVERT,
    SoundFileError,
    decoder_of,
    named_frames,
    open_sound,
)

if TYPE_CHECKING:
    from soundfile import SoundFile

_SHORTAGE_S = 0.1
"""A shortage below this many seconds is not reported: headers may or may not count the padding of
encoders."""
_AUDIBLE_DBFS = -70.0
_CANCELLED = 1 / 16
"""The channels count as each other's opposite if the power of the mixdown is below this fraction of
the power of independent channels."""


class DecodedAudio(NamedTuple):
    """A whole file: mono samples of shape (frames,).

    remark: a sentence or two about anything odd in it, or empty.
    """

    samples: Samples
    rate_hz: int
    remark: str


def read_sound(path: str) -> DecodedAudio:
    """Read the whole file and mix its channels down. Raises SoundFileError, whose sentence says
    what is wrong with the file."""
    try:
        with open_sound(path) as file, decoder_of(file, path) as decoded:
            return _mix_down(decoded, path, named_length=named_frames(file, decoded))
    except OSError as error:
        raise SoundFileError(f"cannot read {path}: {error.strerror or error}") from error
    except (MemoryError, OverflowError) as error:
        raise SoundFileError(
            f"{path} needs more memory than there is; convert it with: {CONVERT}"
        ) from error


def check_sound(path: str) -> None:
    """Open the file and read only its header. Raises SoundFileError as `read_sound` does."""
    try:
        with open_sound(path) as file, decoder_of(file, path):
            return
    except OSError as error:
        raise SoundFileError(f"cannot read {path}: {error.strerror or error}") from error


def _mix_down(decoded: "SoundFile", path: str, named_length: int | None) -> DecodedAudio:
    give_up_s = time.perf_counter() + READ_TIMEOUT_S
    mixed = mix_channels(decoded, path, give_up_s)
    if not mixed.samples.size:
        raise SoundFileError(f"{path} holds no sound")
    remark = ""
    if _cancelled(mixed):
        loudest = int(np.argmax(mixed.channel_power))
        decoded.seek(0)
        mixed = mix_channels(decoded, path, give_up_s, loudest)
        remark = (
            f"The channels of {path} cancel each other when they are mixed: only channel "
            f"{loudest + 1} is used."
        )
    odd = (
        _silence_remark(mixed.peak, path) or remark,
        _shortage(mixed.samples.size, named_length, decoded.samplerate, path),
    )
    return DecodedAudio(mixed.samples, decoded.samplerate, " ".join(filter(None, odd)))


def _shortage(frames: int, named_length: int | None, rate_hz: int, path: str) -> str:
    """A sentence if the file is shorter than its header states, else empty."""
    if named_length is None or named_length - frames < _SHORTAGE_S * rate_hz:
        return ""
    there_s, named_s = frames / rate_hz, named_length / rate_hz
    return (
        f"{path} ends early or is damaged: only {there_s:.1f} of the {named_s:.1f} s that its "
        "header names can be read."
    )


def _cancelled(mixed: Mixdown) -> bool:
    """Whether the channels are so nearly each other's opposite that mixing leaves almost
    nothing."""
    channels = mixed.channel_power.size
    return (
        channels > 1 and mixed.power < _CANCELLED * float(mixed.channel_power.sum()) / channels**2
    )


def _silence_remark(peak: float, path: str) -> str:
    """A sentence if nothing of the file can be heard, else empty."""
    if peak == 0.0:
        return (
            f"{path} holds nothing audible: all of it is digital silence; check how it was "
            "recorded."
        )
    peak_dbfs = 20 * math.log10(peak)
    if peak_dbfs >= _AUDIBLE_DBFS:
        return ""
    return (
        f"{path} holds nothing audible: its loudest sample is at {peak_dbfs:.0f} dBFS; check "
        "how it was recorded."
    )
