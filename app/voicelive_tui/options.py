"""The command-line options of each command. Imports only the standard library and the exit codes,
like everything that runs before a command is chosen."""

import argparse
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NoReturn

from voicelive_common.exit_codes import ExitCode, exit_code_table

from voicelive_tui import __version__

PROGRAM = "voicelive-tui"

DESCRIPTION = """\
A console in which to build, tune and debug real-time voice agents on Azure's Voice Live API.

commands:
  (none)              the console; without a terminal: one sound check with the simulator, \
in plain lines
  run PROFILE         one session without the console: transcript lines, or JSON
  open FOLDER         a recorded session in the console, offline; demo: one that comes along
  sessions            the recorded sessions; removes old ones
  simulate            the simulator as a server of its own, for any Voice Live client
  devices             microphones and speakers
  audio               this machine's sound for a console that runs elsewhere
  check [PROFILE...]  profiles against the API
  doctor              what works here and what does not, with the cure
  trust HOST          let your speech, key or token go to this host
  ssh HOST [ARGS...]  the console on a server, with the microphone and speaker of this machine

'voicelive-tui COMMAND --help' explains each."""

_COMMON_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--simulator": {
        "action": "store_true",
        "help": "ignore the endpoint; talk to the local simulator",
    },
    "--profiles": {"metavar": "DIR", "help": "look for profiles in this folder first"},
    "--input-device": {"metavar": "NAME", "help": "the microphone; 'devices' lists them"},
    "--output-device": {"metavar": "NAME", "help": "the speaker"},
    "--audio": {
        "metavar": "SOCKET",
        "help": "use the devices of the machine in front of you: the socket of its 'audio "
        "--listen', forwarded to here as a path or 127.0.0.1:PORT, or a folder with link.json",
    },
    "--log": {"metavar": "FILE", "help": "write the program's own log here"},
    "--no-audio": {"action": "store_true", "help": "open neither microphone nor speaker"},
    "--record": {
        "choices": ("all", "events", "none"),
        "help": "what a session leaves on disk (default: all)",
    },
    "--no-reconnect": {
        "action": "store_true",
        "help": "end a session whose connection is lost, instead of connecting again",
    },
}
"""The options that every command accepts, before or after its name, with their argparse
keywords."""

TAKES_VALUE = frozenset(
    option for option, keywords in _COMMON_OPTIONS.items() if "action" not in keywords
)
"""The common options that are followed by a value."""

FAIL_ON = ("tool", "error", "interruption")
"""What `run --fail-on` takes."""

_ANY_COMMAND = frozenset(
    {
        ExitCode.OK,
        ExitCode.USAGE,
        ExitCode.INTERNAL,
        ExitCode.OUTPUT,
        ExitCode.INTERRUPTED,
        ExitCode.BROKEN_PIPE,
    }
)
"""The exit codes that every command may end with."""
_ANY_RUN = frozenset(ExitCode) - {ExitCode.PORT}
"""The exit codes of `run`, and of the bare command, which is a run when there is no terminal."""


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the line breaks of a text, and wraps a longer line below its last column."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + _wrapped(line, width) for line in text.splitlines())


