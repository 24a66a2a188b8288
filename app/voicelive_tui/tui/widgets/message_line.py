"""The message line: a prompt and a hint, and the field to type in from its first use on.

Invariant: the field, and what it imports, is made when the line is first used, so that the first
paint does not wait for it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Click, Resize
from textual.widgets import Static

from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.message_history import MessageHistory
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import cells

if TYPE_CHECKING:
    from voicelive_tui.tui.widgets.message_field import MessageField

_PROMPT = " > "
_HINTS = (
    "{talk.message}: type a message; Enter sends, Alt+Enter a new line",
    "{talk.message}: type a message; Enter sends",
    "{talk.message}: message",
)
"""The hints, the longest first."""
_NOTE_HINT = "what you noticed; Enter keeps it, Esc leaves it without a note"


class MessageLine(Horizontal):
    """The message line of the current tab. Each tab has its own draft and history."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._hints = tuple(with_keys(hint, keymap) for hint in _HINTS)
        self._hint = SingleLine(id="message-hint")
        self._prompt = Static(_PROMPT, classes="prompt", markup=False)
        self._histories: dict[str, MessageHistory] = {}
        self._key = ""
        self.note_open = False
        """Whether a note is typed in place of a message."""
        self.field: MessageField | None = None
        """The field to type in; None before the first use."""

    def compose(self) -> ComposeResult:
        """Yield the prompt and the hint."""
        yield self._prompt
        yield self._hint

    @property
    def typing(self) -> bool:
        """Whether the field has the focus."""
        return self.field is not None and self.field.has_focus

    @property
    def text(self) -> str:
        """The text in the line."""
        return self.field.text if self.field is not None else ""

    def focus_field(self) -> None:
        """Give the focus to the field, which is made now if this is the first time."""
        if self.field is None:
            from voicelive_tui.tui.widgets.message_field import MessageField

            self.field = MessageField(self._history(), id="message")
            self._hint.display = False
            self.mount(self.field)
            self._show_hint()
        self.screen.set_focus(self.field)

    def open_note(self, about: str) -> None:
        """Take a note in place of a message, whose draft is kept. about: what stands before it."""
        self.focus_field()
        assert self.field is not None, "it has the focus"
        if not self.note_open:
            self._history().draft = self.field.text
        self.note_open = True
        self._show_prompt(f" {about}> ")
        self.field.use(MessageHistory())
        self.field.show_hint(_NOTE_HINT)

    def close_note(self) -> None:
        """Take messages again."""
        if self.note_open and self.field is not None:
            self.note_open = False
            self._show_prompt(_PROMPT)
            self.field.use(self._history())
            self._show_hint()

    def _show_prompt(self, prompt: str) -> None:
        self._prompt.update(prompt)
        self._prompt.styles.width = len(prompt)

    def sync(self, key: str) -> None:
        """Show the line of the tab `key`."""
        if key == self._key:
            return
        self.close_note()
        if self.field is not None:
            self._history().draft = self.field.text
        self._key = key
        if self.field is not None:
            self.field.use(self._history())

    def forget(self, key: str) -> None:
        """Drop draft and history of a tab that was closed."""
        self._histories.pop(key, None)
        if key == self._key and self.field is not None:
            self.field.use(self._history())

    def sent(self, text: str) -> None:
        """Keep a message that was sent in the history, and empty the line."""
        history = self._history()
        history.add(text)
        history.draft = ""
        if self.field is not None:
            self.field.use(history)

    def _history(self) -> MessageHistory:
        return self._histories.setdefault(self._key, MessageHistory())

    def on_resize(self, event: Resize) -> None:
        """Choose the hint that fits."""
        self._show_hint()

    def _show_hint(self) -> None:
        room = self.size.width - len(_PROMPT)
        fitting = (hint for hint in self._hints if cells([(hint, "")]) <= room)
        hint = next(fitting, self._hints[-1])
        self._hint.show([(hint, "hint")])
        if self.field is not None and not self.note_open:
            self.field.show_hint(hint)

    async def on_click(self, event: Click) -> None:
        """Begin to type."""
        if self.field is None:
            await self.run_action("screen.message_line")
