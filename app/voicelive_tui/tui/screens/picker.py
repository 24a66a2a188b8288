"""The page with all profiles: whom each would talk to and what is wrong with it; the keys of a list
make, copy, rename and delete them.

Invariant: the page changes nothing itself. What a key does with a profile is done by
`ProfileActions`, which brings the new list.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.screens.page_modal import SESSION_KEYS, PageModal
from voicelive_tui.tui.widgets.profile_list import NamesInput, Preview, ProfileList
from voicelive_tui.tui.widgets.profile_rows import (
    COLUMNS,
    ProfileRow,
    heading,
    matching,
    preview,
    sorted_rows,
)
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Spans

LOOK_S = 1.0
"""Seconds between two looks whether a file was changed by another program."""
PREVIEW_FROM_ROWS = 22
"""The fewest rows of a page with a preview below its list."""
_KEYS = (("n", "new"), ("c", "copy"), ("r", "rename"), ("d", "delete"))


class ProfileActions(Protocol):
    """What is done with profiles, and where the page gets them from."""

    def rows(self) -> Sequence[ProfileRow]:
        """Every profile. Blocks on the disk."""
        ...

    def look(self, page: "PickerScreen") -> None:
        """Give the page the profiles if a file was changed."""
        ...

    def read_sessions(self, page: "PickerScreen") -> None:
        """Give the page the recorded sessions, once they are read."""
        ...

    def new(self, page: "PickerScreen") -> None:
        """Make a profile from a template."""
        ...

    def copy(self, page: "PickerScreen", row: ProfileRow) -> None:
        """Copy a profile."""
        ...

    def rename(self, page: "PickerScreen", row: ProfileRow) -> None:
        """Give a profile another name."""
        ...

    def delete(self, page: "PickerScreen", row: ProfileRow) -> None:
        """Move a profile to the trash."""
        ...

    @property
    def can_bring_back(self) -> bool:
        """Whether a profile was deleted in this run."""
        ...

    def bring_back(self, page: "PickerScreen") -> None:
        """Bring the profile back that was deleted last."""
        ...

    def show(self, row: ProfileRow) -> None:
        """Show the text of a profile."""
        ...


class PickerScreen(PageModal[ProfileRow]):
    """The page. The result is the profile to open, None if the user chose none; `edits` says that
    it is to be opened in the editor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *SESSION_KEYS,
        BY_ID["console.help"].binding("app.help"),
        BY_ID["tab.open"].binding("close"),
        BY_ID["move.back"].binding("close"),
        BY_ID["move.open"].binding("open(False)"),
        BY_ID["profile.edit"].binding("open(True)"),
        BY_ID["profile.show"].binding("show"),
        BY_ID["events.filter"].binding("filter"),
        BY_ID["events.copy"].binding("copy_path"),
        BY_ID["tune.undo"].binding("bring_back"),
        Binding("q", "close", show=False),
        Binding("n", "new", show=False),
        Binding("c", "copy", show=False),
        Binding("r", "rename", show=False),
        Binding("d", "delete", show=False),
        Binding("less_than_sign", "sort(-1)", show=False),
        Binding("greater_than_sign", "sort(1)", show=False),
        Binding("asterisk", "sort(0)", show=False),
    ]
    AUTO_FOCUS = "#profiles"

    def __init__(
        self,
        rows: Sequence[ProfileRow],
        actions: ProfileActions,
        keymap: Mapping[str, str],
        today: Callable[[], date],
    ) -> None:
        super().__init__("Profiles")
        self._rows, self._actions, self._keymap, self._today = rows, actions, keymap, today
        self._sorted_by: int | None = None
        self._sessions: dict[str, list[RecordedSession]] = {}
        """The recorded sessions of each profile, the newest first."""
        self.edits = False

    def body(self) -> ComposeResult:
        """Yield the line for words, the headings, the list and what is said of a profile."""
        with Horizontal(id="words-row"):
            yield Static(" / ", classes="prompt", markup=False)
            yield NamesInput(id="words", compact=True, select_on_focus=False)
            yield SingleLine(id="profile-count")
        yield SingleLine(id="profile-headings")
        yield ProfileList()
        yield Preview()

    def on_mount(self) -> None:
        """Show the profiles, and look whether others change them while the page is open."""
        self._narrow()
        self._actions.read_sessions(self)
        self.set_interval(LOOK_S, lambda: self._actions.look(self))

    def _fit(self) -> None:
        super()._fit()
        top, bottom = self._free_rows()
        self.query_one(Preview).display = bottom - top >= PREVIEW_FROM_ROWS

    # What is shown

    @property
    def profiles(self) -> ProfileList:
        """The rows."""
        return self.query_one(ProfileList)

    def show_rows(self, rows: Sequence[ProfileRow], path: str = "") -> None:
        """Show other rows, with the cursor on the file `path`, else on the one where it was. They
        may come after the page was closed, and change nothing then."""
        if self not in self.app.screen_stack:
            return
        self._rows = rows
        self._narrow(path)

    def show_sessions(self, sessions: Sequence[RecordedSession]) -> None:
        """Show how many sessions each profile has, and when the last one was. sessions: the newest
        first. They may come after the page was closed, and change nothing then."""
        if self not in self.app.screen_stack:
            return
        by_title = defaultdict(list)
        for session in sessions:
            by_title[session.title].append(session)
        self._sessions = dict(by_title)
        self._show_preview()

    def _narrow(self, path: str = "") -> None:
        """Show the rows that the typed words mean."""
        words = self.query_one("#words", Input).value
        chosen = self.profiles.chosen
        rows = sorted_rows(matching(self._rows, words), self._sorted_by)
        if any(row.path == path for row in self._rows) and path not in {row.path for row in rows}:
            self.query_one("#words", Input).value = ""
            rows = sorted_rows(self._rows, self._sorted_by)
        self.profiles.show(rows, path or (chosen.path if chosen else ""))
        self.show_title()

    @on(ProfileList.Moved)
    def _show_preview(self) -> None:
        row, box = self.profiles.chosen, self.query_one(Preview)
        width = box.scrollable_content_region.width or self.size.width - 1
        if row is None:
            box.show(())
            return
        sessions = self._sessions.get(row.listed.entry.slug, ())
        box.show(preview(row, width, self._keymap, self._today(), sessions))

    @on(SingleLine.Resized)
    def show_title(self) -> None:
        """Draw title, headings and footer anew."""
        super().show_title()
        if not self.is_mounted:
            return
        width = self.query_one("#profile-headings").size.width
        self.query_one("#profile-headings", SingleLine).show(heading(width - 1, self._sorted_by))
        typing = isinstance(self.focused, NamesInput)
        shown, total = len(self.profiles.rows), len(self._rows)
        count = f"{shown} of {total}" if shown != total else f"{total}"
        more = ", typing narrows; Down leaves it" if typing else ""
        self.query_one("#profile-count", SingleLine).show((), [(f"{count}{more} ", "dim")])
        self._show_preview()

    def facts(self) -> tuple[Spans, Spans]:
        """By what the rows are sorted, and the keys of a list."""
        by = f"by {COLUMNS[self._sorted_by]}" if self._sorted_by is not None else ""
        keys = "  ".join(f"{key} {word}" for key, word in _KEYS)
        return [(by, "dim")] if by else (), [(f" {keys} ", "dim")]

    def keys(self) -> list[tuple[str, str, str]]:
        """The keys of this page, or of its line for words."""
        if isinstance(self.focused, NamesInput):
            return [("Enter", "open", ""), ("Down", "to the list", ""), ("Esc", "all", "")]
        undelete = (key_of("tune.undo", self._keymap), "undelete", "screen.bring_back")
        words = (("profile.edit", "edit", "open(True)"), ("profile.show", "text", "show"))
        return [
            (key_of("move.open", self._keymap), "open", "screen.open(False)"),
            (key_of("events.filter", self._keymap), "filter", "screen.filter"),
            *((key, word, f"screen.{word}") for key, word in _KEYS),
            *((key_of(name, self._keymap), word, f"screen.{act}") for name, word, act in words),
            *([undelete] if self._actions.can_bring_back else []),
            (key_of("move.back", self._keymap), "close", "screen.close"),
        ]

    # Keys

    @on(Input.Changed, "#words")
    def _typed(self) -> None:
        self._narrow()

    @on(Input.Submitted, "#words")
    @on(ProfileList.Opened)
    def _open(self) -> None:
        self.action_open(False)

    @on(NamesInput.Left)
    def _leave_words(self, event: NamesInput.Left) -> None:
        if not event.keep:
            self.query_one("#words", Input).value = ""
        self.set_focus(self.profiles)
        self.show_title()

    def action_filter(self) -> None:
        """Type words that narrow the list."""
        self.set_focus(self.query_one("#words", Input))
        self.show_title()

    def action_sort(self, step: int) -> None:
        """Sort by the column before (-1) or after (1) the present one; in the order of the folders
        for 0."""
        if not step:
            self._sorted_by = None
        elif self._sorted_by is None:
            self._sorted_by = 0 if step > 0 else len(COLUMNS) - 1
        else:
            self._sorted_by = (self._sorted_by + step) % len(COLUMNS)
        self._narrow()

    def action_open(self, edits: bool) -> None:
        """Close with the profile under the cursor. edits: to open it in the editor."""
        if chosen := self.profiles.chosen:
            self.edits = edits
            self.dismiss(chosen)

    def action_show(self) -> None:
        """Show the text of the profile under the cursor."""
        if chosen := self.profiles.chosen:
            self._actions.show(chosen)

    def action_copy_path(self) -> None:
        """Copy the path of the file under the cursor."""
        if chosen := self.profiles.chosen:
            self.app.copy_to_clipboard(chosen.path)

    def action_new(self) -> None:
        """Make a profile."""
        self._actions.new(self)

    def action_copy(self) -> None:
        """Copy the profile under the cursor."""
        if chosen := self.profiles.chosen:
            self._actions.copy(self, chosen)

    def action_rename(self) -> None:
        """Rename the profile under the cursor."""
        if chosen := self.profiles.chosen:
            self._actions.rename(self, chosen)

    def action_delete(self) -> None:
        """Delete the profile under the cursor."""
        if chosen := self.profiles.chosen:
            self._actions.delete(self, chosen)

    def action_bring_back(self) -> None:
        """Bring the last deleted profile back."""
        self._actions.bring_back(self)

    def action_close(self) -> None:
        """Close without a choice."""
        self.dismiss(None)
