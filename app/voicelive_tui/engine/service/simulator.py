"""Runs the local simulator as a child process: started on first use, ended with this program."""

import asyncio
import json
import logging
import secrets
from asyncio.subprocess import PIPE

from voicelive_common.redaction.secret import Secret

from voicelive_tui.concurrency.child_process import ChildProcess, signal_name
from voicelive_tui.concurrency.shortages import SHORTAGES
from voicelive_tui.net.recovery import Recovery

KEY_VARIABLE = "VOICELIVE_SIMULATOR_KEY"
READY_TIMEOUT_S = 60.0
"""A start takes less than a second; only a machine that is busy with other work needs more."""
_CLOSE_TIMEOUT_S = 2.0
_log = logging.getLogger(__name__)


class SimulatorError(Exception):
    """The simulator cannot be started; the message is one sentence with the cure. recovery: whether
    another attempt may succeed."""

    def __init__(self, sentence: str, recovery: Recovery) -> None:
        super().__init__(sentence)
        self.recovery = recovery


class Simulator:
    """A server on loopback. It shares no code with the console, so it runs as a program of its
    own."""

    def __init__(self) -> None:
        self._child: ChildProcess | None = None
        self._starting = asyncio.Lock()
        self._url = ""
        self.key = Secret(secrets.token_hex(16))
        """The only key that the simulator accepts, so that no other program on this machine can
        open a session."""

    @property
    def url(self) -> str:
        """The address of the running simulator; empty when it does not run."""
        return self._url if self.pid is not None else ""

    @property
    def pid(self) -> int | None:
        """The process id of the running simulator."""
        return (
            self._child.pid if self._child is not None and self._child.returncode is None else None
        )

    async def start(self) -> str:
        """Start the simulator unless it runs, and return its address. Raises SimulatorError."""
        async with self._starting:
            if not self.url:
                await self.stop()
                self._child, self._url = await _start(self.key)
            return self._url

    async def stop(self) -> None:
        """End the simulator: close its standard input, then kill the process if it does not
        exit."""
        child, self._child = self._child, None
        if child is not None:
            child.close_stdin()
            await child.end(_CLOSE_TIMEOUT_S)


async def _start(key: Secret) -> tuple[ChildProcess, str]:
    try:
        child = await ChildProcess.start(
            "voicelive_simulator",
            *("--port", "0", "--parent"),
            stdin=PIPE,
            stdout=PIPE,
            environment={KEY_VARIABLE: key.reveal()},
            on_line=_follow,
        )
    except OSError as error:
        raise _not_started(error) from None
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            url = str(json.loads(await child.first_line)["url"])
    except BaseException as error:
        failure, cure, recovery = _failure(child, error)
        child.kill()
        await child.end(0)
        if not isinstance(error, TimeoutError | ValueError | KeyError | TypeError):
            raise
        output = f" Its last output: {child.lines[-1].rstrip('.')}." if child.lines else ""
        raise SimulatorError(f"The simulator {failure}.{output} {cure}", recovery) from None
    return child, url


def _not_started(error: OSError) -> SimulatorError:
    """Return the error for a program that the operating system did not start."""
    cure = SHORTAGES.get(error.errno or 0)
    return SimulatorError(
        f"The simulator cannot be started ({error.strerror}); {cure or 'reinstall voicelive-tui'}.",
        Recovery.RETRY if cure else Recovery.GIVE_UP,
    )


def _failure(child: ChildProcess, error: BaseException) -> tuple[str, str, Recovery]:
    """Return in words what the child process failed to do, or how it ended, the cure, and whether
    another attempt may succeed."""
    see_why = "Try `voicelive-tui simulate` to see why."
    number = child.killed_by
    if number is not None:
        name = signal_name(number)
        ended = f"was killed by signal {number}{f' ({name})' if name else ''} while it started"
        return ended, see_why, Recovery.RETRY
    if isinstance(error, TimeoutError):
        late = f"was not ready within {READY_TIMEOUT_S:g} s"
        return late, "Try again when this machine has less to do.", Recovery.RETRY
    return "did not start", see_why, Recovery.GIVE_UP


def _follow(line: str) -> None:
    _log.info("simulator: %s", line)
