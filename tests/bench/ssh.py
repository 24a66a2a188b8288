"""The sound over SSH, with a relay that delays the bytes between `ssh` and a real `sshd`: gaps in
the playback, lost microphone audio, interruptions and what the service is told of them, a stall,
and the same command typed again after ssh was killed in the middle of an answer.

    python -m tests.bench.ssh [--seconds S] [--jitter MS] [--ssh-option OPTION ...]
                              [ROUND_TRIP_MS ...]

The near side is the real listener with the virtual sound card, the far one a client of it behind
the forwarded socket; for the killed connection it is the whole program, with the console in tmux.
The first lines are those of the same card without a link, to compare with: a busy machine delays
both.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from voicelive_tui.audio.client.link_address import LinkAddress

from tests.bench.support.link_figures import (
    CutFigures,
    LinkMeasurement,
    PlayFigures,
    median_cut,
)
from tests.support.engine_harness import engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService
from tests.support.slow_link import SlowLink
from tests.support.ssh_console import (
    events,
    kill_ssh,
    records,
    speak_and_hear,
    ssh_console,
    until,
    wait_until_heard,
)
from tests.support.ssh_link import ssh_link
from tests.support.ssh_server import HOST, SshServer, ssh_server, sshd_path
from tests.support.truncation import interrupted_answer
from tests.support.virtual_sound import VirtualSound, missing

CUTS = 5


def main() -> int:
    """Measure each round trip and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="of playback")
    parser.add_argument("--jitter", type=float, default=10, help="in ms, in each direction")
    parser.add_argument("--ssh-option", action="append", default=[], help="such as -C")
    parser.add_argument("round_trips_ms", type=float, nargs="*", default=[20, 80, 160])
    options = parser.parse_args()
    if reason := missing() or ("" if sshd_path() else "sshd is not installed."):
        print(reason)
        return 1
    print(f"{busy()}, {options.jitter:g} ms of jitter")
    with ssh_server() as server, VirtualSound() as card:
        os.environ.update(card.environment)
        asyncio.run(without_link(card, options.seconds))
        with SlowLink(("127.0.0.1", server.port)) as relay:
            with ssh_link(server, relay, *options.ssh_option) as at:
                relay.jitter_s = options.jitter / 1000
                for round_trip_ms in options.round_trips_ms:
                    relay.delay_s = round_trip_ms / 2000
                    asyncio.run(over_link(at, card, relay, options.seconds))
                    truncations(at, card)
                    print(f"  {busy()}", flush=True)
            relay.delay_s = options.round_trips_ms[0] / 2000
            with tempfile.TemporaryDirectory() as folder:
                killed(server, card, relay, Path(folder))
    return 0


async def over_link(at: LinkAddress, card: VirtualSound, relay: SlowLink, seconds: int) -> None:
    """Measure one delay of the relay."""
    one_way_ms = (relay.delay_s + relay.jitter_s / 2) * 1000
    async with LinkMeasurement(at, card) as measurement:
        started_s, before = time.monotonic(), relay.sent_bytes
        played = await measurement.play(seconds)
        rate = (relay.sent_bytes - before) / (time.monotonic() - started_s) / 1000
        cut = median_cut(await measurement.interruptions())
        stalled = await measurement.stall(relay)
    print(
        f"{relay.delay_s * 2000:g} ms of round trip; measured {played.round_trip_ms:.1f} ± "
        f"{played.clock_error_ms:.1f}; {rate:.0f} kB/s from here\n"
        f"{report(seconds, played, cut, one_way_ms)}\n"
        f"  after a stall of 2 s: sound after {stalled.back_ms:.0f} ms, {stalled.jumps} jumps, "
        f"{stalled.missing_ms:.1f} ms missing   (target 2000, 0, 0)",
        flush=True,
    )


