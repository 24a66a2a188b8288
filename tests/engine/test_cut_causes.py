"""Why an answer was cut, measured on a sound card and the same in the session and its recording."""

from pathlib import Path

import pytest
from voicelive_tui.engine.session.recording import read_recording
from voicelive_tui.model.events.record import Local

from tests.support.cut_answers import cut_answers
from tests.support.interruptions import cough, spoken
from tests.support.virtual_sound import VirtualSound


def test_each_cause_is_told_from_what_was_at_the_microphone(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with cut_answers(tmp_path, sound_card) as answers:
        voice = answers.by_sound(spoken("Wait a moment, please.", "andrew"), 450)
        noise = answers.by_sound(cough(1), 350)
        service = answers.by_detection()
        command = answers.by_command()
        with answers.echo(120, -10):
            echo = answers.by_detection(0.5)
        lines = (voice, noise, service, command, echo)
        assert [line.cut_by for line in lines] == ["voice", "noise", "service", "user", "echo"]
        records = answers.records()
        assert [record["item_id"] for record in records] == [line.item_id for line in lines]
        assert -30 < records[0]["mic_dbfs"] < -5
        assert 350 < records[0]["before_ms"] < 1_000
        assert "before_ms" not in records[2]
        folder = answers.session().folder
        turns = answers.session().view.turns
    causes = [line.cause for line in lines]
    assert [turn.cause for turn in turns if turn.cause is not None] == causes
    recorded = read_recording(folder, lambda: False).recorded.view
    assert [turn.cause for turn in recorded.turns if turn.cause is not None] == causes
    assert [line.cause for line in recorded.transcript if line.who == "agent"] == causes


def test_speech_over_an_answer_is_reported_with_its_level_and_resemblance(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with cut_answers(tmp_path, sound_card) as answers:
        answers.by_sound(spoken("Can a neighbour take it?", "jenny"), 900)
        began = next(event for event in answers.records(Local.SPEECH) if event["on"])
        assert began["level_dbfs"] == pytest.approx(-15, abs=8)
        assert began["echo"] < 0.6
