"""Tabs and their profiles: the first tabs, opening and closing, and what the next run opens."""

import logging
import os
import threading
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from voicelive_tui.engine.config.profile_store import (
    THE_STARTER,
    ProfileEntry,
    ProfileError,
    ProfileStore,
    starter_paths,
)
from voicelive_tui.engine.intents import CloseTab, GoOn, OpenRecording, OpenTab, Start
from voicelive_tui.model.profile.problem import counted, first_unusable
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionState
from voicelive_tui.paths import short_path
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.last_tabs import last_tabs, remember_tabs

SOUND_CHECK = "sound-check"
MOST_FIRST_TABS = 9
FIRST_STARTERS: Final = (
    SOUND_CHECK,
    "casual-chat",
    "support",
    "push-to-talk",
    "realtime-openai",
)
"""The starters that are opened in the first run; the others are in the list of profiles."""

_log = logging.getLogger(__name__)


class ProfileTabs:
    """Opens profiles in tabs and closes tabs. Every problem is a sentence in the message bar."""

    def __init__(
        self,
        context: ConsoleContext,
        tabs: Sequence[str],
        start: Sequence[str],
        go_on: str = "",
    ) -> None:
        """tabs: profiles by name or file, or folders of recordings. start: those that start at
        once. go_on: the recording with which a session goes on at once; empty for none."""
        self._context = context
        self._engine = context.engine
        self._show_message = context.show_message
        self._tabs = list(dict.fromkeys([*tabs, *start]))
        self._start = tuple(start)
        self._go_on = go_on
        self._select_when_open = ""
        self._used_keys: set[str] = set()
        self._noting: threading.Thread | None = None

    @property
    def goes_on(self) -> bool:
        """Whether the command line names a recording to go on with."""
        return bool(self._go_on)

    @property
    def store(self) -> ProfileStore:
        """The store of the profiles on disk."""
        settings = self._engine.settings
        return ProfileStore(settings.profile_dirs, settings.service_defaults)

    # First tabs

    def open_first_tabs(self) -> None:
        """Open what the command line names, else the tabs of the last run, else the usable profiles
        of the user and a few starters."""
        self._used_keys = set(self._engine.snapshot().sessions)
        if self._used_keys and not self._tabs:
            return
        keys = {name: self._open_named(name) for name in self._tabs}
        if not (self._tabs or self._go_on or self._open_remembered()):
            self._open_all()
        started = [keys[name] for name in self._start if keys[name]]
        for key in started:
            self._engine.post(Start(key))
        self._select_when_open = started[0] if started else ""
        if self._go_on:
            self.go_on(self._go_on)

    def _open_named(self, name: str) -> str:
        folder = Path(name).expanduser()
        if (folder / "events.jsonl").is_file():
            return self.open_recording(folder)
        try:
            entry = self.store.load(name)
        except ProfileError as error:
            self._show_message("error", str(error))
            return ""
        if entry.profile is None:
            self._show_message("error", _why_unusable(entry))
        return self.open(entry)

    def _open_remembered(self) -> bool:
        remembered = last_tabs(self._engine.settings.state_dir)
        if not remembered:
            return False
        by_path = {entry.path: entry for entry in self.store.entries()}
        by_slug = {entry.slug: entry for entry in by_path.values()}
        opened = False
        for path in remembered:
            # A starter's path changes when the package is installed again, so it is found by its
            # name.
            entry = by_path.get(path) or by_slug.get(Path(path).stem)
            if entry is not None:
                opened = bool(self.open(entry)) or opened
        return opened

    def _open_all(self) -> None:
        entries = self.store.entries()
        usable = [entry for entry in entries if entry.profile is not None]
        starters = starter_paths()
        first = [entry for entry in usable if _is_opened_first(entry, starters)]
        if not self._engine.settings.endpoint:
            first.sort(key=lambda entry: entry.slug != SOUND_CHECK)
        for entry in first[:MOST_FIRST_TABS]:
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

    def open_recording(self, folder: Path) -> str:
        """Open a tab for a recorded session and return its key."""
        key = self._new_key(folder.resolve().name)
        self._engine.post(OpenRecording(key, str(folder)))
        self._select_when_open = key
        return key

    def go_on(self, folder: str) -> None:
        """Open a tab in which a session goes on with a recorded one, and start it."""
        name = Path(folder).resolve().name
        key = self._new_key(name.partition("_")[2] or name)
        self._engine.post(GoOn(key, folder))
        self._select_when_open = key

    def open(self, entry: ProfileEntry) -> str:
        """Open a tab for this profile and return its key. The tab of a profile that cannot be used
        shows why."""
        key = self._new_key(entry.slug)
        self._engine.post(OpenTab(key, entry.shown))
        self._select_when_open = key
        self._context.note_problems(entry.path, entry.problems)
        problems = counted(entry.problems)
        if problems and entry.profile is not None:
            self._show_message(
                "warning",
                f"{entry.slug}: {problems} about the profile.",
                "{profile.show} shows the file.",
            )
        return key

    def _new_key(self, name: str) -> str:
        """A key that no tab has or had a moment ago: the engine takes a while to close a tab."""
        taken = self._used_keys | set(self._engine.snapshot().sessions)
        key = next(
            key
            for number in count(1)
            if (key := name if number == 1 else f"{name} {number}") not in taken
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


def _why_unusable(entry: ProfileEntry) -> str:
    """The first reason with its line, and the command that lists all errors. The path is last
    because it may be long."""
    problem = first_unusable(entry.problems)
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


def _is_opened_first(entry: ProfileEntry, starters: frozenset[str]) -> bool:
    """Whether a profile has a tab in the first run: one of the user's, or one of a few starters."""
    is_starter = THE_STARTER in entry.hides or os.path.realpath(entry.path) in starters
    return not is_starter or entry.slug in FIRST_STARTERS
