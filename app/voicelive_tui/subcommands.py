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
from voicelive_tui.paths import DEMO, LAST, recording_folder

if TYPE_CHECKING:
    from pathlib import Path

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


def _settings(options: Namespace) -> "Settings":
    """Load the settings of this run and open the program's log. Raises Refused."""
    from voicelive_tui.engine.config.logging_setup import start_log
    from voicelive_tui.engine.config.settings import SettingsError
    from voicelive_tui.engine.config.settings_loader import load_settings

    try:
        settings = load_settings(
            profiles=options.profiles,
            simulator=options.simulator,
            input=options.input_device,
            output=options.output_device,
            no_audio=options.no_audio,
            audio_at=options.audio,
            record=options.record or "all",
            reconnect=not options.no_reconnect,
            log=options.log,
            trusted_hosts=getattr(options, "trust_host", ()),
        )
        start_log(settings.log)
    except SettingsError as error:
        raise Refused(str(error)) from None
    return settings


def _entry(settings: "Settings", name: str) -> "ProfileEntry":
    """The store's entry for the profile of this name. Raises Refused when there is none."""
    from voicelive_tui.engine.config.profile_store import ProfileError, ProfileStore

    try:
        return ProfileStore(settings.profile_dirs, settings.service_defaults).load(name)
    except ProfileError as error:
        raise Refused(str(error)) from None


def _profile(settings: "Settings", name: str) -> "Profile":
    """The profile of this name; its problems are printed. Raises Refused for a profile
    that cannot be used, with all of its problems."""
    entry = _entry(settings, name)
    if entry.profile is None:
        raise Refused(
            "\n".join([f"the profile {entry.slug} is broken.", *map(str, entry.problems)]),
            ExitCode.FOUND,
        )
    for problem in entry.problems:
        print_note(str(problem))
    return entry.profile


def _console(arguments: list[str]) -> int:
    options = parsers.console_parser().parse_intermixed_args(arguments)
    settings = _settings(options)
    tabs = list(dict.fromkeys([*options.names, *options.start]))
    for name in tabs:
        _entry(settings, name)
    go_on = "" if options.go_on is None else str(_recording(settings, options.go_on))
    if has_terminal():
        return _draw(settings, tabs, options.start, go_on)
    if tabs:
        raise Refused(
            f"the console needs a terminal to draw on; '{PROGRAM} run {tabs[0]}' works without one."
        )
    if go_on:
        raise Refused("the console needs a terminal to draw on, also to go on with a session.")
    from voicelive_tui.headless.sound_check import sound_check

    return sound_check(_profile(settings, "sound-check"), settings)


def _recording(settings: "Settings", name: str) -> "Path":
    """The folder of a recorded session: a path, its name in the folder of all sessions, or `last`
    for the newest one. Raises Refused."""
    from voicelive_tui.journal.recorded_sessions import newest_session

    folder = recording_folder(name)
    if not folder.exists() and "/" not in name and name not in ("", ".."):
        folder = settings.sessions_dir / name
    if name == LAST and not folder.exists():
        try:
            newest = newest_session(settings.sessions_dir)
        except OSError as error:
            raise Refused(
                f"{settings.sessions_dir} cannot be read ({error.strerror or error})."
            ) from None
        if newest is None:
            raise Refused(
                f"no session that can be read is recorded in {settings.sessions_dir} yet."
            )
        return newest.folder
    if not (folder / "events.jsonl").is_file():
        raise Refused(
            f"{name} holds no recorded session; give the folder that holds events.jsonl, "
            f"{LAST}, or {DEMO}."
        )
    return folder


