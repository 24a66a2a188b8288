"""Converts recorded speech for a connection, in a thread."""

import asyncio
import logging
from collections.abc import Callable

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.protocol.commands import ConvertSpeech

Done = Callable[[bytes | None], None]

_log = logging.getLogger(__name__)


class SpeechConversion:
    """Used in the engine's loop only. A conversion that has begun takes the place of the one
    before."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, command: ConvertSpeech, done: Done) -> None:
        """Convert the speech. done: called in the loop with the result, None if it failed; not
        after `cancel`."""
        self.cancel()
        self._task = asyncio.create_task(_convert(command, done), name="convert speech")

    def cancel(self) -> None:
        """Give the conversion under way up."""
        if self._task is not None:
            self._task.cancel()


async def _convert(command: ConvertSpeech, done: Done) -> None:
    def convert() -> bytes:
        # Imported on use: hardly any session needs these libraries in this process.
        from voicelive_tui.audio.dsp.convert import convert

        return convert(command.audio, command.audio_format, command.wanted)

    audio: bytes | None = None
    try:
        audio = await run_in_thread(convert)
    except (ImportError, MemoryError, RuntimeError, ValueError):
        _log.exception("the recorded speech could not be converted")
    done(audio)
