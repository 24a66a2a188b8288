"""The settings page: title, settings, and the help of the one under the cursor; in the place of the
panes, or as a third column beside them.

Invariant: the page changes nothing itself. It posts what the user wants, and shows the facts that
the screen gives it.
"""

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.document_changes import same_value
from voicelive_tui.model.profile.settings import REMOVED
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts
from voicelive_tui.tui.setting_input import (
    ValueRefused,
    editor_of,
    parse_typed,
    stepped,
    typed_text,
)
from voicelive_tui.tui.widgets.find_row import FindInput, FindRow
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.setting_help import help_column, help_rows
from voicelive_tui.tui.widgets.settings_list import SettingsList
from voicelive_tui.tui.widgets.spans import Span, Spans, SpanWidget, cells

_HELP_CELLS = 36
_HELP_BESIDE_FROM = 96
_HELP_BELOW_FROM_ROWS = 18
"""The screen's columns and rows from which there is room for help."""


class _Help(SpanWidget):
    """Lines of help."""

    class Resized(Message):
        """The lines were made for another size."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lines: list[Spans] = []

    def show(self, lines: list[Spans]) -> None:
        """Show these lines, if they differ."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Ask for lines of the new size."""
        self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        """One line."""
        return self.strip(self._lines[y] if y < len(self._lines) else (), self.size.width)


