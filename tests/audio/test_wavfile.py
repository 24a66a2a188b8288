"""WAV files in many formats, broken ones, and one that is read while it is written."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from voicelive_tui.audio.wavfile import WavError, WavWriter, read_wav

from tests.support.signals import counter, samples, write_wav

VALUES = [0, 256, -256, 32_512, -32_768, 12_800]


def riff(tag: int, bits: int, data: bytes, *, channels: int = 1, rate_hz: int = 16_000, extra: bytes = b"") -> bytes:
    """A file made by hand."""
    frame = channels * bits // 8
    layout = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * frame, frame, bits) + extra
    chunks = b"fmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def encoded(width_bytes: int) -> bytes:
    """VALUES as PCM of this width."""
    if width_bytes == 1:
        return bytes((value >> 8) + 128 for value in VALUES)
    return b"".join((value << 8 * (width_bytes - 2)).to_bytes(width_bytes, "little", signed=True) for value in VALUES)


@pytest.mark.parametrize("width_bytes", [1, 2, 3, 4])
def test_pcm_of_every_width(tmp_path: Path, width_bytes: int) -> None:
    path = write_wav(tmp_path / "a.wav", encoded(width_bytes), rate_hz=44_100, width_bytes=width_bytes)
    sound = read_wav(str(path))
    assert sound.samples.tolist() == VALUES
    assert sound.rate_hz == 44_100


def test_stereo_is_mixed_down(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", struct.pack("<4h", 100, 300, -32_768, -32_768), channels=2)
    assert read_wav(str(path)).samples.tolist() == [200, -32_768]


def test_float_and_extensible_and_g711(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(riff(3, 32, struct.pack("<4f", 0.0, 0.5, -1.5, float("nan"))))
    assert read_wav(str(path)).samples.tolist() == [0, 16_384, -32_768, 0]
    subformat = struct.pack("<HHIH", 22, 24, 4, 1) + bytes(14)
    path.write_bytes(riff(0xFFFE, 24, encoded(3), extra=subformat))
    assert read_wav(str(path)).samples.tolist() == VALUES
    path.write_bytes(riff(7, 8, b"\xff\x80", rate_hz=8_000))
    assert read_wav(str(path)).samples.tolist() == [0, 32_124]


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(riff(1, 16, counter(100))[:-51])
    assert read_wav(str(path)).samples.tolist() == samples(counter(74))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no WAV file"),
        (b"ID3 an mp3 file", "is no WAV file"),
        (riff(1, 16, b""), "holds no sound"),
        (riff(2, 4, bytes(64)), "holds 4-bit sound of format 2, not PCM"),
        (riff(1, 16, bytes(4), channels=0), "damaged"),
        (riff(1, 16, bytes(4))[:40], "has no sound data chunk"),
        (b"RIFF\x24\0\0\0WAVE", "has no format chunk"),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(WavError, match=sentence):
        read_wav(str(path))


def test_a_missing_file_is_named_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(WavError, match=r"cannot read .*nothing.wav: No such file or directory"):
        read_wav(str(tmp_path / "nothing.wav"))


def test_the_header_is_true_after_every_write(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    writer = WavWriter(str(path), 24_000)
    for blocks in range(5):
        with wave.open(str(path), "rb") as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
            assert file.getnframes() == 480 * blocks
            assert len(file.readframes(10_000)) == 960 * blocks
        writer.write(np.ones(480, np.int16).tobytes())
    writer.close()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WavError, match=r"cannot write .*: No such file or directory"):
        WavWriter(str(tmp_path / "no" / "out.wav"), 24_000)


def test_a_full_disk_is_one_sentence() -> None:
    with pytest.raises(WavError, match="cannot write /dev/full: No space left on device"):
        WavWriter("/dev/full", 24_000)
