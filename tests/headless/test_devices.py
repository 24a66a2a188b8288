"""`devices`: a table of the audio devices, or one sentence with the cure."""

import socket
from pathlib import Path

from voicelive_common.exit_codes import ExitCode
from voicelive_tui.headless.devices import table
from voicelive_tui.model.sound_devices import Device, Devices

from tests.support.near_side import TOKEN, listening
from tests.support.program import Program
from tests.support.virtual_sound import VirtualSound


def test_the_table_says_what_is_the_default_and_which_way_sound_goes() -> None:
    devices = Devices(
        (
            Device("Headset\x1b[31m", "ALSA", 1, 2, 16_000, True, False),
            Device("Monitor", "ALSA", 0, 2, 48_000, False, True),
            Device("default", "ALSA", 32, 32, 44_100, True, True),
        )
    )
    header, headset, monitor, default = table(devices)
    assert header.split() == ["name", "through", "in", "out", "rate"]
    assert headset.split() == ["mic", "Headset\\x1b[31m", "ALSA", "1", "2", "16000", "Hz"]
    assert monitor.split() == ["speaker", "Monitor", "ALSA", "-", "2", "48000", "Hz"]
    assert default.startswith("mic+speaker  default")


def test_the_virtual_card_is_listed_and_is_the_default(
    program: Program, sound_card: VirtualSound
) -> None:
    done = program.run("devices", environment=sound_card.environment)
    assert done.returncode == ExitCode.OK, done.stderr
    assert any(
        line.startswith("mic+speaker") and "default" in line for line in done.stdout.splitlines()
    )


def test_no_sound_library_is_a_sentence_with_the_cure(program: Program) -> None:
    blocked = program.home / "blocked"
    blocked.mkdir()
    (blocked / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    done = program.run("devices", environment={"PYTHONPATH": str(blocked)})
    assert done.returncode == ExitCode.SOUND
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)
    assert "PortAudio" in done.stderr or "libportaudio2" in done.stderr


def test_the_devices_at_the_other_end_of_a_link_are_listed_and_judged(
    program: Program, sound_card: VirtualSound, tmp_path: Path
) -> None:
    with listening(tmp_path, token=TOKEN) as near:
        assert isinstance(near, Path)
        # The program itself has no sound card, only the listener has.
        given = {"VOICELIVE_TUI_AUDIO_TOKEN": TOKEN, "PULSE_SERVER": "unix:/nonexistent"}
        options = ("--audio", str(near))
        done = program.run("devices", *options, environment=given)
        assert done.returncode == ExitCode.OK, done.stderr
        machine = socket.gethostname()
        assert f"These are the devices of {machine}, through the socket of --audio" in done.stderr
        assert "mic+speaker" in done.stdout
        judged = program.run("doctor", *options, environment=given).stdout
        assert f"the devices of {machine}, through the socket of --audio: round trip" in judged
        assert TOKEN not in judged
        wrong = program.run(
            "devices", *options, environment={**given, "VOICELIVE_TUI_AUDIO_TOKEN": "another-one"}
        )
        assert wrong.returncode == ExitCode.SOUND
        assert "The token is wrong" in wrong.stderr and "another-one" not in wrong.stderr
    gone = program.run("devices", *options, environment=given)
    assert gone.returncode == ExitCode.SOUND
    assert gone.stderr.startswith("There is no socket ")
