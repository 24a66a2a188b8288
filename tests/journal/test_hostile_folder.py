"""A recorded session's folder that anyone may have written: an odd file or line costs only
itself."""

import contextlib
import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_common.line_reader import ReadingCancelled, read_lines
from voicelive_tui.journal.lines import LineError, compose
from voicelive_tui.journal.reader import Recorded, frame_text, read_folder
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_types import summarize
from voicelive_tui.protocol.wire import Malformed, decode

from tests.journal.support.journals import journal_in
from tests.journal.support.recordings import marker, markers, written
from tests.support.hostile_documents import (
    DIGITS,
    HostileText,
    every_hostile_line,
    hostile_lines,
)

REFERENCE = {"$wav": "agent.wav", "offset": 44, "bytes": 960, "ms": 20.0}
ITEM = {
    "id": "a1",
    "type": "message",
    "role": "assistant",
    "content": [{"type": "audio", "transcript": "hi"}],
}
LINES: list[dict[str, Any]] = [
    {
        "t": 0.1,
        "dir": "received",
        "event": {"type": "session.created", "session": {"id": "s", "model": "m", "expires_at": 9}},
    },
    {
        "t": 0.2,
        "dir": "sent",
        "event": {"type": "input_audio_buffer.append", "audio": {**REFERENCE, "$wav": "mic.wav"}},
    },
    {
        "t": 0.3,
        "dir": "received",
        "event": {"type": "input_audio_buffer.speech_started", "item_id": "u", "audio_start_ms": 1},
    },
    {
        "t": 0.4,
        "dir": "received",
        "event": {"type": "response.output_item.added", "response_id": "r", "item": ITEM},
    },
    {
        "t": 0.5,
        "dir": "received",
        "event": {
            "type": "response.audio.delta",
            "response_id": "r",
            "item_id": "a1",
            "content_index": 0,
            "delta": REFERENCE,
        },
    },
    {
        "t": 0.5,
        "dir": "received",
        "raw": "{}",
        "event": {"type": "response.audio.delta", "delta": {**REFERENCE, "bytes": 99}},
    },
    {"t": 0.6, "dir": "received", "raw": '{\n"type":"x"}', "event": {"type": "x"}},
    {"t": 0.6, "dir": "received", "binary": True, "raw_base64": "AAAA"},
    {
        "t": 0.7,
        "dir": "local",
        "event": {
            "type": "console.playback_stopped",
            "item_id": "a1",
            "played_ms": 1,
            "received_ms": 2,
            "reason": "barge_in",
        },
    },
    {
        "t": 0.8,
        "dir": "received",
        "event": {
            "type": "response.done",
            "response": {"id": "r", "status": "failed", "usage": {"total_tokens": 3}},
        },
    },
    {
        "t": 0.9,
        "dir": "local",
        "event": {"type": "console.closed", "code": 1000, "reason": "", "sentence": "Over."},
    },
]


def look_at_everything(recorded: Recorded) -> None:
    """Read each record as the event list, the details and the export do."""
    rows = EventView(recorded.index)
    rows.sync()
    assert [rows.row(at) for at in range(rows.rows)]
    for n in range(recorded.index.count):
        assert math.isfinite(recorded.index.t_s(n)) and math.isfinite(recorded.index.audio_ms(n))
        assert len(summarize(recorded.index.record(n).event)) <= 200
        with contextlib.suppress(LineError):
            frame_text(recorded.index, n)
    assert recorded.view.turns is not None


ODD_LINE = st.sampled_from(range(len(LINES))).flatmap(
    lambda at: hostile_lines({"n": 1, **LINES[at]})
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ODD_LINE)
def test_an_odd_line_costs_only_itself(tmp_path: Path, line: str) -> None:
    folder = written(tmp_path / "odd", [marker(0), line, marker(2), marker(3)])
    with_line = read_folder(folder)
    look_at_everything(with_line)
    assert markers(with_line) == [0, 2, 3]
    assert (with_line.profile is not None, with_line.meta) == (True, {"title": "Fine"})
    with_line.index.close()


@pytest.mark.parametrize("at", range(len(LINES)))
def test_each_odd_value_in_each_place_costs_only_its_line(tmp_path: Path, at: int) -> None:
    odd = every_hostile_line({"n": 0, **LINES[at]})
    lines = []
    for index, line in enumerate(odd):
        lines += [line.replace('{"n":0,', f'{{"n":{2 * index},', 1), marker(2 * index + 1)]
    recorded = read_folder(written(tmp_path / "odd", lines))
    look_at_everything(recorded)
    assert markers(recorded) == list(range(1, len(lines), 2))
    recorded.index.close()


