"""WAV files as tools write them, whole and in pieces: what comes out is the samples and nothing
else."""

import io
import itertools
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.wav import EXTENSIBLE, PCM, ULAW
from voicelive_simulator.sound.wav_stream import BadWav, WavHeader, WavStream, read_header

SAMPLES = bytes(range(250)) * 8


def chunk(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return (
        name
        + struct.pack("<I", len(body) if size is None else size)
        + body
        + b"\0" * (len(body) % 2)
    )


def fmt(
    code: int = PCM, channels: int = 1, rate_hz: int = 24_000, bits: int = 16, extra: bytes = b""
) -> bytes:
    frame = channels * bits // 8
    return chunk(
        b"fmt ",
        struct.pack("<HHIIHH", code, channels, rate_hz, rate_hz * frame, frame, bits) + extra,
    )


def riff(*chunks: bytes, size: int | None = None, magic: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return magic + struct.pack("<I", len(body) if size is None else size) + body


def taken(*appends: bytes) -> bytes:
    stream = WavStream(lambda header: None)
    return b"".join(stream.feed(append) for append in appends)


def test_a_file_of_the_standard_library_is_read() -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((2, 2, 16_000, 0, "NONE", ""))
        file.writeframes(SAMPLES)
    header = read_header(buffer.getvalue())
    assert header == WavHeader(PCM, 2, 16_000, 16, 44, len(SAMPLES), 44 + len(SAMPLES))
    assert header.describe == "16-bit PCM, 2 channels, 16000 Hz"
    assert taken(buffer.getvalue()) == SAMPLES


def test_extensible_headers_name_the_real_format() -> None:
    guid = struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", ULAW) + bytes(14)
    header = read_header(riff(fmt(EXTENSIBLE, bits=8, extra=guid), chunk(b"data", SAMPLES)))
    assert header and header.code == ULAW


LIST = chunk(b"LIST", b"INFOISFT" + b"x" * 7)  # an odd length, padded
FILES = [
    riff(fmt(), chunk(b"data", SAMPLES)),
    riff(LIST, fmt(), LIST, chunk(b"data", SAMPLES)),
    riff(fmt(), chunk(b"data", SAMPLES), LIST),
    riff(fmt(), chunk(b"data", SAMPLES, 0), size=0),
    riff(fmt(), chunk(b"data", SAMPLES, 0xFFFFFFFF), size=0xFFFFFFFF),
    riff(fmt(), chunk(b"data", SAMPLES, 0xFFFFFFFF), magic=b"RF64"),
    riff(fmt(), chunk(b"data", SAMPLES), size=len(SAMPLES)),  # a total that forgets the header
]


@given(st.sampled_from(FILES), st.lists(st.integers(4, 2100), max_size=12, unique=True).map(sorted))
def test_however_it_is_cut_the_samples_come_out(file: bytes, cuts: list[int]) -> None:
    edges = [0, *(cut for cut in cuts if cut < len(file)), len(file)]
    assert taken(*(file[low:high] for low, high in itertools.pairwise(edges))) == SAMPLES


def test_files_and_bare_samples_may_follow_each_other() -> None:
    whole = riff(fmt(), chunk(b"data", SAMPLES), LIST)
    assert taken(SAMPLES, whole, SAMPLES, whole[:700], whole[700:], whole) == SAMPLES * 5


def test_a_file_that_breaks_off_gives_way_to_the_next() -> None:
    whole = riff(fmt(), chunk(b"data", SAMPLES))
    assert taken(whole[:300], whole) == SAMPLES[:256] + SAMPLES


def test_samples_that_only_look_like_a_beginning_are_samples() -> None:
    assert taken(b"RIFFxy", b"xyzz" * 10) == b"RIFFxy" + b"xyzz" * 10
    assert taken(b"RIFF1234AVI ", SAMPLES) == b"RIFF1234AVI " + SAMPLES
    assert taken(b"RI", b"FF") == b"RIFF"


@pytest.mark.parametrize(
    ("file", "what"),
    [
        (riff(chunk(b"data", SAMPLES)), "no format chunk"),
        (riff(chunk(b"fmt ", b"1234")), "4 bytes instead of 16"),
        (riff(chunk(b"LIST", b"", 1_000_000)), "first 64 KiB"),
        (riff(fmt(), *[chunk(b"junk", bytes(30_000))] * 3), "first 64 KiB"),
    ],
)
def test_a_broken_header_is_one_sentence(file: bytes, what: str) -> None:
    with pytest.raises(BadWav, match=what):
        taken(file)


def test_a_refused_file_is_dropped_to_its_end() -> None:
    def refuse(header: WavHeader) -> None:
        raise BadWav(header.describe)

    stream = WavStream(refuse)
    file = riff(fmt(rate_hz=48_000), chunk(b"data", SAMPLES), LIST)
    with pytest.raises(BadWav, match="48000"):
        stream.feed(file[:500])
    assert stream.feed(file[500:900]) == b""
    assert stream.feed(file[900:] + b"after") == b"after"


@given(st.binary(max_size=200), st.lists(st.binary(max_size=60), max_size=4))
def test_no_bytes_break_it(garbage: bytes, more: list[bytes]) -> None:
    stream = WavStream(lambda header: None)
    for append in [b"RIFF\0\0\0\0WAVE" + garbage, *more]:
        try:
            assert len(stream.feed(append)) <= 212 + sum(map(len, more))
        except BadWav as error:
            assert str(error).endswith(".")