class SettingsPage(Vertical):
    """The page of one tab after the other. column: it is the third column."""

    DEFAULT_CSS = """
    SettingsPage { height: 1fr; width: 1fr; layers: base editor; }
    SettingsPage #settings-body { height: 1fr; }
    SettingsPage #settings-help { width: 37; height: 1fr; border-left: solid $foreground 25%; }
    SettingsPage #settings-help-rows { height: 3; display: none; }
    SettingsPage #settings-help { display: none; }
    SettingsPage.help-beside #settings-help { display: block; }
    SettingsPage.help-below #settings-help-rows { display: block; }
    SettingsPage FindRow { height: 1; display: none; }
    SettingsPage FindRow.open { display: block; }
    """

    class Changed(Message):
        """The user gave the setting a value; REMOVED for the service's default."""

        def __init__(self, facts: SettingFacts, value: Any) -> None:
            super().__init__()
            self.facts, self.value = facts, value

    class TakenBack(Message):
        """The user takes back what waits or was refused; leaves if there is nothing of that."""

        def __init__(self, facts: SettingFacts | None) -> None:
            super().__init__()
            self.facts = facts

    class NoticeGiven(Message):
        """There is something to say."""

        def __init__(self, notice: Notice) -> None:
            super().__init__()
            self.notice = notice

    def __init__(self, keymap: Mapping[str, str], *, column: bool, size: Size) -> None:
        """size: that of the screen, so that the help has its place from the first layout on."""
        super().__init__(id="settings-page", classes="column" if column else None)
        self.column = column
        self.list = SettingsList(keymap)
        self._keymap = keymap
        self._facts, self._differing = SettingsFacts(), 0
        self._title = PaneTitle(id="settings-title")
        self._help = _Help(id="settings-help")
        self._help_rows = _Help(id="settings-help-rows")
        self._find_row: FindRow | None = None
        """Made on its first use, because its input is costly."""
        self._found_from = 0
        self._edited: SettingFacts | None = None
        """The setting whose value is typed, as it was when that began."""
        self._place_help(size)

    def compose(self) -> ComposeResult:
        """Yield title, settings and help."""
        yield self._title
        with Horizontal(id="settings-body"):
            yield self.list
            yield self._help
        yield self._help_rows

    def on_resize(self, event: Resize) -> None:
        """Put the help where there is room for it."""
        self._place_help(self.app.size)

    def _place_help(self, screen: Size) -> None:
        beside = not self.column and screen.width >= _HELP_BESIDE_FROM
        below = not (self.column or beside) and screen.height >= _HELP_BELOW_FROM_ROWS
        self.set_class(beside, "help-beside")
        self.set_class(below, "help-below")

    @on(_Help.Resized)
    def _fit_help(self) -> None:
        self._show_help()

    def on_descendant_focus(self) -> None:
        """Show the keys of the focused column, and the help below its cursor."""
        self._focus_changed()

    def on_descendant_blur(self) -> None:
        """Leave the help out of a column without the focus."""
        self._focus_changed()

    def _focus_changed(self) -> None:
        self.list.show_help_below(self.column and self.has_focus_within)
        self.show_title()

    def sync(self, facts: SettingsFacts) -> None:
        """Show these facts."""
        self._facts, self._differing = facts, facts.differing
        self.list.show(facts)
        self._show_help()
        self.show_title()

    def show_title(self) -> None:
        """Show what the page is about, and its keys."""
        settings = self._facts.settings
        focused = self.has_focus_within
        differing = self._differing
        words = [f"{differing} differ" if differing != 1 else "1 differs"] if differing else []
        if self._facts.file and not self.column:
            words = [self._facts.file + ("," if words else ""), *words]
        facts: list[Span] = [(" ".join(words), "dim")] if words else []
        if settings and not self.column:
            facts.append((f"  {self.list.position + 1} of {len(settings)}", "dim"))
        room = self._title.outer_size.width - cells(facts) - len("Settings") - 10
        right = self._title_keys(room, focused=focused)
        self._title.sync("Settings", facts, right, focused=focused)

    def _title_keys(self, room: int, *, focused: bool) -> list[Span]:
        """What the keys of the title do, as many as fit into `room` cells."""
        if self.column:
            word = "close" if focused else "edit"
            return [(f"{key_of('tune.settings', self._keymap)} {word}", "dim")]
        names = [
            ("tune.save", "save"),
            ("tune.in_force", "in force"),
            ("session.restart", "restart"),
        ]
        words = [f"{key_of(name, self._keymap)} {word}" for name, word in names if name in BY_ID]
        while words and len("  ".join(words)) > room:
            words.pop()
        return [("  ".join(words), "dim")] if words else []

    def _show_help(self) -> None:
        current, version = self.list.current, self._facts.api_version
        if self.has_class("help-beside"):
            size = self._help.size
            self._help.show(help_column(current, version, _HELP_CELLS, size.height, self._keymap))
        elif self.has_class("help-below"):
            width = self.size.width
            rule: Spans = [("─" * width, "rule")]
            self._help_rows.show([rule, *help_rows(current, version, width)])

    # The keys of the list

    @on(SettingsList.Moved)
    def _moved(self, event: SettingsList.Moved) -> None:
        event.stop()
        self._show_help()
        self.show_title()

    @on(SettingsList.ChangeWanted)
    def _step(self, event: SettingsList.ChangeWanted) -> None:
        event.stop()
        current = self.list.current
        if current is None:
            return
        value = stepped(current.setting, current.choices, event.by, self._facts.api_version)
        if value is not REMOVED:
            self.post_message(self.Changed(current, value))
        elif editor_of(current.setting) in ("line", "text", "list", "pairs"):
            self._tell(Notice("info", "This value is typed.", "{move.open} begins."))

    @on(SettingsList.RemovalWanted)
    def _remove(self, event: SettingsList.RemovalWanted) -> None:
        event.stop()
        current = self.list.current
        if current is not None and current.setting.value is not REMOVED:
            self.post_message(self.Changed(current, REMOVED))

    @on(SettingsList.Left)
    def _take_back(self, event: SettingsList.Left) -> None:
        event.stop()
        self.post_message(self.TakenBack(self.list.current))

    def _tell(self, notice: Notice) -> None:
        self.post_message(self.NoticeGiven(notice))

    # Typing a value

    @on(SettingsList.EditWanted)
    async def _edit(self, event: SettingsList.EditWanted) -> None:
        event.stop()
        from voicelive_tui.tui.widgets.setting_editor import SettingEditor

        current = self.list.current
        if current is None or self.query("#setting-editor"):
            return
        kind = editor_of(current.setting)
        if kind == "none":
            self._tell(Notice("info", "This is written in the file.", "{profile.edit} opens it."))
            return
        text, several = typed_text(current.setting), kind in ("text", "pairs")
        editor = SettingEditor(text, current.choices, several_lines=several)
        self.list.make_room_below(editor.rows)
        editor.place(self.list.value_place, self.list.scrollable_content_region.size)
        self._edited = current
        await self.mount(editor)

    def on_setting_editor_entered(self, event: Any) -> None:
        """Change the setting to what was typed. A text that was left as it is changes nothing."""
        event.stop()
        edited = self._edited
        if edited is not None and event.text != typed_text(edited.setting):
            try:
                value = parse_typed(edited.setting.field, event.text)
            except ValueRefused as refused:
                self._tell(Notice("warning", f"{edited.setting.field.title}: {refused}"))
                return
            if not same_value(value, edited.setting.value):
                self.post_message(self.Changed(edited, value))
        self.close_editor()

    def on_setting_editor_left(self, event: Any) -> None:
        """Go back to the list without a change."""
        event.stop()
        self.close_editor()

    def close_editor(self) -> None:
        """Take the field away. The focus goes back to the list unless it is elsewhere already."""
        editors = self.query("#setting-editor")
        inside = self.has_focus_within
        editors.remove()
        if editors and inside:
            self.screen.set_focus(self.list)

    # Finding a field

    @on(SettingsList.FindWanted)
    async def _find(self, event: SettingsList.FindWanted) -> None:
        event.stop()
        self._found_from = self.list.position
        if self._find_row is None:
            self._find_row = FindRow("a field: its name, or a word of its help", id="field-find")
            await self.mount(self._find_row)
        self._find_row.open("")
        self._find_row.show_result("")

    @on(FindRow.Typed)
    def _typed(self, event: FindRow.Typed) -> None:
        event.stop()
        self.list.go_to(self._found_from)
        found = self.list.seek(event.query_text, 1, from_here=True)
        if self._find_row is not None:
            self._find_row.show_result("" if found else "no field has it")

    @on(FindRow.Entered)
    def _found(self, event: FindRow.Entered) -> None:
        event.stop()
        self._close_find()

    @on(FindInput.Left)
    def _gave_up(self, event: FindInput.Left) -> None:
        event.stop()
        self.list.go_to(self._found_from)
        self._close_find()

    def _close_find(self) -> None:
        if self._find_row is not None:
            self._find_row.close()
        self.screen.set_focus(self.list)
