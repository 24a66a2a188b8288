"""The settings with a cursor on one of them, in sections below one another."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.commands import BY_ID, CURSOR_KEYS
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.setting_help import help_rows, values_row
from voicelive_tui.tui.widgets.setting_rows import VALUE_AT, PageLine, page_lines
from voicelive_tui.tui.widgets.spans import Spans


class SettingsList(LineView):
    """The rows of all settings."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CURSOR_KEYS,
        BY_ID["move.open"].binding("edit"),
        BY_ID["move.back"].binding("leave"),
        BY_ID["events.filter"].binding("find"),
        BY_ID["events.next_match"].binding("seek(1)"),
        BY_ID["events.previous_match"].binding("seek(-1)"),
        Binding("left", "change(-1)", show=False),
        Binding("right", "change(1)", show=False),
        Binding("delete", "remove", show=False),
    ]

    class Moved(Message):
        """The cursor is on another setting."""

    class ChangeWanted(Message):
        """The user changes the value by a step, negative ones down."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class EditWanted(Message):
        """The user wants to type the value."""

    class RemovalWanted(Message):
        """The user wants the service's default."""

    class FindWanted(Message):
        """The user looks for a field."""

    class Left(Message):
        """The user takes a change back, or leaves."""

    def __init__(self, keymap: Mapping[str, str], first_width: int) -> None:
        """first_width: the width that the rows will probably have. With it they are there for the
        first paint, before which no widget knows its size."""
        super().__init__(id="settings")
        self._first_width = first_width
        self.following = False
        self.cursor = ""
        """The key of the setting under the cursor; empty for the first one."""
        self.sought = ""
        """The words that were looked for last."""
        self._keymap, self._help_below = keymap, False
        self._facts = SettingsFacts()
        self._settings: tuple[SettingFacts, ...] = ()
        self.position = 0
        """The position of the setting under the cursor."""
        self._lines: list[PageLine] = []
        self._made_of: SettingsFacts | None = None
        self._made_for = (0, "")
        """The facts of which the lines were made, and for which width and cursor."""

    @property
    def facts(self) -> SettingsFacts:
        """What is shown."""
        return self._facts

    @property
    def current(self) -> SettingFacts | None:
        """The setting under the cursor; None while nothing is shown."""
        return self._settings[self.position] if self._settings else None

    @property
    def value_place(self) -> Offset:
        """Where the value under the cursor stands, relative to the list's upper left corner."""
        line = next((n for n, each in enumerate(self._lines) if self._is_cursor(each)), 0)
        return Offset(VALUE_AT, line - self.top)

    def _is_cursor(self, line: PageLine) -> bool:
        return line.first and line.setting == self.position

    def show(self, facts: SettingsFacts) -> None:
        """Show these facts; the cursor stays on its setting."""
        self._facts, self._settings = facts, facts.settings
        self._find_position()
        self._lay_out()

    def _find_position(self) -> None:
        """Find the cursor's setting; the first one in the table that the cursor's key names."""
        keys = [facts.key for facts in self._settings]
        inside = (at for at, key in enumerate(keys) if key.startswith(f"{self.cursor}."))
        self.position = keys.index(self.cursor) if self.cursor in keys else next(inside, 0)

    def show_help_below(self, shown: bool) -> None:
        """Show the help below the setting under the cursor, or leave it out."""
        self._help_below = shown
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width or self._first_width
        facts, made_for = self._facts, (width, self.cursor if self._help_below else "")
        if facts is self._made_of and made_for == self._made_for:
            return
        self._made_of, self._made_for = facts, made_for
        self._lines = page_lines(self._facts, width, self._keymap, self._below(width))
        self.set_line_count(len(self._lines))
        self.refresh()
        self.show_cursor()

    def _below(self, width: int) -> dict[int, tuple[Spans, ...]]:
        current = self.current
        if not self._help_below or current is None:
            return {}
        rows = help_rows(current, self._facts.api_version, width)
        return {self.position: (values_row(current, width), *_dimmed(rows))}

    def on_resize(self, event: Resize) -> None:
        """Lay the rows out for the new size, and keep the cursor in sight."""
        self._lay_out()
        self.show_cursor()

    def render_line(self, y: int) -> Strip:
        """One line, marked if the cursor is on it."""
        line, width = self.top + y, self.scrollable_content_region.width
        if line >= len(self._lines):
            return self.strip((), width)
        shown = self._lines[line]
        if not self._is_cursor(shown):
            return self.strip(shown.spans, width)
        (text, look), *rest = shown.spans
        style = self.look("cursor" if self.has_focus else "cursor-blurred")
        return self.strip([("▸" + text[1:], look), *rest], width, style)

    # The cursor

    def action_step(self, settings: int) -> None:
        """Move the cursor by this many settings, negative ones up."""
        self.go_to(self.position + settings)

    def action_page(self, pages: int) -> None:
        """Move the cursor by this many pages."""
        line = self.value_place.y + self.top + pages * max(1, self.page - 1)
        target = min(max(0, line), len(self._lines) - 1)
        below = [each.setting for each in self._lines[target:] if each.setting >= 0]
        if self._lines:
            self.go_to(below[0] if below else len(self._settings) - 1)

    def go_to(self, position: int) -> None:
        """Put the cursor on the setting at this position, or on the nearest one."""
        settings = self._settings
        if settings:
            self.position = min(max(0, position), len(settings) - 1)
            self.cursor = settings[self.position].key
            self._lay_out()
            self.show_cursor()
            self.refresh()
            self.post_message(self.Moved())

    def put_cursor(self, key: str) -> None:
        """Put the cursor on the setting with this key."""
        self.cursor = key
        self._find_position()
        self.go_to(self.position)

    def show_cursor(self) -> None:
        """Scroll to the cursor, with the lines that belong to it and the heading above it."""
        own = [n for n, line in enumerate(self._lines) if line.setting == self.position]
        if own and self.size:
            self.scroll_to_line(own[-1])
            above = own[0] - 1
            headed = above >= 0 and self._lines[above].setting < 0
            self.scroll_to_line(above if headed and self.page > len(own) else own[0])

    def make_room_below(self, rows: int) -> None:
        """Scroll until so many rows from the cursor's are in sight, as far as there are any."""
        lacking = self.value_place.y + rows - self.page
        if lacking > 0:
            self.scroll_to(y=min(self.top + lacking, self.max_scroll_y), animate=False)

    def on_click(self, event: Click) -> None:
        """Put the cursor on the setting that was clicked; a second click edits it."""
        line = self.top + event.y
        if line < len(self._lines) and self._lines[line].setting >= 0:
            self.go_to(self._lines[line].setting)
            if event.chain == 2:
                self.action_edit()

    # Finding

    def seek(self, words: str, step: int, *, from_here: bool = False) -> bool:
        """Go to the next (`step` 1) or previous (-1) setting whose name has the words, round the
        end; if there is none, to one whose section or help has them. from_here: one that is named
        just so comes first, and the present one counts. Returns False if no setting has them."""
        self.sought, wanted = words, words.strip().lower()
        texts = [
            (
                f"{facts.setting.field.title}\n{facts.key}".lower(),
                f"{section.title}\n{facts.setting.field.help}".lower(),
            )
            for section, settings in self._facts.sections
            for facts in settings
        ]
        count, start = len(texts), self.position if from_here else self.position + step
        order = [(start + at * step) % count for at in range(count)]
        found = [
            *(at for at in order if from_here and texts[at][0].startswith(f"{wanted}\n")),
            *(at for part in (0, 1) for at in order if wanted in texts[at][part]),
        ]
        if found:
            self.go_to(found[0])
        return bool(found)

    def action_seek(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) setting that was looked for."""
        if self.sought:
            self.seek(self.sought, step)
        else:
            self.action_find()

    # What the page does

    def action_find(self) -> None:
        """Look for a field."""
        self.post_message(self.FindWanted())

    def action_change(self, by: int) -> None:
        """Change the value by a step."""
        self.post_message(self.ChangeWanted(by))

    def action_edit(self) -> None:
        """Type the value."""
        self.post_message(self.EditWanted())

    def action_remove(self) -> None:
        """Use the service's default."""
        self.post_message(self.RemovalWanted())

    def action_leave(self) -> None:
        """Take a change back, or leave."""
        self.post_message(self.Left())


def _dimmed(rows: list[Spans]) -> list[Spans]:
    return [[("  ", ""), *((text, look or "dim") for text, look in row)] for row in rows]
