"""The speaker: decodes, resamples and queues content parts; its worker reports every 40 ms what was
heard, and lets the port rest when nothing has played for a while.

Invariant: `_lock` guards the jitter buffer among the port's callback, the worker and the thread
that takes requests, and is never held across a call of the port that may wait. `_port_lock` is held
across such calls, so that only one thread at a time stops, starts or gives up the port; the port's
callback never takes it.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from voicelive_tui.audio.dsp.resample import Decoder
from voicelive_tui.audio.host.evidence import SPEAKER_S
from voicelive_tui.audio.host.jitter_buffer import FRAME_BYTES, JitterBuffer
from voicelive_tui.audio.host.level_reports import REPORT_S, level_report
from voicelive_tui.audio.host.playout_count import (
    MOST_PARTS,
    PlayoutCount,
    TooFarAhead,
    check_ahead,
)
from voicelive_tui.audio.host.received_audio import ReceivedAudio
from voicelive_tui.audio.host.sound_history import SoundHistory
from voicelive_tui.audio.ipc.messages import AudioMessage, CutEvidence, Drained, Flushed, PlayedPart
from voicelive_tui.audio.ports.port import OutputPort
from voicelive_tui.model.formats import AudioFormat

REST_AFTER_S = 5.0
"""Seconds without anything to play after which the port rests."""
_Key = tuple[str, int]


class _Part(NamedTuple):
    decoder: Decoder
    received: ReceivedAudio


class Speaker:
    """Owns an open output port and the worker. Without a port nothing is ever heard, and each part
    is drained at its end with 0 ms played.

    Requests are made by one thread; `detach_port` may be called by another one. measure_cut: called
    with the time of a cut, by the thread that made it. over_link: report how much was played, and
    raise TooFarAhead rather than keep any amount of audio.
    """

    def __init__(
        self,
        port: OutputPort | None,
        format_: AudioFormat,
        post: Callable[[AudioMessage], None],
        *,
        rest_after_s: float = REST_AFTER_S,
        measure_cut: Callable[[float], CutEvidence | None] = lambda at_s: None,
        over_link: bool = False,
    ) -> None:
        self._port = port
        self._rate_hz = port.rate_hz if port else format_.rate_hz
        self._format = format_
        self._post = post
        self._rest_after_s = rest_after_s
        self._measure_cut = measure_cut
        self.history = SoundHistory(self._rate_hz, SPEAKER_S)
        """The last seconds of audio that left the speaker."""
        self._lock = threading.Lock()
        self._port_lock = threading.Lock()
        self._resting = False
        """Whether the port was stopped because nothing played. Guarded by `_port_lock`."""
        self._jitter_buffer = JitterBuffer(self._rate_hz)
        self._parts: dict[_Key, _Part] = {}
        """The parts that the service has not sent completely."""
        self._finished: set[_Key] = set()
        """Parts that ended because another one began; their own end may still come."""
        self._epoch = 0
        self._playout = PlayoutCount() if over_link else None
        """How much was played. Guarded by `_lock`."""
        self._silencing = False
        """True from the call of `port.silence` until it returns. Audio that is reported as heard
        meanwhile may lie after the cut."""
        self._work = threading.Event()
        """Set when there may be something for the worker to do."""
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
        samples = np.frombuffer(bytes(out), np.int16)
        self.history.add(samples, heard_s + samples.size / self._rate_hz)

    @property
    def plays(self) -> bool:
        """True while audio is being heard or waits to be heard."""
        return self._port is not None and not self._is_idle()

    def set_format(self, format_: AudioFormat) -> None:
        """Set the format of the parts that begin from now on."""
        self._format = format_

    def play(self, item_id: str, content_index: int, audio: bytes, epoch: int = 0) -> None:
        """Queue more audio of a part. Raises TooFarAhead over a link."""
        with self._port_lock:
            self._play(item_id, content_index, audio, epoch)
            self._wake_port()
        if self._port is None:
            self._report_playout()

    def _play(self, item_id: str, content_index: int, audio: bytes, epoch: int) -> None:
        key = (item_id, content_index)
        if key not in self._parts:
            self._finish_others()
            self._finished.discard(key)
            self._parts[key] = _Part(
                Decoder(self._format, self._rate_hz), ReceivedAudio(self._format)
            )
        part = self._parts[key]
        self._check_ahead(part.received.format.duration_ms(len(audio)))
        part.received.size_bytes += len(audio)
        decoded = part.decoder.feed(audio)
        with self._lock:
            if self._playout is not None:
                self._playout.add(epoch, len(decoded) // FRAME_BYTES, self._jitter_buffer)
            if self._port is not None:
                self._jitter_buffer.append(item_id, content_index, decoded, part.received)

    def _check_ahead(self, more_ms: float) -> None:
        """Raise TooFarAhead if that is more than a peer may send ahead."""
        if self._playout is not None:
            with self._lock:
                check_ahead(self._jitter_buffer, self._rate_hz, more_ms)
            if len(self._parts) + len(self._finished) > MOST_PARTS:
                raise TooFarAhead(f"more than {MOST_PARTS} parts have no end")

    def end(self, item_id: str, content_index: int) -> None:
        """Note that no more audio of this part will come. Raises TooFarAhead over a link."""
        with self._port_lock:
            self._check_ahead(0)
            self._end(item_id, content_index)
            self._wake_port()

    def _end(self, item_id: str, content_index: int) -> None:
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
                if self._playout is not None:
                    self._playout.add_tail(len(tail) // FRAME_BYTES)
                self._jitter_buffer.append(item_id, content_index, tail, part.received)
            self._jitter_buffer.end(item_id, content_index)

    def _finish_others(self) -> None:
        for item_id, content_index in list(
            self._parts
        ):  # the service sends one part after the other
            self._end(item_id, content_index)
            self._finished.add((item_id, content_index))

    def _wake_port(self) -> None:
        """Start the port again if it rests, now that there is something to play."""
        if self._resting and self._port is not None:
            self._resting = False
            with self._lock:
                self._jitter_buffer.restart()
            self._port.resume()
        self._work.set()

    def flush(self, epoch: int, asked_at_s: float | None = None) -> None:
        """Silence the speaker at once, and post `Flushed`. asked_at_s: when the request came."""
        with self._port_lock:
            self._flush(epoch, asked_at_s)

    def _flush(self, epoch: int, asked_at_s: float | None) -> None:
        self._epoch = epoch
        if self._port is None:
            parts = tuple(
                PlayedPart(*key, 0, part.received.ms) for key, part in self._parts.items()
            )
            self._parts.clear()
            self._finished.clear()
            self._post(Flushed(epoch, parts, time.perf_counter(), None, asked_at_s))
            return
        if self._resting:
            self._forget(time.perf_counter(), asked_at_s)
            return
        with self._lock:
            self._silencing = True
        self._forget(self._port.silence(), asked_at_s)
        self._port.resume()

    def detach_port(self) -> None:
        """Report what was heard until now, and go on without a port, because the device is gone."""
        with self._port_lock:
            port, self._port = self._port, None
            if port is None:
                return
            self._stop_worker()
            self._forget(time.perf_counter())
            self._report_playout()
            port.close()

    def _forget(self, silent_s: float, asked_at_s: float | None = None) -> None:
        with self._lock:
            events = self._jitter_buffer.events(silent_s)
            parts = self._jitter_buffer.flush(silent_s)
            self._silencing = False
        self._parts.clear()
        self._finished.clear()
        for event in events:
            self._post(event)
        cut = any(part.played_ms < part.received_ms for part in parts)
        evidence = self._measure_cut(silent_s) if cut else None
        self.history.clear()
        self._post(Flushed(self._epoch, parts, silent_s, evidence, asked_at_s))

    def _run(self) -> None:
        while not self._stop.is_set():
            self._work.clear()
            self._report_while_playing()
            if not self._work.wait(self._rest_after_s):
                self._rest()
                self._work.wait()

    def _report_while_playing(self) -> None:
        """Report every 40 ms what was heard, until that is everything and the last level was
        silence."""
        peak_dbfs = -math.inf
        due_s = time.perf_counter() + REPORT_S
        while peak_dbfs > -math.inf or not self._is_idle():
            if self._stop.wait(max(0.0, due_s - time.perf_counter())):
                return
            now_s = time.perf_counter()
            peak_dbfs = self._report(now_s)
            due_s = max(due_s + REPORT_S, now_s)

    def _report(self, now_s: float) -> float:
        """Report what happened and was heard since the last call; returns the peak in dBFS."""
        with self._lock:
            events = [] if self._silencing else self._jitter_buffer.events(now_s)
            heard = b"" if self._silencing else self._jitter_buffer.heard(now_s)
        for event in events:
            self._post(event)
        levels = level_report("agent", np.frombuffer(heard, np.int16))
        self._post(levels)
        self._report_playout()
        return levels.peak_dbfs

    def _report_playout(self) -> None:
        if self._playout is not None:
            with self._lock:
                report = self._playout.report(self._jitter_buffer, self._rate_hz)
            self._post(report)

    def _is_idle(self) -> bool:
        with self._lock:
            return self._jitter_buffer.is_idle and not self._silencing

    def _rest(self) -> None:
        """Stop the port, unless something came to be played meanwhile."""
        with self._port_lock:
            if self._port is not None and not self._stop.is_set() and self._is_idle():
                self._resting = self._port.rest()

    def close(self) -> None:
        """Stop the port and the worker; nothing more is reported."""
        self._stop_worker()
        if self._thread.is_alive():
            self._thread.join(1.0)
        if self._port is not None:
            self._port.close()

    def _stop_worker(self) -> None:
        self._stop.set()
        self._work.set()
