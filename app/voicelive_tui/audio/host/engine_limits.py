"""Lets an engine work within time limits: a device that hangs ends the process."""

import gc
import threading

from voicelive_tui.audio.host.audio_engine import AudioEngine
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.audio.ipc.requests import AudioRequest, FlushRequest
from voicelive_tui.audio.ports.deadline import STOP_WITHIN_S, closing_deadline, deadline

CLOSING_S = 1.0
"""Seconds to wait for a device that does not close. A busy machine may need longer, above all while
devices are listed."""


def carry_out(engine: AudioEngine, request: AudioRequest, taken_s: float) -> None:
    """Let the engine carry out a request, which was taken from the socket at `taken_s`."""
    if isinstance(request, FlushRequest):
        with deadline(STOP_WITHIN_S):
            engine.handle(request, taken_s)
    else:
        engine.handle(request, taken_s)
    if isinstance(request, OpenRequest):
        # All objects so far are permanent. Frozen, they cost the garbage collector no time while
        # audio plays.
        gc.collect()
        gc.freeze()


def close_engine(
    engine: AudioEngine, exit_code: int, worker: threading.Thread | None = None
) -> None:
    """Close the engine's ports when its worker, if it has one, is done with its request. End the
    process with this exit code if they do not close."""
    with closing_deadline(CLOSING_S, exit_code):
        if worker is not None:
            worker.join()
        engine.close()
