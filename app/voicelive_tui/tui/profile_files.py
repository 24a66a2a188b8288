"""The files of profiles: the picker, and showing and editing one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from voicelive_common.redaction.redact_toml import redact_toml
from voicelive_common.text_file import read_text_file

from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    in_recording,
    own_folder,
    read_profile,
    write_atomically,
)
from voicelive_tui.model.profile.problem import counted
from voicelive_tui.model.profile.profile import dump_profile
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.editor import NoEditor, edit, editor_command
from voicelive_tui.tui.profile_tabs import ProfileTabs

if TYPE_CHECKING:
    from voicelive_tui.tui.profile_saving import ProfileSaving

_PART_OF_RECORD = "The profile of a recorded session is part of the record and stays as it is."


class ProfileFiles:
    """Chooses, shows and edits profiles. Every result is a sentence in the message bar."""

    def __init__(
        self, context: ConsoleContext, tabs: ProfileTabs, saving: Callable[[], "ProfileSaving"]
    ) -> None:
        self._context = context
        self._saving = saving
        self._engine = context.engine
        self._show_message = context.show_message
        self._tabs = tabs

    def open_picker(self) -> None:
        """Let the user choose a profile for a new tab; a broken one is shown with its problems
        instead."""
        from voicelive_tui.tui.screens.picker import PickerScreen

        def chosen(entry: ProfileEntry | None) -> None:
            if entry is not None and entry.profile is None:
                self._show_entry(entry)
            elif entry is not None:
                self._tabs.open(entry)

        entries = self._tabs.store.entries()
        elsewhere = self._tabs.broken_paths - {entry.path for entry in entries}
        self._context.push_screen(
            PickerScreen(
                [*entries, *(self._read(Path(path)) for path in sorted(elsewhere))],
                self._engine.settings,
            ),
            chosen,
        )

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
            self._context.push_screen(
                ProfileScreen(
                    profile.name or profile.slug,
                    "",
                    redact_toml(dump_profile(profile)),
                    (),
                    editable=False,
                )
            )

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
            entry.slug, entry.path, redact_toml(text), entry.problems, editable=editable
        )
        self._context.push_screen(page, done)

    def edit(self, key: str) -> None:
        """Edit the tab's profile in the user's editor."""
        profile = self._engine.profile(key)
        session = self._engine.snapshot().sessions.get(key)
        if profile is None or not profile.path:
            self._show_message("info", "This tab has no profile file to edit.")
        elif session is not None and session.state is SessionState.RECORDED:
            self._show_message("info", _PART_OF_RECORD)
        else:
            self._edit_file(Path(profile.path))

    def _edit_file(self, path: Path) -> None:
        if in_recording(path):
            self._show_message("info", _PART_OF_RECORD)
            return
        copied = False
        try:
            command = editor_command()
            path, copied = self._own_copy(path)
            before = path.read_bytes()
            with self._context.suspend():
                edit(command, path, self._wrong_line(path))
            if copied and path.is_file() and path.read_bytes() == before:
                path.unlink()
                self._show_message("info", "The starter is unchanged, and no copy of it was kept.")
                return
        except NoEditor as error:
            if copied:
                path.unlink(missing_ok=True)
            self._show_message("error", str(error))
        except SuspendNotSupported:
            self._show_message(
                "error",
                f"This terminal cannot be lent to an editor; edit {path} elsewhere.",
                "{tab.open} opens it then.",
            )
        except OSError as error:
            self._show_message("error", f"{path} cannot be edited ({error.strerror or error}).")
        else:
            if copied:
                self._show_message(
                    "info", f"Your own copy of the starter is used from now on: {path}"
                )
            self._edited(path, changed=path.is_file() and path.read_bytes() != before)

    def _own_copy(self, path: Path) -> tuple[Path, bool]:
        """The file to edit, and whether it is a copy that was made just now. Raises OSError.

        A starter belongs to the package. It is copied to the first existing profile folder, where
        the copy hides it.
        """
        entry = next(
            (
                found
                for found in self._tabs.store.entries()
                if found.starter and found.path == str(path)
            ),
            None,
        )
        if entry is None:
            return path, False
        folder = own_folder(self._engine.settings.profile_dirs)
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / path.name
        if own.exists():
            return own, False
        write_atomically(own, path.read_bytes())
        return own, True

    def _wrong_line(self, path: Path) -> int | None:
        return next((problem.line for problem in self._read(path).problems if problem.line), None)

    def _read(self, path: Path) -> ProfileEntry:
        return read_profile(path, self._engine.settings.service_defaults)

    def _edited(self, path: Path, *, changed: bool) -> None:
        entry = self._read(path)
        self._context.note_problems(entry.path, entry.problems)
        for problem in entry.problems:
            self._show_message(problem.severity, str(problem))
        if entry.profile is None:
            self._show_message(
                "warning",
                "The profile cannot be used as it is; the tab keeps the one it had.",
                "{profile.edit} edits it again.",
            )
            return
        keys = self._tabs_of(entry)
        for key in keys:
            self._saving().take_file(key, entry)
        if not keys:
            self._tabs.open(entry)
        elif not counted(entry.problems):
            self._show_message(
                "info", "The profile is in use." if changed else "The profile is unchanged."
            )

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
            if profile and (profile.path == entry.path or profile.slug == entry.slug)
        ]
