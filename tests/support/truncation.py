"""Answers that are interrupted while the virtual sound card plays them: how many milliseconds of
them the service is told, against the samples that the speaker's monitor recorded."""

from collections.abc import Callable
from typing import NamedTuple

from tests.support.counter import counter, heard, jumps, longest_silence_ms
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

ANSWER_S = 60
"""So long that its end is far away whenever the interruption comes."""
MOST_ERROR_MS = 30


class Truncation(NamedTuple):
    """What the service was told of an interrupted answer. error_ms: by how much more than what the
    monitor recorded. silence_ms: the longest silence inside of the answer. jumps: how often the
    recording did not begin at the answer's start or did not continue."""

    error_ms: float
    silence_ms: float
    jumps: int

    @property
    def agrees(self) -> bool:
        """True if the recording was undisturbed and the service was told what it has."""
        return not self.jumps and not self.silence_ms and abs(self.error_ms) <= MOST_ERROR_MS


def interrupted_answer(
    service: ScriptedService,
    card: VirtualSound,
    number: int,
    play_ms: int,
    player_runs: Callable[[], None] = lambda: None,
) -> Truncation:
    """Interrupt the answer with this number, counted from 0, by the user's speech after `play_ms`
    of it. player_runs: raises when the player has ended."""
    with card.record() as recording:
        item = service.answer(number, counter(ANSWER_S * RATE_HZ))
        wanted_frames = play_ms * RATE_HZ // 1000
        recording.wait(lambda audio: heard(audio).size >= wanted_frames, player_runs=player_runs)
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
            lambda audio: not any(audio[-2 * RATE_HZ :]), player_runs=player_runs
        )
    assert truncate["item_id"] == item
    assert truncate["audio_end_ms"] < ANSWER_S * 1000
    _end_turn(service, number)
    error_ms = truncate["audio_end_ms"] - heard(audio).size * 1000 / RATE_HZ
    began_late = int(heard(audio)[0] != 0)
    return Truncation(error_ms, longest_silence_ms(audio), began_late + jumps(audio))


def _end_turn(service: ScriptedService, number: int) -> None:
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