def _wrapped(line: str, width: int) -> str:
    import textwrap

    columns = re.match(r" +\S.*? {2,}", line)
    hanging = " " * (columns.end() if columns else 0)
    return textwrap.fill(line, width, subsequent_indent=hanging, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """An argument parser that reports an error in one sentence and keeps the line breaks of its
    help.

    common: the common options that matter for this command. Every command accepts all of them,
    because they may stand before its name, but its help lists only these. codes: the exit codes
    that the command may end with.
    """

    def __init__(
        self,
        name: str,
        description: str,
        *,
        common: Collection[str] = _COMMON_OPTIONS,
        codes: Collection[ExitCode] = _ANY_COMMAND,
    ) -> None:
        super().__init__(
            prog=f"{PROGRAM} {name}".strip(),
            description=description,
            epilog=f"exit codes:\n{exit_code_table(codes)}",
            formatter_class=_HelpFormatter,
            allow_abbrev=False,
        )
        group = self.add_argument_group("common options")
        for option, keywords in _COMMON_OPTIONS.items():
            hidden = {} if option in common else {"help": argparse.SUPPRESS}
            group.add_argument(option, **{**keywords, **hidden})

    def error(self, message: str) -> NoReturn:
        self.exit(
            ExitCode.USAGE, f"{self.prog}: {message}; '{self.prog} --help' lists the options.\n"
        )


def console_parser() -> Parser:
    """The parser of `voicelive-tui [PROFILE...]`."""
    parser = Parser("", DESCRIPTION, codes=_ANY_RUN)
    parser.add_argument("names", metavar="PROFILE", nargs="*", help="profiles to open in tabs")
    parser.add_argument(
        "--start",
        metavar="PROFILE",
        action="append",
        default=[],
        help="open this one and start its session at once; given several times, the first is shown",
    )
    parser.add_argument(
        "--go-on",
        metavar="FOLDER",
        help="start a session that goes on with the conversation of this recorded one; last: of "
        "the newest",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    return parser


def run_parser() -> Parser:
    """The parser of `voicelive-tui run PROFILE`."""
    parser = Parser(
        "run",
        "One session without the console: what is said on standard output, what happens on "
        "standard error.",
        codes=_ANY_RUN,
    )
    parser.add_argument("name", metavar="PROFILE", help="a profile's name, or the path of its file")
    _add_ports(parser)
    _add_turns(parser)
    _add_limits(parser)
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object for each event, then one with the summary",
    )
    parser.add_argument(
        "--trust-host",
        metavar="HOST",
        action="append",
        default=[],
        help="the session may go to this host, with speech and credentials, in this run only; "
        "'trust' remembers one",
    )
    return parser


def _add_ports(parser: Parser) -> None:
    parser.add_argument(
        "--mic",
        metavar="SOURCE",
        help="what the agent hears. FILE: a sound file (WAV, FLAC, OGG, MP3, AIFF), spoken once "
        "for each turn; -: standard input, a sound file or raw pcm16, mono, 24 kHz; device: the "
        "microphone; none (default: device, with --text none)",
    )
    parser.add_argument(
        "--speaker",
        metavar="SINK",
        help="where the agent speaks: FILE.wav (written, also over an older file, when the run is "
        "over and an answer was played), device or none (default: device)",
    )


def _add_turns(parser: Parser) -> None:
    parser.add_argument(
        "--text",
        metavar="TEXT",
        type=_text,
        action="append",
        default=[],
        help="a typed turn; may be given several times",
    )
    parser.add_argument(
        "--turns",
        metavar="N",
        type=_positive_int,
        help="end after N turns (default: what --mic and --text give)",
    )
    parser.add_argument(
        "--timeout",
        metavar="S",
        type=_positive_float,
        help="give up after S seconds (default: 60 for each turn)",
    )


def _add_limits(parser: Parser) -> None:
    parser.add_argument(
        "--max-heard-ms",
        metavar="MS",
        type=_positive_ms,
        help="exit with 7 when an answer was first heard later than MS after the end of the voice "
        "at the microphone, or after a text was sent",
    )
    parser.add_argument(
        "--max-first-audio-ms",
        metavar="MS",
        type=_positive_ms,
        help="exit with 7 when the first sound of an answer came later than MS after the service's "
        "end of speech: the service's own latency",
    )
    parser.add_argument(
        "--fail-on",
        metavar="WHAT",
        type=_fail_on,
        action="extend",
        default=[],
        help="exit with 7 when this happened: tool (a call failed), error, interruption (an answer "
        "was cut); several with commas",
    )


def open_parser() -> Parser:
    """The parser of `voicelive-tui open FOLDER`."""
    parser = Parser(
        "open",
        "A recorded session in the console, offline. Profiles can be opened beside it: the options "
        f"of '{PROGRAM} --help' apply to them.",
        common=(),
        codes=_ANY_COMMAND | {ExitCode.UNRECORDED},
    )
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        help="the session's folder, the one that holds events.jsonl, or its name as 'sessions' "
        "lists it; demo: a recording that comes with the program",
    )
    parser.add_argument("--last", action="store_true", help="open the newest recorded session")
    return parser


def sessions_parser() -> Parser:
    """The parser of `voicelive-tui sessions [prune]`."""
    parser = Parser(
        "sessions",
        "The recorded sessions, the newest first: when, profile, length, turns, size, folder. "
        "'sessions prune --older 30d' removes old ones for good, after a question.",
        common=("--log",),
        codes=_ANY_COMMAND | {ExitCode.FOUND},
    )
    parser.add_argument(
        "action", nargs="?", choices=("prune",), help="remove the sessions older than --older"
    )
    parser.add_argument(
        "--last", action="store_true", help="print only the folder of the newest that can be read"
    )
    parser.add_argument(
        "--older",
        metavar="AGE",
        type=_age,
        help="with prune: sessions that began longer ago than this, such as 30d, 12h or 8w",
    )
    parser.add_argument("--yes", action="store_true", help="with prune: do not ask")
    return parser


def devices_parser() -> Parser:
    """The parser of `voicelive-tui devices`."""
    return Parser(
        "devices",
        "Microphones and speakers, their rates and which are the defaults.",
        common=("--audio", "--log"),
        codes=_ANY_COMMAND | {ExitCode.SOUND},
    )


def audio_parser() -> Parser:
    """The parser of `voicelive-tui audio --listen SOCKET`."""
    parser = Parser(
        "audio",
        "Gives the microphone and the speaker of this machine to a console that runs elsewhere, "
        "such as in a container or on a server, until q or Ctrl+C; m mutes the microphone here.",
        common=("--log",),
        codes=_ANY_COMMAND | {ExitCode.PORT},
    )
    parser.add_argument(
        "--listen",
        metavar="SOCKET",
        required=True,
        help="the path of a Unix socket in a folder that is yours alone, made if it is missing; or "
        "127.0.0.1:PORT, for which a token is shown",
    )
    return parser


