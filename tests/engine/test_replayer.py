"""A turn is heard once more: in a live session, which sends silence meanwhile, and in a
recording."""

import asyncio
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.controller import Controller
from voicelive_tui.engine.intents import Hear, Intent, StopHearing
from voicelive_tui.engine.notice_log import NoticeLog
from voicelive_tui.engine.tabs import Tabs
from voicelive_tui.model.session.snapshot import ReplayStatus, SessionState

from tests.support.deadlines import DEADLINE_S
from tests.support.engine_harness import (
    LONG_TEXT,
    EngineHarness,
    engine_harness,
    profile,
    spoken_microphone,
)

pytestmark = pytest.mark.engine


def item_of(harness: EngineHarness, who: str, key: str = "a") -> str:
    """The newest line of this speaker."""
    lines = harness.session(key).view.transcript
    return next(line.item_id for line in reversed(lines) if line.who == who)


def replays(harness: EngineHarness) -> list[object]:
    return [event["on"] for event in harness.events("console.replay")]


def talk_once(harness: EngineHarness) -> None:
    """Speak the file as one turn, and wait until its answer was heard."""
    harness.start(of=profile())
    harness.until_event("console.playback_stopped")


def open_recording(harness: EngineHarness, folder: str) -> None:
    """Show this recording as tab `b`."""
    harness.engine.post(intents.OpenRecording("b", folder))
    harness.until_state(SessionState.RECORDED, "b")
    harness.until(lambda: harness.session("b").view.turns, "the recording")


def hear(harness: EngineHarness, who: str, key: str = "a") -> None:
    harness.engine.post(Hear(key, item_of(harness, who, key)))


def until_heard(harness: EngineHarness, name: str = "turn 1") -> ReplayStatus:
    """Wait until this is heard once more."""
    seen: list[ReplayStatus] = []

    def heard() -> bool:
        replay = harness.engine.snapshot().replay
        seen.extend([replay] if replay is not None and replay.name == name else [])
        return bool(seen)

    harness.until(heard, f"a replay of {name}")
    return seen[0]


async def replays_of(settings: Settings, folder: str, *together: Intent) -> list[ReplayStatus]:
    """Show this recording as tab `b` of an engine, and let it carry out these intents in one go.
    Returns all that is played until nothing is read or played any more."""
    controller = Controller(settings, Tabs(), NoticeLog(), "")
    played: list[ReplayStatus] = []

    def note() -> None:
        replay = controller.snapshot.replay
        played.extend([replay] if replay is not None and replay not in played else [])

    controller.begin(asyncio.get_running_loop())
    try:
        controller.carry_out(intents.OpenRecording("b", folder))
        await until_tasks_end("read b")
        controller.listen(note)
        for intent in together:
            controller.carry_out(intent)
        await until_tasks_end("replay b")
        return played
    finally:
        controller.listen(None)
        await controller.close()


async def until_tasks_end(name: str) -> None:
    tasks = [task for task in asyncio.all_tasks() if task.get_name() == name]
    if tasks:
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.gather(*tasks)


