"""A turn is open until the speaker has played the last sample of its answer, however fast the
service sent it."""

import wave
from pathlib import Path

import pytest
import tomli_w
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.profile.profile import Profile, parse_profile

from tests.support.burst_service import BurstService, spoken
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.signals import counter, sounding


def say(harness: EngineHarness, text: str, number: int) -> None:
    """Type a turn and wait until it is over."""
    harness.engine.post(intents.SendText("a", text))

    # A snapshot may be older than the journal: only one that has the turn can say that it is over.
    def over() -> bool:
        session = harness.session()
        return len(session.view.turns) == number and not session.turn_open

    harness.until_event("response.done", count=number)
    harness.until(over, "the turn's end")


@pytest.mark.parametrize("frames", [24, 1_440, 24_000])
def test_answers_sent_in_one_burst_are_heard_whole_and_in_order(
    tmp_path: Path, frames: int
) -> None:
    out = tmp_path / "out.wav"
    with (
        BurstService(
            spoken(1, counter(frames)), spoken(2, counter(240), counter(240, start=500))
        ) as service,
        engine_harness(tmp_path, **key_settings(service.url, "k"), output=f"wav:{out}") as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        say(harness, "one", 1)
        assert [event["reason"] for event in harness.events(Local.PLAYBACK_STOPPED)] == ["drained"]
        say(harness, "two", 2)
        stopped = harness.events(Local.PLAYBACK_STOPPED)
        assert [(event["item_id"], event["reason"]) for event in stopped] == [
            ("item_1_0", "drained"),
            ("item_2_0", "drained"),
            ("item_2_1", "drained"),
        ]
        assert [turn.shortfall for turn in harness.session().view.turns] == ["", ""]
        harness.stop()
        harness.until(lambda: not harness.engine.snapshot().audio.running, "released devices")
    with wave.open(str(out), "rb") as file:
        assert sounding(file.readframes(file.getnframes())) == counter(frames) + counter(
            240
        ) + counter(240, start=500)


def test_an_answer_ends_when_other_devices_take_its_speakers_place(tmp_path: Path) -> None:
    with (
        BurstService(spoken(1, bytes(48_000 * 60)), spoken(2, counter(240))) as service,
        engine_harness(tmp_path, **key_settings(service.url, "k"), output=None) as harness,
    ):
        harness.start(of=with_speaker("null"))
        harness.engine.post(intents.SendText("a", "one"))
        harness.until_event(Local.PLAYBACK_STARTED)
        harness.engine.post(intents.ReplaceProfile("a", with_speaker("none")))
        assert harness.until_event(Local.PLAYBACK_STOPPED)["reason"] == "off_air"
        harness.until(lambda: not harness.session().turn_open, "the turn's end")
        harness.until(
            lambda: not harness.engine.snapshot().audio.output_name, "the end of the speaker"
        )
        say(harness, "two", 2)
        harness.stop()


def with_speaker(name: str) -> Profile:
    table = {
        "name": "test",
        "service": {"target": "azure"},
        "audio": {"output": name},
        "session": {},
    }
    parsed, problems = parse_profile(tomli_w.dumps(table), slug="test", path="")
    assert parsed is not None, problems
    return parsed
