"""What the service is told was heard of an interrupted answer is what the speaker really played."""

from pathlib import Path

import pytest

from tests.support.console_run import start_console
from tests.support.counter import counter, gaps, heard
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

pytestmark = [pytest.mark.sound, pytest.mark.terminal]


def test_three_interruptions_name_the_milliseconds_that_left_the_speaker(tmp_path: Path, sound_card: VirtualSound) -> None:
    with ScriptedService() as service, start_console(tmp_path, service, sound_card) as console:
        service.wait(lambda: len(service.microphone) > RATE_HZ)
        for number, play_ms in enumerate((400, 1_100, 2_300)):
            recording = sound_card.record()
            item = service.answer(number, counter(10 * RATE_HZ))
            wanted_frames = play_ms * RATE_HZ // 1000
            recording.wait(
                lambda audio, wanted=wanted_frames: heard(audio).size >= wanted,  # type: ignore[misc]
                player_runs=console.must_run,
            )
            service.send({"type": "input_audio_buffer.speech_started", "audio_start_ms": 0, "item_id": f"user_{number}"})
            wanted = number + 1
            service.wait(lambda wanted=wanted: len(service.events("conversation.item.truncate")) == wanted)  # type: ignore[misc]
            _, truncate = service.events("conversation.item.truncate")[-1]

            # A second of silence after the last sound, counted in recorded samples, says that it is over.
            recording.wait_more(RATE_HZ)
            audio = recording.stop()
            assert not any(audio[-RATE_HZ:])
            heard_ms = heard(audio).size * 1000 / RATE_HZ
            assert gaps(audio) == 0
            assert truncate["item_id"] == item
            assert abs(truncate["audio_end_ms"] - heard_ms) <= 30
            done = {
                "id": f"resp_{number}",
                "status": "cancelled",
                "status_details": {"type": "cancelled", "reason": "turn_detected"},
            }
            service.send({"type": "response.done", "response": {**done, "output": []}})
            service.send({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 500, "item_id": f"user_{number}"})
        assert not service.events("response.cancel")
        console.press("q")
        assert console.close() == 0
