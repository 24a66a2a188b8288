"""The field in which the value of a setting is typed, over its place in the list, with the known
values below it.

Imported on the first use, because Textual's text area is costly to import.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import OptionList, TextArea
from voicelive_common.printable import printable

from voicelive_tui.model.profile.settings import KnownValue

MOST_ROWS = 10
"""The rows of a text of several lines, or of the list of known values."""


_NEW_LINE = ("alt+enter", "shift+enter", "ctrl+j")
"""Keys for another line; Ctrl+J is what some terminals send for the others."""


def _blank_lines(crop: Region) -> list[Strip]:
    """What is drawn of a part of the editor that is being removed: Textual may still draw it then,
    although it has no styles any more."""
    return [Strip.blank(crop.width)] * crop.height


class SettingField(TextArea):
    """The text of the value, in one line. Enter takes it, Esc leaves it. chooses: up and down
    choose from the known values."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    several_lines: ClassVar[bool] = False

    class Entered(Message):
        """The user has typed the value."""

    class Left(Message):
        """The user goes back without a change."""

    class ChoiceMoved(Message):
        """The user goes to the next (`step` 1) or previous (-1) known value."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, text: str, *, chooses: bool) -> None:
        super().__init__(text, id="setting-field", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self._chooses = chooses

    def on_mount(self) -> None:
        """Put the cursor behind the text; in one line, the first letter replaces all of it."""
        self.move_cursor(self.document.end)
        if not self.several_lines:
            self.select_all()

    def on_key(self, event: events.Key) -> None:
        """Take the value with Enter, and choose with up and down."""
        steps = {"up": -1, "down": 1} if self._chooses else {}
        if event.key in steps:
            self.post_message(self.ChoiceMoved(steps[event.key]))
        elif event.key == "enter":
            self.post_message(self.Entered())
        elif event.key in _NEW_LINE:
            self.action_new_line()
        else:
            return
        event.stop()
        event.prevent_default()

    def action_new_line(self) -> None:
        """Begin another line, in a text of several lines."""
        if self.several_lines:
            self.insert("\n")

    def on_paste(self, event: events.Paste) -> None:
        """Put a paste in the place of the selected text; its line ends become blanks in a text of
        one line."""
        event.stop()
        event.prevent_default()
        text = event.text
        pasted = text if self.several_lines else " ".join(text.split())
        self.move_cursor(self.replace(pasted, *sorted(self.selection)).end_location)

    def action_leave(self) -> None:
        """Go back without a change."""
        self.post_message(self.Left())

    def on_blur(self) -> None:
        """Leave when the focus has gone elsewhere."""
        self.post_message(self.Left())

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return its lines, blank ones once it is being removed."""
        return super().render_lines(crop) if self.is_attached else _blank_lines(crop)


class SettingTextField(SettingField):
    """A value of several lines."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(",".join(_NEW_LINE), "new_line", show=False)]
    several_lines: ClassVar[bool] = True


class Choices(OptionList, can_focus=False):
    """The known values; the field keeps the focus."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return its lines, blank ones once it is being removed."""
        return super().render_lines(crop) if self.is_attached else _blank_lines(crop)


def _prompt(choice: KnownValue) -> str:
    """A known value, and why it cannot be used if so."""
    why = f"   {printable(choice.availability)}" if choice.availability else ""
    return printable(choice.value) + why


class SettingEditor(Vertical):
    """The field over the value's place, and the known values below or above it."""

    DEFAULT_CSS = """
    SettingEditor { position: absolute; layer: editor; height: auto; background: $panel; }
    SettingEditor SettingField, SettingEditor SettingField:focus {
        background: $panel; padding: 0; height: 1; scrollbar-size-horizontal: 0;
        scrollbar-size-vertical: 0;
    }
    SettingEditor OptionList {
        height: auto; border: none; padding: 0; background: $panel; scrollbar-size-vertical: 1;
    }
    """

    class Entered(Message):
        """The user has typed this text as the value."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The user goes back without a change."""

    def __init__(self, text: str, choices: Sequence[KnownValue], *, several_lines: bool) -> None:
        """text: what to begin with. choices: the known values."""
        super().__init__(id="setting-editor")
        self._choices = tuple(each.value for each in choices)
        kind = SettingTextField if several_lines else SettingField
        self.field = kind(text, chooses=bool(choices))
        self.upwards = False
        """Whether the known values stand above the field."""
        self._list = Choices(*map(_prompt, choices), markup=False) if choices else None
        self.rows = MOST_ROWS if several_lines else 1 + min(MOST_ROWS, len(choices))
        self.field.styles.height = MOST_ROWS if several_lines else 1

    def compose(self) -> ComposeResult:
        """Yield the field and the known values."""
        widgets = [self.field, *([self._list] if self._list is not None else [])]
        yield from reversed(widgets) if self.upwards else widgets

    def place(self, at: Offset, size: Size) -> None:
        """Put the field over the value at this place of an area of this size; what is below it goes
        above it where there is no room."""
        self.upwards = self._list is not None and at.y + self.rows > size.height
        room = max(0, size.height - self.rows)
        top = max(0, at.y - self.rows + 1) if self.upwards else min(at.y, room)
        self.styles.offset = (at.x, top + 1)
        self.styles.width = max(10, size.width - at.x)

    def on_mount(self) -> None:
        """Begin to type."""
        if self._list is not None:
            self._list.styles.max_height = MOST_ROWS
            self._list.highlighted = self._known(self.field.text)
        self.screen.set_focus(self.field)

    @on(SettingField.ChoiceMoved)
    def _choose(self, event: SettingField.ChoiceMoved) -> None:
        event.stop()
        if self._list is None:
            return
        chosen = self._next_choice(event.step)
        self._list.highlighted = chosen
        self.field.load_text(self._choices[chosen])
        self.field.select_all()

    def _next_choice(self, step: int) -> int:
        """The position of the known value after or before the typed one; of the first that begins
        with what is typed, or else has it in it, if that is none."""
        text, last = self.field.text, len(self._choices) - 1
        if text in self._choices:
            return min(max(0, self._choices.index(text) + step), last)
        places = {
            at: place
            for at, choice in enumerate(self._choices)
            if text and (place := choice.lower().find(text.lower())) >= 0
        }
        if places:
            return min(places, key=lambda at: (places[at] > 0, at))
        return 0 if step > 0 else last

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Entered(self._choices[event.option_index]))

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        """Highlight the known value that is typed, if it is one."""
        event.stop()
        if self._list is not None:
            self._list.highlighted = self._known(self.field.text)

    def _known(self, text: str) -> int | None:
        return self._choices.index(text) if text in self._choices else None

    @on(SettingField.Entered)
    def _entered(self, event: SettingField.Entered) -> None:
        event.stop()
        self.post_message(self.Entered(self.field.text))

    @on(SettingField.Left)
    def _left(self, event: SettingField.Left) -> None:
        event.stop()
        self.post_message(self.Left())
