"""Settings that are changed while one talks: what goes to the service, what waits, what is
refused."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.profile.setting_values import REMOVED
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import VAD, EngineHarness, engine_harness, profile

THRESHOLD = "session.turn_detection.threshold"


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[EngineHarness]:
    with engine_harness(tmp_path) as running:
        yield running


def change(harness: EngineHarness, **values: Any) -> None:
    """Change settings; `__` in a name stands for the dot in the key."""
    changes = tuple((key.replace("__", "."), value) for key, value in values.items())
    harness.engine.post(intents.ChangeSettings("a", changes))


def updates(harness: EngineHarness) -> list[Mapping[str, Any]]:
    """The session objects that were sent."""
    return [event["session"] for event in harness.events("session.update", direction="sent")]


def detection(harness: EngineHarness, key: str) -> Any:
    """A value of turn detection that is in force."""
    effective = harness.session().view.effective.get("turn_detection")
    return effective.get(key) if isinstance(effective, Mapping) else None


def start(harness: EngineHarness) -> None:
    harness.engine.post(intents.OpenTab("a", profile(instructions="a")))
    start_opened(harness)


def start_opened(harness: EngineHarness) -> None:
    harness.start()
    harness.until(lambda: harness.session().ready, "ready")


def test_a_change_is_in_force_at_once_and_the_file_keeps_its_value(harness: EngineHarness) -> None:
    start(harness)
    change(harness, session__turn_detection__threshold=0.6)
    harness.until(lambda: detection(harness, "threshold") == 0.6, "in force")
    assert updates(harness)[1:] == [{"turn_detection": {**VAD, "threshold": 0.6}}]
    session = harness.session()
    assert session.edited
    assert session.profile_document["session"]["turn_detection"]["threshold"] == 0.6
    assert "threshold" not in session.file_document["session"]["turn_detection"]
    change(harness, session__turn_detection__threshold=REMOVED)
    harness.until(lambda: not harness.session().edited, "as in the file again")


def test_many_presses_leave_one_update_unanswered_at_most(harness: EngineHarness) -> None:
    start(harness)
    for number in range(1, 21):
        change(harness, session__turn_detection__silence_duration_ms=300 + number)
    harness.until(lambda: detection(harness, "silence_duration_ms") == 320, "the last in force")
    silences = [each["turn_detection"]["silence_duration_ms"] for each in updates(harness)[1:]]
    assert silences[0] == 301 and silences[-1] == 320 and silences == sorted(silences)
    assert exchange(harness) == ["session.update", "session.updated"] * (1 + len(silences))


def exchange(harness: EngineHarness) -> list[str]:
    """The updates and their answers in the order of the journal."""
    index = harness.engine.index("a")
    assert index is not None
    names = (index.type_name(n) for n in range(index.count))
    return [name for name in names if name in ("session.update", "session.updated")]


def test_a_change_before_the_start_is_part_of_the_first_update(harness: EngineHarness) -> None:
    harness.engine.post(intents.OpenTab("a", profile(instructions="a")))
    change(harness, session__instructions="b", service__model="gpt-4.1")
    harness.until(lambda: "a" in harness.engine.snapshot().sessions and harness.session().edited)
    start_opened(harness)
    assert updates(harness) == [{"turn_detection": VAD, "instructions": "b"}]
    assert harness.session().view.model == "gpt-4.1"
    assert harness.session().restart_settings == ()


def test_a_refused_value_is_marked_and_can_be_taken_back(harness: EngineHarness) -> None:
    start(harness)
    change(harness, session__turn_detection__threshold=7)
    harness.until(lambda: harness.session().refused_settings == (THRESHOLD,), "marked")
    change(harness, session__instructions="b")
    harness.until(lambda: harness.session().view.effective["instructions"] == "b", "the next")
    assert updates(harness)[-1] == {"instructions": "b"}
    harness.engine.post(intents.DropChanges("a"))
    harness.until(lambda: harness.session().refused_settings == (), "taken back")
    document = harness.session().profile_document["session"]
    assert document == {"turn_detection": VAD, "instructions": "b"}


def test_a_new_model_waits_for_a_new_connection_and_keeps_the_conversation(
    harness: EngineHarness,
) -> None:
    start(harness)
    harness.engine.post(intents.SendText("a", "My name is Ada."))
    harness.until_event("response.done")
    change(harness, service__model="gpt-4.1")
    harness.until(lambda: harness.session().restart_settings == ("service.model",), "waits")
    harness.engine.post(intents.Restart("a"))
    harness.until(lambda: harness.session().view.model == "gpt-4.1", "the new model")
    harness.until_event("console.carried_over")
    assert harness.session().restart_settings == ()
    assert "My name is Ada." in harness.lines("you")


def test_a_new_voice_waits_once_the_agent_has_spoken(harness: EngineHarness) -> None:
    start(harness)
    voice = {"type": "azure-standard", "name": "en-US-AvaNeural"}
    change(harness, session__voice=voice)
    harness.until(lambda: len(updates(harness)) == 2, "sent before the first answer")
    harness.engine.post(intents.SendText("a", "Hello."))
    harness.until_event("response.done")
    change(harness, session__voice__name="en-US-AndrewNeural")
    harness.until(lambda: harness.session().restart_settings == ("session.voice.name",), "waits")
    harness.engine.post(intents.DropChanges("a", ("session.voice.name",)))
    harness.until(lambda: harness.session().restart_settings == (), "taken back")
    assert harness.session().profile_document["session"]["voice"] == voice
    assert len(updates(harness)) == 2


def test_a_change_that_would_break_the_profile_is_refused_in_a_sentence(
    harness: EngineHarness,
) -> None:
    harness.engine.post(intents.OpenTab("a", profile()))
    change(harness, service__target="nowhere")
    harness.until(lambda: any("Not changed" in text for text in harness.texts()), "the notice")
    # The notice may be there before the snapshot with the tab.
    harness.until(lambda: "a" in harness.engine.snapshot().sessions, "the tab")
    assert not harness.session().edited


def test_an_element_that_an_array_does_not_have_is_refused_in_a_sentence(
    harness: EngineHarness,
) -> None:
    harness.engine.post(intents.OpenTab("a", profile(tools=[])))
    change(harness, session__tools__3__name="clock")
    harness.until(lambda: any("Not changed" in text for text in harness.texts()), "the notice")


def test_a_file_that_is_read_again_can_keep_the_changes_in_memory(harness: EngineHarness) -> None:
    start(harness)
    change(harness, session__turn_detection__threshold=0.6)
    harness.until(lambda: detection(harness, "threshold") == 0.6, "in force")
    kept = ((THRESHOLD, 0.6),)
    harness.engine.post(intents.ReplaceProfile("a", profile(instructions="b"), kept))
    harness.until(lambda: harness.session().view.effective["instructions"] == "b", "in force")
    assert updates(harness)[-1] == {"instructions": "b"}
    assert harness.session().edited
    harness.engine.post(intents.ReplaceProfile("a", profile(instructions="b")))
    harness.until(lambda: detection(harness, "threshold") != 0.6, "the file's")
    assert not harness.session().edited


def test_a_session_that_was_changed_in_memory_records_the_profile_that_it_had(
    harness: EngineHarness, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[session]\ninstructions = "a"\n')
    harness.engine.post(intents.OpenTab("a", replace(profile(instructions="a"), path=str(file))))
    change(harness, session__instructions="b")
    start_opened(harness)
    folder = Path(harness.session().folder)
    harness.stop()
    assert 'instructions = "b"' in (folder / "profile.toml").read_text()
    assert harness.session().state is SessionState.ENDED
