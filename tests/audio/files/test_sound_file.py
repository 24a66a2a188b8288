"""Sound files from other programs, hostile ones among them."""

import io
import os
import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from voicelive_tui.audio.files import mixdown
from voicelive_tui.audio.files.sound_decoder import SoundBytes, SoundFileError
from voicelive_tui.audio.files.sound_file import DecodedAudio, read_sound
from voicelive_tui.audio.files.wav_layout import find_samples, true_header

from tests.audio.support.wav_layouts import (
    UNKNOWN_SIZE,
    chunk,
    layout,
    long_sizes,
    pcm,
    riff,
    subformat,
)
from tests.support.signals import counter, samples

VALUES = [0, 256, -256, 32_512, -32_768, 12_800] * 50
PCM16 = pcm(VALUES, 2)


def read(content: bytes) -> DecodedAudio:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        path.write_bytes(content)
        return read_sound(str(path))


@pytest.mark.parametrize("width_bytes", [1, 2, 3, 4])
@pytest.mark.parametrize("extensible", [False, True])
def test_pcm_of_every_width(width_bytes: int, extensible: bool) -> None:
    bits = 8 * width_bytes
    form = (
        layout(0xFFFE, bits, extra=subformat(1, bits))
        if extensible
        else layout(1, bits, rate_hz=44_100)
    )
    sound = read(riff(form, chunk(b"data", pcm(VALUES, width_bytes))))
    assert sound.samples.tolist() == VALUES
    assert (sound.rate_hz, sound.remark) == (16_000 if extensible else 44_100, "")


def test_float_of_both_widths_is_clipped_and_what_is_no_number_is_silence() -> None:
    values = (0.0, 0.5, -1.5, float("nan"), float("inf"))
    for letter, bits in (("f", 32), ("d", 64)):
        sound = read(riff(layout(3, bits), chunk(b"data", struct.pack(f"<5{letter}", *values))))
        assert sound.samples.tolist() == [0, 16_384, -32_768, 0, 32_767]


def test_g711_with_and_without_an_extension() -> None:
    for extra in (b"", b"\0\0"):
        assert read(
            riff(layout(7, 8, extra=extra), chunk(b"data", b"\xff\x80"))
        ).samples.tolist() == [0, 32_124]
        assert read(
            riff(layout(6, 8, extra=extra), chunk(b"data", b"\xd5\xaa"))
        ).samples.tolist() == [8, 32_256]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(riff(layout(1, 16), chunk(b"data", PCM16, size=0), size=0), id="no lengths"),
        pytest.param(
            riff(layout(1, 16), chunk(b"data", PCM16, size=UNKNOWN_SIZE), size=UNKNOWN_SIZE),
            id="unknown lengths",
        ),
        pytest.param(riff(layout(1, 16), chunk(b"data", PCM16, size=0x7FFFFFFF)), id="too long"),
        pytest.param(
            riff(layout(1, 16), chunk(b"data", PCM16, size=100), size=136),
            id="the first piece's length",
        ),
        pytest.param(
            riff(layout(1, 16), chunk(b"LIST", b"odd", pad=False), chunk(b"data", PCM16)),
            id="no pad byte",
        ),
        pytest.param(
            riff(layout(1, 16), chunk(b"LIST", b"odd"), chunk(b"data", PCM16)), id="a pad byte"
        ),
        pytest.param(
            riff(layout(1, 16), chunk(b"LIST", b"abcd", size=0xFFFFFFF0), chunk(b"data", PCM16)),
            id="a long chunk",
        ),
        pytest.param(
            riff(chunk(b"JUNK", bytes(28)), layout(1, 16), chunk(b"data", PCM16)), id="JUNK"
        ),
        pytest.param(riff(chunk(b"data", PCM16), layout(1, 16)), id="data before format"),
        pytest.param(
            riff(layout(1, 16), chunk(b"data", PCM16), chunk(b"LIST", b"INFO")), id="a chunk behind"
        ),
        pytest.param(
            riff(layout(1, 16), chunk(b"data", PCM16), chunk(b"LIST", b"INFO", size=99)),
            id="a torn chunk behind",
        ),
        pytest.param(
            riff(layout(1, 16), chunk(b"data", PCM16)) + b"TAG" + bytes(125), id="an ID3 tag behind"
        ),
        pytest.param(riff(layout(1, 16), chunk(b"data", PCM16 + b"\x01")), id="half a sample"),
        pytest.param(
            riff(
                layout(0xFFFE, 16, extra=struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)),
                chunk(b"data", PCM16),
            ),
            id="GUID",
        ),
        *(
            pytest.param(
                riff(
                    *sizes,
                    layout(1, 16),
                    chunk(b"data", PCM16, size=UNKNOWN_SIZE),
                    size=UNKNOWN_SIZE,
                    kind=kind,
                ),
                id=name,
            )
            for kind in (b"RF64", b"BW64")
            for name, sizes in {
                f"{kind.decode()}": [long_sizes(len(PCM16), len(VALUES))],
                f"{kind.decode()} unfinished": [long_sizes(0, 0)],
                f"{kind.decode()} boastful": [long_sizes(1 << 62, 1 << 61)],
                f"{kind.decode()} bare": [],
            }.items()
        ),
    ],
)
def test_samples_that_are_there_are_found(content: bytes) -> None:
    assert read(content).samples.tolist() == VALUES


