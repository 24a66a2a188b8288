"""When lost devices are looked for, and when the ports are opened again."""

import pytest
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.engine.audio.sound_recovery import LOOK_EVERY_S, SoundRecovery
from voicelive_tui.model.session.snapshot import AudioStatus
from voicelive_tui.model.sound_devices import Device

BOTH = AudioStatus(input_name="headset", output_name="headset", running=True)
NO_MICROPHONE = AudioStatus(output_name="headset", running=True)
NOTHING = AudioStatus()


def device(name: str, *, inputs: int = 1, outputs: int = 1, default: bool = False) -> Device:
    return Device(name, "ALSA", inputs, outputs, 48_000, default, default)


def recovery(
    microphone: str = "device", speaker: str = "device", status: AudioStatus = BOTH
) -> SoundRecovery:
    """A recovery of ports that were just opened."""
    found = SoundRecovery()
    found.begin(OpenRequest(microphone, speaker), status)
    return found


def test_nothing_is_looked_for_while_nothing_is_lost() -> None:
    assert SoundRecovery().pause_s is None
    ports = recovery()
    assert (ports.pause_s, ports.problem) == (None, "")
    assert ports.follow(BOTH, 0.0) == ""
    assert ports.pause_s is None


def test_what_was_missing_from_the_start_is_not_looked_for() -> None:
    ports = recovery(status=NO_MICROPHONE)
    ports.follow(NO_MICROPHONE, 0.0)
    assert ports.pause_s is None
    ports.follow(NOTHING, 1.0)
    assert "loudspeaker headset" in ports.problem
    assert "microphone" not in ports.problem


@pytest.mark.parametrize("spec", ["null", "none", "wav:question.wav"])
def test_only_devices_are_looked_for(spec: str) -> None:
    ports = recovery(spec, spec)
    ports.follow(NOTHING, 0.0)
    assert (ports.pause_s, ports.problem) == (None, "")


def test_a_speaker_that_is_a_file_is_never_begun_anew_for_a_lost_microphone() -> None:
    ports = recovery(speaker="wav:answer.wav")
    ports.follow(NO_MICROPHONE, 0.0)
    assert ports.pause_s is None
    assert "goes on without it to its end" in ports.problem


def test_a_lost_device_is_marked_until_it_is_back_and_that_is_said_once() -> None:
    ports = recovery()
    assert ports.follow(NO_MICROPHONE, 0.0) == ""
    assert ports.pause_s == LOOK_EVERY_S
    assert ports.problem.startswith("The microphone headset is lost: the session goes on")
    assert ports.follow(NOTHING, 1.0) == ""
    assert ports.problem.startswith("The microphone headset and the loudspeaker headset are lost")
    assert ports.follow(NO_MICROPHONE, 2.0) == "The loudspeaker is back: headset."
    assert ports.follow(BOTH, 3.0) == "The microphone is back: headset."
    assert (ports.follow(BOTH, 4.0), ports.problem) == ("", "")
    assert ports.pause_s is None


def test_a_named_device_is_waited_for_and_the_default_may_be_another_one() -> None:
    others = [device("built-in", default=True)]
    named = recovery("device:head")
    named.follow(NO_MICROPHONE, 0.0)
    assert not named.may_reopen(others, quiet=True)
    assert named.may_reopen([*others, device("headset")], quiet=True)
    default = recovery()
    default.follow(NO_MICROPHONE, 0.0)
    assert default.may_reopen(others, quiet=True)
    assert not default.may_reopen([device("monitor", inputs=0)], quiet=True)
    assert not default.may_reopen([], quiet=True)


def test_the_device_that_replaced_a_named_one_is_waited_for_as_well() -> None:
    ports = recovery("device:gramophone")
    ports.follow(NO_MICROPHONE, 0.0)
    assert not ports.may_reopen([device("built-in", default=True)], quiet=True)
    assert ports.may_reopen([device("headset", default=True)], quiet=True)


def test_sound_is_cut_off_only_if_it_lasts_until_the_next_look() -> None:
    ports, devices = recovery(), [device("headset", default=True)]
    ports.follow(NO_MICROPHONE, 0.0)
    assert not ports.may_reopen(devices, quiet=False)
    assert ports.may_reopen(devices, quiet=False)
    assert not ports.may_reopen(devices, quiet=False)
    assert ports.may_reopen(devices, quiet=True)
    assert not ports.may_reopen(devices, quiet=False)
    assert not ports.may_reopen([], quiet=False)
    assert not ports.may_reopen(devices, quiet=False)


def test_devices_that_do_not_hold_are_tried_at_growing_intervals() -> None:
    ports, pauses = recovery(), []
    for second in range(12):
        ports.follow(NO_MICROPHONE, float(second))
        pauses.append(ports.pause_s)
        ports.reopening(float(second))
        ports.follow(BOTH, float(second))
    assert pauses[:4] == [LOOK_EVERY_S, LOOK_EVERY_S, 2 * LOOK_EVERY_S, 4 * LOOK_EVERY_S]
    assert pauses[-1] == 30.0
    ports.follow(NO_MICROPHONE, 30.0)
    assert ports.pause_s == LOOK_EVERY_S
