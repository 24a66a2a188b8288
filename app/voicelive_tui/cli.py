"""The program: chooses the command and imports only what that command needs.

Invariant: importing this module imports nothing outside the standard library but our own values, so that `--help`, `--version`
and a wrong option answer at once. `main` is a border: no exception passes it.
"""

import contextlib
import gc
import os
import sys
import traceback
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from voicelive_tui import options as parsers
from voicelive_tui.options import PROGRAM, split_command
from voicelive_tui.plain.exit_codes import ExitCode
from voicelive_tui.plain.output import OutputError, tell

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.engine.profiles import Entry
    from voicelive_tui.engine.settings import Settings
    from voicelive_tui.model.profile import Profile


class _Refused(Exception):
    """The command cannot be carried out; the text is one sentence."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (default: the process's) and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    try:
        name, rest = split_command(given, frozenset(_COMMANDS))
        code = _COMMANDS[name](rest)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _give_up_output()
        return ExitCode.BROKEN_PIPE
    except OutputError as error:
        _give_up_output()
        return _refuse(str(error), ExitCode.OUTPUT)
    except _Refused as error:
        return _refuse(str(error), error.code)
    except Exception as error:
        return _internal_error(error)
    return code


def _prepare_streams() -> None:
    # Who closed a stream wants nothing from it, and no file of ours may take its place.
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w" if number else "r"))  # noqa: SIM115  open as long as the process
    # What came over the wire may hold half a character, and a console need not know every letter: neither may end the program.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _give_up_output() -> None:
    # What is still buffered would raise once more when the interpreter closes standard output.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(sentence: str, code: ExitCode) -> ExitCode:
    for line in f"{PROGRAM}: {sentence}".splitlines():
        tell(line)
    return code


def _internal_error(error: Exception) -> ExitCode:
    from voicelive_tui.model.redact import redact

    with contextlib.suppress(OSError):
        print(redact("".join(traceback.format_exception(error))), file=sys.stderr, end="")
    return _refuse("this is an error of the program itself; please report it with the lines above.", ExitCode.INTERNAL)


def has_terminal(streams: Sequence[TextIO | None] | None = None) -> bool:
    """Whether the console can draw and be typed at."""
    wanted = (sys.stdin, sys.stdout, sys.stderr) if streams is None else streams
    return os.environ.get("TERM") != "dumb" and all(stream is not None and stream.isatty() for stream in wanted)


def _settings(given: Namespace) -> "Settings":
    """The settings of this run; the program's log begins here."""
    from voicelive_tui.engine.logfile import start_log
    from voicelive_tui.engine.settings import SettingsError, load_settings

    try:
        settings = load_settings(
            profiles=given.profiles,
            simulator=given.simulator,
            input=given.input_device,
            output=given.output_device,
            no_audio=given.no_audio,
            record=given.record or "all",
            log=given.log,
            trusted_hosts=getattr(given, "trust_host", ()),
        )
        start_log(settings.log)
    except SettingsError as error:
        raise _Refused(str(error)) from None
    return settings


def _entry(settings: "Settings", name: str) -> "Entry":
    """The profile of this name as it stands in the store."""
    from voicelive_tui.engine.profiles import ProfileError, ProfileStore

    try:
        return ProfileStore(settings.profile_dirs).load(name)
    except ProfileError as error:
        raise _Refused(str(error)) from None


def _profile(settings: "Settings", name: str) -> "Profile":
    """The profile of this name, its warnings told; a broken one is refused with all that is wrong in it."""
    entry = _entry(settings, name)
    if entry.profile is None:
        raise _Refused("\n".join([f"the profile {entry.slug} is broken.", *map(str, entry.problems)]), ExitCode.FOUND)
    for problem in entry.problems:
        tell(str(problem))
    return entry.profile


def _console(rest: list[str]) -> int:
    given = parsers.console_parser().parse_args(rest)
    settings = _settings(given)
    tabs = list(dict.fromkeys([*given.names, *given.start]))
    for name in tabs:
        _entry(settings, name)
    if has_terminal():
        return _draw(settings, tabs, given.start)
    if tabs:
        raise _Refused(f"the console needs a terminal to draw on; '{PROGRAM} run {tabs[0]}' works without one.")
    from voicelive_tui.plain.sound_check import sound_check

    return sound_check(_profile(settings, "sound-check"), settings)


