"""Audio does not depend on the terminal: a counter spoken into the microphone arrives whole
although the screen is busy and unread."""

from itertools import count
from pathlib import Path

from tests.support.console_run import start_console
from tests.support.counter import counter, heard, jumps
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

FRAMES = 8 * RATE_HZ
STALL_S = 3
ATTEMPTS = 3
"""A busy machine may lose sound in one of them, but not in each."""


def arrives_whole(console: PtyRun, service: ScriptedService, card: VirtualSound) -> bool:
    """Speak the counter while the terminal does not read. Returns whether the service got every
    sample once and in order. Silence between them would come from the player, which may be late on
    a busy machine."""
    begin = len(service.microphone)
    player = card.speak(counter(FRAMES))
    service.wait(lambda: any(service.microphone[begin:]))

    console.pause()
    before = len(service.microphone)
    service.wait(lambda: len(service.microphone) > before + STALL_S * RATE_HZ * 2)
    console.resume()

    # A second of silence after the player's end shows that no more follows.
    service.wait(lambda: player.poll() is not None)
    played = len(service.microphone)
    service.wait(
        lambda: (
            len(service.microphone) >= played + 2 * RATE_HZ
            and not any(service.microphone[-2 * RATE_HZ :])
        )
    )
    audio = service.microphone[begin:]
    return (heard(audio)[0], heard(audio).size, jumps(audio)) == (0, FRAMES, 0)


def test_the_microphone_survives_a_busy_screen_and_a_terminal_that_does_not_read(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    noise = ({"type": "something.new", "serial": serial, "text": "x" * 60} for serial in count())
    with ScriptedService() as service, start_console(tmp_path, service, sound_card) as console:
        service.wait(
            lambda: len(service.microphone) > RATE_HZ
        )  # half a second of silence: the microphone is open
        service.send_at_rate(noise, 200)
        assert any(arrives_whole(console, service, sound_card) for _ in range(ATTEMPTS))
        console.wait_output(b"something.new")
        console.press("qq")
        assert console.close() == 0
