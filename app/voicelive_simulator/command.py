"""The simulator's command line: `python -m voicelive_simulator`. Nothing slow to import is imported
before the arguments are parsed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_common.addresses import read_address
from voicelive_common.exit_codes import ExitCode

from voicelive_simulator.arguments import KEY_VARIABLE, Parser
from voicelive_simulator.read_options import UsageError, read_options

if TYPE_CHECKING:
    from voicelive_simulator.service.options import Options
    from voicelive_simulator.service.server import Simulator
    from voicelive_simulator.service.tls import Tls
    from voicelive_simulator.sound.speech import Voice


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
        options = read_options(arguments, os.environ)
    except UsageError as error:
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
    except UsageError as error:
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
        raise UsageError(str(error)) from None


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
