"""The exit codes of the console and the simulator: the one table behind `--help` and the README."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """How a run ended. The codes above 128 are the shell's own for the same signals."""

    OK = 0
    PORT = 1
    USAGE = 2
    FOUND = 3
    UNREACHABLE = 4
    REFUSED = 5
    CLOSED = 6
    TURNS = 7
    SOUND = 8
    UNRECORDED = 9
    INTERNAL = 70
    OUTPUT = 74
    INTERRUPTED = 130
    BROKEN_PIPE = 141

    @property
    def meaning(self) -> str:
        """A short description for the table."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "it went well: every wanted turn was held, nothing was found wrong",
    ExitCode.PORT: "simulate or audio cannot listen: the port or socket is taken, or needs more "
    "rights",
    ExitCode.USAGE: "the command line or .env is wrong: an unknown option, profile or file, a host "
    "that is not trusted",
    ExitCode.FOUND: "the profile is broken, check or doctor found an error, or an old session "
    "could not be removed",
    ExitCode.UNREACHABLE: "no connection: the service cannot be reached, or no sign-in works here",
    ExitCode.REFUSED: "the service refused the connection, such as its key, model or address",
    ExitCode.CLOSED: "the service closed the session before the wanted turns were held",
    ExitCode.TURNS: "fewer turns were held than wanted, also by --timeout, or one failed, was "
    "empty or left a call open, or a limit of run or --fail-on was not kept",
    ExitCode.SOUND: "no sound: a microphone or speaker that is needed cannot be used, or was lost",
    ExitCode.UNRECORDED: "all went well, but could not be recorded as a whole, as on a full disk",
    ExitCode.INTERNAL: "an error of the program itself",
    ExitCode.OUTPUT: "standard output cannot be written, as on a full disk",
    ExitCode.INTERRUPTED: "interrupted by the keyboard or SIGTERM, or its terminal was closed",
    ExitCode.BROKEN_PIPE: "the reader of the output went away",
}


def exit_code_table(codes: Iterable[ExitCode] = ExitCode) -> str:
    """One line for each of these codes, in ascending order, for a help text."""
    return "\n".join(f"  {code.value:>3}  {code.meaning}" for code in sorted(codes))
