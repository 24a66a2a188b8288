"""The simulator's command line arguments and their help. Imports only the standard library; the
lists of scenarios and faults are loaded when the help is shown."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import textwrap
from collections.abc import Callable
from typing import Any, NoReturn

from voicelive_common.exit_codes import ExitCode, exit_code_table

PROGRAM = "voicelive-simulator"
AS_COMMAND_OF_THE_CONSOLE = "voicelive-tui simulate"
KEY_VARIABLE = "VOICELIVE_SIMULATOR_KEY"
TOKEN_VARIABLE = "VOICELIVE_SIMULATOR_TOKEN"

_DESCRIPTION = """\
A Voice Live service on this machine, for developing and testing clients. It measures the audio \
that it receives and answers; it is not Azure.
The first line on stdout is JSON with the address on which it listens. Ctrl-C ends it."""

_ENVIRONMENT = f"""\
environment:
  {KEY_VARIABLE}    the only key or bearer token accepted (default: any that is not empty)
  {TOKEN_VARIABLE}  switches on the control path for tests on the same port, \
for this bearer token and from loopback only: GET /simulator/state, GET /simulator/journal, \
POST /simulator/faults?fault=NAME&KEY=VALUE (session=ID: in one session only), \
DELETE /simulator/faults, POST /simulator/reset"""

_CODES = frozenset(
    {
        ExitCode.OK,
        ExitCode.PORT,
        ExitCode.USAGE,
        ExitCode.OUTPUT,
        ExitCode.BROKEN_PIPE,
    }
)
_CODES_OF_CONSOLE = frozenset({ExitCode.INTERNAL, ExitCode.INTERRUPTED})

Add = Callable[..., None]

_FIRST_COLUMN = re.compile(r" *(?:\S+ {2,})?")


class Parser(argparse.ArgumentParser):
    """Reports errors in one sentence and ends the help with the scenarios and faults to choose
    from. `options` holds every option string."""

    def __init__(self) -> None:
        super().__init__(
            prog=AS_COMMAND_OF_THE_CONSOLE if sys.argv[0] == AS_COMMAND_OF_THE_CONSOLE else PROGRAM,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.options = ["-h", "--help"]
        for add_options in (_add_address, _add_access, _add_run):
            add_options(self._recording_options(self.add_argument))
        _add_content(self._recording_options(self.add_argument_group("content").add_argument))
        _add_tls(self._recording_options(self.add_argument_group("TLS").add_argument))

    def _recording_options(self, add: Callable[..., argparse.Action]) -> Add:
        """Wrap `add_argument` of the parser or of a group so that it also adds the option to
        `options`."""

        def add_option(*names: str, **settings: Any) -> None:
            self.options += add(*names, **settings).option_strings

        return add_option

    def error(self, message: str) -> NoReturn:
        self.exit(
            ExitCode.USAGE, f"{self.prog}: {message}; '{self.prog} --help' lists the options.\n"
        )

    def format_help(self) -> str:
        width = shutil.get_terminal_size().columns - 2  # the width that argparse itself uses
        self.description = _fitted(_DESCRIPTION, width)
        parts = [_ENVIRONMENT, _scenarios(), _faults(), self._exit_codes()]
        self.epilog = _fitted("\n\n".join(parts), width)
        return super().format_help()

    def _exit_codes(self) -> str:
        # As a command of the console it also ends as the console ends any command.
        of_console = self.prog == AS_COMMAND_OF_THE_CONSOLE
        codes = _CODES | _CODES_OF_CONSOLE if of_console else _CODES
        return f"exit codes:\n{exit_code_table(codes)}"


def _add_address(add: Add) -> None:
    add(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to listen on (default: %(default)s)",
    )
    add("--port", type=int, default=0, help="the port; 0 takes a free one (default: %(default)s)")


def _add_access(add: Add) -> None:
    add(
        "--allow-remote",
        action="store_true",
        help="let --host be an address that other machines can reach; needs a key in "
        f"{KEY_VARIABLE}",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME[:PORT]",
        help="accept requests for this host too, such as a forwarded port or another name of this "
        "machine (default: localhost, the address of --host and, when other machines can reach it, "
        "this machine's addresses and host name); may be given again",
    )
    add(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let web pages of this origin, such as http://localhost:3000, open sessions (default: "
        "no web page, not even one of this machine; programs send no Origin and need no "
        "permission); may be given again",
    )
    add(
        "--key",
        default="",
        help=f"like {KEY_VARIABLE}, but everybody on this machine can see it in the list of "
        "processes",
    )


def _add_run(add: Add) -> None:
    add(
        "--session-minutes",
        type=float,
        default=60.0,
        metavar="MINUTES",
        help="close a session with code 1001 after this time (default: 60)",
    )
    add("--log", action="store_true", help="write a line to stderr for each event, without payload")
    add("--parent", action="store_true", help="end when stdin closes")


def _add_content(add: Add) -> None:
    add(
        "--scenario",
        metavar="NAME|FILE",
        help="what the assistant says, hears and calls: a name of the list below, or a TOML file",
    )
    add("--replay", metavar="FOLDER", help="serve the session that was recorded in this folder")
    add(
        "--factor",
        type=float,
        metavar="X",
        help="multiply the recorded pauses of a replay by X: 2 takes twice as long, 0 does not "
        "wait (default: 1)",
    )
    add(
        "--fault",
        action="append",
        default=[],
        metavar="SPEC",
        help="arm a fault of the list below, such as drop:how=rst,on=response.audio.delta,after=3; "
        "may be given again",
    )


def _add_tls(add: Add) -> None:
    add(
        "--tls",
        action="store_true",
        help="serve wss:// with a self-signed certificate that is made at the start",
    )
    add(
        "--tls-cert",
        metavar="FILE",
        help="serve wss:// with this certificate (PEM, with its chain)",
    )
    add("--tls-key", metavar="FILE", help="its private key (PEM, without a passphrase)")
    add(
        "--tls-cert-out",
        metavar="FILE",
        help="write the public certificate here, for clients to trust it; an existing file is "
        "replaced only when it holds "
        "nothing but certificates and is none that the simulator reads",
    )


def _scenarios() -> str:
    """The scenarios in the package, for the help."""
    from voicelive_simulator.scenario.load import scenario_lines

    return "\n".join(
        ["scenarios (--scenario); files of your own are accepted too:", *scenario_lines()]
    )


def _faults() -> str:
    from voicelive_simulator.faults.catalogue import help_lines

    return "\n".join(["faults (--fault):", *help_lines()])


def _fitted(text: str, width: int) -> str:
    """Wrap the text's long lines, each indented to its own second column."""
    return "\n".join("\n".join(_folded(line, max(width, 60))) or line for line in text.splitlines())


def _folded(line: str, width: int) -> list[str]:
    first = _FIRST_COLUMN.match(line)
    indent = " " * (first.end() if first else 0)
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
