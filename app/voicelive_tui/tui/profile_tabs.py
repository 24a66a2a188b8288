"""Tabs and their profiles: the first tabs, the picker, and showing and editing a profile's file."""

import logging
import threading
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

from textual.app import SuspendNotSupported
from voicelive_common.redaction.redact_toml import redact_toml
from voicelive_common.text_file import read_text_file

from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    ProfileError,
    ProfileStore,
    in_recording,
    read_profile,
    write_atomically,
)
from voicelive_tui.engine.intents import CloseTab, OpenRecording, OpenTab, ReplaceProfile, Start
from voicelive_tui.model.profile.profile import dump_profile
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionState
from voicelive_tui.paths import short_path
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.editor import NoEditor, edit, editor_command
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.last_tabs import last_tabs, remember_tabs
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile import ProfileScreen

SOUND_CHECK = "sound-check"
MOST_FIRST_TABS = 9
_PART_OF_RECORD = "The profile of a recorded session is part of the record and stays as it is."

_log = logging.getLogger(__name__)


class ProfileTabs:
    """Opens, closes, shows and edits profiles. Every result is a sentence in the message bar."""

    def __init__(self, context: ConsoleContext, tabs: Sequence[str], start: Sequence[str]) -> None:
        self._context = context
        self._engine = context.engine
        self._show_message = context.show_message
        self._tabs = [*tabs, *(name for name in start if name not in tabs)]
        self._start = frozenset(start)
        self._select_when_open = ""
        self._used_keys: set[str] = set()
        self._broken: set[str] = set()
        """The paths of named files that cannot be used, wherever they are."""
        self._noting: threading.Thread | None = None

    @property
    def store(self) -> ProfileStore:
        """The store of the profiles on disk."""
        return ProfileStore(self._engine.settings.profile_dirs)

    # First tabs

    def open_first_tabs(self) -> None:
        """Open what the command line names, else the tabs of the last run, else every usable
        profile."""
        self._used_keys = set(self._engine.snapshot().sessions)
        if self._used_keys and not self._tabs:
            return
        for name in self._tabs:
            key = self._open_named(name)
            if key and name in self._start:
                self._engine.post(Start(key))
        if not self._tabs and not self._open_remembered():
            self._open_all()
        self._select_when_open = ""

    def _open_named(self, name: str) -> str:
        folder = Path(name).expanduser()
        if (folder / "events.jsonl").is_file():
            key = self._new_key(folder.resolve().name)
            self._engine.post(OpenRecording(key, str(folder)))
            return key
        try:
            return self.open(self.store.load(name))
        except ProfileError as error:
            self._show_message("error", str(error))
            return ""

    def _open_remembered(self) -> bool:
        by_path = {entry.path: entry for entry in self.store.entries()}
        by_slug = {entry.slug: entry for entry in by_path.values()}
        opened = False
        for path in last_tabs(self._engine.settings.state_dir):
            # A starter's path changes when the package is installed again, so it is found by its
            # name.
            entry = by_path.get(path) or by_slug.get(Path(path).stem)
            if entry is not None and entry.profile is not None:
                opened = bool(self.open(entry)) or opened
        return opened

    def _open_all(self) -> None:
        entries = self.store.entries()
        usable = [entry for entry in entries if entry.profile is not None]
        if not self._engine.settings.endpoint:
            usable.sort(key=lambda entry: entry.slug != SOUND_CHECK)
        for entry in usable[:MOST_FIRST_TABS]:
            self.open(entry)
        if broken := len(entries) - len(usable):
            self._show_message(
                "warning",
                f"{plural(broken, 'profile')} cannot be used.",
                "{tab.open} lists them with the reason.",
            )

    def remember(self) -> None:
        """Store the open profiles for the next run, in a thread because a disk may hang.
        `remembering` is True meanwhile."""
        paths = []
        for key, session in self._engine.snapshot().sessions.items():
            profile = self._engine.profile(key)
            if session.state is not SessionState.RECORDED and profile is not None and profile.path:
                paths.append(profile.path)
        if paths:
            note = partial(_note_tabs, self._engine.settings.state_dir, paths)
            self._noting = threading.Thread(target=note, name="tabs", daemon=True)
            self._noting.start()

    @property
    def remembering(self) -> bool:
        """Whether the open profiles are still being stored."""
        return self._noting is not None and self._noting.is_alive()

    # Tabs

    def open(self, entry: ProfileEntry) -> str:
        """Open a tab for this profile and return its key, which is empty if the profile cannot be
        used."""
        if entry.profile is None:
            self._show_message("error", _why_unusable(entry))
            self._broken.add(entry.path)
            return ""
        key = self._new_key(entry.slug)
        self._engine.post(OpenTab(key, entry.profile))
        self._select_when_open = key
        if entry.problems:
            self._show_message(
                "warning",
                f"{entry.slug}: {plural(len(entry.problems), 'warning')} about the profile.",
                "{profile.show} shows the file.",
            )
        return key

    def _new_key(self, name: str) -> str:
        """A key that no tab has or had a moment ago: the engine takes a while to close a tab."""
        taken = self._used_keys | set(self._engine.snapshot().sessions)
        key = next(
            key
            for place in count(1)
            if (key := name if place == 1 else f"{name} {place}") not in taken
        )
        self._used_keys.add(key)
        return key

    def select_when_ready(self, snapshot: EngineSnapshot) -> None:
        """Show the newly opened tab once the engine has it."""
        if self._select_when_open in snapshot.sessions:
            self._context.show_tab(self._select_when_open)
            self._select_when_open = ""

    def close_tab(self, key: str) -> None:
        """Close the tab. The first of the remaining tabs is shown then."""
        self._engine.post(CloseTab(key))
        self._used_keys.discard(key)

    def open_picker(self) -> None:
        """Let the user choose a profile for a new tab; a broken one is shown with its problems
        instead."""

        def chosen(entry: ProfileEntry | None) -> None:
            if entry is not None and entry.profile is None:
                self._show_entry(entry)
            elif entry is not None:
                self.open(entry)

        entries = self.store.entries()
        elsewhere = self._broken - {entry.path for entry in entries}
        self._context.push_screen(
            PickerScreen([*entries, *(read_profile(Path(path)) for path in sorted(elsewhere))]),
            chosen,
        )

    # A profile's file

    def show(self, key: str) -> None:
        """Show the tab's profile as it is in its file."""
        profile = self._engine.profile(key)
        if profile is None:
            self._show_message("info", "This tab has no profile.")
            return
        if profile.path and Path(profile.path).is_file():
            self._show_entry(read_profile(Path(profile.path)))
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
            (found for found in self.store.entries() if found.starter and found.path == str(path)),
            None,
        )
        if entry is None:
            return path, False
        folders = self._engine.settings.profile_dirs
        home = next((folder for folder in folders if folder.is_dir()), folders[-1])
        home.mkdir(parents=True, exist_ok=True)
        own = home / path.name
        if own.exists():
            return own, False
        write_atomically(own, path.read_bytes())
        return own, True

    def _wrong_line(self, path: Path) -> int | None:
        return next((problem.line for problem in read_profile(path).problems if problem.line), None)

    def _edited(self, path: Path, *, changed: bool) -> None:
        entry = read_profile(path)
        for problem in entry.problems:
            self._show_message(
                "warning" if problem.severity == "warning" else "error", str(problem)
            )
        if entry.profile is None:
            self._show_message(
                "warning",
                "The profile cannot be used as it is; the tab keeps the one it had.",
                "{profile.edit} edits it again.",
            )
            return
        keys = self._tabs_of(entry)
        for key in keys:
            self._engine.post(ReplaceProfile(key, entry.profile))
        if not keys:
            self.open(entry)
        elif not entry.problems:
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


def _why_unusable(entry: ProfileEntry) -> str:
    """The first error with its line, and the command that lists all errors. The path is last
    because it may be long."""
    problem = next((problem for problem in entry.problems if problem.severity == "error"), None)
    if problem is None:
        return f"{entry.path} cannot be used."
    line = f"line {problem.line}: " if problem.line else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return (
        f"{entry.slug} cannot be used: {line}{problem.message}{hint}; see `voicelive-tui check "
        f"{short_path(entry.path)}`"
    )


def _note_tabs(state_dir: Path, paths: Sequence[str]) -> None:
    try:
        remember_tabs(state_dir, paths)
    except OSError as error:
        _log.warning("the open tabs could not be noted for the next run: %s", error)
