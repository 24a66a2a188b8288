"""WAV headers that we write are read by the standard library, and format chunks are read."""

import io
import struct
import wave

import pytest
from voicelive_common.wav import (
    ALAW,
    EXTENSIBLE,
    FORMAT_BYTES,
    PCM,
    ULAW,
    WavFormat,
    format_chunk,
    mono_header,
    read_format,
    riff_header,
)


def test_a_header_makes_a_file_that_others_read() -> None:
    samples = bytes(range(200))
    with wave.open(io.BytesIO(mono_header("pcm16", 16_000, len(samples)) + samples)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.readframes(1_000) == samples


@pytest.mark.parametrize(("codec", "tag"), [("g711_alaw", ALAW), ("g711_ulaw", ULAW)])
def test_g711_has_an_extension_and_a_count_of_frames(codec: str, tag: int) -> None:
    header = mono_header(codec, 8_000, 160)
    assert struct.unpack_from("<4sI4s4sI", header) == (
        b"RIFF",
        len(header) + 160 - 8,
        b"WAVE",
        b"fmt ",
        18,
    )
    assert struct.unpack_from("<HHIIHHH", header, 20) == (tag, 1, 8_000, 8_000, 1, 8, 0)
    assert struct.unpack_from("<4sII4sI", header, 38) == (b"fact", 4, 160, b"data", 160)


@pytest.mark.parametrize("codec", ["pcm16", "g711_ulaw"])
def test_sizes_stop_where_32_bits_end(codec: str) -> None:
    header = mono_header(codec, 8_000, 2**33)
    assert struct.unpack_from("<I", header, 4) == struct.unpack("<I", header[-4:]) == (0xFFFFFFFF,)


def test_a_chunk_of_odd_length_is_padded() -> None:
    chunk = format_chunk(PCM, 2, 48_000, 6, 24) + b"odd"
    header = riff_header(chunk, 12)
    assert header[12:20] == b"fmt " + struct.pack("<I", FORMAT_BYTES + 3)
    assert header[20:] == chunk + b"\0data" + struct.pack("<I", 12)


def test_a_format_chunk_is_read_as_it_was_written() -> None:
    assert read_format(format_chunk(PCM, 2, 48_000, 6, 24)) == WavFormat(
        PCM, 2, 48_000, 288_000, 6, 24
    )


def test_an_extensible_one_has_the_tag_of_its_subformat() -> None:
    chunk = (
        format_chunk(EXTENSIBLE, 1, 8_000, 1, 8) + struct.pack("<HHIH", 22, 8, 4, ULAW) + bytes(14)
    )
    assert read_format(chunk).tag == ULAW
    assert read_format(chunk[:25]).tag == EXTENSIBLE, "too short for one"
