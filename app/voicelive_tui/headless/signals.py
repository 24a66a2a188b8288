"""Ctrl+C, SIGTERM and SIGHUP: either stop the program at once, or set a flag that is checked
between two lines of output.

Invariants: signal handlers belong to the process; the context that was entered last has them.
Importing this module imports next to nothing, not even `typing`: a signal that arrives earlier ends
the program as it ends any Python program. For the main thread only.
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
    """Raised by a signal to stop the program now.

    It is a class of its own because Python kills itself at exit after a plain KeyboardInterrupt
    that has passed through `exec`, as within imports.
    """


class _SignalContext:
    """Handles the signals while the context lasts. asked: whether one of them has arrived."""

    def __init__(self) -> None:
        self.asked = False
        self._previous_handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._previous_handlers = {
            number: signal.signal(number, self._on_signal) for number in _stop_signals()
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous_handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        raise NotImplementedError


class StopSignals(_SignalContext):
    """A signal raises Stopped, and `sentence` says which signal it was.

    `asked` is also true when the exception was swallowed or turned into another one, as happens
    within imports.
    """

    sentence = "stopped."

    def __enter__(self) -> Self:
        self._previous_hook = sys.unraisablehook
        sys.unraisablehook = self._on_unraisable
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        sys.unraisablehook = self._previous_hook

    def ignore_more(self) -> None:
        """Ignore further signals, because the program is ending."""
        for number in self._previous_handlers:
            signal.signal(number, signal.SIG_IGN)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.asked = True
        self.sentence = _SENTENCES[signal.Signals(number).name]
        raise Stopped

    def _on_unraisable(self, error: sys.UnraisableHookArgs) -> None:
        # The signal arrived in a callback of Python's own, which discards exceptions; `asked` still
        # records it.
        if not (self.asked and issubclass(error.exc_type, Stopped)):
            self._previous_hook(error)


class GracefulStop(_SignalContext):
    """The first signal sets `asked`, also one that arrived earlier in a StopSignals; the next one
    raises Stopped."""

    def __enter__(self) -> Self:
        super().__enter__()
        self.asked = any(_has_signal(handler) for handler in self._previous_handlers.values())
        return self

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise Stopped
        self.asked = True


def _has_signal(handler: object) -> bool:
    """Whether this handler belongs to a StopSignals that has received a signal."""
    owner = getattr(handler, "__self__", None)
    return isinstance(owner, StopSignals) and owner.asked


def _stop_signals() -> list[int]:
    """The signals that stop the program. A signal that was ignored when the program started stays
    ignored, as SIGHUP under nohup.

    SIGINT is handled even then: a shell ignores it for every program that it starts in the
    background.
    """
    found = [getattr(signal, name) for name in _SENTENCES if hasattr(signal, name)]
    return [
        number
        for number in found
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN
    ]
