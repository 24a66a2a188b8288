"""Sample rates: soxr where two differ, nothing at all where they do not."""

import numpy as np

from voicelive_tui.audio.dsp.pcm import Samples, from_codec, to_int16
from voicelive_tui.model.formats import AudioCodec


class Resampler:
    """A stream of mono int16 samples from one rate to another. Output comes in uneven pieces."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = None
        if from_hz != to_hz:
            import soxr

            self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ")

    def feed(self, samples: Samples, *, last: bool = False) -> Samples:
        """Resampled samples, as many as are ready; all of the rest with `last`."""
        if self._stream is None:
            return samples
        # As floats: soxr dithers int16, and digital silence has to stay what it is.
        chunk = samples.astype(np.float32) / np.float32(32768)
        return to_int16(self._stream.resample_chunk(chunk, last=last))


class Decoder:
    """One part's bytes in the service's format to pcm16 bytes of the device's rate."""

    def __init__(self, codec: AudioCodec, from_hz: int, to_hz: int) -> None:
        self._codec = codec
        self._from_hz = from_hz
        self._resampler = Resampler(from_hz, to_hz)
        self._odd = b""
        self._frames = 0

    @property
    def received_ms(self) -> int:
        """How much was fed, in whole milliseconds."""
        return self._frames * 1000 // self._from_hz

    def feed(self, audio: bytes) -> bytes:
        """As much as is ready; an odd byte waits for its other half."""
        if self._codec == "pcm16":
            audio = self._odd + audio
            whole = len(audio) & ~1
            audio, self._odd = audio[:whole], audio[whole:]
        samples = from_codec(audio, self._codec)
        self._frames += samples.size
        return self._resampler.feed(samples).tobytes()

    def finish(self) -> bytes:
        """The tail that the resampler still held."""
        return self._resampler.feed(np.zeros(0, np.int16), last=True).tobytes()
