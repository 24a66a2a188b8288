"""The timeline of a recording is that of the live session."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.timeline.fold import TimelineFold

from tests.journal.support.journals import journal_in
from tests.support.timeline_audio import tone


class LiveSession:
    """Writes a journal, and folds its records as they are written."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.timeline = journal, TimelineFold()

    def frame(self, direction: Any, t_s: float, kind: str, **fields: Any) -> None:
        event = {"type": kind, **fields}
        audio = decode_audio(event)
        record = self.journal.append(direction, json.dumps(event), event, t_s, audio=audio)
        self.timeline.apply(record, audio)

    def local(self, t_s: float, kind: str, **fields: Any) -> None:
        self.timeline.apply(self.journal.append_local(kind, t_s, **fields))

    def converse(self) -> None:
        """A spoken turn, an answer at another rate that is cut after a gap."""
        self.frame(
            "received", 0.1, "session.created", session={"output_audio_format": "pcm16_16000hz"}
        )
        for n in range(100):
            dbfs = -20.0 - n % 30
            audio = b64encode(tone(dbfs, 20)).decode()
            self.frame("sent", 0.5 + n * 0.02, "input_audio_buffer.append", audio=audio)
        for n in range(10):
            delta = b64encode(tone(-10.0 - n, 190, rate_hz=16_000)).decode()
            self.frame(
                "received", 2.6 + n * 0.01, "response.audio.delta",
                item_id="a", content_index=0, response_id="r", delta=delta,
            )  # fmt: skip
        self.local(2.7, "console.playback_started", item_id="a", content_index=0)
        self.local(3.3, "console.underrun", item_id="a", gap_ms=120)
        self.local(
            4.0, "console.playback_stopped", item_id="a", content_index=0,
            played_ms=1180, received_ms=1900, reason="barge_in",
        )  # fmt: skip
        self.local(4.5, "console.closed", code=1000)


@pytest.fixture
def live(tmp_path: Path) -> LiveSession:
    journal = journal_in(tmp_path)
    journal.set_formats(assistant=AudioFormat("pcm16", 16_000))
    session = LiveSession(journal)
    session.converse()
    journal.close()
    return session


def test_a_recording_has_the_levels_and_moments_of_the_live_session(live: LiveSession) -> None:
    recorded, timeline = read_folder(live.journal.folder).timeline, live.timeline
    for track in ("you", "agent"):
        levels = getattr(timeline, track).peaks(0, 120, 1)
        assert any(levels)
        assert getattr(recorded, track).peaks(0, 120, 1) == levels
    assert recorded.heard == timeline.heard
    assert recorded.heard[0].cut


def test_what_was_not_recorded_draws_nothing(tmp_path: Path, live: LiveSession) -> None:
    Path(live.journal.folder, "agent.wav").unlink()
    recorded = read_folder(live.journal.folder).timeline
    assert any(recorded.you.peaks(0, 120, 1)) and not any(recorded.agent.peaks(0, 120, 1))
    assert recorded.heard == live.timeline.heard


def test_audio_that_two_records_claim_is_read_once(tmp_path: Path, live: LiveSession) -> None:
    events = Path(live.journal.folder, "events.jsonl")
    lines = events.read_text(encoding="utf-8").splitlines()
    claims = [line for line in lines if '"$wav": "mic.wav"' in line.replace('":"', '": "')]
    again = json.loads(claims[0])
    again["n"] = len(lines)
    again["t"] = 6.0
    with events.open("a", encoding="utf-8") as file:
        file.write(json.dumps(again) + "\n")
    recorded = read_folder(live.journal.folder).timeline
    assert not any(recorded.you.peaks(110, 40, 1))