def test_a_live_turn_is_heard_while_silence_is_sent(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        hear(harness, "you")
        harness.until_event("console.replay", count=2)
        assert [event["what"] for event in harness.events("console.replay")] == [
            "your part of turn 1"
        ] * 2
        hear(harness, "agent")
        replay = until_heard(harness, "turn 1")
        turn = harness.session().view.turns[0]
        assert turn.heard_s is not None
        assert replay.begins_s < turn.heard_s
        assert replay.length_s > turn.heard_s - replay.begins_s
        harness.engine.post(StopHearing())
        harness.until_event("console.replay", count=4)
        assert replays(harness) == [True, False] * 2
        assert harness.engine.snapshot().replay is None
        # The replay itself is no answer of the session: nothing of it was played or cut.
        assert len(harness.events("console.playback_started")) == 1


def test_an_answer_that_arrives_ends_the_replay(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        hear(harness, "agent")
        until_heard(harness)
        harness.engine.post(intents.SendText("a", "And now?"))
        harness.until_event("console.playback_started", count=2)
        assert replays(harness) == [True, False]
        harness.until_event("console.playback_stopped", count=2)
        heard = harness.events("console.playback_stopped")[-1]
        assert heard["played_ms"] == heard["received_ms"]


def test_what_is_taken_back_while_it_is_read_is_not_played(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        folder = harness.stop().folder
        open_recording(harness, folder)
        hear(harness, "agent", "b")
        harness.engine.post(intents.CloseTab("b"))
        hear(harness, "you")
        assert until_heard(harness, "your part of turn 1").key == "a"


def test_what_is_taken_back_in_the_same_moment_is_not_played(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        asked = Hear("b", item_of(harness, "you"))
        folder = harness.stop().folder
        settings = harness.settings
    for taken_back in (StopHearing(), intents.CloseTab("b")):
        assert asyncio.run(replays_of(settings, folder, asked, taken_back)) == []
    (replay,) = asyncio.run(replays_of(settings, folder, asked))
    assert replay.name == "your part of turn 1"


def test_what_cannot_be_heard_is_refused_with_the_reason(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until_event("console.playback_started", count=2)
        hear(harness, "agent")
        harness.until(lambda: "The speaker is in use" in str(harness.texts()), "a refusal")
        harness.engine.post(intents.Interrupt("a"))
        harness.until_event("console.playback_stopped", count=2)
        hear(harness, "you")
        harness.until(lambda: "This was typed" in str(harness.texts()), "a refusal")
        open_recording(harness, harness.session().folder)
        hear(harness, "agent", "b")
        harness.until(lambda: "belongs to the session on air" in str(harness.texts()), "a refusal")


def opened_sound(harness: EngineHarness) -> tuple[bool, bool]:
    """Return whether the microphone is open, and whether the speaker is."""
    audio = harness.engine.snapshot().audio
    return bool(audio.input_name), bool(audio.output_name)


def test_a_session_that_ended_and_its_recording_open_the_speaker_by_themselves(
    tmp_path: Path,
) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        folder = harness.stop().folder
        for key in ("a", "b"):
            if key == "b":
                open_recording(harness, folder)
            hear(harness, "agent", key)
            until_heard(harness)
            harness.until(lambda: opened_sound(harness) == (False, True), "a speaker alone")
            harness.until(lambda: harness.engine.snapshot().replay is None, "the end of it")
            harness.until(lambda: not harness.engine.snapshot().audio.running, "no speaker")
        # A session that starts takes the speaker.
        hear(harness, "agent", "b")
        until_heard(harness)
        harness.engine.post(intents.Start("a"))
        harness.until_state(SessionState.CONNECTED)
        harness.until(lambda: harness.engine.snapshot().audio.input_name, "the microphone")
        harness.until(lambda: harness.engine.snapshot().replay is None, "the end of it")


@pytest.mark.parametrize("record", ["events", "none"])
def test_without_recorded_sound_nothing_is_claimed(tmp_path: Path, record: str) -> None:
    with engine_harness(tmp_path, record=record, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        hear(harness, "agent")
        harness.until(lambda: "was not recorded" in str(harness.texts()), "a refusal")
        assert not replays(harness)


def test_marks_and_notes_are_journaled_and_survive_in_the_recording(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        talk_once(harness)
        connected_s = harness.session().connected_s
        assert connected_s is not None
        item_id = item_of(harness, "you")
        asked = next(line for line in harness.session().view.transcript if line.who == "you")
        harness.engine.post(intents.MarkMoment("a", connected_s + 0.5))
        harness.engine.post(intents.MarkMoment("a", connected_s + 0.5, "sounds tired"))
        harness.engine.post(intents.AddNote("a", asked.t_s, item_id, "too loud"))
        harness.until_event("console.mark", count=3)
        live = [line for line in harness.session().view.transcript if line.who == "mark"]
        assert {line.text for line in live} == {"sounds tired", "too loud"}
        assert abs(next(line.t_s for line in live if line.text == "too loud") - asked.t_s) < 1e-5
        folder = harness.stop().folder
        harness.engine.post(intents.MarkMoment("a", connected_s))
        harness.until(lambda: "journal of this session is closed" in str(harness.texts()), "why")
        open_recording(harness, folder)
        assert [line for line in harness.session("b").view.transcript if line.who == "mark"] == live
        harness.engine.post(intents.MarkMoment("b", connected_s))
        harness.until(lambda: "A recording is evidence" in str(harness.texts()), "why")
