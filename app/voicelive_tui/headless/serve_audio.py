"""`voicelive-tui audio --listen`: gives the sound of this machine to a console elsewhere, and
prints in plain lines what that console does with it."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine.audio.listening import (
    ListenError,
    ListenerStatus,
    Listening,
    prepare_listening,
)
from voicelive_tui.engine.config.settings import AUDIO_TOKEN_VARIABLE
from voicelive_tui.headless.output_streams import print_line
from voicelive_tui.headless.pressed_keys import pressed_keys
from voicelive_tui.headless.signals import GracefulStop


class CannotListen(Exception):
    """The address cannot be used. The text is one sentence with the cure; `code` is the exit
    code."""

    def __init__(self, error: ListenError, code: ExitCode) -> None:
        super().__init__(str(error))
        self.code = code


_LOOK_EVERY_S = 0.2
"""Seconds between two looks whether a signal has arrived."""


@dataclass(frozen=True, slots=True)
class _Pressed:
    key: str


_Event = ListenerStatus | _Pressed | str
"""A new status, a key, or a sentence about what went wrong."""


def serve_audio(where: str) -> ExitCode:
    """Listen at a path or at `127.0.0.1:PORT` until `q` is pressed or a signal arrives. Returns the
    exit code. Raises CannotListen."""
    events: SimpleQueue[_Event] = SimpleQueue()
    with GracefulStop() as stop:
        try:
            listening = prepare_listening(
                where, os.environ, on_change=events.put, on_notice=events.put
            )
        except ListenError as error:
            raise CannotListen(error, ExitCode.USAGE) from None
        try:
            listening.listener.start()
        except ListenError as error:
            raise CannotListen(error, ExitCode.PORT) from None
        try:
            shown = _follow(listening, events, stop)
        finally:
            listening.listener.close()
        _print_last(events, shown)
        return ExitCode.INTERRUPTED if stop.asked else ExitCode.OK


def _follow(
    listening: Listening, events: "SimpleQueue[_Event]", stop: GracefulStop
) -> ListenerStatus:
    """Print what happens until the end is asked for. Returns the status that was printed last."""
    listener = listening.listener
    shown = ListenerStatus()
    for line in how_to_connect(str(listener.address), listening.new_token):
        print_line(line)
    with pressed_keys(lambda key: events.put(_Pressed(key))) as has_keys:
        if has_keys:
            print_line("m mutes the microphone here, m again unmutes it; q ends.")
        while not stop.asked:
            try:
                event = events.get(timeout=_LOOK_EVERY_S)
            except Empty:
                continue
            match event:
                case ListenerStatus():
                    _print_change(shown, event)
                    shown = event
                case _Pressed("m"):
                    listener.mute(not listener.status.muted)
                case _Pressed("q"):
                    break
                case str(sentence):
                    _print_now(sentence)
    return shown


def how_to_connect(address: str, new_token: str) -> Iterator[str]:
    """The lines that say how a console elsewhere gets the sound. new_token: empty if the user needs
    none or has it."""
    yield f"The sound of this machine is at {address}."
    if new_token:
        yield "Where the console runs, set this variable, which is shown only here:"
        yield f"{AUDIO_TOKEN_VARIABLE}={new_token}"
    yield f"Open the console with: voicelive-tui --audio {address}"


def _print_last(events: "SimpleQueue[_Event]", shown: ListenerStatus) -> None:
    """Print what the end of the listener changed."""
    while not events.empty():
        event = events.get()
        if isinstance(event, ListenerStatus):
            _print_change(shown, event)
            shown = event
    _print_now("Ended.")


def _print_change(before: ListenerStatus, now: ListenerStatus) -> None:
    for sentence in changes(before, now):
        _print_now(sentence)


def changes(before: ListenerStatus, now: ListenerStatus) -> Iterator[str]:
    """What is different now, in sentences."""
    if now.peer and not before.peer:
        yield "A console has joined."
    if now.muted != before.muted:
        yield "The microphone is muted here." if now.muted else "The microphone is unmuted here."
    if now.microphone_open and not before.microphone_open:
        yield "The microphone is open" + (", and muted here." if now.muted else ".")
    if before.microphone_open and not now.microphone_open:
        yield "The microphone is closed."
    if before.peer and not now.peer:
        yield "The console has left."


def _print_now(sentence: str) -> None:
    print_line(f"{time.strftime('%H:%M:%S')}  {sentence}")
