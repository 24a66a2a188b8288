"""The speaker's worker: decodes, resamples and queues content parts, and reports every 20 ms what
was heard.

Invariant: `_lock` guards the jitter buffer among the port's callback, the worker and the thread
that takes requests, and is never held across a call of the port that may wait.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from voicelive_tui.audio.dsp.pcm import measure
from voicelive_tui.audio.dsp.resample import Decoder
from voicelive_tui.audio.host.jitter_buffer import JitterBuffer
from voicelive_tui.audio.host.level_reports import LevelReports
from voicelive_tui.audio.host.received_audio import ReceivedAudio
from voicelive_tui.audio.ipc.messages import AudioMessage, Drained, Flushed, PlayedPart
from voicelive_tui.audio.ports.port import OutputPort
from voicelive_tui.model.formats import BLOCK_S, AudioFormat

_Key = tuple[str, int]


class _Part(NamedTuple):
    decoder: Decoder
    received: ReceivedAudio


class Speaker:
    """Owns an open output port and the worker. Without a port nothing is ever heard, and each part
    is drained at its end with 0 ms played.

    Its methods are called by one thread at a time.
    """

    def __init__(
        self, port: OutputPort | None, format_: AudioFormat, post: Callable[[AudioMessage], None]
    ) -> None:
        self._port = port
        self._rate_hz = port.rate_hz if port else format_.rate_hz
        self._format = format_
        self._post = post
        self._lock = threading.Lock()
        self._jitter_buffer = JitterBuffer(self._rate_hz)
        self._parts: dict[_Key, _Part] = {}
        """The parts that the service has not sent completely."""
        self._finished: set[_Key] = set()
        """Parts that ended because another one began; their own end may still come."""
        self._epoch = 0
        self._silencing = False
        """True from the call of `port.silence` until it returns. Audio that is reported as heard
        meanwhile may lie after the cut."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)

    def start(self, fail: Callable[[str], None]) -> None:
        """Start the port and the worker. Raises PortError as the port does."""
        if self._port is not None:
            self._port.start(self._pull, fail)
            self._thread.start()

    def _pull(self, out: memoryview, heard_s: float, ran_dry: bool) -> None:
        with self._lock:
            self._jitter_buffer.pull(out, heard_s, ran_dry=ran_dry)

    def set_format(self, format_: AudioFormat) -> None:
        """Set the format of the parts that begin from now on."""
        self._format = format_

    def play(self, item_id: str, content_index: int, audio: bytes) -> None:
        """Queue more audio of a part."""
        key = (item_id, content_index)
        if key not in self._parts:
            self._finish_others()
            self._finished.discard(key)
            self._parts[key] = _Part(
                Decoder(self._format, self._rate_hz), ReceivedAudio(self._format)
            )
        part = self._parts[key]
        part.received.size_bytes += len(audio)
        decoded = part.decoder.feed(audio)
        if self._port is not None:
            with self._lock:
                self._jitter_buffer.append(item_id, content_index, decoded, part.received)

    def end(self, item_id: str, content_index: int) -> None:
        """Note that no more audio of this part will come."""
        key = (item_id, content_index)
        part = self._parts.pop(key, None)
        if part is None and key in self._finished:
            # The part has been reported as ended, or will be. Ending it again would begin a new
            # part and cut the running one in two.
            self._finished.discard(key)
            return
        if self._port is None:
            unheard = PlayedPart(item_id, content_index, 0, part.received.ms if part else 0)
            self._post(Drained(unheard, time.perf_counter()))
            return
        tail = part.decoder.finish() if part else b""
        with self._lock:
            if part and tail:
                self._jitter_buffer.append(item_id, content_index, tail, part.received)
            self._jitter_buffer.end(item_id, content_index)

    def _finish_others(self) -> None:
        for item_id, content_index in list(
            self._parts
        ):  # the service sends one part after the other
            self.end(item_id, content_index)
            self._finished.add((item_id, content_index))

    def flush(self, epoch: int) -> None:
        """Silence the speaker at once, and post `Flushed`."""
        self._epoch = epoch
        if self._port is None:
            parts = tuple(
                PlayedPart(*key, 0, part.received.ms) for key, part in self._parts.items()
            )
            self._parts.clear()
            self._finished.clear()
            self._post(Flushed(epoch, parts, time.perf_counter()))
            return
        with self._lock:
            self._silencing = True
        self._forget(self._port.silence())
        self._port.resume()

    def detach_port(self) -> None:
        """Report what was heard until now, and go on without a port, because the device is gone."""
        port, self._port = self._port, None
        if port is None:
            return
        self._stop.set()
        self._forget(time.perf_counter())
        port.close()

    def _forget(self, silent_s: float) -> None:
        with self._lock:
            events = self._jitter_buffer.events(silent_s)
            parts = self._jitter_buffer.flush(silent_s)
            self._silencing = False
        self._parts.clear()
        self._finished.clear()
        for event in events:
            self._post(event)
        self._post(Flushed(self._epoch, parts, silent_s))

    def _run(self) -> None:
        levels = LevelReports("agent", self._post)
        due_s = time.perf_counter()
        while not self._stop.wait(max(0.0, due_s - time.perf_counter())):
            now_s = time.perf_counter()
            with self._lock:
                events = [] if self._silencing else self._jitter_buffer.events(now_s)
                heard = b"" if self._silencing else self._jitter_buffer.heard(now_s)
            for event in events:
                self._post(event)
            levels.feed(measure(np.frombuffer(heard, np.int16)))
            due_s = max(due_s + BLOCK_S, now_s)

    def close(self) -> None:
        """Stop the port and the worker; nothing more is reported."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)
        if self._port is not None:
            self._port.close()