def _draw(
    settings: "Settings", tabs: Sequence[str], start: Sequence[str] = (), go_on: str = ""
) -> int:
    # Starting creates no garbage worth collecting; the console enables the collector once it has
    # drawn.
    gc.disable()
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.headless.signals import GracefulStop
    from voicelive_tui.tui.terminal_environment import correct_environment, terminal_knows_size

    problems = correct_environment(os.environ, knows_size=terminal_knows_size())
    engine = Engine(settings)
    # A signal that arrives before the console draws, or while the engine closes, must not end the
    # program midway.
    with GracefulStop() as stop:
        engine.start()
        try:
            from voicelive_tui.tui.terminal_app import run_console

            code = run_console(
                engine,
                tabs=tabs,
                start=start,
                go_on=go_on,
                is_stopped=lambda: stop.asked,
                problems=problems,
            )
        finally:
            with GracefulStop() as late:
                engine.close()
    if late.asked or stop.asked:
        code = ExitCode.INTERRUPTED
    _print_recordings(engine, asked=code != ExitCode.INTERRUPTED)
    return code


def _print_recordings(engine: "Engine", *, asked: bool) -> None:
    """Print where the sessions of this run are recorded, and which are lost because they are only
    in memory. asked: whether the user was asked about those; a signal leaves no time to ask."""
    from voicelive_tui.headless.run_summary import lost_sentence, recorded_sentence
    from voicelive_tui.model.session.snapshot import SessionState

    for key, session in engine.snapshot().sessions.items():
        index = engine.index(key)
        if index is not None and session.recording.incomplete and not asked:
            print_note(lost_sentence(session, index.unwritten))
        elif session.folder and session.state is not SessionState.RECORDED:
            print_note(recorded_sentence(session))


def _run(arguments: list[str]) -> int:
    from voicelive_tui.engine.audio.microphone_file import unreadable
    from voicelive_tui.headless import port_arguments
    from voicelive_tui.headless.run import RunRequest, run
    from voicelive_tui.headless.run_limits import RunLimits
    from voicelive_tui.headless.script import ScriptError

    options = parsers.run_parser().parse_args(arguments)
    settings = _settings(options)
    profile = _profile(settings, options.name)
    # A run with typed turns opens no microphone unless one was asked for.
    mic = options.mic or settings.input or ("none" if options.text else None)
    try:
        speaker = port_arguments.speaker(options.speaker or settings.output)
        port_arguments.check_apart(mic, speaker)
        with port_arguments.microphone(mic) as source:
            if problem := unreadable(source):
                raise Refused(problem, ExitCode.SOUND)
            settings = replace(settings, input=source, output=speaker)
            if options.max_heard_ms is not None and speaker == "none":
                raise Refused("--max-heard-ms needs a speaker: --speaker FILE.wav or device.")
            limits = RunLimits(options.max_heard_ms, options.max_first_audio_ms, options.fail_on)
            request = RunRequest(
                profile,
                options.text,
                options.turns,
                options.timeout,
                options.json,
                limits=limits,
            )
            return run(request, settings)
    except (port_arguments.PortArgumentError, ScriptError) as error:
        raise Refused(f"{error}.") from None


def _open(arguments: list[str]) -> int:
    options = parsers.open_parser().parse_args(arguments)
    if options.last == (options.folder is not None):
        raise Refused(f"name a FOLDER or --last; '{PROGRAM} sessions' lists the recordings.")
    settings = _settings(options)
    folder = _recording(settings, LAST if options.last else options.folder)
    if not has_terminal():
        raise Refused(
            "the console needs a terminal to draw on; a session's transcript is in events.jsonl of "
            "its folder."
        )
    return _draw(settings, [str(folder)])


def _sessions(arguments: list[str]) -> int:
    from datetime import timedelta

    from voicelive_tui.headless import session_list as sessions

    options = parsers.sessions_parser().parse_args(arguments)
    prunes = options.action == "prune"
    if prunes and (options.older is None or options.last):
        raise Refused("prune takes --older AGE, such as --older 30d.")
    if not prunes and (options.older is not None or options.yes):
        raise Refused(f"--older and --yes belong to '{PROGRAM} sessions prune'.")
    root = _settings(options).sessions_dir
    try:
        if options.last:
            return sessions.print_last(root)
        if not prunes:
            return sessions.list_sessions(root)
        age_text, hours = options.older
        ask = sessions.ask_person if sys.stdin is not None and sys.stdin.isatty() else None
        age = timedelta(hours=min(hours, 24 * 36500))
        return sessions.prune(root, age, age_text, yes=options.yes, ask=ask)
    except OSError as error:
        raise Refused(f"{root} cannot be read ({error.strerror or error}).") from None