def check_parser() -> Parser:
    """The parser of `voicelive-tui check [PROFILE...]`."""
    parser = Parser(
        "check",
        "Profiles against the API: errors and warnings with file, line, key and hint.",
        common=("--simulator", "--profiles", "--log"),
        codes=_ANY_COMMAND | {ExitCode.FOUND},
    )
    parser.add_argument(
        "names",
        metavar="PROFILE",
        nargs="*",
        help="profiles by name or path (default: all profiles)",
    )
    return parser


def doctor_parser() -> Parser:
    """The parser of `voicelive-tui doctor`."""
    parser = Parser(
        "doctor",
        "Endpoint, credentials, devices, terminal: ok, warning or error, with the cure.",
        common=("--simulator", "--profiles", "--audio", "--log"),
        codes=_ANY_COMMAND | {ExitCode.FOUND},
    )
    parser.add_argument(
        "--sign-in",
        action="store_true",
        help="also ask Microsoft Entra for a token, which may take some seconds",
    )
    return parser


def trust_parser() -> Parser:
    """The parser of `voicelive-tui trust [HOST]`."""
    parser = Parser(
        "trust",
        "Hosts that may get your speech, and your key or Microsoft Entra token, although the place "
        "that holds the credential does not name them.",
        common=("--log",),
    )
    parser.add_argument(
        "host", metavar="HOST", nargs="?", help="trust this one from now on (default: list them)"
    )
    parser.add_argument("--remove", action="store_true", help="ask about HOST again")
    return parser


def ssh_parser() -> Parser:
    """The parser of `voicelive-tui ssh`, for its help: `voicelive_tui.ssh.arguments` reads the
    arguments, because ssh's own options are among them."""
    parser = Parser(
        "ssh",
        "The console on HOST in this terminal, with microphone and speaker of this machine, "
        "over one SSH connection of the system's ssh. The package is needed on both ends. The same "
        "command, typed again, attaches to a console that goes on in tmux on HOST.",
        common=(),
        codes=frozenset(ExitCode) - {ExitCode.PORT},
    )
    further = f"{' ' * len(f'usage: {parser.prog} ')}[SSH OPTIONS] HOST [ARGS...]"
    parser.usage = f"%(prog)s [--no-tmux] [--remote-command CMD]\n{further}"
    parser.add_argument("host", metavar="HOST", help="the server, as ssh takes it")
    parser.add_argument(
        "arguments",
        metavar="ARGS",
        nargs=argparse.REMAINDER,
        help="options, profiles or a command for the program on HOST",
    )
    parser.add_argument(
        "--no-tmux",
        action="store_true",
        help="run the console on HOST without tmux: it ends with the connection",
    )
    parser.add_argument(
        "--remote-command",
        metavar="CMD",
        help=f"how the program is started on HOST, such as ~/venv/bin/{PROGRAM} "
        f"(default: {PROGRAM})",
    )
    return parser


def split_command(arguments: Sequence[str], commands: frozenset[str]) -> tuple[str, list[str]]:
    """Split the arguments into the command's name (empty for the console) and the others. Common
    options may stand before the command."""
    value_follows = False
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if value_follows or argument.startswith("-"):
            value_follows = not value_follows and argument in TAKES_VALUE | {"--start", "--go-on"}
        elif argument in commands:
            return argument, [*arguments[:index], *arguments[index + 1 :]]
        else:
            break
    return "", list(arguments)


def _positive(convert: Callable[[str], float], text: str, description: str) -> float:
    try:
        value = convert(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is not {description}")
    return value


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the text is empty")
    # Python decodes invalid bytes of the command line to lone surrogates, which no service accepts.
    return text.encode("utf-8", "replace").decode("utf-8")


def _fail_on(text: str) -> list[str]:
    kinds = [kind.strip() for kind in text.split(",")]
    for kind in kinds:
        if kind not in FAIL_ON:
            raise argparse.ArgumentTypeError(f"{kind!r} is none of {', '.join(FAIL_ON)}")
    return kinds


def _age(text: str) -> tuple[str, float]:
    """Return the text and the hours that it stands for."""
    hours = {"h": 1, "d": 24, "w": 168}.get(text[-1:])
    if hours is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no age; write it as 30d, 12h or 8w")

    def hours_of(age: str) -> float:
        return hours * float(age[:-1])

    return text, _positive(hours_of, text, "an age above 0, such as 30d, 12h or 8w")


def _positive_ms(text: str) -> float:
    return _positive(float, text, "a number of milliseconds above 0")


def _positive_int(text: str) -> int:
    return int(_positive(int, text, "a whole number above 0"))


def _positive_float(text: str) -> float:
    return _positive(float, text, "a number of seconds above 0")
