"""Ctrl+C, SIGTERM and a closed terminal set a flag that is read between two lines: no line is cut, no file left torn."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = [signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__]


class GracefulStop:
    """Asked for by the first signal; the second raises KeyboardInterrupt at once. For the main thread."""

    def __init__(self) -> None:
        self.asked = False
        self._previous_handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._previous_handlers = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._previous_handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
