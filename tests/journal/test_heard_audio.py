"""What was heard, put together from a journal on the disk: cuts, gaps, pauses, and what is not
known."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.journal.heard_audio import (
    LONGEST_SILENCE_MS,
    HeardPart,
    HeardSamples,
    HeardSilence,
    NotRecorded,
    heard_answer,
    heard_question,
    with_pauses,
)
from voicelive_tui.journal.question_audio import TooMuchAudio
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.session.recording_status import RecordingMode

from tests.journal.support.recordings import written
from tests.support.counter import counter

FORMAT = AudioFormat()
MS = 48


class AudioJournal:
    """A journal with sound, whose answer is item `a`."""

    def __init__(self, root: Path, record: RecordingMode = "all") -> None:
        self.journal = Journal.create(
            root, title="t", profile_toml="", record=record, started=datetime.now(UTC), meta={}
        )
        self.journal.set_formats(mic=FORMAT, assistant=FORMAT)

    def receive(self, audio: bytes, t_s: float = 1.0, item: str = "a", part: int = 0) -> None:
        """Receive audio of an answer."""
        event = {
            "type": "response.audio.delta",
            "item_id": item,
            "content_index": part,
            "delta": base64.b64encode(audio).decode(),
        }
        self.journal.append("received", json.dumps(event), event, t_s, audio=audio)

    def local(self, kind: str, t_s: float, part: int = 0, **fields: Any) -> None:
        """Add a fact about the answer."""
        more = {"item_id": "a", "content_index": part, **fields}
        self.journal.append_local(f"console.{kind}", t_s, **more)

    def stop(self, t_s: float, played_ms: int, received_ms: int, reason: str = "barge_in") -> None:
        """The speaker stops."""
        self.local(
            "playback_stopped", t_s, played_ms=played_ms, received_ms=received_ms, reason=reason
        )

    def heard(self) -> tuple[HeardPart, ...]:
        """What was heard of the answer, read while it is written, and the same from its folder."""
        live = heard_answer(self.journal.index, "a", range(self.journal.index.count))
        self.journal.close()
        if self.journal.folder:
            recorded = read_folder(self.journal.folder)
            again = heard_answer(recorded.index, "a", range(recorded.index.count))
            assert again == live
            recorded.index.store.close()
        return live


@pytest.fixture
def journal(tmp_path: Path) -> AudioJournal:
    return AudioJournal(tmp_path)


def test_an_answer_is_cut_where_it_was_cut(journal: AudioJournal) -> None:
    audio = counter(24_000)
    for at in range(0, len(audio), 9_600):
        journal.receive(audio[at : at + 9_600])
        journal.receive(b"\x01\x00" * 480, item="other")
    journal.local("playback_started", 1.5)
    journal.stop(2.0, 500, 1_000)
    (part,) = journal.heard()
    assert part == HeardPart("agent", 1.5, FORMAT, (HeardSamples(audio[: 500 * MS]),))
    assert part.audio == audio[: 500 * MS]
    assert part.duration_s == 0.5


def test_a_gap_is_silent_at_its_place_to_the_sample(journal: AudioJournal) -> None:
    audio = counter(24_001)
    journal.receive(audio)
    journal.local("playback_started", 1.5)
    journal.local("underrun", 1.8, gap_ms=80, at_ms=round(4_801 / 24, 3))
    journal.stop(2.9, 1_000, 1_000, "drained")
    (part,) = journal.heard()
    assert part.blocks == (
        HeardSamples(audio[:9_602]),
        HeardSilence(80),
        HeardSamples(audio[9_602:]),
    )
    assert part.audio == audio[:9_602] + bytes(80 * MS) + audio[9_602:]


def test_a_gap_without_a_place_is_left_out_and_counted(journal: AudioJournal) -> None:
    journal.receive(counter(24_000))
    journal.local("playback_started", 1.5)
    journal.local("underrun", 1.8, gap_ms=80)
    journal.local("underrun", 1.8, gap_ms=80, at_ms="early")
    journal.local("underrun", 1.8, gap_ms=2**60, at_ms=float(2**60))
    journal.local("underrun", 1.9, gap_ms=2**50, at_ms=900)
    journal.stop(2.9, 1_000, 1_000, "drained")
    (part,) = journal.heard()
    assert part.unplaced_gaps == 3
    assert [block for block in part.blocks if isinstance(block, HeardSilence)] == [
        HeardSilence(LONGEST_SILENCE_MS)
    ]


def test_nothing_is_claimed_of_what_was_not_heard_or_not_recorded(tmp_path: Path) -> None:
    unheard = AudioJournal(tmp_path / "unheard")
    unheard.receive(counter(24_000))
    unheard.stop(2.0, 0, 1_000, "off_air")
    assert unheard.heard() == ()
    mute: tuple[RecordingMode, ...] = ("events", "none")
    for record in mute:
        journal = AudioJournal(tmp_path / record, record)
        journal.receive(counter(24_000))
        journal.local("playback_started", 1.5)
        with pytest.raises(NotRecorded):
            journal.heard()
        journal.journal.close()


def test_a_recording_that_ends_in_the_middle_of_an_answer_ends_there(journal: AudioJournal) -> None:
    journal.receive(counter(48_000))
    journal.local("playback_started", 1.0)
    journal.local("underrun", 1.2, gap_ms=100, at_ms=200)
    journal.local("speech", 1.5, on=True)
    (part,) = journal.heard()
    assert part.duration_s == 0.5


def test_parts_keep_their_distance(journal: AudioJournal) -> None:
    journal.receive(counter(2_400), part=1)
    journal.receive(counter(4_800))
    journal.local("playback_started", 1.0)
    journal.stop(1.2, 200, 200, "drained")
    journal.local("playback_started", 1.7, part=1)
    journal.stop(1.8, 100, 100, "drained")
    first, second = with_pauses(journal.heard())
    assert first.blocks[-1] == HeardSilence(500)
    assert (first.begins_s, second.begins_s) == (1.0, 1.7)
    assert with_pauses([]) == ()


def test_an_answer_that_plays_at_the_end_is_not_cut_by_a_note_about_an_earlier_moment(
    journal: AudioJournal,
) -> None:
    journal.receive(counter(48_000))
    journal.local("playback_started", 1.0)
    journal.local("speech", 1.5, on=True)
    journal.local("mark", 0.2, note="too loud")
    (part,) = journal.heard()
    assert part.duration_s == 0.5


def test_more_silence_than_anybody_waits_for_is_not_put_together(journal: AudioJournal) -> None:
    journal.receive(counter(4_800))
    journal.local("playback_started", 1.0)
    for at_ms in range(40):
        journal.local("underrun", 1.0, gap_ms=10**6, at_ms=at_ms)
    journal.stop(9.0, 200, 200, "drained")
    with pytest.raises(TooMuchAudio):
        with_pauses(journal.heard())


def test_audio_that_many_records_name_is_not_read_without_end(tmp_path: Path) -> None:
    size = 12 * 2**20
    delta = {"$wav": "agent.wav", "offset": 0, "bytes": size, "ms": 1.0}
    event = {"type": "response.audio.delta", "item_id": "a", "content_index": 0, "delta": delta}
    lines = [json.dumps({"n": n, "t": 1, "dir": "received", "event": event}) for n in range(8)]
    folder = written(tmp_path / "odd", lines)
    with open(folder / "agent.wav", "wb") as file:
        file.truncate(size)
    index = read_folder(folder).index
    with pytest.raises(TooMuchAudio):
        heard_answer(index, "a", range(index.count))
    index.close()


def test_a_note_about_an_earlier_moment_changes_nothing_of_what_was_said(tmp_path: Path) -> None:
    """Also not of a turn that the user ended, whose audio has no positions."""
    journal = AudioJournal(tmp_path).journal
    sound = counter(960)
    event = {"type": "input_audio_buffer.append", "audio": base64.b64encode(sound).decode()}
    for t_s, item_id, blocks in ((1.0, "u1", 2), (5.0, "u2", 1)):
        for _ in range(blocks):
            journal.append("sent", json.dumps(event), event, t_s, audio=sound)
        commit = {"type": "input_audio_buffer.commit"}
        journal.append("sent", json.dumps(commit), commit, t_s + 0.1)
        done = {"type": "input_audio_buffer.committed", "item_id": item_id}
        journal.append("received", json.dumps(done), done, t_s + 0.2)
    journal.append_local("console.mark", 1.0, note="too loud", item_id="u1")
    journal.close()
    recorded = read_folder(journal.folder)
    said = [heard_question(recorded.index, turn).audio for turn in recorded.view.turns]
    assert said == [sound * 2, sound]
    recorded.index.close()
