"""Why an answer was cut, measured on a sound card and the same in the session and its recording."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine.session.recording import read_recording
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.transcript.line import TranscriptLine

from tests.support.cut_answers import cut_answers
from tests.support.interruptions import cough, spoken
from tests.support.virtual_sound import VirtualSound

ATTEMPTS = 10
"""A busy machine may leave holes in the sound, and what is measured then is not what was played."""


def test_each_cause_is_told_from_what_was_at_the_microphone(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with cut_answers(tmp_path, sound_card) as answers:
        lines: list[TranscriptLine] = []

        def record_of(
            cause: str,
            cut: Callable[[], TranscriptLine],
            fits: Callable[[Mapping[str, Any]], bool] = lambda record: True,
        ) -> Mapping[str, Any]:
            """Cut answers in this way until one is told to have this cause, with a record that
            fits; its record."""
            for _ in range(ATTEMPTS):
                line = cut()
                record = answers.records()[-1] if answers.records() else {}
                if record.get("item_id") != line.item_id:
                    continue  # it was not measured
                lines.append(line)
                if line.cut_by == cause and fits(record):
                    return record
            raise AssertionError(answers.records())

        wait = spoken("Wait a moment, please.", "andrew")
        voice = record_of(
            "voice",
            lambda: answers.by_sound(wait, 450),
            lambda record: 350 < record["before_ms"] < 1_000,
        )
        record_of("noise", lambda: answers.by_sound(cough(1), 350))
        service = record_of("service", answers.by_detection)
        record_of("user", answers.by_command)
        with answers.echo(120, -10):
            record_of("echo", lambda: answers.by_detection(0.5))
        items = [line.item_id for line in lines]
        assert [record["item_id"] for record in answers.records()] == items
        assert -30 < voice["mic_dbfs"] < -5
        assert "before_ms" not in service
        folder = answers.session().folder
        turns = answers.session().view.turns
    causes = [line.cause for line in lines]
    assert [turn.cause for turn in turns if turn.cause is not None] == causes
    recorded = read_recording(folder, lambda: False).recorded.view
    assert [turn.cause for turn in recorded.turns if turn.cause is not None] == causes
    assert [line.cause for line in recorded.transcript if line.item_id in items] == causes


def test_speech_over_an_answer_is_reported_with_its_level_and_resemblance(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with cut_answers(tmp_path, sound_card) as answers:
        question = spoken("Can a neighbour take it?", "jenny")

        def is_reported() -> bool:
            earlier = len(answers.records(Local.SPEECH))
            answers.by_sound(question, 900)
            began = [event for event in answers.records(Local.SPEECH)[earlier:] if event["on"]]
            return bool(began) and (
                began[0]["level_dbfs"] == pytest.approx(-15, abs=8) and began[0]["echo"] < 0.6
            )

        assert any(is_reported() for _ in range(ATTEMPTS)), answers.records(Local.SPEECH)
