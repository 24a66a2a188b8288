"""Ctrl+C, SIGTERM and the end of the terminal, in one of two manners: to stop at once, or as a wish looked at between two lines.

Invariants: signals belong to the process; the context that was entered last has them. Importing this module imports next to
nothing, not even `typing`, because until then the program ends as any Python does. For the main thread.
"""

from __future__ import annotations

import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any, Self

_SENTENCES = {
    "SIGINT": "stopped with Ctrl+C.",
    "SIGTERM": "stopped with SIGTERM.",
    "SIGHUP": "stopped, because its terminal was closed.",
}


class Stopped(KeyboardInterrupt):
    """A signal stops the program now.

    A class of its own: a plain KeyboardInterrupt that passes `exec`, as within imports, makes Python kill itself at the exit.
    """


class _SignalContext:
    """Has the signals while the context lasts. asked: one of them came."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._on_signal) for number in _numbers()}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        raise NotImplementedError


class StopSignals(_SignalContext):
    """A signal raises Stopped, and `sentence` says which one it was.

    `asked` is true also when something swallowed the exception or made another one of it, as happens within imports.
    """

    sentence = "stopped."

    def __enter__(self) -> Self:
        self._report = sys.unraisablehook
        sys.unraisablehook = self._on_unraisable
        return super().__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        super().__exit__(kind, error, trace)
        sys.unraisablehook = self._report

    def ignore_more(self) -> None:
        """The program is ending; further signals change nothing."""
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.asked = True
        self.sentence = _SENTENCES[signal.Signals(number).name]
        raise Stopped

    def _on_unraisable(self, error: sys.UnraisableHookArgs) -> None:
        # The signal came while Python ran a callback of its own; `asked` tells whoever looks next.
        if not (self.asked and issubclass(error.exc_type, Stopped)):
            self._report(error)


class StopWish(_SignalContext):
    """The first signal asks, also one that came before in a StopSignals; the next raises Stopped at once."""

    def __enter__(self) -> Self:
        super().__enter__()
        self.asked = any(_asked(handler) for handler in self._before.values())
        return self

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise Stopped
        self.asked = True


def _asked(handler: object) -> bool:
    """Whether this handler belongs to a StopSignals that has been asked."""
    owner = getattr(handler, "__self__", None)
    return isinstance(owner, StopSignals) and owner.asked


def _numbers() -> list[int]:
    """The signals that stop the program. Those that it was started to ignore, as nohup does with SIGHUP, stay ignored.

    SIGINT does not: a shell lets all that it starts in the background ignore it.
    """
    found = [getattr(signal, name) for name in _SENTENCES if hasattr(signal, name)]
    return [number for number in found if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN]
