"""Frames that are not valid JSON: kept byte for byte in lines of valid JSON, and the same when read
again."""

import json
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.protocol.wire import Malformed, decode

from tests.journal.support.journals import journal_in

FRAMES: list[str | bytes] = [
    '{"type":"response.done","response":{"id":"r1","status":"completed","usage":{"input_tokens":NaN}}}',
    '{"type":"response.done",\n"response":{"id":"r1","status":"completed","x":-Infinity}}',
    '{"type":"response.audio.delta","item_id":"a1","delta":"AAAA","x":NaN}',
    '{"type":"warning","warning":{"message":"a bare \n line end"}}',
    '{"type":"response.done","response":{"id":"r1","n":' + "9" * 5_000 + "}}",
    '{"type":"response.done","response":{"id":"r1","sta',
    b'{"type":"response.done","response":"\xff"}',
    b'{"type":"response.done","x":NaN}',
    '{"type":"response.done",\n"n":1e999}',
    "no JSON at all",
]


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: str(frame)[:40])
def test_a_broken_frame_is_kept_as_it_came_and_means_the_same_when_read_again(
    tmp_path: Path, frame: str | bytes
) -> None:
    journal, fold = journal_in(tmp_path), SessionFold()
    for text in ('{"type":"response.created","response":{"id":"r1"}}', frame):
        found = decode(text)
        broken = isinstance(found, Malformed)
        event = found.event if isinstance(found, Malformed) else found
        audio = decode_audio(event)
        fold.apply(
            journal.append("received", text, event or None, 1.0, audio=audio, standard=not broken)
        )
    shown = journal.index.record(1)
    journal.close()
    for line in (tmp_path.glob("*/events.jsonl").__next__()).read_bytes().splitlines():
        json.loads(line, parse_constant=_no_constant)
    recorded = read_folder(journal.folder)
    assert recorded.problems == ()
    assert recorded.index.frame(1) == frame
    assert recorded.index.record(1) == shown
    assert (recorded.view.turns, recorded.view.transcript) == (
        fold.view().turns,
        fold.view().transcript,
    )
    journal.index.close()
    recorded.index.close()
