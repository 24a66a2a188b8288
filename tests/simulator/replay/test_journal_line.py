"""One line of a recording: every way in which the console writes a frame gives the same frame
again."""

import base64
import json
from typing import Any

import pytest
from voicelive_simulator.replay.journal_line import MALFORMED, Audio, LineError, read_line

AUDIO = bytes(range(256)) * 4
DELTA = (
    '{"type":"response.audio.delta","delta":"'
    + base64.b64encode(AUDIO).decode()
    + '","x":"\\u00e9é"}'
)
REFERENCE = '{"$wav":"agent.wav","offset":44,"bytes":1024,"ms":21.333}'


def line(rest: str, n: int = 3) -> bytes:
    return f'{{"n":{n},"t":1.5,"dir":"received"{rest}}}'.encode()


def test_an_event_keeps_its_spelling() -> None:
    text = '{"b":1.50, "a" : "é\\u0041", "type":"x", "n":1e2}'
    read = read_line(line(f',"event":{text}'))
    assert read.text == text and read.event == json.loads(text) and read.type == "x"
    assert (read.n, read.t_s, read.direction, read.audio, read.binary) == (
        3,
        1.5,
        "received",
        None,
        False,
    )


def test_audio_goes_back_to_where_it_stood() -> None:
    text = DELTA.replace(f'"{base64.b64encode(AUDIO).decode()}"', REFERENCE)
    read = read_line(line(f',"event":{text}'))
    assert read.audio == Audio("agent.wav", 44, 1024, 21.333)
    assert isinstance(read.text, str) and read.with_audio(read.text, AUDIO) == DELTA


def test_a_frame_of_several_lines_stands_in_raw() -> None:
    text = '{"type":"response.audio.delta",\n "delta":' + REFERENCE + "}"
    read = read_line(line(f',"raw":{json.dumps(text)},"event":{json.dumps(json.loads(text))}'))
    assert read.text == text and read.audio is not None
    assert json.loads(read.with_audio(text, AUDIO))["delta"] == base64.b64encode(AUDIO).decode()


@pytest.mark.parametrize("value", ["NaN", '"a bare \n line end"', "9" * 5_000])
def test_a_frame_that_breaks_the_rules_of_json_goes_out_as_it_came(value: str) -> None:
    text = '{"type":"response.done","x":' + value + "}"
    read = read_line(line(f',"raw":{json.dumps(text)},"event":{{"type":"response.done","x":null}}'))
    assert read.text == text and read.event is None


def test_the_audio_of_a_frame_that_breaks_the_rules_of_json_is_put_back() -> None:
    text = '{"type":"response.audio.delta","x":NaN,"delta":' + REFERENCE + "}"
    read = read_line(line(f',"raw":{json.dumps(text)},"event":{text.replace("NaN", "null")}'))
    assert read.text == text and read.event is None
    assert json.loads(read.with_audio(text, AUDIO))["delta"] == base64.b64encode(AUDIO).decode()


def test_what_only_looks_like_a_reference_is_left_alone() -> None:
    text = '{"type":"response.audio.delta","delta":' + REFERENCE + "}"
    read = read_line(line(f',"inline":true,"event":{text}'))
    assert read.audio is None and read.text == text


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        (',"raw":"no \\"JSON\\""', 'no "JSON"'),
        (',"binary":true,"raw_base64":"/w=="', b"\xff"),
        (',"raw":"[1]"', "[1]"),
    ],
)
def test_what_was_no_json_object_is_kept_as_it_was(rest: str, text: str | bytes) -> None:
    read = read_line(line(rest))
    assert read.text == text and read.event is None and read.type == MALFORMED


def test_directions_may_be_arrows_and_spacing_another_hands() -> None:
    read = read_line(b'{"n": 1, "t": 0, "dir": ">", "event": {"type": "x"}}')
    assert (read.direction, read.text) == ("sent", '{"type":"x"}')


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'{"n":1,"t":0,"dir":"up","event":{}}',
        b'{"n":true,"t":0,"dir":"sent","event":{}}',
        b"\xff",
        b'{"n":1,"t":-1,"dir":"sent","event":{}}',
        b'{"n":1,"t":0,"dir":"sent"}',
        b'{"n":1,"t":NaN,"dir":"sent","event":{}}',
        b'{"n":1,"t":0,"dir":"sent","raw_base64":"!"}',
        b"[" * 10_000,
        b'{"n":1,"t":1e400,"dir":"sent","event":{}}',
        b'{"n":1,"t":0,"dir":"sent","raw":"\\ud800"}',
        b'{"n":1,"t":0,"dir":"sent","event":{"a":"\xed\xa0\x80"}}',
        '{"n":1,"t":0,"dir":"sent","event":{}}'.encode("utf-16"),
        b'{"n":1,"t":0,"dir":"sent","event":' + b'{"a":[' * 400 + b"]}" * 400 + b"}",
    ],
)
def test_what_is_no_record_is_refused(raw: bytes) -> None:
    with pytest.raises(LineError):
        read_line(raw)


@pytest.mark.parametrize(
    "reference",
    [
        {"$wav": 1, "bytes": 1},
        {"$wav": "agent.wav"},
        {"$wav": "agent.wav", "bytes": 10**12},
        {"$wav": "agent.wav", "bytes": -1},
        {"$wav": "a", "offset": "x", "bytes": 1},
    ],
)
def test_a_reference_to_nowhere_is_none(reference: dict[str, Any]) -> None:
    read = read_line(
        line(f',"event":{json.dumps({"type": "response.audio.delta", "delta": reference})}')
    )
    assert read.audio is None


def test_many_tables_beside_each_other_are_not_too_deep() -> None:
    text = json.dumps({"type": "x", "list": [{"a": [n]} for n in range(500)]})
    assert read_line(line(f',"event":{text}')).text == text


def test_no_audio_is_longer_than_a_byte_for_each_millisecond() -> None:
    reference = {"$wav": None, "bytes": 4800, "ms": 9e8}
    read = read_line(
        line(f',"event":{json.dumps({"type": "input_audio_buffer.append", "audio": reference})}')
    )
    assert read.audio == Audio(None, 0, 4800, 0.0)