def test_the_lines_that_are_made_odd_are_all_read(tmp_path: Path) -> None:
    lines = [json.dumps({"n": n, **line}, separators=(",", ":")) for n, line in enumerate(LINES)]
    recorded = read_folder(written(tmp_path / "whole", lines))
    assert (recorded.problems, recorded.index.count) == ((), len(LINES))
    recorded.index.close()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"n":1,"t":NaN,"dir":"sent","event":{"type":"x"}}', "its time is no time"),
        ('{"n":1,"t":-Infinity,"dir":"sent","event":{"type":"x"}}', "its time is no time"),
        ('{"n":1,"t":1e400,"dir":"sent","event":{"type":"x"}}', "its time is no time"),
        ('{"n":1,"t":' + "9" * 400 + ',"dir":"sent","event":{"type":"x"}}', "its time is no time"),
        ('{"n":1,"t":' + DIGITS + ',"dir":"sent","event":{"type":"x"}}', "it is not JSON"),
        (
            '{"n":1,"t":true,"dir":"sent","event":{"type":"x"}}',
            "it has no number, time and direction",
        ),
        (
            '{"n":true,"t":1,"dir":"sent","event":{"type":"x"}}',
            "it has no number, time and direction",
        ),
        (
            '{"n":' + "9" * 400 + ',"t":1,"dir":"sent","event":{"type":"x"}}',
            "its number is out of range",
        ),
        (
            '{"n":1,"t":1,"dir":"sent","event":' + "[" * 201 + "]" * 201 + "}",
            "it is nested too deeply",
        ),
        ('{"n":1,"t":1,"dir":"sent","event":' + "[" * 900_000, "it is nested too deeply"),
    ],
)
def test_a_line_that_is_no_record_is_told_of_and_what_follows_is_there(
    tmp_path: Path, line: str, why: str
) -> None:
    recorded = read_folder(written(tmp_path / "odd", [marker(0), line, marker(2)]))
    assert recorded.problems == (f"Line 2 of events.jsonl was skipped: {why}.",)
    look_at_everything(recorded)
    assert markers(recorded) == [0, 2]
    recorded.index.close()


def test_a_reference_that_is_shorter_in_the_file_than_we_write_it_is_no_negative_size(
    tmp_path: Path,
) -> None:
    event = {"type": "response.audio.delta", "delta": {"$wav": None, "bytes": 0}}
    line = json.dumps({"n": 0, "t": 0, "dir": "received", "raw": "{}", "event": event})
    recorded = read_folder(written(tmp_path / "odd", [line, marker(1)]))
    assert (recorded.problems, recorded.index.size_bytes(0)) == ((), 0)
    recorded.index.close()


def test_a_line_of_any_length_is_passed_over_without_being_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "odd", [marker(0)])
    with open(folder / "events.jsonl", "ab") as file:
        file.truncate(300 * 2**20)  # a sparse file: it takes no space on disk
        file.seek(0, os.SEEK_END)
        file.write(f"\n{marker(2)}\n".encode())
    recorded = read_folder(folder)
    assert recorded.problems == ("Line 2 of events.jsonl was skipped: it is longer than 64 MiB.",)
    assert recorded.index.record(1).event == {"type": "(malformed)", "lost": "it could not be kept"}
    assert markers(recorded) == [0, 2]
    recorded.index.close()


def test_a_line_of_text_that_no_frame_fills_is_passed_over_too(tmp_path: Path) -> None:
    folder = written(tmp_path / "odd", [marker(0)])
    with open(folder / "events.jsonl", "ab") as file:
        file.write(b'{"n":1,"t":1,"dir":"received","event":{"type":"response.text.delta","delta":"')
        file.writelines([b"a" * 2**20] * 65)
        file.write(f'"}}}}\n{marker(2)}\n'.encode())
    recorded = read_folder(folder)
    assert recorded.problems == ("Line 2 of events.jsonl was skipped: it is longer than 64 MiB.",)
    assert markers(recorded) == [0, 2]
    recorded.index.close()


@pytest.mark.parametrize(
    "event",
    [{"type": "x", "text": "\u044f" * 2**22}, {"type": "x", "text": '"' * 2**22}],
    ids=["я", "quotes"],
)
def test_a_large_frame_of_several_lines_is_read_again(
    tmp_path: Path, event: dict[str, Any]
) -> None:
    raw = json.dumps(event, indent=1, ensure_ascii=False)
    folder = written(tmp_path / "odd", [compose(0, 0.1, "received", raw, event).decode()])
    recorded = read_folder(folder)
    assert recorded.problems == ()
    assert frame_text(recorded.index, 0) == raw
    recorded.index.close()


def test_reading_is_called_off_within_a_line(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.touch()
    os.truncate(path, 60 * 2**20)
    asked = 0

    def is_cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    with open(path, "rb") as file:
        with pytest.raises(ReadingCancelled):
            list(read_lines(file, is_cancelled))
        assert file.tell() < 4 * 2**20


def test_what_a_failing_test_prints_is_short() -> None:
    assert len(repr(HostileText("x" * 9_000))) < 400


@pytest.mark.parametrize("depth", [199, 200], ids=["deepest", "deeper"])
def test_what_could_be_read_live_can_be_read_again_and_what_could_not_is_kept_with_its_bytes(
    tmp_path: Path, depth: int
) -> None:
    frame = '{"type":"x","v":' + "[" * depth + "]" * depth + "}"
    event = decode(frame)
    journal = journal_in(tmp_path)
    journal.append("received", frame, None if isinstance(event, Malformed) else event, 0.0)
    journal.close()
    recorded = read_folder(journal.folder)
    assert (recorded.problems, frame_text(recorded.index, 0)) == ((), frame)
    assert recorded.index.type_name(0) == ("x" if depth == 199 else "(malformed)")
    recorded.index.close()
