"""Tabs and the profiles in them: what opens at the start, the picker, showing and editing a profile's file."""

import logging
import threading
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from voicelive_tui.engine.intents import CloseTab, OpenRecording, OpenTab, ReplaceProfile, Start
from voicelive_tui.engine.profiles import Entry, ProfileError, ProfileStore, read_profile, write_atomically
from voicelive_tui.model.profile import dump_profile
from voicelive_tui.model.redact import redact
from voicelive_tui.model.snapshot import EngineSnapshot, SessionState
from voicelive_tui.text_file import read_text_file
from voicelive_tui.tui.editor import NoEditor, edit, editor_command
from voicelive_tui.tui.last_tabs import last_tabs, remember_tabs
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile import ProfileScreen
from voicelive_tui.tui.words import plural

if TYPE_CHECKING:
    from voicelive_tui.tui.app import ConsoleApp

SOUND_CHECK = "sound-check"
MOST_FIRST_TABS = 9

_log = logging.getLogger(__name__)


class ProfileDesk:
    """Opens, closes, shows and edits; every answer is a sentence in the line of messages."""

    def __init__(self, app: "ConsoleApp", tabs: Sequence[str], start: Sequence[str]) -> None:
        self._app = app
        self._tabs = [*tabs, *(name for name in start if name not in tabs)]
        self._start = frozenset(start)
        self._show_when_there = ""
        self._taken: set[str] = set()
        self._noting: threading.Thread | None = None

    @property
    def store(self) -> ProfileStore:
        """The profiles on disk."""
        return ProfileStore(self._app.engine.settings.profile_dirs)

    def _say(self, level: str, text: str) -> None:
        self._app.main_screen.say(level, text)

    # At the start

    def open_first_tabs(self) -> None:
        """What the command line names; else the tabs of the last run; else every profile that can be used."""
        self._taken = set(self._app.engine.snapshot().sessions)
        if self._taken and not self._tabs:
            return
        for name in self._tabs:
            key = self._open_named(name)
            if key and name in self._start:
                self._app.engine.post(Start(key))
        if not self._tabs and not self._open_remembered():
            self._open_all()
        self._show_when_there = ""

    def _open_named(self, name: str) -> str:
        folder = Path(name).expanduser()
        if (folder / "events.jsonl").is_file():
            key = self._new_key(folder.resolve().name)
            self._app.engine.post(OpenRecording(key, str(folder)))
            return key
        try:
            return self.open(self.store.load(name))
        except ProfileError as error:
            self._say("error", str(error))
            return ""

    def _open_remembered(self) -> bool:
        by_path = {entry.path: entry for entry in self.store.entries()}
        by_slug = {entry.slug: entry for entry in by_path.values()}
        opened = False
        for path in last_tabs(self._app.engine.settings.state_dir):
            # A starter's path changes when the package is installed anew: its name finds it.
            entry = by_path.get(path) or by_slug.get(Path(path).stem)
            if entry is not None and entry.profile is not None:
                opened = bool(self.open(entry)) or opened
        return opened

    def _open_all(self) -> None:
        entries = self.store.entries()
        usable = [entry for entry in entries if entry.profile is not None]
        if not self._app.engine.settings.endpoint:
            usable.sort(key=lambda entry: entry.slug != SOUND_CHECK)
        for entry in usable[:MOST_FIRST_TABS]:
            self.open(entry)
        if broken := len(entries) - len(usable):
            self._say("warning", f"{plural(broken, 'profile')} cannot be used: + lists them with the reason.")

    def remember(self) -> None:
        """Note the open profiles for the next run, in a thread: a disk may hang. `remembering` says how long that lasts."""
        engine = self._app.engine
        paths = []
        for key, session in engine.snapshot().sessions.items():
            profile = engine.profile(key)
            if session.state is not SessionState.RECORDED and profile is not None and profile.path:
                paths.append(profile.path)
        if paths:
            note = partial(_note_tabs, engine.settings.state_dir, paths)
            self._noting = threading.Thread(target=note, name="tabs", daemon=True)
            self._noting.start()

    @property
    def remembering(self) -> bool:
        """Whether the open profiles are still being noted."""
        return self._noting is not None and self._noting.is_alive()

    # Tabs

    def open(self, entry: Entry) -> str:
        """A tab for this profile; its key, or empty when it cannot be used."""
        if entry.profile is None:
            self._say("error", str(entry.problems[0]) if entry.problems else f"{entry.path} cannot be used.")
            return ""
        key = self._new_key(entry.slug)
        self._app.engine.post(OpenTab(key, entry.profile))
        self._show_when_there = key
        if entry.problems:
            self._say("warning", f"{entry.slug}: {plural(len(entry.problems), 'warning')} about the profile; p shows the file.")
        return key

    def _new_key(self, name: str) -> str:
        """A key that no tab has, or had a moment ago: closing takes the engine a while."""
        taken = self._taken | set(self._app.engine.snapshot().sessions)
        key = next(key for place in count(1) if (key := name if place == 1 else f"{name} {place}") not in taken)
        self._taken.add(key)
        return key

    def settle(self, snapshot: EngineSnapshot) -> None:
        """A tab that was asked for is there now: show it."""
        if self._show_when_there in snapshot.sessions:
            self._app.main_screen.show_tab(self._show_when_there)
            self._show_when_there = ""

    def close_tab(self, key: str) -> None:
        """Close the tab; the one beside it is shown."""
        self._app.engine.post(CloseTab(key))
        self._taken.discard(key)

    def open_picker(self) -> None:
        """Choose a profile for a new tab; a broken one is shown with its problems instead."""

        def chosen(entry: Entry | None) -> None:
            if entry is not None and entry.profile is None:
                self._show_entry(entry)
            elif entry is not None:
                self.open(entry)

        self._app.push_screen(PickerScreen(self.store.entries()), chosen)

    # A profile's file

    def show(self, key: str) -> None:
        """The profile of this tab as it stands in its file."""
        profile = self._app.engine.profile(key)
        if profile is None:
            self._say("info", "This tab has no profile.")
            return
        if profile.path and Path(profile.path).is_file():
            self._show_entry(read_profile(Path(profile.path)))
        else:
            self._app.push_screen(ProfileScreen(profile.name or profile.slug, "", redact(dump_profile(profile)), ()))

    def _show_entry(self, entry: Entry) -> None:
        try:
            text = read_text_file(Path(entry.path), "replace")
        except OSError as error:
            text = f"# {error.strerror}"

        def done(edit_it: bool | None) -> None:
            if edit_it:
                self._edit_file(Path(entry.path))

        self._app.push_screen(ProfileScreen(entry.slug, entry.path, redact(text), entry.problems), done)

    def edit(self, key: str) -> None:
        """Edit this tab's profile in the person's editor."""
        profile = self._app.engine.profile(key)
        session = self._app.engine.snapshot().sessions.get(key)
        if profile is None or not profile.path:
            self._say("info", "This tab has no profile file to edit.")
        elif session is not None and session.state is SessionState.RECORDED:
            self._say("info", "The profile of a recorded session is part of the record and stays as it is.")
        else:
            self._edit_file(Path(profile.path))

    def _edit_file(self, path: Path) -> None:
        try:
            command = editor_command()
            path = self._own_copy(path)
            before = path.read_bytes()
            with self._app.suspend():
                edit(command, path, self._wrong_line(path))
        except NoEditor as error:
            self._say("error", str(error))
        except SuspendNotSupported:
            self._say("error", f"This terminal cannot be lent to an editor; edit {path} elsewhere and press ^e again.")
        except OSError as error:
            self._say("error", f"{path} cannot be edited ({error.strerror or error}).")
        else:
            self._edited(path, changed=path.is_file() and path.read_bytes() != before)

    def _own_copy(self, path: Path) -> Path:
        """A starter belongs to the package: its copy in the first profile folder there is hides it. Raises OSError."""
        entry = next((found for found in self.store.entries() if found.starter and found.path == str(path)), None)
        if entry is None:
            return path
        folders = self._app.engine.settings.profile_dirs
        home = next((folder for folder in folders if folder.is_dir()), folders[-1])
        home.mkdir(parents=True, exist_ok=True)
        own = home / path.name
        if not own.exists():
            write_atomically(own, path.read_bytes())
        self._say("info", f"The starter was copied to {own}; your copy is used from now on.")
        return own

    def _wrong_line(self, path: Path) -> int | None:
        return next((problem.line for problem in read_profile(path).problems if problem.line), None)

    def _edited(self, path: Path, *, changed: bool) -> None:
        entry = read_profile(path)
        for problem in entry.problems:
            self._say("warning" if problem.severity == "warning" else "error", str(problem))
        if entry.profile is None:
            self._say("warning", "The profile cannot be used as it is; the tab keeps the one it had. ^e edits again.")
            return
        keys = self._tabs_of(entry)
        for key in keys:
            self._app.engine.post(ReplaceProfile(key, entry.profile))
        if not keys:
            self.open(entry)
        elif not entry.problems:
            self._say("info", "The profile is in use." if changed else "The profile is unchanged.")

    def _tabs_of(self, entry: Entry) -> list[str]:
        """The tabs of this file, and those of the starter that it hides now."""
        engine = self._app.engine
        profiles = {
            key: engine.profile(key)
            for key, session in engine.snapshot().sessions.items()
            if session.state is not SessionState.RECORDED
        }
        return [
            key for key, profile in profiles.items() if profile and (profile.path == entry.path or profile.slug == entry.slug)
        ]


def _note_tabs(state_dir: Path, paths: Sequence[str]) -> None:
    try:
        remember_tabs(state_dir, paths)
    except OSError as error:
        _log.warning("the open tabs could not be noted for the next run: %s", error)