def truncations(at: LinkAddress, card: VirtualSound) -> None:
    """Let a service interrupt answers of a whole engine, and compare what it is told with the
    monitor."""
    with (
        ScriptedService() as service,
        tempfile.TemporaryDirectory() as folder,
        engine_harness(
            Path(folder),
            **key_settings(service.url, "k"),
            input=None,
            output=None,
            audio_at=at.text,
            audio_token=at.token,
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.engine.snapshot().audio.output_name, "sound")
        harness.until_event("session.updated")
        told = [interrupted_answer(service, card, number, 700) for number in range(CUTS)]
        harness.stop()
    assert not any(each.jumps for each in told), "the recording has jumps"
    worst = max((each.error_ms for each in told), key=abs)
    print(
        f"  milliseconds in the truncate that is sent: {worst:+.1f} against the monitor at worst "
        f"of {CUTS}   (target 30)",
        flush=True,
    )


async def without_link(card: VirtualSound, seconds: int) -> None:
    """Measure the devices of this machine, to see what the machine itself is good for now."""
    async with LinkMeasurement(None, card) as measurement:
        played = await measurement.play(seconds)
        cut = median_cut(await measurement.interruptions())
    print(f"without a link\n{report(seconds, played, cut, 0.0)}", flush=True)


def report(seconds: int, played: PlayFigures, cut: CutFigures, one_way_ms: float) -> str:
    """The lines that a measurement with a link and one without it have in common."""
    return (
        f"  {seconds} s played: {played.gaps} gaps, {played.jumps} jumps, longest pause "
        f"{played.pause_ms:.1f} ms   (target 0 gaps)\n"
        f"  {seconds} s spoken: {played.lost_blocks} blocks lost, {played.spoken_jumps} jumps, "
        f"{played.missing_ms:.1f} ms missing   (target 0)\n"
        f"  interruption: silent at the monitor after {cut.silent_ms:.1f} ms, beyond one one-way "
        f"trip {cut.silent_ms - one_way_ms:.1f}   (target 15); reported: link {cut.link_ms:.1f}, "
        f"device {cut.device_ms:.1f}\n"
        f"  milliseconds reported as played: {cut.error_ms:+.1f} at the monitor at worst   "
        f"(target 30)"
    )


def killed(server: SshServer, card: VirtualSound, relay: SlowLink, folder: Path) -> None:
    """Kill ssh in the middle of an answer, type the same command again, and say how long that
    took."""
    words = (HOST, "--start", "sound-check")
    with card.record() as recording:
        with ssh_console(server, folder / "1", *words, relay=relay) as terminal:
            wait_until_heard(terminal)
            speak_and_hear(card, recording)
            kill_ssh(server)
            terminal.exit_code()
        typed_s = time.time()
        with ssh_console(server, folder / "2", *words, relay=relay) as terminal:
            until(lambda: states(server, "console.device").count("back") == 2, "no sound")
            back_s = time.time()
            (link,) = server.links()
            prepared_s = (link / "link.json").stat().st_mtime
            wait_until_heard(terminal)
            speak_and_hear(card, recording)
            terminal.press("q", "q")
            terminal.exit_code()
    stops = [event["item_id"] for event in events(server, "console.playback_stopped")]
    connected = len(events(server, "console.connected"))
    print(
        f"ssh killed in the middle of an answer, the same command again, {relay.delay_s * 2000:g} "
        f"ms of round trip:\n"
        f"  both devices {back_s - typed_s:.1f} s after it was typed, {back_s - prepared_s:.1f} s "
        f"after the server knew of the new link   (target 2)\n"
        f"  {connected} connection to the service, {len(stops)} ends of {len(set(stops))} answers, "
        f"{len(records(server))} records",
        flush=True,
    )


def busy() -> str:
    """How busy the machine is, because that is in every figure."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def states(server: SshServer, kind: str) -> list[str]:
    """What the events of this type tell."""
    return [event["state"] for event in events(server, kind)]


if __name__ == "__main__":
    sys.exit(main())
