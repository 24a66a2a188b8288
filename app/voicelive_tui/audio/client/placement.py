"""Which machine has the ports of a session: files are always those of this machine, devices those
at the other end of the link, if there is one. One audio process has them all."""

from dataclasses import dataclass, replace

from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.client.link_texts import file_with_device
from voicelive_tui.audio.ipc.messages import Opened, OpenRequest


@dataclass(frozen=True, slots=True)
class Placement:
    """The ports to open, and where. link: None for this machine. A problem is one sentence about a
    port that cannot be opened there."""

    request: OpenRequest
    link: LinkAddress | None = None
    input_problem: str = ""
    output_problem: str = ""

    def completed(self, opened: Opened) -> Opened:
        """The ports that are open, with the problem of the one that could not even be asked for."""
        return replace(
            opened,
            input_problem=opened.input_problem or self.input_problem,
            output_problem=opened.output_problem or self.output_problem,
        )


def place(request: OpenRequest, at: LinkAddress | None) -> Placement:
    """Decide which machine opens these ports. at: the link to use for devices; None for none."""
    devices = [_is_device(request.input), _is_device(request.output)]
    files = [request.input.startswith("wav:"), request.output.startswith("wav:")]
    if at is None or not any(devices):
        return Placement(request)
    if not any(files):
        return Placement(request, at)
    if files[0]:
        problem = file_with_device(at.link().machine, "loudspeaker", "--output-device")
        return Placement(replace(request, output="none"), output_problem=problem)
    problem = file_with_device(at.link().machine, "microphone", "--input-device")
    return Placement(replace(request, input="none"), input_problem=problem)


def _is_device(spec: str) -> bool:
    return spec.partition(":")[0] == "device"
