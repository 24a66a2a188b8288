"""Adds to the report of beginning speech how much it resembles what is playing.

Invariant: reports leave in the order in which they came. The port's thread only leaves a report
here, because the comparison takes some milliseconds; a thread of its own completes it. Whatever
must not overtake it sends it first as it is.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from voicelive_tui.audio.host.evidence import Evidence
from voicelive_tui.audio.ipc.messages import AudioMessage, MicSpeech


class SpeechReports:
    """post: called with every message, from any thread. plays: whether an answer is playing."""

    def __init__(
        self, post: Callable[[AudioMessage], None], plays: Callable[[], bool], evidence: Evidence
    ) -> None:
        self._post = post
        self._plays = plays
        self._evidence = evidence
        self._lock = threading.Lock()
        self._waiting: MicSpeech | None = None
        self._ready = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="speech-reports", daemon=True)
        self._thread.start()

    def put(self, message: AudioMessage) -> None:
        """Pass a message of the microphone on; one that speech began while something plays goes out
        a little later."""
        if not isinstance(message, MicSpeech):
            self._post(message)
        elif message.on and self._plays():
            with self._lock:
                self._waiting = message
            self._ready.set()
        else:
            self.settle()
            self._post(message)

    def settle(self) -> None:
        """Send the report that waits, if there is one, as it is."""
        with self._lock:
            message, self._waiting = self._waiting, None
            if message is not None:
                self._post(message)

    def close(self) -> None:
        """End the thread; what waits is lost with the ports."""
        self._closed = True
        self._ready.set()

    def _run(self) -> None:
        while self._ready.wait() and not self._closed:
            self._ready.clear()
            self._complete(self._waiting)

    def _complete(self, message: MicSpeech | None) -> None:
        echo = None if message is None else self._evidence.echo_now()
        with self._lock:
            if message is not None and self._waiting is message:
                self._waiting = None
                self._post(replace(message, echo=echo))
