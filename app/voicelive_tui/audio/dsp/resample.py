"""Converts between sample rates with soxr, and passes samples through where the rates are equal."""

import numpy as np

from voicelive_tui.audio.dsp.pcm import Samples, from_codec, to_int16
from voicelive_tui.model.formats import AudioFormat


class Resampler:
    """Converts a stream of mono int16 samples from one rate to another. The pieces of its output
    vary in size."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = None
        if from_hz != to_hz:
            import soxr

            self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ")

    def feed(self, samples: Samples, *, last: bool = False) -> Samples:
        """Take samples of shape (frames,). Returns the resampled ones that are ready, and with
        `last` all that are left."""
        if self._stream is None:
            return samples
        # As floats, because soxr dithers int16, and digital silence must stay digital silence.
        chunk = samples.astype(np.float32) / np.float32(32768)
        return to_int16(self._stream.resample_chunk(chunk, last=last))


class Decoder:
    """Turns one part's bytes in the service's format into pcm16 bytes at the device's rate."""

    def __init__(self, format_: AudioFormat, to_hz: int) -> None:
        self._format = format_
        self._resampler = Resampler(format_.rate_hz, to_hz)

    def feed(self, audio: bytes) -> bytes:
        """Decode whole samples, which is all that the console sends, and return as much as the
        resampler has ready.

        Half a sample, which a change of formats in the middle of a part could leave, is dropped.
        """
        whole = audio[: self._format.whole_bytes(len(audio))]
        return self._resampler.feed(from_codec(whole, self._format.codec)).tobytes()

    def finish(self) -> bytes:
        """Return the rest that the resampler still holds."""
        return self._resampler.feed(np.zeros(0, np.int16), last=True).tobytes()