def _simulate(arguments: list[str]) -> int:
    """Run the simulator, a program of its own: this package knows only its name."""
    import runpy

    sys.argv = [f"{PROGRAM} simulate", *arguments]
    try:
        runpy.run_module("voicelive_simulator", run_name="__main__")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else ExitCode.INTERNAL
    return ExitCode.OK


def _devices(arguments: list[str]) -> int:
    from voicelive_tui.headless.devices import devices

    return devices(_settings(parsers.devices_parser().parse_args(arguments)))


def _audio(arguments: list[str]) -> int:
    from voicelive_tui.headless.serve_audio import CannotListen, serve_audio

    options = parsers.audio_parser().parse_args(arguments)
    _settings(options)  # the program's log
    try:
        return serve_audio(options.listen)
    except CannotListen as error:
        raise Refused(str(error), error.code) from None


def _check(arguments: list[str]) -> int:
    from voicelive_tui.engine.config.profile_store import ProfileStore
    from voicelive_tui.headless.check import check

    options = parsers.check_parser().parse_intermixed_args(arguments)
    settings = _settings(options)
    named, missing = [], []
    for name in options.names:
        try:
            named.append(_entry(settings, name))
        except Refused as refused:
            missing.append(refused)
    code = ExitCode.OK
    if named or not missing:
        store = ProfileStore(settings.profile_dirs, settings.service_defaults)
        code = check(named or store.entries(), settings)
    for refusal in missing:
        print_note(f"{PROGRAM}: {refusal}")
        code = refusal.code
    return code


def _doctor(arguments: list[str]) -> int:
    from voicelive_tui.engine.config.prices_file import prices_path
    from voicelive_tui.headless.doctor import doctor
    from voicelive_tui.tui.config import config_path, read_config, with_prices

    options = parsers.doctor_parser().parse_args(arguments)
    path = config_path()
    problems = with_prices(read_config(path), prices_path()).problems
    return doctor(_settings(options), sign_in=options.sign_in, config=(path, problems))


def _trust(arguments: list[str]) -> int:
    from voicelive_tui.engine.config.trusted_hosts import TrustError
    from voicelive_tui.headless.trust_command import trust

    options = parsers.trust_parser().parse_args(arguments)
    if options.remove and not options.host:
        raise Refused("--remove needs a HOST; 'voicelive-tui trust' lists the trusted ones.")
    try:
        return trust(_settings(options), options.host, remove=options.remove)
    except TrustError as error:
        raise Refused(str(error)) from None


def _ssh(arguments: list[str]) -> int:
    if arguments and arguments[0] in ("-h", "--help"):
        parsers.ssh_parser().parse_args(arguments)
    from voicelive_tui.ssh.command import run_ssh
    from voicelive_tui.ssh.ssh_error import SshError

    try:
        return run_ssh(arguments, draws=_draws, has_terminal=has_terminal(), note=print_note)
    except SshError as error:
        raise Refused(str(error), error.code) from None


def _draws(arguments: Sequence[str]) -> bool:
    """Whether the program with these arguments is the console, rather than a command that prints
    lines. Raises Refused for a command to which the sound of another machine is nothing."""
    name = split_command(arguments, frozenset(_COMMANDS))[0]
    if name in ("simulate", "audio", "ssh", "audio-link"):
        raise Refused(
            f"'{name}' takes no sound from this machine; 'ssh HOST {PROGRAM} {name}' starts it "
            "there."
        )
    return name in ("", "open")


def _audio_link(arguments: list[str]) -> int:
    """Answer `voicelive-tui ssh` of another machine; not for users."""
    from voicelive_tui.ssh.audio_link import audio_link

    return audio_link(arguments)


_COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "": _console,
    "run": _run,
    "open": _open,
    "sessions": _sessions,
    "simulate": _simulate,
    "devices": _devices,
    "audio": _audio,
    "check": _check,
    "doctor": _doctor,
    "trust": _trust,
    "ssh": _ssh,
    "audio-link": _audio_link,
}