@given(
    values=st.lists(st.integers(-128, 127).map(lambda value: value * 256), min_size=1, max_size=60),
    width_bytes=st.integers(1, 4),
    channels=st.integers(1, 3),
    stated=st.one_of(st.none(), st.sampled_from([0, UNKNOWN_SIZE, 0x7FFFFFFF])),
    riff_size=st.one_of(st.none(), st.integers(0, UNKNOWN_SIZE)),
    before=st.lists(
        st.tuples(
            st.sampled_from([b"JUNK", b"LIST", b"bext", b"abcd"]),
            st.binary(max_size=9),
            st.booleans(),
        )
    ),
)
def test_whatever_stands_around_them_the_samples_are_read(
    values: list[int],
    width_bytes: int,
    channels: int,
    stated: int | None,
    riff_size: int | None,
    before: list[tuple[bytes, bytes, bool]],
) -> None:
    data = b"".join(pcm([value] * channels, width_bytes) for value in values)
    chunks = [chunk(name, body, pad=pad) for name, body, pad in before]
    form = layout(1, 8 * width_bytes, channels=channels)
    content = riff(
        *chunks, form, chunk(b"data", data, size=stated, pad=stated is None), size=riff_size
    )
    assert read(content).samples.tolist() == values


@given(
    content=st.binary(max_size=400),
    head=st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"RF64\xff\xff\xff\xffWAVE", b"fLaC", b"ID3"]),
)
@example(content=layout(1, 16) * 20, head=b"RIFF\0\0\0\0WAVE")
@settings(max_examples=300)
def test_any_bytes_are_sound_or_one_sentence(content: bytes, head: bytes) -> None:
    try:
        read(head + content)
    except SoundFileError as error:
        assert "a.wav" in str(error) and "\n" not in str(error) and not str(error).endswith(".")


@given(data=st.data())
@settings(max_examples=300)
def test_a_damaged_file_is_sound_or_one_sentence(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(ENCODED)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, min(len(content), 120) - 1))] = data.draw(
            st.integers(0, 255)
        )
    del content[data.draw(st.integers(0, len(content))) :]
    try:
        read(bytes(content))
    except SoundFileError as error:
        assert "a.wav" in str(error) and "\n" not in str(error)


def encoded(kind: str, subtype: str | None = None, endian: str | None = None) -> bytes:
    """Return a second of a falling tone in this format."""
    tone = (0.5 * np.sin(np.linspace(0, 600, 16_000))).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, tone, 16_000, format=kind, subtype=subtype, endian=endian)
    return file.getvalue()


