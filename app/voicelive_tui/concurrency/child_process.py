"""A child process that runs a module of this program.

Invariant: the code that starts a child awaits its `end`. `end` returns when the process is reaped
and its pipes are closed, even when the caller is cancelled meanwhile; the child is killed in that
case.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from voicelive_common.redaction.redact import redact, without_secrets

import voicelive_tui
from voicelive_tui.concurrency.waiting import wait_until_done

_LONGEST_LINE_BYTES = 4096
_LONGEST_SHOWN = 300
_KEPT_LINES = 40


def signal_name(number: int) -> str:
    """The name of a signal, such as SIGKILL; empty for a number without a name."""
    return signal.Signals(number).name if number in set(signal.Signals) else ""


def _ignore(_line: str) -> None:
    """Do nothing with the line; ChildProcess keeps the last lines anyway."""


def _environment() -> dict[str, str]:
    """Our environment without its secrets, with our packages on PYTHONPATH."""
    root = str(Path(voicelive_tui.__file__).parent.parent)
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**without_secrets(os.environ), "PYTHONPATH": paths}


class ChildProcess(asyncio.SubprocessProtocol):
    """A running child process; create it with `ChildProcess.start`.

    first_line: the first line of its standard output, empty if the process ended without one.
    lines: the last lines of its standard error and of the rest of its standard output, redacted.
    """

    def __init__(
        self, on_line: Callable[[str], None], on_output: Callable[[str], None] | None
    ) -> None:
        loop = asyncio.get_running_loop()
        self._transport: asyncio.SubprocessTransport | None = None
        self._exited: asyncio.Future[None] = loop.create_future()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._unfinished = {1: b"", 2: b""}
        self._on_line = on_line
        self._on_output = on_output
        self.first_line: asyncio.Future[str] = loop.create_future()
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)

    @classmethod
    async def start(
        cls,
        module: str,
        *arguments: str,
        stdin: int = DEVNULL,
        stdout: int = DEVNULL,
        pass_fds: tuple[int, ...] = (),
        environment: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = _ignore,
        on_output: Callable[[str], None] | None = None,
    ) -> "ChildProcess":
        """Run `python -m module` without the secrets of our environment. Raises OSError when it
        cannot be started.

        stdin, stdout: PIPE or DEVNULL. pass_fds: file descriptors that the child inherits. on_line:
        called with each line that goes into `lines`. on_output: called instead with each line of
        standard output, as it is. environment: variables in addition to ours.
        """
        child = cls(on_line, on_output)
        loop = asyncio.get_running_loop()
        starting = loop.create_task(
            loop.subprocess_exec(
                lambda: child,
                # -P: a numpy.py in the user's current folder must not be imported.
                *(sys.executable, "-P", "-m", module, *arguments),
                env={**_environment(), **(environment or {})},
                stdin=stdin,
                stdout=stdout,
                stderr=PIPE,
                pass_fds=pass_fds,
                # Ctrl+C and a closed terminal concern the console, which ends the child itself.
                start_new_session=True,
            )
        )
        try:
            await wait_until_done(starting)
        except asyncio.CancelledError:
            if not starting.cancelled() and starting.exception() is None:
                await child._reap()
            raise
        starting.result()
        return child

    @property
    def pid(self) -> int:
        """The process id."""
        return self._started.get_pid()

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal; None while the process runs."""
        return self._started.get_returncode()

    @property
    def _started(self) -> asyncio.SubprocessTransport:
        assert self._transport is not None
        return self._transport

    def write(self, data: bytes) -> None:
        """Write to the child's standard input, which must be a pipe."""
        self._stdin.write(data)

    def close_stdin(self) -> None:
        """Close the child's standard input, which must be a pipe."""
        self._stdin.close()

    @property
    def _stdin(self) -> asyncio.WriteTransport:
        pipe = self._started.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)
        return pipe

    def kill(self) -> None:
        """Kill the process at once; `end` must still be awaited."""
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._started.kill()
            elif self.returncode is None:
                # The transport would poll first, and so take the exit status from the thread in
                # which asyncio waits for it.
                os.kill(self.pid, signal.SIGKILL)

    async def end(self, timeout_s: float | None) -> None:
        """Wait until the process has ended by itself. Kill it after `timeout_s` seconds, if there
        is such a limit, or when the caller is cancelled."""
        try:
            await asyncio.wait([self._closed], timeout=timeout_s)
        finally:
            await self._reap()

    async def _reap(self) -> None:
        self.kill()
        await wait_until_done(self._exited)
        # A grandchild may still hold the pipes.
        self._started.close()
        await wait_until_done(self._closed)

    def exit_reason(self) -> str:
        """Why the process ended, as part of a sentence: its last meaningful line, else its exit
        status."""
        messages = [
            line
            for line in self.lines
            if not line.startswith(("ALSA lib", "Expression ", " ", "Traceback"))
        ]
        if messages:
            return messages[-1]
        number = self.killed_by
        if number is None:
            return f"status {self.returncode}"
        return signal_name(number) or f"signal {number}"

    @property
    def killed_by(self) -> int | None:
        """The number of the signal that ended the process; None while it runs and when it ended by
        itself."""
        code = self.returncode
        return -code if code is not None and code < 0 else None

    # Callbacks of asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, rest = (self._unfinished[fd] + data).split(b"\n")
        self._unfinished[fd] = rest[-_LONGEST_LINE_BYTES:]
        for line in lines:
            self._line(fd, line[:_LONGEST_LINE_BYTES].decode("utf-8", "replace").rstrip())

    def _line(self, fd: int, text: str) -> None:
        if fd == 1 and self._on_output is not None:
            self._on_output(text)
        elif fd == 1 and not self.first_line.done():
            self.first_line.set_result(text)
        elif text:
            # Redact before cutting: part of a secret would not be recognised.
            shown = redact(text)[:_LONGEST_SHOWN]
            self.lines.append(shown)
            self._on_line(shown)

    def process_exited(self) -> None:
        """Note that the process is reaped."""
        if not self._exited.done():
            self._exited.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the process is reaped and that its pipes are closed."""
        self._started.close()
        if not self.first_line.done():
            self.first_line.set_result("")
        if not self._closed.done():
            self._closed.set_result(None)
