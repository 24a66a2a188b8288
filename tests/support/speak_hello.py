"""Makes `app/voicelive_tui/audio/assets/hello.wav`, the spoken file that replaces a missing
microphone.

    python -m tests.support.speak_hello [FILE.wav]

Mono pcm16 at 24 kHz. Pauses are kept short, so that no endpointer takes the file for two turns. It
was made once and is kept with the source: the package contains only the audio from espeak-ng,
nothing of espeak-ng itself. Needs the `demo` extra.
"""

import ctypes
import shutil
import sys
import tempfile
import wave
from pathlib import Path

import espeakng_loader
import numpy as np
import numpy.typing as npt
import soxr

TEXT = "Hello there, can you hear me well? I am speaking from my terminal."
RATE_HZ = 24_000
PEAK_DBFS = -9.0
LONGEST_PAUSE_MS = 120
EDGE_MS = 200
SILENT_BELOW = 0.004

_SYNCHRONOUS = 2
_CHARS_UTF8 = 1
_RATE_PARAMETER = 1
_WORDS_PER_MINUTE = 165
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)

Samples = npt.NDArray[np.float32]


def speak(text: str) -> tuple[Samples, int]:
    """The speech of espeak-ng, mono in -1..1, and its rate in Hz."""
    library = ctypes.cdll.LoadLibrary(espeakng_loader.get_library_path())
    pieces: list[bytes] = []

    def collect(wav: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if wav and count > 0:
            pieces.append(ctypes.string_at(wav, count * 2))
        return 0

    with tempfile.TemporaryDirectory(prefix="espeak") as folder:
        # espeak-ng is silent if the path of its data has 160 characters or more.
        data = shutil.copytree(espeakng_loader.get_data_path(), Path(folder) / "espeak-ng-data")
        rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), 0)
        callback = _CALLBACK(collect)
        library.espeak_SetSynthCallback(callback)
        library.espeak_SetVoiceByName(b"en-us")
        library.espeak_SetParameter(_RATE_PARAMETER, _WORDS_PER_MINUTE, 0)
        spoken = text.encode()
        library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, _CHARS_UTF8, None, None)
        library.espeak_Terminate()
    if not pieces:
        raise RuntimeError("espeak-ng said nothing")
    return np.frombuffer(b"".join(pieces), dtype="<i2").astype(np.float32) / np.float32(32768), int(
        rate_hz
    )


def shorten_pauses(samples: Samples) -> Samples:
    """The same speech with no pause longer than `LONGEST_PAUSE_MS`, and `EDGE_MS` of silence at
    both ends."""
    block = RATE_HZ // 100
    longest = LONGEST_PAUSE_MS // 10
    kept: list[Samples] = []
    quiet = longest
    for start in range(0, len(samples) - block + 1, block):
        piece = samples[start : start + block]
        quiet = quiet + 1 if float(np.abs(piece).max()) < SILENT_BELOW else 0
        if quiet <= longest:
            kept.append(piece)
    edge = np.zeros(RATE_HZ * EDGE_MS // 1000, dtype=np.float32)
    return np.concatenate([edge, *kept, edge])


def main(arguments: list[str]) -> int:
    """Write the file and print its length."""
    assets = Path(__file__).parents[2] / "app" / "voicelive_tui" / "audio" / "assets"
    path = Path(arguments[0]) if arguments else assets / "hello.wav"
    samples, rate_hz = speak(TEXT)
    spoken = shorten_pauses(
        np.asarray(soxr.resample(samples, rate_hz, RATE_HZ, quality="VHQ"), dtype=np.float32)
    )
    spoken *= 10 ** (PEAK_DBFS / 20) / float(np.abs(spoken).max())
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.round(spoken * 32767).astype("<i2").tobytes())
    print(f"{path.name}: {len(spoken) / RATE_HZ:.2f} s, {path.stat().st_size} bytes: {TEXT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
