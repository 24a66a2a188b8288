"""Which machine has the ports of a session."""

import pytest
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.client.placement import place
from voicelive_tui.audio.ipc.messages import Opened, OpenRequest

AT = LinkAddress("127.0.0.1:4000")


@pytest.mark.parametrize("ports", [("device", "device"), ("device:a", "null"), ("none", "device")])
def test_devices_are_those_at_the_other_end(ports: tuple[str, str]) -> None:
    request = OpenRequest(*ports, file_waits=True)
    assert (place(request, AT).link, place(request, AT).request) == (AT, request)
    assert place(request, None).link is None


@pytest.mark.parametrize("ports", [("wav:a", "wav:b"), ("wav:a", "null"), ("none", "none")])
def test_files_and_silence_are_here(ports: tuple[str, str]) -> None:
    request = OpenRequest(*ports)
    assert (place(request, AT).link, place(request, AT).request) == (None, request)


@pytest.mark.parametrize(
    ("ports", "opened", "side", "option"),
    [
        (("wav:a", "device"), OpenRequest("wav:a", "none"), "loudspeaker", "--output-device"),
        (("device:x", "wav:b"), OpenRequest("none", "wav:b"), "microphone", "--input-device"),
    ],
)
def test_a_file_with_a_device_leaves_one_side_without_sound_and_says_so(
    ports: tuple[str, str], opened: OpenRequest, side: str, option: str
) -> None:
    placed = place(OpenRequest(*ports), AT)
    assert (placed.link, placed.request) == (None, opened)
    ports_open = placed.completed(Opened("a", "", 1, 0))
    problem = ports_open.output_problem or ports_open.input_problem
    assert problem.startswith(f"No {side}: a sound file here and a device of 127.0.0.1:4000 ")
    assert f"`{option} none`" in problem
