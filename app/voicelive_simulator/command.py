"""The simulator's command line: `python -m voicelive_simulator`. Nothing slow to import is imported
before the arguments are parsed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_common.addresses import Authority, read_address, read_authority
from voicelive_common.exit_codes import ExitCode

from voicelive_simulator.arguments import KEY_VARIABLE, TOKEN_VARIABLE, Parser

if TYPE_CHECKING:
    from voicelive_simulator.faults.fault import Fault
    from voicelive_simulator.replay.recording import Recording
    from voicelive_simulator.scenario.scenario import Scenario
    from voicelive_simulator.service.options import Options
    from voicelive_simulator.service.server import Simulator
    from voicelive_simulator.service.tls import Tls
    from voicelive_simulator.sound.speech import Voice

LONGEST_SESSION_MINUTES = 60 * 24 * 365


class _UsageError(Exception):
    """The command line asks for something impossible; the message is one sentence."""


class _CannotAnnounce(Exception):
    """The ready line cannot be written, because its reader has gone or the disk is full. `code` is
    the exit code."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            "The simulator cannot say where it listens: "
            f"{(error.strerror or 'unknown error').lower()}."
        )
        self.code = ExitCode.BROKEN_PIPE if isinstance(error, BrokenPipeError) else ExitCode.OUTPUT


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or, with --parent, the end of stdin. Returns an ExitCode."""
    _replace_closed_streams()
    arguments = Parser().parse_args(argv)
    try:
        options = _options(arguments, os.environ)
    except _UsageError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE
    from voicelive_simulator.service.server import CannotListen
    from voicelive_simulator.sound.choose_voice import EspeakUnavailable, choose_voice

    try:
        voice, why_tones = choose_voice(options.scenario.voice if options.scenario else "")
    except EspeakUnavailable as error:
        print(f"The scenario asks for the espeak voice, but {error}", file=sys.stderr)
        return ExitCode.USAGE
    try:
        asyncio.run(_serve(options, voice, why_tones, arguments))
    except _UsageError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE
    except CannotListen as error:
        print(
            f"The simulator cannot listen on {options.host} port {options.port}: {error}.",
            file=sys.stderr,
        )
        return ExitCode.PORT
    except _CannotAnnounce as error:
        # Text still buffered would raise once more when the interpreter closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.code != ExitCode.BROKEN_PIPE:
            print(error, file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        pass
    return ExitCode.OK


def _replace_closed_streams() -> None:
    # A closed stream is None, which would make print write to the other one. Its output is
    # discarded instead.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 open as long as the process


def _options(arguments: Namespace, environ: Mapping[str, str]) -> Options:
    key = _secret(arguments.key or environ.get(KEY_VARIABLE, ""), KEY_VARIABLE)
    host = _host(arguments.host, key, remote=arguments.allow_remote)
    if not 0 <= arguments.port <= 65535:
        raise _UsageError(f"There is no port {arguments.port}: use 0 (any free one) to 65535.")
    if not 0 < arguments.session_minutes <= LONGEST_SESSION_MINUTES:
        raise _UsageError("--session-minutes must be more than 0, and no more than a year.")
    if arguments.scenario and arguments.replay:
        raise _UsageError(
            "--scenario and --replay exclude each other: a replay already has its words."
        )
    if arguments.factor is not None and not arguments.replay:
        raise _UsageError("--factor belongs to --replay.")
    factor = 1.0 if arguments.factor is None else arguments.factor
    if not (math.isfinite(factor) and factor >= 0):
        raise _UsageError("--factor must be 0 (no waiting) or more.")
    faults = tuple(_fault(text) for text in arguments.fault)
    scenario = _scenario(arguments.scenario) if arguments.scenario else None
    recording = _recording(Path(arguments.replay)) if arguments.replay else None
    tls = _tls(arguments, host)
    from voicelive_simulator.service.options import Options

    return Options(
        host=host,
        port=arguments.port,
        key=key,
        token=_secret(environ.get(TOKEN_VARIABLE, ""), TOKEN_VARIABLE),
        session_minutes=arguments.session_minutes,
        log=arguments.log,
        scenario=scenario,
        replay=recording,
        factor=factor,
        faults=faults,
        tls=tls,
        allowed_hosts=tuple(_allowed_host(text) for text in arguments.allow_host),
        allowed_origins=tuple(_allowed_origin(text) for text in arguments.allow_origin),
    )


def _secret(value: str, name: str) -> str:
    value = value.strip()
    if not (value.isascii() and (value.isprintable() or not value)):
        raise _UsageError(f"{name} must be plain ASCII: it travels in a header.")
    return value


def _host(given: str, key: str, *, remote: bool) -> str:
    """The address to listen on. Access from other machines has to be requested twice, by --host and
    by --allow-remote, and needs a key."""
    address = read_address(given)
    if address is None:
        raise _UsageError(
            f"{given!r} is no address: use 127.0.0.1, ::1 or localhost; other names are not looked "
            "up."
        )
    if not address.is_loopback and not remote:
        raise _UsageError(
            f"The simulator listens on loopback only, and {address} is not: use 127.0.0.1 or ::1, "
            f"or let other machines in with --allow-remote and a key."
        )
    if not address.is_loopback and not key:
        raise _UsageError(
            f"A simulator that other machines can reach needs a key: set {KEY_VARIABLE}."
        )
    return str(address)


def _allowed_host(text: str) -> Authority:
    authority = read_authority(text)
    if authority is None:
        raise _UsageError(
            f"--allow-host {text}: this is no host; write it as in box.local or localhost:9000."
        )
    return authority


def _allowed_origin(text: str) -> str:
    from voicelive_simulator.service.access import read_origin

    origin = read_origin(text.removesuffix("/"))
    if origin is None:
        raise _UsageError(
            f"--allow-origin {text}: this is no origin; write scheme, host and port, as in "
            "http://localhost:3000."
        )
    return origin


def _fault(text: str) -> Fault:
    from voicelive_simulator.faults.catalogue import parse_fault_text
    from voicelive_simulator.faults.fault import FaultError

    try:
        return parse_fault_text(text)
    except FaultError as error:
        raise _UsageError(f"--fault {text}: {error}") from None


def _scenario(name: str) -> Scenario:
    from voicelive_simulator.scenario.load import load_scenario
    from voicelive_simulator.scenario.problems import ScenarioError

    try:
        return load_scenario(name)
    except ScenarioError as error:
        raise _UsageError(str(error)) from None


def _recording(folder: Path) -> Recording:
    from voicelive_simulator.replay.recording import RecordingError, load_recording

    try:
        recording = load_recording(folder)
    except RecordingError as error:
        raise _UsageError(str(error)) from None
    for problem in recording.problems:
        print(f"Replay of {recording.name}: {problem}", file=sys.stderr)
    return recording


def _tls(arguments: Namespace, host: str) -> Tls | None:
    """The requested certificate; None without TLS."""
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise _UsageError(
            "--tls-cert and --tls-key belong together; --tls alone makes a certificate."
        )
    if not (arguments.tls or arguments.tls_cert):
        if arguments.tls_cert_out:
            raise _UsageError("--tls-cert-out needs --tls, or --tls-cert and --tls-key.")
        return None
    from voicelive_simulator.service.tls import TlsError, given, self_signed

    try:
        tls = (
            given(Path(arguments.tls_cert), Path(arguments.tls_key))
            if arguments.tls_cert
            else self_signed(host)
        )
    except TlsError as error:
        raise _UsageError(str(error)) from None
    return tls


def _write_certificate(arguments: Namespace, tls: Tls | None) -> None:
    if tls is None or not arguments.tls_cert_out:
        return
    from voicelive_simulator.service.certificate_file import CertificateFileError, write_certificate

    inputs = (arguments.tls_key, arguments.tls_cert, arguments.scenario, arguments.replay)
    try:
        write_certificate(
            Path(arguments.tls_cert_out), tls.certificate, [Path(one) for one in inputs if one]
        )
    except CertificateFileError as error:
        raise _UsageError(str(error)) from None


async def _serve(options: Options, voice: Voice, why_tones: str, arguments: Namespace) -> None:
    from voicelive_simulator.service.memory_trim import prepare_memory_trimming
    from voicelive_simulator.service.server import Simulator

    prepare_memory_trimming()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    _stop_on_signals(loop, stop)
    async with Simulator(options, voice) as simulator:
        # Not written earlier: a second simulator for a port in use must not replace the first one's
        # certificate.
        _write_certificate(arguments, options.tls)
        try:
            print(json.dumps(_ready(options, simulator, voice)), flush=True)
        except OSError as error:
            raise _CannotAnnounce(error) from None
        if (address := read_address(options.host)) and not address.is_loopback:
            _warn_of_remote_access(options)
        if sys.stderr.isatty():
            _print_introduction(simulator.url, options, voice.name, why_tones)
        if arguments.parent:
            _stop_on_end_of_stdin(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()


def _ready(options: Options, simulator: Simulator, voice: Voice) -> dict[str, object]:
    """The contents of the ready line, which never include a key or token."""
    return {
        "url": simulator.url,
        "port": simulator.port,
        "voice": voice.name,
        "pid": os.getpid(),
        "scenario": options.scenario.name if options.scenario else None,
        "replay": options.replay.name if options.replay else None,
        "faults": [fault.name for fault in options.faults],
        "key": bool(options.key),
        "control": bool(options.token),
        "certificate_sha256": options.tls.fingerprint if options.tls else None,
    }


def _warn_of_remote_access(options: Options) -> None:
    clear = "" if options.tls else ", and key and speech travel in clear text without --tls"
    print(f"Warning: other machines can reach this simulator{clear}.", file=sys.stderr)


def _print_introduction(url: str, options: Options, voice_name: str, why_tones: str) -> None:
    key = (
        "the configured key only"
        if options.key
        else f"any key is accepted unless {KEY_VARIABLE} says which"
    )
    print(f"The simulator listens on {url} ({key}). Ctrl-C ends it.", file=sys.stderr)
    speaks = (
        f"It answers in tones, because {why_tones}"
        if why_tones
        else f"It speaks with {voice_name}."
    )
    print(speaks, file=sys.stderr)


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        # The event loops of Windows do not support signal handlers (KeyboardInterrupt ends the
        # program there), nor does a loop outside the main thread.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)


def _stop_on_end_of_stdin(stop: Callable[[], object]) -> None:
    """Call `stop` from a daemon thread at the end of stdin.

    The thread reads the bare descriptor: a daemon thread that holds the lock of sys.stdin would
    abort the interpreter's exit.
    """

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):  # the loop ended first
            stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
