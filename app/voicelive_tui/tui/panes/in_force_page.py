"""The page with the settings of a session as its profile's file has them, as they were asked for,
and as they are in force; and with all configurations that the session had."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.commands import BY_ID, CURSOR_KEYS
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.setting_comparison import (
    as_toml,
    compare_settings,
    summary,
    worth_showing,
)
from voicelive_tui.tui.widgets.in_force_rows import (
    Inaction,
    InForceRow,
    configuration_rows,
    heading_row,
    hidden_row,
    inaction_rows,
    rule_row,
    setting_rows,
    turns_of,
)
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import Span, wrap


@dataclass(frozen=True, slots=True)
class InForceFacts:
    """What the page shows. file_session: the session object of the profile's file as it goes over
    the wire. inactions: what was accepted and does not act."""

    view: SessionView = field(default_factory=SessionView)
    file_session: Mapping[str, Any] = field(default_factory=dict)
    inactions: Sequence[Inaction] = ()

    def same_as(self, other: "InForceFacts") -> bool:
        """Whether the page would show the same: the folds keep the parts that do not change."""
        view, before = self.view, other.view
        return (
            view.settings is before.settings
            and view.configurations is before.configurations
            and view.turns is before.turns
            and self.file_session == other.file_session
            and tuple(self.inactions) == tuple(other.inactions)
        )


class InForceList(LineView):
    """The rows with a cursor on those that lead on: a setting to its field, a configuration to its
    event."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CURSOR_KEYS,
        BY_ID["move.open"].binding("open"),
        BY_ID["move.back"].binding("close"),
        BY_ID["session.on_air"].binding("show_all"),
        BY_ID["events.copy"].binding("copy"),
    ]

    class Closed(Message):
        """The user is done with the page."""

    class SettingChosen(Message):
        """The user goes to the field of a setting. key: its key in the profile."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class RecordChosen(Message):
        """The user goes to the event that began a configuration. n: its number."""

        def __init__(self, n: int) -> None:
            super().__init__()
            self.n = n

    class Copied(Message):
        """The user copies the settings in force. text: as TOML."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__(id="in-force")
        self.following = False
        self.summary = ""
        """How what is in force differs from the file, in one sentence."""
        self._keymap = keymap
        self._facts = InForceFacts()
        self._everything = False
        self._rows: list[InForceRow] = []
        self._stops: list[int] = []
        """The lines of the rows that lead on."""
        self._cursor = 0
        """The position among the rows that lead on."""
        self._drawn_width = 0

    def sync(self, facts: InForceFacts) -> None:
        """Show these facts."""
        width = self.scrollable_content_region.width
        if not width or (self._drawn_width == width and facts.same_as(self._facts)):
            return
        self._facts, self._drawn_width = facts, width
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Draw the rows for the new width."""
        self.sync(self._facts)

    def _draw(self) -> None:
        view = self._facts.view
        width = self._drawn_width
        self._rows = self._all_rows(width) if view.configurations else self._empty(width)
        self._stops = [line for line, row in enumerate(self._rows) if row.leads_on]
        self.set_line_count(len(self._rows))
        self._show_cursor()

    def _empty(self, width: int) -> list[InForceRow]:
        self.summary = ""
        key = key_of("session.toggle", self._keymap)
        text = (
            f"Nothing is in force yet: {key} starts the session. What it was asked for, and what "
            "the service made of it, stands here."
        )
        return [InForceRow([("  ", ""), *line]) for line in wrap([(text, "dim")], width - 3)]

    def _all_rows(self, width: int) -> list[InForceRow]:
        view = self._facts.view
        compared = compare_settings(view.settings, self._facts.file_session)
        self.summary = summary(compared)
        changed = {
            change.key for each in view.configurations if not each.first for change in each.changes
        }
        shown = compared if self._everything else worth_showing(compared, changed)
        rows = [heading_row(view.settings, width), *setting_rows(shown, width)]
        if hidden := len(compared) - len(shown):
            rows.append(hidden_row(hidden, key_of("session.on_air", self._keymap)))
        rows.append(InForceRow(()))
        if self._facts.inactions:
            rows.append(rule_row("accepted, but does not act", width))
            rows += inaction_rows(self._facts.inactions, width)
        rows.append(rule_row("all configurations of this session", width))
        rows += configuration_rows(view.configurations, _turns_by_configuration(view.turns), width)
        return rows

    def _current(self) -> tuple[int, InForceRow] | None:
        """The line and the row under the cursor; None if no row leads on."""
        stops = self._stops
        if not stops:
            return None
        line = stops[min(self._cursor, len(stops) - 1)]
        return line, self._rows[line]

    def render_line(self, y: int) -> Strip:
        """One row, marked if the cursor is on it."""
        line, width = self.top + y, self.scrollable_content_region.width
        if line >= len(self._rows):
            return self.strip((), width)
        spans, current = self._rows[line].spans, self._current()
        if current is None or current[0] != line:
            return self.strip(spans, width)
        first, *rest = spans
        marked: list[Span] = [("▸" + first[0][1:], first[1]), *rest]
        return self.strip(
            marked, width, self.look("cursor" if self.has_focus else "cursor-blurred")
        )

    def on_click(self, event: Click) -> None:
        """Put the cursor on the row that was clicked; a double click opens it."""
        stops, line = self._stops, self.top + event.y
        if line in stops:
            self._cursor = stops.index(line)
            self._show_cursor()
            if event.chain == 2:
                self.action_open()

    def action_step(self, rows: int) -> None:
        """Move the cursor by this many rows that lead on, negative ones up."""
        last = max(0, len(self._stops) - 1)
        self._cursor = min(max(0, min(self._cursor, last) + rows), last)
        self._show_cursor()

    def action_page(self, pages: int) -> None:
        """Move the cursor by this many pages."""
        self.action_step(pages * max(1, self.page - 1))

    def _show_cursor(self) -> None:
        current = self._current()
        if current is not None:
            at_top = current[0] == self._stops[0]
            self.scroll_to_line(0 if at_top else current[0])
        self.refresh()

    def action_open(self) -> None:
        """Go to the field of the setting, or to the event of the configuration."""
        match self._current():
            case (_, InForceRow(key=key)) if key:
                self.post_message(self.SettingChosen(key))
            case (_, InForceRow(n=int(n))):
                self.post_message(self.RecordChosen(n))

    def action_show_all(self) -> None:
        """Show every setting, or only those that are not the same everywhere."""
        self._everything = not self._everything
        if self._drawn_width:
            self._draw()

    def action_copy(self) -> None:
        """Copy the settings in force."""
        if self._facts.view.settings.in_force:
            self.post_message(self.Copied(as_toml(self._facts.view.settings)))

    def action_close(self) -> None:
        """Close the page."""
        self.post_message(self.Closed())


def _turns_by_configuration(turns: Sequence[Turn]) -> dict[int, str]:
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for turn in turns:
        if turn.configuration is not None:
            numbers[turn.configuration].append(turn.number)
    return {configuration: turns_of(each) for configuration, each in numbers.items()}


class InForcePage(Vertical):
    """The page: title and rows."""

    DEFAULT_CSS = """
    InForcePage { height: 1fr; width: 1fr; }
    """

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__(id="in-force-page")
        self._keymap = keymap
        self._title = PaneTitle(id="in-force-title")
        self.list = InForceList(keymap)

    def compose(self) -> ComposeResult:
        """Yield title and rows."""
        yield self._title
        yield self.list

    def on_mount(self) -> None:
        """Take the focus."""
        self.list.focus()

    def sync(self, facts: InForceFacts) -> None:
        """Show these facts."""
        words = (("session.on_air", "all"), ("events.copy", "copy"), ("move.open", "field"))
        keys = "  ".join(f"{key_of(command, self._keymap)} {word}" for command, word in words)
        self._title.sync(
            "Asked and in force", (), [(f" {keys} ", "dim")], focused=self.list.has_focus
        )
        self.list.sync(facts)
