"""WAV files whose header is right after every append."""

import errno
import os
import struct
import wave
from pathlib import Path

import pytest
from voicelive_tui.journal.wav_file import WavFile, header_size
from voicelive_tui.model.formats import AudioCodec, AudioFormat


def test_pcm_is_read_by_others_after_every_append(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    file = WavFile(str(path), AudioFormat("pcm16", 16_000))
    expected = b""
    for block in (b"", b"\x01\x02" * 10, b"\x03\x04"):
        file.append(block)
        expected += block
        with wave.open(str(path)) as reader:
            assert (reader.getframerate(), reader.getnchannels()) == (16_000, 1)
            assert reader.readframes(reader.getnframes()) == expected
    file.close()


@pytest.mark.parametrize(("codec", "tag"), [("g711_alaw", 6), ("g711_ulaw", 7)])
def test_g711(tmp_path: Path, codec: AudioCodec, tag: int) -> None:
    path = tmp_path / "x.wav"
    file = WavFile(str(path), AudioFormat(codec, 8_000))
    file.append(b"\x55" * 160)
    file.close()
    data = path.read_bytes()
    assert struct.unpack_from("<4sI4s4sI", data) == (b"RIFF", len(data) - 8, b"WAVE", b"fmt ", 18)
    assert struct.unpack_from("<HHIIHHH", data, 20) == (tag, 1, 8_000, 8_000, 1, 8, 0)
    assert struct.unpack_from("<4sII", data, 38) == (b"fact", 4, 160)
    assert struct.unpack_from("<4sI", data, 50) == (b"data", 160)
    assert header_size(AudioFormat(codec, 8_000)) == 58


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        WavFile(str(tmp_path / "x.wav"), AudioFormat())
    assert (tmp_path / "x.wav").read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("codec", "silence"), [("pcm16", b"\0"), ("g711_ulaw", b"\xff"), ("g711_alaw", b"\xd5")]
)
def test_what_is_missing_in_a_sound_file_is_silence_of_its_codec(
    tmp_path: Path, codec: AudioCodec, silence: bytes
) -> None:
    file = WavFile(str(tmp_path / "x.wav"), AudioFormat(codec, 8_000))
    start = header_size(AudioFormat(codec, 8_000))
    file.append(b"ab")
    file.append(b"cd", start + 200_000)
    file.append(b"cd", start + 200_000)
    file.append(b"ef")
    file.close()
    assert (tmp_path / "x.wav").read_bytes()[start:] == b"ab" + silence * 199_998 + b"cdef"


def test_a_sound_file_whose_header_found_no_room_can_be_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            WavFile(str(tmp_path / "x.wav"), AudioFormat())
    WavFile(str(tmp_path / "x.wav"), AudioFormat()).close()
