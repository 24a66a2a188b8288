"""Where a server forwards no Unix sockets, the sound goes through a port of it, with a token."""

from pathlib import Path

from tests.engine.audio.test_lost_devices import be_heard, both_open, hear_answer
from tests.engine.audio.test_sound_over_link import lost
from tests.support.engine_harness import engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService
from tests.support.slow_link import SlowLink
from tests.support.ssh_link import ssh_link
from tests.support.ssh_server import needs_sshd, ssh_server
from tests.support.virtual_sound import VirtualSound

pytestmark = needs_sshd


def test_sound_goes_through_a_port_and_comes_back_after_a_stall(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with (
        ssh_server({"AllowStreamLocalForwarding": "no"}) as server,
        SlowLink(("127.0.0.1", server.port), delay_s=0.01, jitter_s=0.002) as relay,
        ssh_link(server, relay) as at,
        ScriptedService() as service,
        engine_harness(
            tmp_path,
            **key_settings(service.url, "k"),
            input=None,
            output=None,
            audio_at=at.text,
        ) as harness,
    ):
        target = at.target()
        assert (target.path, target.way) == (None, "ssh") and target.port
        assert target.token is not None
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: both_open(harness), "sound")
        be_heard(service, sound_card)
        hear_answer(harness, service, sound_card)
        relay.stall()
        harness.until(lambda: lost(harness), "the stall")
        relay.resume()
        harness.until(lambda: not lost(harness), "its end")
        be_heard(service, sound_card)
        hear_answer(harness, service, sound_card)
        harness.stop()
