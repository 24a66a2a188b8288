"""The framing between console and audio process: every message survives any cutting of the stream,
and invalid data is refused with a reason."""

import math
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.ipc import messages, requests
from voicelive_tui.audio.ipc.frames import (
    MAX_FRAME_BYTES,
    PREAMBLE,
    FrameError,
    FrameReader,
    Message,
    decode,
    encode,
)

from tests.audio.support.any_message import KINDS, any_message


@given(st.lists(any_message, max_size=5), st.data())
def test_messages_survive_a_stream_cut_anywhere(sent: list[Message], data: st.DataObject) -> None:
    stream = PREAMBLE + b"".join(map(encode, sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader, received = FrameReader(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        received += list(reader.feed(stream[start:end]))
    assert received == sent


@given(any_message, st.data())
def test_a_garbled_frame_is_refused_or_read_as_a_message_but_never_breaks(
    message: Message, data: st.DataObject
) -> None:
    frame = bytearray(encode(message)[4:])
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        decoded = decode(bytes(frame))
    except FrameError:
        return
    assert type(decoded) in KINDS


@given(any_message, st.data())
def test_a_frame_that_is_cut_short_is_refused(message: Message, data: st.DataObject) -> None:
    frame = encode(message)[4:]
    if len(frame) > 1:
        with pytest.raises(FrameError):
            decode(frame[: data.draw(st.integers(0, len(frame) - 1))])


def test_every_message_and_request_has_a_frame() -> None:
    from typing import get_args

    assert set(KINDS) >= {*get_args(messages.AudioMessage), *get_args(requests.AudioRequest)}
    for kind in KINDS:
        assert fields(kind) is not None


def test_silence_is_minus_infinity_on_the_wire_too() -> None:
    silent = messages.Levels("mic", -math.inf, -math.inf, 0)
    assert decode(encode(silent)[4:]) == silent


def test_another_program_on_the_line_is_named() -> None:
    with pytest.raises(FrameError, match=r"does not speak VLAUDIO6; it began with b'Welcome '"):
        list(FrameReader().feed(b"Welcome to host\n"))


def test_an_endless_frame_is_refused_before_it_is_awaited() -> None:
    with pytest.raises(FrameError, match="a frame of 4294967295 bytes"):
        list(FrameReader().feed(PREAMBLE + b"\xff\xff\xff\xff"))


def test_a_frame_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(FrameError, match="unknown frame kind 250"):
        decode(b"\xfa")


def test_a_message_too_long_for_a_frame_is_refused_by_the_writer() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(requests.PlayRequest(0, "item", 0, bytes(MAX_FRAME_BYTES + 1)))
