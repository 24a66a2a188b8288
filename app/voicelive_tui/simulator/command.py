"""The simulator's command line: `python -m voicelive_tui.simulator`. Nothing heavy is imported before the arguments are read."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicelive_tui.simulator.service.server import Options
    from voicelive_tui.simulator.sound.speech import Voice

EXIT_OK, EXIT_UNUSABLE_PORT, EXIT_USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGTERM, SIGINT or, with --parent, the end of stdin. Returns 0, 1 for an unusable port, 2 for bad values."""
    arguments = _parser().parse_args(argv)
    host = "127.0.0.1" if arguments.host == "localhost" else arguments.host.removeprefix("[").removesuffix("]")
    if not _is_loopback(host):
        print(f"The simulator listens on loopback only, and {host} is not: use 127.0.0.1 or ::1.", file=sys.stderr)
        return EXIT_USAGE
    if not 0 <= arguments.port <= 65535:
        print(f"There is no port {arguments.port}: use 0 (any free one) to 65535.", file=sys.stderr)
        return EXIT_USAGE
    if arguments.session_minutes <= 0:
        print("--session-minutes must be more than 0.", file=sys.stderr)
        return EXIT_USAGE
    from voicelive_tui.simulator.service.server import CannotListen, Options
    from voicelive_tui.simulator.sound.voices import choose_voice

    options = Options(host, arguments.port, arguments.key, arguments.session_minutes, arguments.log)
    voice, why_tones = choose_voice()
    try:
        asyncio.run(_serve(options, voice, why_tones, parent=arguments.parent))
    except CannotListen as error:
        print(f"The simulator cannot listen on {host} port {arguments.port}: {error}.", file=sys.stderr)
        return EXIT_UNUSABLE_PORT
    except KeyboardInterrupt:
        pass
    return EXIT_OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voicelive-tui simulate",
        description="A Voice Live service on this machine, for clients in the making. It hears, measures and answers.",
        epilog="The first line on stdout is JSON: url, port, voice, pid.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the loopback address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--key", default="", help="the only key or bearer token taken (default: any that is not empty)")
    parser.add_argument(
        "--session-minutes", type=float, default=60.0, help="close a session with 1001 after so long (default: 60)"
    )
    parser.add_argument("--log", action="store_true", help="a line on stderr for each event, without its payload")
    parser.add_argument("--parent", action="store_true", help="end when stdin closes")
    return parser


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _serve(options: Options, voice: Voice, why_tones: str, *, parent: bool) -> None:
    from voicelive_tui.simulator.service.server import Simulator

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    _stop_on_signals(loop, stop)
    async with Simulator(options, voice) as simulator:
        ready = {"url": simulator.url, "port": simulator.port, "voice": voice.name, "pid": os.getpid()}
        print(json.dumps(ready), flush=True)
        if sys.stderr.isatty():
            _introduce(simulator.url, voice.name, why_tones)
        if parent:
            _stop_on_end_of_stdin(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()


def _introduce(url: str, voice_name: str, why_tones: str) -> None:
    print(f"The simulator listens on {url} (any key will do unless --key says which). Ctrl-C ends it.", file=sys.stderr)
    speaks = f"It answers in tones, because {why_tones}" if why_tones else f"It speaks with {voice_name}."
    print(speaks, file=sys.stderr)


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows' loops take no handlers (KeyboardInterrupt ends us there), nor does a loop outside the main thread.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)


def _stop_on_end_of_stdin(stop: Callable[[], object]) -> None:
    """A thread that reads the bare descriptor: a daemon that holds sys.stdin's lock would abort the interpreter's exit."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):  # the loop ended first
            stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
