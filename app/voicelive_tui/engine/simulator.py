"""The local simulator as a child process: started on first use, gone when we are."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from pathlib import Path

import voicelive_tui
from voicelive_tui.model.redact import redact, without_secrets

READY_S = 20.0
_log = logging.getLogger(__name__)


class SimulatorError(Exception):
    """It cannot be started; the text is one sentence with the cure."""


class Simulator:
    """A server on loopback. It shares no code with us, so it runs as a program of its own."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._lines: deque[str] = deque(maxlen=20)
        self._reading: list[asyncio.Task[None]] = []
        self._starting = asyncio.Lock()
        self._url = ""

    @property
    def url(self) -> str:
        """Its address while it runs, else empty."""
        return self._url if self._process is not None and self._process.returncode is None else ""

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> str:
        """Its address; starts it if it does not run. Raises SimulatorError."""
        async with self._starting:
            if not self.url:
                await self.stop()
                await self._start()
            return self._url

    async def stop(self) -> None:
        """End it: it leaves by itself when its standard input closes, and is killed when it does not."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), 2.0)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        for task in self._reading:
            await task
        self._reading.clear()

    async def _start(self) -> None:
        self._lines.clear()
        root = str(Path(voicelive_tui.__file__).parent.parent)
        paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        command = [sys.executable, "-P", "-m", "voicelive_tui.simulator", "--port", "0", "--parent"]
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env={**without_secrets(os.environ), "PYTHONPATH": paths},
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                # Ctrl+C and the end of the terminal are for the console, which hangs up first.
                start_new_session=True,
            )
        except OSError as error:
            raise SimulatorError(f"The simulator cannot be started ({error.strerror}); reinstall voicelive-tui.") from None
        assert process.stdout is not None and process.stderr is not None
        self._process = process
        self._reading.append(asyncio.create_task(self._read(process.stderr)))
        try:
            line = await asyncio.wait_for(process.stdout.readline(), READY_S)
            ready = json.loads(line)
            self._url = str(ready["url"])
        except (TimeoutError, ValueError, KeyError, TypeError):
            await self.stop()
            said = f" It said: {self._lines[-1]}" if self._lines else ""
            raise SimulatorError(f"The simulator did not start.{said} Try `voicelive-tui simulate` to see why.") from None
        self._reading.append(asyncio.create_task(self._read(process.stdout)))

    async def _read(self, stream: asyncio.StreamReader) -> None:
        with contextlib.suppress(ValueError):  # a line without an end
            while line := await stream.readline():
                text = redact(line.decode("utf-8", "replace").strip())[:300]
                if text:
                    self._lines.append(text)
                    _log.info("simulator: %s", text)
