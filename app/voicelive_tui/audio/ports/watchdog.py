"""Notices streams that ended or whose callbacks stopped. One thread watches all streams of the
process."""

import threading
import time

from voicelive_tui.audio.error_texts import device_gone, device_stalled
from voicelive_tui.audio.ports.devices import Side
from voicelive_tui.audio.ports.port import Fail

_STALLED_S = 5.0
"""Seconds without a callback after which a device has stopped; a busy machine delays callbacks by a
second or two."""
_CHECK_S = 1.0


class StreamWatch:
    """Reports once that a stream ended or that its callbacks stopped."""

    def __init__(self, side: Side, name: str, fail: Fail) -> None:
        self._side = side
        self._name = name
        self._fail = fail
        self._expected = False
        self._over = False
        self._called_s = 0.0

    def called(self, now_s: float) -> None:
        """Note that a callback came."""
        self._called_s = now_s

    def expect(self, on: bool) -> None:
        """Note whether the stream should be running; it should not be while this program stops
        it."""
        self._called_s = time.perf_counter()
        self._expected = on

    def finished(self) -> None:
        """Handle the end of the stream, by PortAudio or by this program."""
        if self._expected:
            self._report(device_gone(self._side, self._name))

    def check(self, now_s: float) -> None:
        """Report a stream that should be running and was not called for too long."""
        if self._expected and now_s - self._called_s > _STALLED_S:
            self._report(device_stalled(self._side, self._name))

    def close(self) -> None:
        """Report nothing from now on."""
        self._over = True

    def _report(self, text: str) -> None:
        if not self._over:
            self._over = True
            self._fail(text)


class Watchdog:
    """Checks its streams once a second, from the first one on."""

    def __init__(self) -> None:
        self._watches: list[StreamWatch] = []
        self._checked_s = time.perf_counter()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def watch(self, stream: StreamWatch) -> None:
        """Check this stream too."""
        self._checked_s = time.perf_counter()
        self._watches.append(stream)
        if not self._thread.is_alive():
            self._thread.start()

    def check(self, now_s: float) -> None:
        """Check all streams at this time."""
        slept = now_s - self._checked_s > _STALLED_S / 2
        self._checked_s = now_s
        for stream in tuple(self._watches):
            if slept:
                # This thread did not run either, so the stream may be as good as it was.
                stream.called(now_s)
            stream.check(now_s)

    def close(self) -> None:
        """End the thread."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(_CHECK_S):
            self.check(time.perf_counter())
