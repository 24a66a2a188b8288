"""A conversation on the virtual sound card that goes on while the sound server and the service are
restarted again and again.

    python -m tests.bench.soak [--minutes M]

The sound server restarts every 45 s and is away for about a second; the service is away for 2 s
every 70 s. A turn is one second of sound into the microphone and, as soon as the service has half
of it, one second of an answer, of which half must leave the speaker. A turn that begins 2 s after
both are reachable again, and is not overtaken by the next restart, has to be heard; any other turn
may be. Prints each turn, and the console's threads, file descriptors and streams, which must not
grow. Needs the virtual sound card.
"""

import argparse
import contextlib
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from websockets.exceptions import ConnectionClosed

from tests.bench.console import end_response
from tests.bench.support.process_tree import family
from tests.bench.support.relay import Relay
from tests.support.console_run import console_environment, scripted_profiles
from tests.support.counter import counter
from tests.support.item_server import ItemServer
from tests.support.pty_run import PtyRun
from tests.support.speaker_recording import Recording
from tests.support.virtual_sound import RATE_HZ, VirtualSound, missing

SOUND_EVERY_S = 45.0
SERVICE_EVERY_S = 70.0
SERVICE_AWAY_S = 2.0
REACHABLE_S = 2.0
"""Seconds after which a turn has to be heard."""
TURN_S = 15.0
"""The longest wait for the microphone at the service, and then for the answer at the speaker."""
PAUSE_S = 3.0


@dataclass(frozen=True, slots=True)
class Leaks:
    """What the console's processes hold."""

    threads: int
    files: int
    streams: int


def sounding(audio: bytes | bytearray) -> int:
    """The number of samples that are not silent."""
    return int(np.count_nonzero(np.frombuffer(bytes(audio[: len(audio) // 2 * 2]), "<i2")))


class Soak:
    """The console, the card and the service, with what restarts them."""

    def __init__(
        self, console: PtyRun, card: VirtualSound, service: ItemServer, relay: Relay
    ) -> None:
        self._console = console
        self._card = card
        self._service = service
        self._relay = relay
        self._recording: Recording | None = card.record()
        self._over = threading.Event()
        self.outages: list[tuple[float, float, str]] = []
        """Start and end on `time.perf_counter`, and what was away; an end in the future while it
        still is."""

    @contextlib.contextmanager
    def restarts(self) -> Iterator[None]:
        """Restart sound server and service while the context lasts."""
        threads = [
            threading.Thread(target=self._every, args=(SOUND_EVERY_S, "sound", self._sound)),
            threading.Thread(target=self._every, args=(SERVICE_EVERY_S, "service", self._away)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _every(self, period_s: float, name: str, restart: Callable[[], None]) -> None:
        while not self._over.wait(period_s):
            position, start_s = len(self.outages), time.perf_counter()
            self.outages.append((start_s, start_s + 3_600, name))
            restart()
            self.outages[position] = (start_s, time.perf_counter(), name)

    def _sound(self) -> None:
        before, self._recording = self._recording, None
        self._card.kill()
        if before is not None:
            before.stop()
        self._card.plug_in()
        self._recording = self._card.record()

    def _away(self) -> None:
        self._relay.stop_listening()
        self._over.wait(SERVICE_AWAY_S)
        self._relay.listen()

    def leaks(self) -> Leaks:
        """What the console and its audio process hold now."""
        folders = [Path(f"/proc/{pid}") for pid in family(self._console.process.pid)]
        threads = sum(len(os.listdir(folder / "task")) for folder in folders)
        files = sum(len(os.listdir(folder / "fd")) for folder in folders)
        return Leaks(threads, files, self._card.streams())

    def must_be_heard(self, start_s: float, end_s: float) -> bool:
        """Whether nothing was away from 2 s before a turn until its end."""
        return all(
            back_s < start_s - REACHABLE_S or gone_s > end_s for gone_s, back_s, _ in self.outages
        )

    def hold_turn(self, number: int) -> str:
        """Hold one turn; returns what of it was not heard, empty if all of it was."""
        service = self._service
        before = len(service.microphone)
        self._card.speak(counter(RATE_HZ))
        half = RATE_HZ // 2
        if not until(lambda: sounding(service.microphone[before:]) > half):
            return "the service heard nothing"
        recording = self._recording
        position = len(recording.audio) if recording else 0
        try:
            service.answer(number, counter(RATE_HZ), finished=True)
            end_response(service, number, "completed")
        except ConnectionClosed:
            return "the connection broke before the answer"
        heard = until(lambda: recording is not None and sounding(recording.audio[position:]) > half)
        return "" if heard else "the answer was not heard"


def until(condition: Callable[[], bool]) -> bool:
    """Wait for the condition, at most `TURN_S`; returns whether it came to hold."""
    end_s = time.perf_counter() + TURN_S
    while not condition():
        if time.perf_counter() > end_s:
            return False
        time.sleep(0.05)
    return True


def hold_turns(soak: Soak, minutes: float) -> tuple[int, int, int]:
    """Hold turns for so long; returns the number of all, of those that had to be heard and of those
    among them that were not."""
    began_s, number, due, lost = time.perf_counter(), 0, 0, 0
    with soak.restarts():
        while (start_s := time.perf_counter()) - began_s < minutes * 60:
            number += 1
            missed = soak.hold_turn(number)
            end_s = time.perf_counter()
            has_to = soak.must_be_heard(start_s, end_s)
            due += has_to
            lost += has_to and bool(missed)
            what = missed or "heard"
            note = "" if has_to else "  (a restart was near)"
            print(
                f"{start_s - began_s:7.1f} s  turn {number:3}  {end_s - start_s:5.1f} s  "
                f"{what}{note}  {soak.leaks()}",
                flush=True,
            )
            time.sleep(PAUSE_S)
    return number, due, lost


@contextlib.contextmanager
def soaking() -> Iterator[Soak]:
    """A console that talks over the card to the service behind the relay."""
    with (
        tempfile.TemporaryDirectory() as name,
        VirtualSound() as card,
        ItemServer() as service,
        Relay(service.port) as relay,
    ):
        folder = Path(name)
        profiles = scripted_profiles(folder, service)
        file = profiles / "scripted.toml"
        file.write_text(file.read_text().replace(service.url, relay.url))
        with PtyRun(
            ["--profiles", str(profiles), "--start", "scripted"],
            columns=200,
            rows=50,
            environment=console_environment(folder, card),
            cwd=folder,
        ) as console:
            service.client_runs = console.must_run
            service.wait(lambda: len(service.microphone) > RATE_HZ)
            yield Soak(console, card, service, relay)
            console.press("qq")
            console.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 if a turn that had to be heard was not, or something leaks."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0)
    options = parser.parse_args(argv)
    if reason := missing():
        print(reason)
        return 1
    # The server's own reports of the broken connections.
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)
    with soaking() as soak:
        before = soak.leaks()
        number, due, lost = hold_turns(soak, options.minutes)
        time.sleep(PAUSE_S)
        after = soak.leaks()
    sound = sum(name == "sound" for _, _, name in soak.outages)
    print(f"{sound} restarts of the sound server, {len(soak.outages) - sound} of the service")
    print(f"{number} turns, {due} of them had to be heard, {lost} of these were not")
    print(f"before {before}, after {after}")
    grown = after.files > before.files + 4 or after.threads > before.threads + 2
    return 1 if lost or grown else 0


if __name__ == "__main__":
    sys.exit(main())
