"""Sounds that make a service cut an answer, for tests and measurements: voices, the answer's own
echo, and noises that are no voice. All are repeatable and at 24 kHz, in -1..1."""

import numpy as np
import numpy.typing as npt
from voicelive_simulator.sound.choose_voice import choose_voice
from voicelive_simulator.sound.speech import Prosody
from voicelive_tui.audio.dsp.resample import Resampler

Sound = npt.NDArray[np.float64]

RATE_HZ = 24_000
AGENT = "en-US-AvaMultilingualNeural"
ANSWER = (
    "Your parcel is out for delivery, and the driver has eleven stops before yours, so that it "
    "will reach you this afternoon, between three and four, if the traffic allows it."
)
VOICES = ("ash", "andrew", "guy", "brian", "jenny", "emma", "coral", "denise", "monica", "sage")
"""Names of voices that the simulator gives different speakers and pitches."""
SENTENCES = (
    "Wait a moment, please.",
    "No, that is wrong.",
    "Can a neighbour take it?",
    "And what does that cost?",
)


def spoken(text: str, voice_name: str, *, pitch: float = 1.0, level_dbfs: float = -20.0) -> Sound:
    """The text in a synthetic voice. level_dbfs: of what is not silence."""
    voice, missing = choose_voice("espeak")
    assert not missing, missing
    utterance = voice.speak(text, Prosody(voice_name, pitch=pitch))
    samples = utterance.samples.astype("<i2")
    resampled = Resampler(utterance.rate_hz, RATE_HZ).feed(samples, last=True)
    return at_level(resampled / 32768, level_dbfs)


def at_level(sound: Sound, level_dbfs: float) -> Sound:
    """The sound with this RMS over all that is not silence."""
    heard = sound[np.abs(sound) > 0.01 * np.abs(sound).max()]
    scaled: Sound = sound * (10 ** (level_dbfs / 20) / np.sqrt(np.mean(heard * heard)))
    return scaled


def in_room(sound: Sound, delay_ms: int, level_db: float, *, reverberation_s: float = 0.2) -> Sound:
    """The sound as a microphone hears it from a loudspeaker in a room, `level_db` louder."""
    size = int(reverberation_s * RATE_HZ)
    response = np.random.default_rng(7).normal(size=size) * 10 ** (-3 * np.arange(size) / size)
    response *= 0.5 / np.sqrt(np.sum(response**2))
    response[0] = 1.0
    length = 1 << (sound.size + size - 1).bit_length()
    echo = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(response, length), length)
    late = np.concatenate((np.zeros(delay_ms * RATE_HZ // 1000), echo[: sound.size]))
    return late * 10 ** (level_db / 20)


def cough(seed: int, level_dbfs: float = -16.0) -> Sound:
    """Two bursts of noise between 400 and 4000 Hz that die away."""
    rng = np.random.default_rng(seed)
    bursts = [_burst(rng, 0.18, 0.05, (400, 4000)), np.zeros(RATE_HZ // 12)]
    return at_level(np.concatenate((*bursts, _burst(rng, 0.25, 0.07, (400, 4000)))), level_dbfs)


def door(seed: int, level_dbfs: float = -12.0) -> Sound:
    """A slam: a burst of low noise with a rattle after it."""
    rng = np.random.default_rng(seed)
    slam = _burst(rng, 0.35, 0.08, (60, 1500))
    rattle = 0.3 * _burst(rng, 0.3, 0.1, (800, 5000))
    return at_level(np.concatenate((slam, rattle)), level_dbfs)


def room_noise(seconds: float, level_dbfs: float = -62.0, *, seed: int = 13) -> Sound:
    """The quiet noise of a room."""
    noise = np.random.default_rng(seed).normal(size=round(seconds * RATE_HZ))
    return noise * 10 ** (level_dbfs / 20)


def pcm16(sound: Sound) -> bytes:
    """The sound as little-endian samples."""
    return (np.clip(sound, -1.0, 1.0) * 32767).astype("<i2").tobytes()


def mixed(*sounds: Sound) -> Sound:
    """All sounds at once, from the same beginning, as long as the longest."""
    total = np.zeros(max(sound.size for sound in sounds))
    for sound in sounds:
        total[: sound.size] += sound
    return total


def _burst(
    rng: np.random.Generator, seconds: float, decay_s: float, band_hz: tuple[int, int]
) -> Sound:
    size = round(seconds * RATE_HZ)
    spectrum = np.fft.rfft(rng.normal(size=size))
    hz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    spectrum *= (hz >= band_hz[0]) & (hz <= band_hz[1])
    shape: Sound = np.fft.irfft(spectrum, size) * np.exp(-np.arange(size) / (decay_s * RATE_HZ))
    return shape
