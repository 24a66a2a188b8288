"""The sentences that tell a user about audio problems: what is wrong, and what to do."""

import sys
from collections.abc import Sequence

DEBIAN_CURE = "sudo apt-get install libportaudio2 libasound2-plugins"


def _per_system(mac: str, windows: str, linux: str) -> str:
    return {"darwin": mac, "win32": windows}.get(sys.platform, linux)


NO_PORTAUDIO = _per_system(
    "PortAudio is missing: reinstall it with `pip install --force-reinstall sounddevice`.",
    "PortAudio is missing: reinstall it with `pip install --force-reinstall sounddevice`.",
    f"PortAudio is missing: `{DEBIAN_CURE}` (Fedora: `sudo dnf install portaudio`, Arch: `sudo "
    "pacman -S portaudio`).",
)

NO_INPUT = _per_system(
    "No microphone was found: connect one, or choose `--input-device none`.",
    "No microphone was found: connect one, or choose `--input-device none`.",
    f"No microphone was found: connect one; for PulseAudio or PipeWire on Debian: `{DEBIAN_CURE}`.",
)

NO_OUTPUT = _per_system(
    "No loudspeaker was found: connect one, or choose `--output-device none`.",
    "No loudspeaker was found: connect one, or choose `--output-device none`.",
    "No loudspeaker was found: connect one; for PulseAudio or PipeWire on Debian: "
    f"`{DEBIAN_CURE}`.",
)

NO_DEVICES = _per_system(
    "No microphone and no loudspeaker were found: connect them, or choose `--no-audio`.",
    "No microphone and no loudspeaker were found: connect them, or choose `--no-audio`.",
    "No microphone and no loudspeaker were found: connect them; for PulseAudio or PipeWire on "
    f"Debian: `{DEBIAN_CURE}`.",
)

SILENT_MICROPHONE = _per_system(
    "The microphone gives digital silence: allow this terminal under System Settings, Privacy, "
    "Microphone; restart it.",
    "The microphone gives digital silence: allow desktop apps under Settings, Privacy, Microphone, "
    "or unmute the device.",
    "The microphone gives digital silence: unmute it in the sound settings, or choose another one "
    "(`voicelive-tui devices`).",
)

SAME_FILE = (
    "The loudspeaker's file is the one that stands for the microphone: name another file, "
    "so that nothing is lost."
)

WRONG_TOKEN = (
    "The token is wrong: set VOICELIVE_TUI_AUDIO_TOKEN to the one that `voicelive-tui audio` "
    "showed."
)
NO_FILES = (
    "The sound of another machine has no files: use device, device:NAME, null or none with it."
)

GIVEN_UP = "The sound process ended again; the session goes on without sound."


def both_sides(input_problem: str, output_problem: str) -> str:
    """The problems of microphone and loudspeaker together, without repetition; empty if there are
    none."""
    if (input_problem, output_problem) == (NO_INPUT, NO_OUTPUT):
        return NO_DEVICES
    return " ".join(dict.fromkeys(text for text in (input_problem, output_problem) if text))


def device_gone(side: str, name: str) -> str:
    """The text for a device that is gone. side: `microphone` or `loudspeaker`."""
    return f"The {side} {name} is gone: reconnect it; the session goes on without it."


def device_stalled(side: str, name: str) -> str:
    """The text for a device that is present and no longer delivers or takes audio."""
    return (
        f"The {side} {name} stopped: reconnect it or choose another device; the session goes on "
        "without it."
    )


def devices_lost(names: Sequence[tuple[str, str]], *, opens_again: bool) -> str:
    """The text that stays on the screen while devices are lost. names: each side with its device.
    opens_again: the session opens them again by itself."""
    until = (
        "until it is there again"
        if opens_again
        else "to its end, because opening it again would begin the loudspeaker's file anew"
    )
    if len(names) > 1:
        return (
            f"{_both(names)} are lost: the session goes on without sound until they are there "
            "again."
        )
    ((side, name),) = names
    return f"The {side} {name} is lost: the session goes on without it {until}."


def devices_back(names: Sequence[tuple[str, str]]) -> str:
    """The text for devices that were lost and are in use again. names: as in `devices_lost`."""
    if len(names) > 1:
        return f"{_both(names)} are back."
    ((side, name),) = names
    return f"The {side} is back: {name}."


def _both(names: Sequence[tuple[str, str]]) -> str:
    return "The " + " and the ".join(f"{side} {name}" for side, name in names)


def device_replaced(side: str, wanted: str, used: str) -> str:
    """The text for a device that was not found and is replaced by the default one."""
    return f"There is no {side} named {wanted}: using {used} (see `voicelive-tui devices`)."


def device_refused(side: str, name: str, reason: str) -> str:
    """The text for a device that is present and cannot be opened. reason: PortAudio's own."""
    return (
        f"The {side} {name} cannot be opened ({reason}): close the program that holds it, or "
        "choose another device."
    )


def process_died(reason: str) -> str:
    """The text for an audio process that ended by itself. reason: its last output or its exit
    status."""
    return (
        f"The sound process ended ({reason}); it was started again, and what was playing is lost."
    )


def kept_file(path: str) -> str:
    """The text for a file in place of the loudspeaker that got no audio and replaced no existing
    file."""
    return f"No answer was played, so {path} stays as it was."


def unfinished_file(path: str) -> str:
    """The text for a file in place of the loudspeaker that could not be completed. path: the file
    that holds its audio."""
    return (
        f"The loudspeaker's file could not be completed; what was played is in {path}: rename "
        "that file to keep it."
    )


def in_use(machine: str) -> str:
    """The text for a second console that wants the sound of this machine."""
    return f"The sound of {machine} is in use by another console: close that one, and try again."


def not_started(machine: str, error: OSError) -> str:
    """The text for an audio process that cannot be started for a console elsewhere."""
    return (
        f"The sound process of {machine} cannot be started ({error.strerror or error}): see "
        "`voicelive-tui doctor` there."
    )


def peer_failed(reason: str) -> str:
    """The text for a console elsewhere whose audio process failed. reason: its last output or its
    exit status."""
    return f"The sound process of a console elsewhere ended ({reason})."
