"""A turn is open until the speaker has played the last sample of its answer, however fast the service sent it."""

import wave
from pathlib import Path

import pytest
import tomli_w
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.profile.profile import Profile, parse_profile

from tests.support.burst_service import BurstService, spoken
from tests.support.engines import Bench, key_settings, profile, running
from tests.support.signals import counter, sounding


def say(bench: Bench, text: str, number: int) -> None:
    """A typed turn; returns when it is over."""
    bench.engine.post(intents.Say("a", text))
    bench.until_event("response.done", count=number)
    bench.until(lambda: not bench.session().turn_open, "the turn's end")


@pytest.mark.parametrize("frames", [24, 1_440, 24_000])
def test_answers_sent_in_one_burst_are_heard_whole_and_in_order(tmp_path: Path, frames: int) -> None:
    out = tmp_path / "out.wav"
    with (
        BurstService(spoken(1, counter(frames)), spoken(2, counter(240), counter(240, start=500))) as service,
        running(tmp_path, **key_settings(service.url, "k"), output=f"wav:{out}") as bench,
    ):
        bench.start(of=profile(service={"target": "azure"}))
        say(bench, "one", 1)
        assert [event["reason"] for event in bench.events(Local.PLAYBACK_STOPPED)] == ["drained"]
        say(bench, "two", 2)
        stopped = bench.events(Local.PLAYBACK_STOPPED)
        assert [(event["item_id"], event["reason"]) for event in stopped] == [
            ("item_1_0", "drained"),
            ("item_2_0", "drained"),
            ("item_2_1", "drained"),
        ]
        assert [turn.shortfall for turn in bench.session().view.turns] == ["", ""]
        bench.stop()
        bench.until(lambda: not bench.engine.snapshot().audio.running, "released devices")
    with wave.open(str(out), "rb") as file:
        assert sounding(file.readframes(file.getnframes())) == counter(frames) + counter(240) + counter(240, start=500)


def test_an_answer_ends_when_other_devices_take_its_speakers_place(tmp_path: Path) -> None:
    with (
        BurstService(spoken(1, bytes(48_000 * 60)), spoken(2, counter(240))) as service,
        running(tmp_path, **key_settings(service.url, "k"), output=None) as bench,
    ):
        bench.start(of=with_speaker("null"))
        bench.engine.post(intents.Say("a", "one"))
        bench.until_event(Local.PLAYBACK_STARTED)
        bench.engine.post(intents.ReplaceProfile("a", with_speaker("none")))
        assert bench.until_event(Local.PLAYBACK_STOPPED)["reason"] == "off_air"
        bench.until(lambda: not bench.session().turn_open, "the turn's end")
        bench.until(lambda: not bench.engine.snapshot().audio.output_name, "the end of the speaker")
        say(bench, "two", 2)
        bench.stop()


def with_speaker(name: str) -> Profile:
    table = {"name": "test", "service": {"target": "azure"}, "audio": {"output": name}, "session": {}}
    parsed, problems = parse_profile(tomli_w.dumps(table), slug="test", path="")
    assert parsed is not None, problems
    return parsed
