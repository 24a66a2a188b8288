"""`devices`: a table of the audio devices, or one sentence with the cure."""

from voicelive_common.exit_codes import ExitCode
from voicelive_tui.headless.devices import table
from voicelive_tui.model.sound_devices import Device, Devices

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
