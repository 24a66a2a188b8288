"""The speaker's worker: parts are decoded, resampled and queued; what was heard is reported every
20 ms."""

import threading
import time
from collections.abc import Callable

import numpy as np

from voicelive_tui.audio.dsp.pcm import measure
from voicelive_tui.audio.dsp.resample import Decoder
from voicelive_tui.audio.host.jitter_buffer import JitterBuffer
from voicelive_tui.audio.host.level_reports import LevelReports
from voicelive_tui.audio.ipc.messages import AudioMessage, Drained, Flushed, PlayedPart
from voicelive_tui.audio.ports.port import OutputPort
from voicelive_tui.model.formats import BLOCK_S, WireFormat

_Key = tuple[str, int]


class Speaker:
    """Owns an open output port. With no port nothing is ever heard: a part that ended is drained
    with 0 ms played."""

    def __init__(
        self, port: OutputPort | None, format_: WireFormat, post: Callable[[AudioMessage], None]
    ) -> None:
        self._port = port
        self._rate_hz = port.rate_hz if port else format_.rate_hz
        self._format = format_
        self._post = post
        self._lock = threading.Lock()
        self._jitter_buffer = JitterBuffer(self._rate_hz)
        self._decoders: dict[_Key, Decoder] = {}
        self._finished: set[_Key] = set()
        """Parts that ended because another one began; their own end may still be told."""
        self._epoch = 0
        self._silencing = False
        """True from the call of `port.silence` until its answer: what is reported as heard
        meanwhile may lie after the cut."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)

    def start(self, fail: Callable[[str], None]) -> None:
        """Start the port and the worker. PortError as the port says."""
        if self._port is not None:
            self._port.start(self._pull, fail)
            self._thread.start()

    def _pull(self, out: memoryview, heard_s: float, ran_dry: bool) -> None:
        with self._lock:
            self._jitter_buffer.pull(out, heard_s, ran_dry=ran_dry)

    def set_format(self, format_: WireFormat) -> None:
        """Parts that begin from now on are in this format."""
        self._format = format_

    def play(self, item_id: str, content_index: int, audio: bytes) -> None:
        """More sound of a part."""
        key = (item_id, content_index)
        if key not in self._decoders:
            self._finish_others()
            self._finished.discard(key)
            self._decoders[key] = Decoder(self._format.codec, self._format.rate_hz, self._rate_hz)
        decoder = self._decoders[key]
        decoded = decoder.feed(audio)
        if self._port is not None:
            with self._lock:
                self._jitter_buffer.append(item_id, content_index, decoded, decoder.received_ms)

    def end(self, item_id: str, content_index: int) -> None:
        """No more sound of this part."""
        key = (item_id, content_index)
        decoder = self._decoders.pop(key, None)
        if decoder is None and key in self._finished:
            # It has been reported as ended, or will be. Ending it again would begin a new part and
            # cut the running one in two.
            self._finished.discard(key)
            return
        received_ms = decoder.received_ms if decoder else 0
        if self._port is None:
            self._post(
                Drained(PlayedPart(item_id, content_index, 0, received_ms), time.perf_counter())
            )
            return
        tail = decoder.finish() if decoder else b""
        with self._lock:
            if tail:
                self._jitter_buffer.append(item_id, content_index, tail, received_ms)
            self._jitter_buffer.end(item_id, content_index)

    def _finish_others(self) -> None:
        for item_id, content_index in list(
            self._decoders
        ):  # the service sends one part after the other
            self.end(item_id, content_index)
            self._finished.add((item_id, content_index))

    def flush(self, epoch: int) -> None:
        """Silence at once, then `Flushed`."""
        self._epoch = epoch
        if self._port is None:
            parts = tuple(
                PlayedPart(*key, 0, decoder.received_ms) for key, decoder in self._decoders.items()
            )
            self._decoders.clear()
            self._finished.clear()
            self._post(Flushed(epoch, parts, time.perf_counter()))
            return
        with self._lock:
            self._silencing = True
        self._forget(self._port.silence())
        self._port.resume()

    def detach_port(self) -> None:
        """The speaker is gone: report what was heard until now, and go on as without one."""
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
        self._decoders.clear()
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
