"""Sound must not depend on the terminal: a counter spoken into the microphone arrives whole past a busy, unread screen."""

from itertools import count, islice
from pathlib import Path

import pytest

from tests.support.console_run import start_console
from tests.support.counter import counter, gaps, heard
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

pytestmark = [pytest.mark.sound, pytest.mark.terminal]

SECONDS = 8
STALL_S = 3


def test_the_microphone_survives_a_busy_screen_and_a_terminal_that_does_not_read(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    signal = counter(SECONDS * RATE_HZ)
    noise = ({"type": "something.new", "serial": serial, "text": "x" * 60} for serial in count())
    with ScriptedService() as service, start_console(tmp_path, service, sound_card) as console:
        service.wait(lambda: len(service.microphone) > RATE_HZ)  # half a second of silence: the microphone is open
        done = service.send_at_rate(islice(noise, SECONDS * 200), 200)
        sound_card.speak(signal)
        service.wait(lambda: bool(heard(service.microphone).size))

        console.pause()
        before = len(service.microphone)
        service.wait(lambda: len(service.microphone) > before + STALL_S * RATE_HZ * 2)
        console.resume()

        service.wait(lambda: heard(service.microphone).size >= SECONDS * RATE_HZ)
        assert done.wait(30)
        console.wait_output(b"something.new")
        assert gaps(service.microphone) == 0
        assert heard(service.microphone).size == SECONDS * RATE_HZ
        console.press("q")
        assert console.close() == 0