FORMATS: list[tuple[str, str | None, str | None]] = [
    ("FLAC", None, None),
    ("OGG", "VORBIS", None),
    ("OGG", "OPUS", None),
    ("MP3", None, None),
    ("AIFF", None, None),
]
FORMATS += [
    ("AU", None, None),
    ("CAF", None, None),
    ("W64", None, None),
    ("WAV", "PCM_16", "BIG"),
    ("WAV", "IMA_ADPCM", None),
]
ENCODED = [encoded(*each) for each in FORMATS]


@pytest.mark.parametrize("content", ENCODED, ids=["-".join(filter(None, each)) for each in FORMATS])
def test_other_formats_are_read_under_any_name(content: bytes) -> None:
    sound = read(content)
    assert sound.rate_hz in (16_000, 48_000)
    assert sound.samples.size / sound.rate_hz == pytest.approx(1.0, abs=0.15)
    assert np.abs(sound.samples.astype(int)).max() > 10_000
    assert not sound.remark


@given(
    data_bytes=st.integers(0, 300),
    seeks=st.lists(
        st.tuples(
            st.integers(-9, 400),
            st.sampled_from([os.SEEK_SET, os.SEEK_CUR, os.SEEK_END]),
            st.integers(0, 400),
        )
    ),
)
def test_a_righted_file_is_read_like_the_file_itself(
    data_bytes: int, seeks: list[tuple[int, int, int]]
) -> None:
    whole = riff(layout(1, 16), chunk(b"data", counter(200)[:data_bytes], pad=False))
    streamed = io.BytesIO(
        riff(layout(1, 16), chunk(b"data", counter(200)[:data_bytes], size=UNKNOWN_SIZE, pad=False))
    )
    found = find_samples(streamed)
    righted = SoundBytes(true_header(found), streamed, found.data_at, found.data_bytes)
    for offset, whence, size in seeks:
        at = righted.seek(offset, whence)
        assert 0 <= at == righted.tell() <= len(whole)
        assert righted.read(size) == whole[at : at + size]
    righted.seek(0)
    assert righted.read(1_000) == whole


def test_channels_are_mixed_down() -> None:
    stereo = riff(
        layout(1, 16, channels=2),
        chunk(b"data", struct.pack("<4h", 10_000, 30_000, -32_768, -32_768)),
    )
    assert read(stereo).samples.tolist() == [20_000, -32_768]
    assert not read(stereo).remark


