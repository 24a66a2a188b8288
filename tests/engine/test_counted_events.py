"""Nothing of a burst is lost: every numbered event stands in the journal and in its index, in
order, and every numbered sample in the sound files."""

import json
import wave
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.journal.reader import read_folder

from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService
from tests.support.signals import counter, sounding, write_wav

IDS = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0, "content_index": 0}
DELTA_FRAMES = 24


def numbered(count: int) -> Iterator[dict[str, Any]]:
    """Events with numbers: every fourth is a delta of sound whose samples go on counting."""
    frames = 0
    for number in range(count):
        if number % 4 == 3:
            audio = counter(DELTA_FRAMES, start=1 + frames)
            frames += DELTA_FRAMES
            delta = {"type": "response.audio.delta", "delta": b64encode(audio).decode()}
        else:
            delta = {"type": "response.audio_transcript.delta", "delta": f"{number} "}
        yield {**delta, **IDS, "number": number}


def numbers(lines: list[str]) -> list[int]:
    """The numbers of the received events in these lines of a journal."""
    events = (json.loads(line)["event"] for line in lines)
    return [event["number"] for event in events if "number" in event]


def samples(folder: Path, name: str) -> bytes:
    with wave.open(str(folder / name), "rb") as file:
        return file.readframes(file.getnframes())


@pytest.mark.parametrize(
    ("count", "per_second"), [(5_000, 1_000_000.0), (500, 1_000.0), (200, 200.0)]
)
def test_every_event_and_every_sample_of_the_agent_is_recorded(
    tmp_path: Path, count: int, per_second: float
) -> None:
    with (
        ScriptedService() as service,
        engine_harness(tmp_path, **key_settings(service.url, "k")) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.session().ready, "accepted settings")
        service.send_at_rate(numbered(count), per_second)
        harness.until(lambda: _received(harness) >= count, f"{count} events")
        live = harness.engine.index("a")
        assert live is not None
        records = [live.record(n).event for n in range(live.count)]
        assert [event["number"] for event in records if "number" in event] == list(range(count))
        harness.until(lambda: _text(harness) == _spoken(count), "the whole text")
        folder = Path(harness.stop().folder)
        harness.until(lambda: harness.session().recording.closed, "a complete journal")
    lines = (folder / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["n"] for line in lines] == list(range(len(lines)))
    assert numbers(lines) == list(range(count))
    assert samples(folder, "agent.wav") == counter(count // 4 * DELTA_FRAMES)
    recorded = read_folder(folder)
    assert recorded.problems == ()
    assert recorded.index.count == len(lines)
    assert recorded.view.transcript[0].text == _spoken(count)
    recorded.index.close()


def test_every_sample_of_the_microphone_is_sent_and_recorded(tmp_path: Path) -> None:
    spoken = counter(24_000)
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path,
            **key_settings(service.url, "k"),
            input=f"wav:{write_wav(tmp_path / 'me.wav', spoken)}",
            output="null",
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        service.wait(lambda: sounding(bytes(service.microphone)) == spoken)
        folder = Path(harness.stop().folder)
        harness.until(lambda: harness.session().recording.closed, "a complete journal")
    assert sounding(samples(folder, "mic.wav")) == spoken


def _received(harness: EngineHarness) -> int:
    index = harness.engine.index("a")
    counts = index.types() if index is not None else {}
    return sum(counts.get(f"response.{name}.delta", 0) for name in ("audio", "audio_transcript"))


def _spoken(count: int) -> str:
    return "".join(f"{number} " for number in range(count) if number % 4 != 3)


def _text(harness: EngineHarness) -> str:
    return "".join(line.text for line in harness.session().view.transcript)
