"""The files of profiles: the picker, and showing and editing one."""

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from voicelive_common.redaction.redact_toml import redact_toml
from voicelive_common.text_file import MOST_BYTES, open_ordinary, read_text_file

from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    in_recording,
    is_starter,
    own_folder,
    read_profile,
    write_new,
)
from voicelive_tui.engine.refusals import PROFILE_IS_EVIDENCE
from voicelive_tui.model.profile.problem import counted
from voicelive_tui.model.profile.profile import dump_profile
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.paths import short_path
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.editor import NoEditor, edit, editor_command
from voicelive_tui.tui.profile_tabs import ProfileTabs

if TYPE_CHECKING:
    from voicelive_tui.tui.profile_actions import ProfileActionsOfConsole
    from voicelive_tui.tui.profile_saving import ProfileSaving
    from voicelive_tui.tui.widgets.profile_rows import ProfileRow


class ProfileFiles:
    """Chooses, shows and edits profiles. Every result is a sentence in the message bar."""

    def __init__(
        self,
        context: ConsoleContext,
        tabs: ProfileTabs,
        saving: Callable[[], "ProfileSaving"],
        keymap: Mapping[str, str],
        wall: Callable[[], float],
    ) -> None:
        """wall: the time in seconds since the epoch."""
        self._context = context
        self._keymap, self._wall = keymap, wall
        self._saving = saving
        self._engine = context.engine
        self._show_message = context.show_message
        self._tabs = tabs

    def open_picker(self) -> None:
        """Show all profiles, and open the one that the user chooses in a new tab or in the
        editor."""
        from voicelive_tui.tui.screens.picker import PickerScreen

        page = PickerScreen(self._actions.rows(), self._actions, self._keymap, self._actions.today)

        def chosen(row: "ProfileRow | None") -> None:
            if row is not None and page.edits:
                self._edit_file(Path(row.path))
            elif row is not None:
                self._open(row.listed.entry)

        self._context.push_screen(page, chosen)

    @cached_property
    def _actions(self) -> "ProfileActionsOfConsole":
        from voicelive_tui.tui.profile_actions import ProfileActionsOfConsole

        return ProfileActionsOfConsole(self._context, self._saving, self._show_entry, self._wall)

    def _open(self, entry: ProfileEntry) -> None:
        """Open a new tab; for a profile that cannot be used, show the tab that it has."""
        keys = self._tabs_of(entry) if entry.profile is None else []
        if keys:
            self._context.show_tab(keys[0])
        else:
            self._tabs.open(entry)

    def show(self, key: str) -> None:
        """Show the tab's profile as it is in its file."""
        from voicelive_tui.tui.screens.profile import ProfileScreen

        profile = self._engine.profile(key)
        if profile is None:
            self._show_message("info", "This tab has no profile.")
            return
        if profile.path and Path(profile.path).is_file():
            self._show_entry(self._read(Path(profile.path)))
        else:
            text = redact_toml(dump_profile(profile))
            name = profile.name or profile.slug
            page = ProfileScreen(name, "", text, (), self._keymap, editable=False)
            self._context.push_screen(page)

    def _show_entry(self, entry: ProfileEntry) -> None:
        from voicelive_tui.tui.screens.profile import ProfileScreen

        try:
            text = read_text_file(Path(entry.path), "replace")
        except OSError as error:
            text = f"# {error.strerror}"

        def done(edit_it: bool | None) -> None:
            if edit_it:
                self._edit_file(Path(entry.path))

        editable = not in_recording(entry.path)
        page = ProfileScreen(
            entry.slug,
            entry.path,
            redact_toml(text),
            entry.problems,
            self._keymap,
            editable=editable,
        )
        self._context.push_screen(page, done)

    def edit(self, key: str) -> None:
        """Edit the tab's profile in the user's editor."""
        profile = self._engine.profile(key)
        session = self._engine.snapshot().sessions.get(key)
        if profile is None or not profile.path:
            self._show_message("info", "This tab has no profile file to edit.")
        elif session is not None and session.state is SessionState.RECORDED:
            self._show_message("info", PROFILE_IS_EVIDENCE.text)
        else:
            self._edit_file(Path(profile.path))

    def _edit_file(self, path: Path) -> None:
        """Edit a file; for a starter ask first whether a copy is to be made."""
        if in_recording(path):
            self._show_message("info", PROFILE_IS_EVIDENCE.text)
            return
        try:
            command = editor_command()
        except NoEditor as error:
            self._show_message("error", str(error))
            return
        copy = self._copy_of_starter(path)
        if copy is None or copy.exists():
            self._run_editor(command, copy or path)
            return
        from voicelive_tui.tui.screens.profile_questions import CopyStarterScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self._edit_copy(command, path, copy)

        self._context.push_screen(CopyStarterScreen(path.stem, copy), answered)

    def _copy_of_starter(self, path: Path) -> Path | None:
        """The file in the user's own folder that is used in place of a starter; None for another
        file."""
        if not is_starter(path):
            return None
        return own_folder(self._engine.settings.profile_dirs) / path.name

    def _edit_copy(self, command: list[str], starter: Path, copy: Path) -> None:
        """Copy a starter and edit the copy, which is not kept if it is left as it was."""
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_new(copy, starter.read_bytes())
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._show_message("error", f"{short_path(copy)} cannot be made ({why}).")
            return
        self._run_editor(command, copy, starter)

    def _run_editor(self, command: list[str], path: Path, starter: Path | None = None) -> None:
        """Run the editor and take over what it wrote. starter: of what the file was just
        copied."""
        try:
            before = _content_of(path)
            with self._context.suspend():
                edit(command, path, self._wrong_line(path))
            after = _content_of(path) if path.is_file() else None
        except (NoEditor, SuspendNotSupported, OSError) as error:
            if starter is not None:
                path.unlink(missing_ok=True)
            self._say_not_edited(path, error)
            return
        if starter is not None and after == before:
            path.unlink()
            self._show_message("info", "The starter is unchanged, and no copy of it was kept.")
            return
        if starter is not None:
            self._show_message(
                "info",
                f"Your own copy of the starter is used from now on: {short_path(path)}",
            )
        self._edited(path, changed=after is not None and after != before)

    def _say_not_edited(self, path: Path, error: Exception) -> None:
        match error:
            case NoEditor():
                self._show_message("error", str(error))
            case SuspendNotSupported():
                self._show_message(
                    "error",
                    f"This terminal cannot be lent to an editor; edit {path} elsewhere.",
                    "{tab.open} opens it then.",
                )
            case OSError():
                why = error.strerror or str(error)
                self._show_message("error", f"{path} cannot be edited ({why}).")

    def _wrong_line(self, path: Path) -> int | None:
        return next((problem.line for problem in self._read(path).problems if problem.line), None)

    def _read(self, path: Path) -> ProfileEntry:
        return read_profile(path, self._engine.settings.service_defaults)

    def _edited(self, path: Path, *, changed: bool) -> None:
        entry = self._read(path)
        self._context.note_problems(entry.path, entry.problems)
        keys = self._tabs_of(entry)
        if not keys:
            self._tabs.open(entry)
            return
        usable = [key for key in keys if not self._faulty(key)]
        for problem in entry.problems if usable else ():
            self._show_message(problem.severity, str(problem))
        if entry.profile is None and usable:
            self._show_message(
                "warning",
                "The profile cannot be used as it is; the tab keeps the one it had.",
                "{profile.edit} edits it again.",
            )
        for key in keys:
            if entry.profile is not None or key not in usable:
                self._saving().take_file(key, entry)
        if not counted(entry.problems) and usable:
            self._show_message(
                "info", "The profile is in use." if changed else "The profile is unchanged."
            )

    def _faulty(self, key: str) -> bool:
        profile = self._engine.profile(key)
        return profile is not None and profile.fault is not None

    def _tabs_of(self, entry: ProfileEntry) -> list[str]:
        """The keys of the tabs with this file, and of those with the starter that it now hides."""
        profiles = {
            key: self._engine.profile(key)
            for key, session in self._engine.snapshot().sessions.items()
            if session.state is not SessionState.RECORDED
        }
        return [
            key
            for key, profile in profiles.items()
            if profile
            and (
                profile.path == entry.path
                or (profile.slug == entry.slug and is_starter(Path(profile.path)))
            )
        ]


def _content_of(path: Path) -> tuple[bytes, int]:
    """Return what tells whether a file was changed: its bytes, and for a file that is larger than a
    profile the time of its last change. Raises OSError for what is no ordinary file, because
    reading it may never end."""
    with open(open_ordinary(path), "rb") as file:
        data = file.read(MOST_BYTES + 1)
        is_larger = len(data) > MOST_BYTES
        return data, os.fstat(file.fileno()).st_mtime_ns if is_larger else 0