def _draw(settings: "Settings", tabs: Sequence[str], start: Sequence[str] = ()) -> int:
    # Nothing that starting makes is garbage; the console turns the collector on again when it has drawn.
    gc.disable()
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.plain.stop import StopWish

    engine = Engine(settings)
    # A signal before the console draws, or while it closes what is open, must not end the program in the middle of that.
    with StopWish() as stop:
        engine.start()
        try:
            from voicelive_tui.tui.app import run_console

            code = run_console(engine, tabs=tabs, start=start, is_stopped=lambda: stop.asked)
        finally:
            with StopWish() as late:
                engine.close()
    if late.asked:
        code = ExitCode.INTERRUPTED
    if code == ExitCode.INTERRUPTED:
        _tell_lost(engine)
    return code


def _tell_lost(engine: "Engine") -> None:
    """Nobody was asked: say what no disk has."""
    from voicelive_tui.plain.summary import lost_sentence

    for key, session in engine.snapshot().sessions.items():
        index = engine.index(key)
        if index is not None and session.recording.incomplete:
            tell(lost_sentence(session, index.unwritten))


def _run(rest: list[str]) -> int:
    from voicelive_tui.plain import ports
    from voicelive_tui.plain.run import RunRequest, run
    from voicelive_tui.plain.script import ScriptError

    given = parsers.run_parser().parse_args(rest)
    settings = _settings(given)
    profile = _profile(settings, given.name)
    # Who types the turns is not listened to unless a microphone was asked for.
    mic = given.mic or settings.input or ("none" if given.text else None)
    try:
        speaker = ports.speaker(given.speaker or settings.output)
        ports.check_apart(mic, speaker)
        with ports.microphone(mic) as source:
            settings = replace(settings, input=source, output=speaker)
            return run(RunRequest(profile, given.text, given.turns, given.timeout, given.json), settings)
    except (ports.PortArgumentError, ScriptError) as error:
        raise _Refused(f"{error}.") from None


def _open(rest: list[str]) -> int:
    given = parsers.open_parser().parse_args(rest)
    if not os.path.isfile(os.path.join(given.folder, "events.jsonl")):
        raise _Refused(f"{given.folder} holds no recorded session; it is the folder with events.jsonl in it that opens.")
    if not has_terminal():
        raise _Refused("the console needs a terminal to draw on; a session's transcript is in events.jsonl of its folder.")
    return _draw(_settings(given), [given.folder])


def _simulate(rest: list[str]) -> int:
    from voicelive_tui.simulator.command import main as simulate

    return simulate(rest)


def _devices(rest: list[str]) -> int:
    from voicelive_tui.plain.devices import devices

    return devices(_settings(parsers.devices_parser().parse_args(rest)))


def _check(rest: list[str]) -> int:
    from voicelive_tui.engine.profiles import ProfileStore
    from voicelive_tui.plain.check import check

    given = parsers.check_parser().parse_args(rest)
    settings = _settings(given)
    named = [_entry(settings, name) for name in given.names]
    return check(named or ProfileStore(settings.profile_dirs).entries(), settings)


def _doctor(rest: list[str]) -> int:
    from voicelive_tui.plain.doctor import doctor

    given = parsers.doctor_parser().parse_args(rest)
    return doctor(_settings(given), sign_in=given.sign_in)


def _trust(rest: list[str]) -> int:
    from voicelive_tui.engine.trusted_hosts import TrustError
    from voicelive_tui.plain.trust import trust

    given = parsers.trust_parser().parse_args(rest)
    if given.remove and not given.host:
        raise _Refused("--remove needs the HOST that is to be asked about again; 'voicelive-tui trust' lists them.")
    try:
        return trust(_settings(given), given.host, remove=given.remove)
    except TrustError as error:
        raise _Refused(str(error)) from None


_COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "": _console,
    "run": _run,
    "open": _open,
    "simulate": _simulate,
    "devices": _devices,
    "check": _check,
    "doctor": _doctor,
    "trust": _trust,
}
