"""The line for messages: a notice for some seconds, an error until the next key, otherwise what to do next."""

from collections import deque
from dataclasses import dataclass

from voicelive_common.printable import printable

from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, fit

SHOWN_S = {"info": 5.0, "warning": 8.0}
_WORDS = {"info": ("  ", "accent"), "warning": (" warning: ", "warn"), "error": (" error: ", "bad")}


@dataclass(slots=True)
class _TimedMessage:
    level: str
    text: str
    until_s: float | None = None


class MessageBar(SingleLine):
    """Messages in their order; each gets its time, errors stay until a key is pressed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._waiting: deque[_TimedMessage] = deque(maxlen=20)
        self._now: _TimedMessage | None = None

    def show_message(self, level: str, text: str) -> None:
        """Show this sentence next; a waiting one that says the same is not repeated."""
        if not any(said.text == text for said in (*self._waiting, *((self._now,) if self._now else ()))):
            self._waiting.append(_TimedMessage(level, text))

    def clear(self) -> None:
        """Forget every message."""
        self._waiting.clear()
        self._now = None

    def acknowledge(self) -> None:
        """A key was pressed: what stands here has been read."""
        if self._now and self._now.level == "error":
            self._now = None

    def sync(self, now_s: float, hint: Spans) -> None:
        """Show the message whose turn it is, or the hint."""
        said = self._now
        if said is not None and said.until_s is not None and now_s >= said.until_s:
            said = self._now = None
        if self._waiting and (said is None or said.level != "error"):
            said = self._now = self._waiting.popleft()
            shown = SHOWN_S.get(said.level)
            said.until_s = now_s + shown if shown else None
        self.show(hint if said is None else self._message(said))

    def _message(self, said: _TimedMessage) -> list[Span]:
        word, look = _WORDS.get(said.level, _WORDS["info"])
        more = f"  (+{len(self._waiting)} more)" if self._waiting else ""
        text = fit(" ".join(printable(said.text).split()), self.size.width - len(word) - len(more) - 1)
        return [(word, look), (text, look if said.level != "info" else ""), (more, "dim")]
