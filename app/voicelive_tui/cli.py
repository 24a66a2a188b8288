"""The program's entry point: installs the signal handlers, then imports and runs the command.

Invariant: importing this module imports next to nothing, so that the handlers are in place as soon
as Python has started. `main` is a border: no exception leaves it except SystemExit.
"""

from __future__ import annotations

import os
import sys

from voicelive_tui.headless.signals import StopSignals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (default: the process's) and return its exit code."""
    with StopSignals() as stop:
        try:
            return _run_or_report(list(sys.argv[1:] if arguments is None else arguments), stop)
        finally:
            _discard_unwritten_notes()


def _run_or_report(arguments: list[str], stop: StopSignals) -> int:
    try:
        code = _run(arguments, stop)
    except BaseException as error:
        # Inside an import, the exception that a signal raised may have been turned into another
        # one.
        if not (stop.asked or isinstance(error, KeyboardInterrupt)):
            raise
    else:
        if not stop.asked:
            return code
    stop.ignore_more()
    return _report_signal(stop)


def _run(arguments: list[str], stop: StopSignals) -> int:
    _prepare_streams()
    from voicelive_common.exit_codes import ExitCode

    from voicelive_tui.headless.output_streams import OutputError
    from voicelive_tui.subcommands import Refused, run_command

    try:
        code = run_command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return ExitCode.BROKEN_PIPE
    except OutputError as error:
        _discard_output()
        # SIGHUP may come later than the failure, or not at all.
        code = ExitCode.INTERRUPTED if error.terminal_closed else ExitCode.OUTPUT
        return _refuse(str(error), code)
    except Refused as error:
        return _refuse(str(error), error.code)
    except Exception as error:
        if stop.asked:
            raise
        return _internal_error(error)
    return code


def _prepare_streams() -> None:
    # A stream that the caller closed is replaced by the null device: otherwise a file that the
    # program opens later would get its descriptor and receive what is printed.
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w" if number else "r"))  # noqa: SIM115  open as long as the process
    # Text from the service may hold lone surrogates, and the terminal's encoding may lack
    # characters: neither may end the program.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    # Output that is still buffered would raise again when the interpreter closes standard output.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _discard_unwritten_notes() -> None:
    try:
        sys.stderr.flush()
    except OSError:
        # The terminal is gone. The interpreter would try again when it ends, and fail with an exit
        # code of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _report_signal(stop: StopSignals) -> int:
    from voicelive_common.exit_codes import ExitCode

    return _refuse(stop.sentence, ExitCode.INTERRUPTED)


def _refuse(sentence: str, code: int) -> int:
    from voicelive_tui.headless.output_streams import print_note
    from voicelive_tui.options import PROGRAM

    for line in f"{PROGRAM}: {sentence}".splitlines():
        print_note(line)
    return code


def _internal_error(error: Exception) -> int:
    import contextlib
    import traceback

    from voicelive_common.exit_codes import ExitCode
    from voicelive_common.redaction.redact import redact

    with contextlib.suppress(OSError):
        print(redact("".join(traceback.format_exception(error))), file=sys.stderr, end="")
    return _refuse(
        "this is an error of the program itself; please report it with the lines above.",
        ExitCode.INTERNAL,
    )
