"""A session that is opened again shows the same as it did live."""

import json
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.model.session.recording_status import RecordingMode

from tests.journal.support.journals import journal_in
from tests.support.memory_journal import MemoryJournal


def conversation() -> MemoryJournal:
    journal = MemoryJournal()
    journal("=", 0.0, "console.connected", service="simulator", host="127.0.0.1", request_id="x")
    journal(
        "<",
        0.1,
        "session.created",
        session={"id": "sess_1", "model": "gpt-4o", "output_audio_format": "pcm16"},
    )
    journal(
        "<",
        0.2,
        "session.updated",
        session={"id": "sess_1", "model": "gpt-4o", "output_audio_format": "pcm16_16000hz"},
    )
    journal.spoken(1, "u1", "tell me a story")
    journal.answer(2.123456789, "a1", "Once upon a time", ms=2000, previous="u1")
    journal.heard(2.3, "a1")
    journal("<", 3, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=3000)
    journal.stopped(3.01, "a1", 700, 3000, "barge_in")
    journal(
        ">", 3.02, "conversation.item.truncate", item_id="a1", content_index=0, audio_end_ms=700
    )
    journal.done(
        3.1, status="cancelled", usage={"input_tokens": 9, "output_tokens": 4, "total_tokens": 13}
    )
    journal("<", 3.2, "error", error={"code": "x", "message": "grüße \ud83d"})
    journal(
        "=", 4, "console.closed", code=1001, reason="session_expired", sentence="The hour is over."
    )
    return journal


@pytest.mark.parametrize("record", ["all", "events"])
def test_the_same_view(tmp_path: Path, record: RecordingMode) -> None:
    journal, live = journal_in(tmp_path, record=record), SessionFold()
    journal.set_formats(assistant=AudioFormat("pcm16", 16_000))
    for entry in conversation().records:
        event: dict[str, Any] = dict(entry.event)
        if entry.type == "response.audio.delta":
            event["delta"] = "AAAA" * (event["delta"]["bytes"] // 3)
        if entry.dir == "local":
            live.apply(journal.append_local(event.pop("type"), entry.t_s, **event))
        else:
            audio = decode_audio(event)
            live.apply(journal.append(entry.dir, json.dumps(event), event, entry.t_s, audio=audio))
    journal.close()
    recorded = read_folder(journal.folder)
    assert recorded.problems == ()
    assert recorded.view == live.view()
    assert recorded.view.transcript[1].state == "interrupted"
    assert recorded.index.types() == journal.index.types()
    for n in range(journal.index.count):
        assert recorded.index.record(n) == journal.index.record(n)
        assert recorded.index.kind(n) == journal.index.kind(n)
        assert (recorded.index.t_s(n), recorded.index.size_bytes(n)) == (
            journal.index.t_s(n),
            journal.index.size_bytes(n),
        )
    assert recorded.profile is not None
    assert (recorded.profile.name, recorded.meta["title"]) == ("Test", "test")
