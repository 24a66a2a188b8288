"""The last question is asked again over a new connection, with the settings as they are by then."""

from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.protocol.notices import CANNOT_REPEAT

from tests.support.engine_harness import (
    EngineHarness,
    engine_harness,
    profile,
    spoken_microphone,
)

pytestmark = pytest.mark.engine


def lines(harness: EngineHarness, who: str) -> list[TranscriptLine]:
    return [line for line in harness.session().view.transcript if line.who == who]


def sent_items(harness: EngineHarness, connection: int) -> list[str]:
    """The texts of the messages that this connection was given."""
    index = harness.engine.index("a")
    assert index is not None
    begins = [n for n in range(index.count) if index.type_name(n) == "console.connected"]
    items = [
        index.record(n).event["item"]
        for n in range(begins[connection - 1], index.count)
        if index.type_name(n) == "conversation.item.create" and index.direction(n) == "sent"
    ]
    return [part["text"] for item in items for part in item.get("content", ())]


def ask(harness: EngineHarness, text: str) -> None:
    answers = len(harness.events("response.done"))
    harness.engine.post(intents.SendText("a", text))
    harness.until_event("response.done", count=answers + 1)


def again(harness: EngineHarness, connection: int) -> None:
    answers = len(harness.events("response.done"))
    harness.engine.post(intents.Restart("a", ask_again=True))
    harness.until_event("console.connected", count=connection)
    harness.until_event("response.done", count=answers + 1)


def test_a_typed_question_is_asked_again_without_its_answer(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile())
        ask(harness, "One.")
        ask(harness, "Two.")
        harness.engine.post(intents.ChangeSettings("a", (("session.instructions", "Be brief."),)))
        again(harness, 2)
        texts = sent_items(harness, 2)
        assert texts[0] == "One." and texts[-1] == "Two." and texts.count("Two.") == 1
        update = harness.events("session.update", direction="sent")[-1]
        assert update["session"]["instructions"] == "Be brief."
        # The answer that was replaced is told to no further connection either.
        again(harness, 3)
        assert sent_items(harness, 3).count("Two.") == 1


def spoken(harness: EngineHarness, of: Any) -> None:
    harness.engine.post(intents.OpenTab("a", of))
    harness.engine.post(intents.Start("a"))


def appended(harness: EngineHarness) -> float:
    """The milliseconds of audio that were sent over the newest connection."""
    index = harness.engine.index("a")
    assert index is not None
    begin = max(n for n in range(index.count) if index.type_name(n) == "console.connected")
    return sum(
        index.audio_ms(n)
        for n in range(begin, index.count)
        if index.type_name(n) == "input_audio_buffer.append"
    )


def test_a_spoken_question_is_asked_again_with_its_sound(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile(instructions="a"))
        harness.until_event("response.done")
        first = harness.session().view.turns[-1]
        again(harness, 2)
        harness.until(lambda: harness.session().view.turns[-1].done_s, "the answer")
        second = harness.session().view.turns[-1]
        assert second.number > first.number
        assert (first.audio_start_ms, first.audio_end_ms) != (None, None)
        assert second.audio_start_ms is not None and second.audio_end_ms is not None
        assert first.audio_start_ms is not None and first.audio_end_ms is not None
        # The service hears the same speech, give or take what it puts in front of it.
        before = first.audio_end_ms - first.audio_start_ms
        assert abs((second.audio_end_ms - second.audio_start_ms) - before) <= 400
        # Asked for the second time, the sound is found where the second connection sent it.
        again(harness, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"session.input_audio_format": "g711_ulaw"},
        {"session.input_audio_sampling_rate": 16_000},
    ],
)
def test_a_spoken_question_is_asked_again_in_the_format_of_the_new_session(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile())
        harness.until_event("response.done")
        first = harness.session().view.turns[-1]
        harness.engine.post(intents.ChangeSettings("a", tuple(change.items())))
        again(harness, 2)
        for name, value in change.items():
            assert harness.session().view.effective[name.removeprefix("session.")] == value
        second = harness.session().view.turns[-1]
        assert second.number > first.number
        assert first.audio_start_ms is not None and first.audio_end_ms is not None
        assert second.audio_start_ms is not None and second.audio_end_ms is not None
        before = first.audio_end_ms - first.audio_start_ms
        assert abs((second.audio_end_ms - second.audio_start_ms) - before) <= 400
        assert CANNOT_REPEAT.text not in harness.texts()


def test_a_manual_question_is_asked_again_as_a_manual_turn(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile(turn_detection="none"))
        harness.until(lambda: harness.session().ready and harness.session().manual, "ready")
        harness.until(lambda: harness.engine.snapshot().audio.running, "the devices")
        harness.engine.post(intents.ToggleTalk("a"))
        harness.until_event("input_audio_buffer.commit")
        harness.until_event("response.done")
        sent_ms = appended(harness)
        again(harness, 2)
        assert len(harness.events("input_audio_buffer.commit")) == 2
        assert appended(harness) == pytest.approx(sent_ms, abs=20)


def test_a_question_that_was_not_recorded_is_not_asked_again_and_that_is_said(
    tmp_path: Path,
) -> None:
    with engine_harness(tmp_path, record="none", **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile())
        harness.until_event("response.done")
        harness.engine.post(intents.Restart("a", ask_again=True))
        harness.until_event("console.connected", count=2)
        harness.until(lambda: any("not recorded" in text for text in harness.texts()), "a notice")


def test_without_a_question_nothing_is_restarted(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile())
        harness.engine.post(intents.Restart("a", ask_again=True))
        harness.until(lambda: any("nothing to ask" in text for text in harness.texts()), "a notice")
        assert len(harness.events("console.connected")) == 1
