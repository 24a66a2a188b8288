"""The commands of the program. Each imports only what it needs.

Invariant: importing this module imports only the standard library and light modules of this
program, so that `--help`, `--version` and a wrong option answer at once.
"""

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from voicelive_common.exit_codes import ExitCode

from voicelive_tui import options as parsers
from voicelive_tui.headless.output_streams import print_note
from voicelive_tui.options import PROGRAM, split_command

if TYPE_CHECKING:
    from voicelive_tui.engine.config.profile_store import ProfileEntry
    from voicelive_tui.engine.config.settings import Settings
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.model.profile.profile import Profile


class Refused(Exception):
    """The command cannot be carried out. The text is one sentence; `code` is the exit code."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(sentence)
        self.code = code


def run_command(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name and return its exit code. Raises Refused, OutputError
    and BrokenPipeError."""
    name, rest = split_command(arguments, frozenset(_COMMANDS))
    return _COMMANDS[name](rest)


def has_terminal(streams: Sequence[TextIO | None] | None = None) -> bool:
    """Whether the console can draw on these streams and read keys from them."""
    wanted = (sys.stdin, sys.stdout, sys.stderr) if streams is None else streams
    return os.environ.get("TERM") != "dumb" and all(
        stream is not None and stream.isatty() for stream in wanted
    )


def _settings(given: Namespace) -> "Settings":
    """Load the settings of this run and open the program's log. Raises Refused."""
    from voicelive_tui.engine.config.logging_setup import start_log
    from voicelive_tui.engine.config.settings import SettingsError, load_settings

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
        raise Refused(str(error)) from None
    return settings


def _entry(settings: "Settings", name: str) -> "ProfileEntry":
    """The store's entry for the profile of this name. Raises Refused when there is none."""
    from voicelive_tui.engine.config.profile_store import ProfileError, ProfileStore

    try:
        return ProfileStore(settings.profile_dirs).load(name)
    except ProfileError as error:
        raise Refused(str(error)) from None


def _profile(settings: "Settings", name: str) -> "Profile":
    """The profile of this name; its warnings are printed. Raises Refused for a broken profile, with
    all of its problems."""
    entry = _entry(settings, name)
    if entry.profile is None:
        raise Refused(
            "\n".join([f"the profile {entry.slug} is broken.", *map(str, entry.problems)]),
            ExitCode.FOUND,
        )
    for problem in entry.problems:
        print_note(str(problem))
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
        raise Refused(
            f"the console needs a terminal to draw on; '{PROGRAM} run {tabs[0]}' works without one."
        )
    from voicelive_tui.headless.sound_check import sound_check

    return sound_check(_profile(settings, "sound-check"), settings)


def _draw(settings: "Settings", tabs: Sequence[str], start: Sequence[str] = ()) -> int:
    # Starting creates no garbage worth collecting; the console enables the collector once it has
    # drawn.
    gc.disable()
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.headless.signals import GracefulStop

    engine = Engine(settings)
    # A signal that arrives before the console draws, or while the engine closes, must not end the
    # program midway.
    with GracefulStop() as stop:
        engine.start()
        try:
            from voicelive_tui.tui.app import run_console

            code = run_console(engine, tabs=tabs, start=start, is_stopped=lambda: stop.asked)
        finally:
            with GracefulStop() as late:
                engine.close()
    if late.asked:
        code = ExitCode.INTERRUPTED
    if code == ExitCode.INTERRUPTED:
        _print_lost(engine)
    return code


def _print_lost(engine: "Engine") -> None:
    """Print which sessions are lost because they are only in memory. A signal leaves no time to
    ask."""
    from voicelive_tui.headless.run_summary import lost_sentence

    for key, session in engine.snapshot().sessions.items():
        index = engine.index(key)
        if index is not None and session.recording.incomplete:
            print_note(lost_sentence(session, index.unwritten))


def _run(rest: list[str]) -> int:
    from voicelive_tui.engine.audio.microphone_file import unreadable
    from voicelive_tui.headless import port_arguments
    from voicelive_tui.headless.run import RunRequest, run
    from voicelive_tui.headless.script import ScriptError

    given = parsers.run_parser().parse_args(rest)
    settings = _settings(given)
    profile = _profile(settings, given.name)
    # A run with typed turns opens no microphone unless one was asked for.
    mic = given.mic or settings.input or ("none" if given.text else None)
    try:
        speaker = port_arguments.speaker(given.speaker or settings.output)
        port_arguments.check_apart(mic, speaker)
        with port_arguments.microphone(mic) as source:
            if problem := unreadable(source):
                raise Refused(problem, ExitCode.SOUND)
            settings = replace(settings, input=source, output=speaker)
            return run(
                RunRequest(profile, given.text, given.turns, given.timeout, given.json), settings
            )
    except (port_arguments.PortArgumentError, ScriptError) as error:
        raise Refused(f"{error}.") from None


def _open(rest: list[str]) -> int:
    given = parsers.open_parser().parse_args(rest)
    if not os.path.isfile(os.path.join(given.folder, "events.jsonl")):
        raise Refused(
            f"{given.folder} holds no recorded session; it is the folder with events.jsonl in it "
            "that opens."
        )
    if not has_terminal():
        raise Refused(
            "the console needs a terminal to draw on; a session's transcript is in events.jsonl of "
            "its folder."
        )
    return _draw(_settings(given), [given.folder])


def _simulate(rest: list[str]) -> int:
    """Run the simulator, a program of its own: this package knows only its name."""
    import runpy

    sys.argv = [f"{PROGRAM} simulate", *rest]
    try:
        runpy.run_module("voicelive_simulator", run_name="__main__")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else ExitCode.INTERNAL
    return ExitCode.OK


def _devices(rest: list[str]) -> int:
    from voicelive_tui.headless.devices import devices

    return devices(_settings(parsers.devices_parser().parse_args(rest)))


def _check(rest: list[str]) -> int:
    from voicelive_tui.engine.config.profile_store import ProfileStore
    from voicelive_tui.headless.check import check

    given = parsers.check_parser().parse_args(rest)
    settings = _settings(given)
    named, missing = [], []
    for name in given.names:
        try:
            named.append(_entry(settings, name))
        except Refused as refused:
            missing.append(refused)
    code = ExitCode.OK
    if named or not missing:
        code = check(named or ProfileStore(settings.profile_dirs).entries(), settings)
    for each in missing:
        print_note(f"{PROGRAM}: {each}")
        code = each.code
    return code


def _doctor(rest: list[str]) -> int:
    from voicelive_tui.headless.doctor import doctor

    given = parsers.doctor_parser().parse_args(rest)
    return doctor(_settings(given), sign_in=given.sign_in)


def _trust(rest: list[str]) -> int:
    from voicelive_tui.engine.config.trusted_hosts import TrustError
    from voicelive_tui.headless.trust_command import trust

    given = parsers.trust_parser().parse_args(rest)
    if given.remove and not given.host:
        raise Refused(
            "--remove needs the HOST that is to be asked about again; 'voicelive-tui trust' lists "
            "them."
        )
    try:
        return trust(_settings(given), given.host, remove=given.remove)
    except TrustError as error:
        raise Refused(str(error)) from None


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
