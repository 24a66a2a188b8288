"""The service is told exactly how much of an interrupted answer the speaker has played."""

from itertools import count
from pathlib import Path

from tests.support.console_run import start_console
from tests.support.scripted_service import ScriptedService
from tests.support.truncation import interrupted_answer
from tests.support.virtual_sound import RATE_HZ, VirtualSound

ATTEMPTS = 10
"""A busy machine may delay any one answer, but not each of so many."""


def test_an_interruption_names_the_milliseconds_that_left_the_speaker(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with ScriptedService() as service, start_console(tmp_path, service, sound_card) as console:
        service.wait(lambda: len(service.microphone) > RATE_HZ)
        numbers = count()

        def agrees(play_ms: int) -> bool:
            number = next(numbers)
            told = interrupted_answer(service, sound_card, number, play_ms, console.must_run)
            return told.agrees

        for play_ms in (400, 1_100, 2_300):
            assert any(agrees(play_ms) for _ in range(ATTEMPTS)), play_ms
        assert not service.events("response.cancel")
        console.press("qq")
        assert console.close() == 0
