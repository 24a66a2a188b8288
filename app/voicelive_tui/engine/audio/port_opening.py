"""Opens the ports that a session requires, or a packaged file in place of a missing microphone."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import voicelive_tui
from voicelive_tui.audio.client.client import AudioClient
from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.audio.client.link_connection import LinkRefused
from voicelive_tui.audio.error_texts import both_sides
from voicelive_tui.audio.ipc.messages import DeviceNotice, Opened, OpenRequest
from voicelive_tui.engine.audio.requirements import AudioRequirements
from voicelive_tui.model.session.snapshot import AudioStatus

HELLO_WAV = Path(voicelive_tui.__file__).parent / "audio" / "assets" / "hello.wav"
"""A spoken sentence that replaces a missing microphone in sessions with the simulator."""


class PortOpening(NamedTuple):
    """The result of an attempt to open ports. request: the ports that are open, which may differ
    from those that were required. `done` is False if there is no audio process, so that the same
    requirements are tried again. refused: whether another machine is there and gives no sound."""

    status: AudioStatus
    request: OpenRequest
    done: bool
    refused: bool = False


async def open_ports(
    client: AudioClient, requirements: AudioRequirements, host: str
) -> PortOpening:
    """Open the required ports in a new audio process, or end the process when none are required.

    host: the name of the machine, for the status.
    """
    request = requirements.request
    if request.input == "none" and request.output == "none":
        await client.close()
        return PortOpening(AudioStatus(host=host), request, done=True)
    refused = False
    try:
        opened, problem = await client.open(request), ""
    except AudioUnavailable as error:
        opened, problem, refused = None, str(error), isinstance(error, LinkRefused)
    no_microphone = opened is None or bool(opened.input_problem)
    if requirements.spoken_file and no_microphone and HELLO_WAV.is_file():
        return await _open_spoken_file(client, request, opened, problem, host)
    if opened is None:
        status = AudioStatus(problem=problem, host=host)
        return PortOpening(status, request, done=False, refused=refused)
    is_file = request.input.startswith("wav:") and not opened.input_problem
    return PortOpening(status_of(opened, host, input_is_file=is_file), request, done=True)


async def _open_spoken_file(
    client: AudioClient, request: OpenRequest, opened: Opened | None, problem: str, host: str
) -> PortOpening:
    """Open the packaged file in place of the microphone, and in place of a missing speaker a port
    that discards the sound at a speaker's pace."""
    # A loudspeaker at the other end of a link cannot be used together with a file of this machine.
    found = opened is not None and not opened.output_problem and client.link is None
    speaker = found or not request.output.startswith("device")
    output = request.output if speaker else "null"
    instead_request = replace(request, input=f"wav:{HELLO_WAV}", output=output)
    try:
        spoken = await client.open(instead_request)
    except AudioUnavailable as error:
        status = AudioStatus(problem=problem or str(error), host=host)
        return PortOpening(status, request, done=False)
    missing = problem or (both_sides(opened.input_problem, opened.output_problem) if opened else "")
    instead = "A spoken file stands for the microphone" + (
        "." if speaker else ", and the answers are timed but not heard."
    )
    status = status_of(
        spoken,
        host,
        input_is_file=not spoken.input_problem,
        problem=f"{missing} {instead}",
    )
    return PortOpening(status, instead_request, done=True)


def status_of(opened: Opened, host: str, *, input_is_file: bool, problem: str = "") -> AudioStatus:
    """The status of open ports. problem: a sentence to show in place of the ports' own problems."""
    return AudioStatus(
        input_name=opened.input_name,
        output_name=opened.output_name,
        input_is_file=input_is_file,
        running=bool(opened.input_name or opened.output_name),
        problem=problem or both_sides(opened.input_problem, opened.output_problem),
        host=host,
    )


def status_after_loss(status: AudioStatus, notice: DeviceNotice) -> AudioStatus:
    """The status without the side that is lost."""
    microphone = "" if notice.lost in ("microphone", "both") else status.input_name
    speaker = "" if notice.lost in ("loudspeaker", "both") else status.output_name
    return replace(
        status,
        input_name=microphone,
        output_name=speaker,
        running=bool(microphone or speaker),
        problem=notice.text,
    )
