"""Whose devices are used, and by which way."""

import pytest
from voicelive_tui.headless.sound_source import sound_source
from voicelive_tui.model.session.snapshot import SoundLink

PULSE = {"PULSE_SERVER": "tcp:127.0.0.1:4713"}


@pytest.mark.parametrize(
    ("link", "environ", "over_ssh", "verdict", "text"),
    [
        (None, {}, False, "ok", "the devices of this machine"),
        (None, {}, True, "warning", "the devices of server, not of the machine in front of you"),
        (
            None,
            PULSE,
            True,
            "ok",
            "the devices of the PulseAudio server at PULSE_SERVER=tcp:127.0.0.1:4713",
        ),
        (
            None,
            {"PIPEWIRE_REMOTE": "laptop\x1b"},
            False,
            "ok",
            "the devices of the PipeWire server at PIPEWIRE_REMOTE=laptop\\x1b",
        ),
        (
            SoundLink("laptop", "ssh", 23.4, 11.8),
            PULSE,
            True,
            "ok",
            "the devices of laptop, through `voicelive-tui ssh`: round trip 23 ms, clocks aligned "
            "within 12 ms",
        ),
        (
            SoundLink("lap\x1btop", "socket", 0.42, 0.21),
            {},
            False,
            "ok",
            "the devices of lap\\x1btop, through the socket of --audio: round trip 0.4 ms, clocks "
            "aligned within 0.2 ms",
        ),
        (
            SoundLink("laptop", "socket"),
            {},
            False,
            "ok",
            "the devices of laptop, through the socket of --audio",
        ),
    ],
)
def test_the_source_of_the_sound(
    link: SoundLink | None, environ: dict[str, str], over_ssh: bool, verdict: str, text: str
) -> None:
    source = sound_source(link, environ, "server", over_ssh=over_ssh)
    assert (source.verdict, source.text) == (verdict, text)
    assert bool(source.cure) == (verdict == "warning")
    assert source.elsewhere == (text != "the devices of this machine")