def test_channels_that_cancel_each_other_are_named_and_the_louder_one_is_used() -> None:
    pairs = [each for value in range(1_000, 30_000, 50) for each in (value - value // 10, -value)]
    sound = read(
        riff(layout(1, 16, channels=2), chunk(b"data", struct.pack(f"<{len(pairs)}h", *pairs)))
    )
    assert sound.samples.tolist() == pairs[1::2]
    assert "a.wav cancel each other when they are mixed: only channel 2 is used." in sound.remark


def test_one_loud_channel_among_many_is_no_cancellation() -> None:
    frames = [each for value in range(1_000, 30_000, 500) for each in (value, *[0] * 7)]
    assert not read(
        riff(layout(1, 16, channels=8), chunk(b"data", struct.pack(f"<{len(frames)}h", *frames)))
    ).remark


@pytest.mark.parametrize(
    ("value", "channels", "sentence"),
    [
        (0, 1, "all of it is digital silence"),
        (0, 2, "digital silence"),
        (8, 1, "its loudest sample is at -72 dBFS"),
        (16, 1, ""),
    ],
)
def test_a_file_in_which_nothing_can_be_heard_is_named(
    value: int, channels: int, sentence: str
) -> None:
    remark = read(
        riff(layout(1, 16, channels=channels), chunk(b"data", pcm([value] * 400, 2)))
    ).remark
    assert sentence in remark
    assert ("a.wav holds nothing audible" in remark) == bool(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no sound: it is empty"),
        (
            b"#!/bin/sh\necho no sound at all\n",
            "cannot be read as a sound file .*; convert it, for example with: ffmpeg -i FILE",
        ),
        (riff(layout(1, 16), chunk(b"data", b"")), "holds no sound"),
        (riff(layout(2, 4), chunk(b"data", bytes(64))), "cannot be read as a sound file"),
        (
            riff(layout(1, 16, channels=0), chunk(b"data", bytes(4))),
            "damaged sound file: it claims 0 channels of 16 bits at 16000 Hz",
        ),
        (
            riff(layout(1, 16, rate_hz=50), chunk(b"data", bytes(4))),
            "damaged sound file: it claims 1 channels at 50 Hz",
        ),
        (riff(layout(1, 16)), "damaged sound file: it has no sound data chunk"),
        (riff(), "damaged sound file: it has no format chunk"),
        (
            riff(chunk(b"fmt ", b"\x01\0"), chunk(b"data", bytes(4))),
            "its format chunk is cut short",
        ),
    ],
)
def test_a_broken_file_is_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(SoundFileError, match=sentence):
        read(content)


def test_a_missing_file_is_named_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(
        SoundFileError, match=r"cannot read .*nothing.wav: No such file or directory"
    ):
        read_sound(str(tmp_path / "nothing.wav"))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(SoundFileError, match="is a folder, a pipe or a device"):
            read_sound(str(path))


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    assert read(
        riff(layout(1, 16), chunk(b"data", counter(100)))[:-51]
    ).samples.tolist() == samples(counter(74))


TWO_SECONDS = counter(32_000)


def written(kind: str, **more: Any) -> bytes:
    """Return two seconds in this format, as soundfile writes them."""
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", samplerate=16_000, channels=1, format=kind, **more
    ) as sound:
        sound.buffer_write(TWO_SECONDS, dtype="int16")
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "tag"),
    [("FLAC", b""), ("MP3", b""), ("MP3", b"ID3\x04\0\0\0\0\x22\0" + bytes(0x22 << 7))],
)
def test_a_file_that_ends_before_its_header_s_length_is_named(kind: str, tag: bytes) -> None:
    content = tag + written(kind)
    assert read(content).remark == ""
    cut = read(content[: len(tag) + (len(content) - len(tag)) * 6 // 10])
    there_s = cut.samples.size / 16_000
    assert 0.8 < there_s < 1.6
    assert cut.remark.endswith(
        f"a.wav ends early or is damaged: only {there_s:.1f} of the 2.0 s that its header names "
        "can be read."
    )


def test_a_flac_file_without_a_length_is_not_called_short() -> None:
    content = bytearray(written("FLAC"))
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    assert (read(bytes(content)).samples.size, read(bytes(content)).remark) == (32_000, "")


def test_the_length_that_is_guessed_of_an_mp3_file_without_a_header_is_not_believed() -> None:
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", samplerate=16_000, channels=1, format="MP3", bitrate_mode="VARIABLE"
    ) as sound:
        sound.write(
            np.concatenate([np.zeros(32_000), np.random.default_rng(1).uniform(-0.3, 0.3, 32_000)])
        )
    content = file.getvalue()
    first = content.index(b"\xff\xf3")
    bare = content[content.index(content[first : first + 2], content.index(b"Xing")) :]
    with soundfile.SoundFile(io.BytesIO(bare)) as guessed:
        assert guessed.frames > 2 * 64_000
    assert read(bare).remark == ""


def test_more_than_an_hour_is_refused_however_small_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bomb.flac"
    with soundfile.SoundFile(path, "w", samplerate=1_000, channels=1, format="FLAC") as file:
        for _ in range(61):
            file.write(np.zeros(60_000, np.int16))
    assert path.stat().st_size < 100_000
    with pytest.raises(SoundFileError, match=r"bomb.flac holds more than an hour of sound"):
        read_sound(str(path))


def test_an_hour_in_the_header_of_a_short_file_is_not_believed() -> None:
    boastful = bytearray(encoded("FLAC"))
    boastful[21] |= 0x0F  # the highest bits of the number of samples
    assert read(bytes(boastful)).samples.size <= 16_000


def test_too_many_channels_and_samples_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixdown, "_MOST_SAMPLES", 1_000)
    with pytest.raises(
        SoundFileError, match=r"too many samples \(8 channels at 16000 Hz\); convert it"
    ):
        read(riff(layout(1, 16, channels=8), chunk(b"data", counter(2_000))))
