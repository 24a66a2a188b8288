"""The service is told exactly how much of an interrupted answer the speaker has played."""

from itertools import count
from pathlib import Path

from tests.support.console_run import start_console
from tests.support.counter import counter, heard, jumps, longest_silence_ms
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

ATTEMPTS = 10
"""A busy machine may delay any one answer, but not each of so many."""
ANSWER_S = 60
"""So long that its end is far away whenever the interruption comes."""


def test_an_interruption_names_the_milliseconds_that_left_the_speaker(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with ScriptedService() as service, start_console(tmp_path, service, sound_card) as console:
        service.wait(lambda: len(service.microphone) > RATE_HZ)
        numbers = count()
        for play_ms in (400, 1_100, 2_300):
            assert any(
                interrupted(service, sound_card, console, next(numbers), play_ms)
                for _ in range(ATTEMPTS)
            ), play_ms
        assert not service.events("response.cancel")
        console.press("qq")
        assert console.close() == 0


def interrupted(
    service: ScriptedService, card: VirtualSound, console: PtyRun, number: int, play_ms: int
) -> bool:
    """Interrupt one answer after `play_ms`. Returns whether it was played without a gap and
    truncated within 30 ms of its end."""
    with card.record() as recording:
        item = service.answer(number, counter(ANSWER_S * RATE_HZ))
        wanted_frames = play_ms * RATE_HZ // 1000
        recording.wait(
            lambda audio: heard(audio).size >= wanted_frames, player_runs=console.must_run
        )
        service.send(
            {
                "type": "input_audio_buffer.speech_started",
                "audio_start_ms": 0,
                "item_id": f"user_{number}",
            }
        )
        service.wait(lambda: len(service.events("conversation.item.truncate")) == number + 1)
        _, truncate = service.events("conversation.item.truncate")[-1]
        # A second of silence after the audio, counted in recorded samples, shows that it has ended.
        audio = recording.wait(
            lambda audio: not any(audio[-2 * RATE_HZ :]), player_runs=console.must_run
        )
    assert (heard(audio)[0], jumps(audio)) == (0, 0)
    assert truncate["item_id"] == item
    assert truncate["audio_end_ms"] < ANSWER_S * 1000
    end_turn(service, number)
    heard_ms = heard(audio).size * 1000 / RATE_HZ
    return not longest_silence_ms(audio) and abs(truncate["audio_end_ms"] - heard_ms) <= 30


def end_turn(service: ScriptedService, number: int) -> None:
    """Send the last events of the interrupted answer and of the speech that interrupted it."""
    done = {
        "id": f"resp_{number}",
        "status": "cancelled",
        "status_details": {"type": "cancelled", "reason": "turn_detected"},
    }
    service.send({"type": "response.done", "response": {**done, "output": []}})
    service.send(
        {
            "type": "input_audio_buffer.speech_stopped",
            "audio_end_ms": 500,
            "item_id": f"user_{number}",
        }
    )
