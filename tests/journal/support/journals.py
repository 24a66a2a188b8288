"""Journals for tests, in a temporary folder, with frames as they cross the wire."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.recording_status import RecordingMode

STARTED = datetime(2026, 11, 22, 7, 30, 15)


def journal_in(
    root: Path, *, record: RecordingMode = "all", profile_toml: str = 'name = "Test"\n', **more: Any
) -> Journal:
    return Journal.create(
        root,
        title="test",
        profile_toml=profile_toml,
        record=record,
        started=STARTED,
        meta={"host": "x"},
        **more,
    )


def put(
    journal: Journal,
    direction: Literal["sent", "received"],
    event: Mapping[str, Any],
    t_s: float = 0.0,
) -> Record:
    return journal.append(direction, json.dumps(event), event, t_s, audio=decode_audio(event))


def append_event(audio: bytes, event_id: str = "e1") -> dict[str, Any]:
    return {
        "type": "input_audio_buffer.append",
        "event_id": event_id,
        "audio": base64.b64encode(audio).decode(),
    }


def delta_event(audio: bytes, item_id: str = "a1") -> dict[str, Any]:
    fields = {"response_id": "r1", "item_id": item_id, "output_index": 0, "content_index": 0}
    return {"type": "response.audio.delta", **fields, "delta": base64.b64encode(audio).decode()}
