"""What the page with the profiles does with them: new ones, copies, other names, and the trash.

Invariant: the disk is used in threads, and every result is a sentence in the message bar.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine.config.profile_operations import (
    ProfileOperationError,
    bring_profile_back,
    copy_profile,
    create_profile,
    delete_profile,
    rename_profile,
)
from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    ProfileStore,
    in_recording,
    own_folder,
)
from voicelive_tui.engine.config.trash import TrashedItem, trash_folder
from voicelive_tui.engine.service.listed_profiles import list_profiles
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.paths import short_path
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.palette_entries import PaletteEntry
from voicelive_tui.tui.reading_sessions import read_sessions
from voicelive_tui.tui.screens.palette import PaletteScreen
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile_name import ProfileNameScreen
from voicelive_tui.tui.screens.profile_questions import DeleteProfileScreen
from voicelive_tui.tui.widgets.profile_rows import ProfileRow

if TYPE_CHECKING:
    from voicelive_tui.tui.profile_saving import ProfileSaving

Result = TypeVar("Result")
WRITE_TIMEOUT_S = 2.0
"""Seconds that a user who leaves during the writing waits for the disk."""


class ProfileActionsOfConsole:
    """Carries out the keys of the page with the profiles. show: shows the text of a profile. wall:
    the time in seconds since the epoch."""

    def __init__(
        self,
        context: ConsoleContext,
        saving: Callable[[], "ProfileSaving"],
        show: Callable[[ProfileEntry], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._context, self._saving, self._show, self._wall = context, saving, show, wall
        self._state: object = None
        self._looking = False
        self._deleted: list[tuple[TrashedItem, str]] = []
        """What was deleted in this run and not brought back, the last one last, each with the path
        that the list had for it."""

    # The list

    def rows(self) -> list[ProfileRow]:
        """Every profile of the store, and those of the tabs that are elsewhere. Blocks on the
        disk."""
        tabs = self._tabs_by_path()
        self._state = self._store.state()
        others = [Path(path) for path in tabs]
        listed = list_profiles(self._context.engine.settings, others)
        return [ProfileRow(each, tuple(tabs.get(each.entry.path, ()))) for each in listed]

    def look(self, page: PickerScreen) -> None:
        """Give the page the profiles if a file was changed."""
        if self._looking:
            return
        self._looking = True
        state = self._state

        def changed() -> list[ProfileRow] | None:
            return self.rows() if self._store.state() != state else None

        async def work() -> None:
            try:
                rows = await run_to_end_in_thread(changed, within_s=WRITE_TIMEOUT_S)
            finally:
                self._looking = False
            if rows is not None:
                page.show_rows(rows)

        self._context.run_worker(work(), group="profiles", exclusive=False)

    def read_sessions(self, page: PickerScreen) -> None:
        """Give the page the recorded sessions, once they are read. It does without those of a
        folder that cannot be read, which the page of sessions says."""

        async def work() -> None:
            with suppress(OSError):
                page.show_sessions(await read_sessions(self._context.engine.settings.sessions_dir))

        self._context.run_worker(work(), group="sessions of profiles", exclusive=False)

    @property
    def _store(self) -> ProfileStore:
        return ProfileStore(self._context.engine.settings.profile_dirs)

    def _tabs_by_path(self) -> dict[str, list[int]]:
        """The numbers of the tabs that have each file."""
        engine = self._context.engine
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, (key, session) in enumerate(engine.snapshot().sessions.items(), start=1):
            profile = engine.profile(key)
            if session.state is not SessionState.RECORDED and profile and profile.path:
                found[profile.path].append(number)
        return found

    def today(self) -> date:
        """The day of today."""
        return datetime.fromtimestamp(self._wall()).date()

    # The keys

    def show(self, row: ProfileRow) -> None:
        """Show the text of a profile."""
        self._show(row.listed.entry)

    def new(self, page: PickerScreen) -> None:
        """Ask for a template and a name, and make the profile."""
        folder = self._own_folder()
        templates = {each.path: each for each in ProfileStore([]).entries()}
        entries = [
            PaletteEntry(
                entry.path, "template", entry.slug, "", "",
                entry.profile.description if entry.profile else "",
            )
            for entry in templates.values()
        ]  # fmt: skip

        def chosen(choice: PaletteEntry | None) -> None:
            if choice is None:
                return

            def make(target: Path) -> None:
                made = partial(create_profile, Path(choice.id), target)
                self._do(page, made, f"Made {target.stem} from {choice.name}: {short_path(target)}")

            self._ask_name(f"my-{choice.name}", folder, "New profile", "makes it in", make)

        self._context.push_screen(
            PaletteScreen("New profile from a template", entries, entries, verb="take it"), chosen
        )

    def copy(self, page: PickerScreen, row: ProfileRow) -> None:
        """Ask for a name, and copy the profile."""
        entry, path = row.listed.entry, Path(row.path)
        others_file = entry.starter or in_recording(path)
        folder = self._own_folder() if others_file else path.parent

        def copied(target: Path) -> None:
            done = f"Copied {entry.slug} to {target.stem}: {short_path(target)}"
            self._do(page, partial(copy_profile, path, target), done)

        name = f"my-{entry.slug}" if entry.starter else entry.slug
        self._ask_name(name, folder, f"Copy {entry.slug} as", "copies it to", copied)

    def rename(self, page: PickerScreen, row: ProfileRow) -> None:
        """Ask for a name, and rename the profile; its tabs follow."""
        entry, path = row.listed.entry, Path(row.path)
        if self._refuses(row, "renamed"):
            return

        def renamed(target: Path) -> None:
            keys = self._saving().tabs_of(path)
            done = f"Renamed {entry.slug} to {target.stem}."
            follow = partial(self._follow, keys)
            defaults = self._context.engine.settings.service_defaults
            self._do(page, partial(rename_profile, path, target, defaults), done, then=follow)

        self._ask_name(entry.slug, path.parent, f"Rename {entry.slug} to", "renames it in", renamed)

    def _follow(self, keys: list[str], entry: ProfileEntry) -> None:
        for key in keys:
            self._saving().follow_file(key, entry)

    def delete(self, page: PickerScreen, row: ProfileRow) -> None:
        """Ask, and move the profile to the trash."""
        if self._refuses(row, "deleted"):
            return
        path, settings = Path(row.path), self._context.engine.settings
        now = datetime.fromtimestamp(self._wall())

        def answered(yes: bool | None) -> None:
            if yes:
                self._work(page, partial(delete_profile, path, settings.state_dir, now), deleted)

        def deleted(item: TrashedItem) -> str:
            self._deleted.append((item, row.path))
            self._context.show_message(
                "info",
                f"Deleted {path.stem}, kept as {short_path(item.path)}.",
                "{tune.undo} in the list of profiles brings it back.",
            )
            return row.path

        trash = trash_folder(settings.state_dir)
        self._context.push_screen(DeleteProfileScreen(path, trash, row.tabs), answered)

    @property
    def can_bring_back(self) -> bool:
        """Whether a profile was deleted in this run."""
        return bool(self._deleted)

    def bring_back(self, page: PickerScreen) -> None:
        """Bring the profile back that was deleted last in this run."""
        if not self._deleted:
            trash = short_path(trash_folder(self._context.engine.settings.state_dir))
            self._context.show_message(
                "info", f"No profile was deleted in this run; older ones are kept in {trash}."
            )
            return
        deleted = item, path = self._deleted[-1]

        def back(entry: ProfileEntry) -> str:
            self._deleted.remove(deleted)
            self._context.show_message("info", f"{Path(path).stem} is back: {short_path(path)}")
            return path

        self._work(page, partial(bring_profile_back, item), back)

    # Common parts

    def _own_folder(self) -> Path:
        settings = self._context.engine.settings
        return own_folder(settings.profile_dirs or (settings.config_dir / "profiles",))

    def _refuses(self, row: ProfileRow, done: str) -> bool:
        """Whether the file is not the user's to change, which a sentence says."""
        entry = row.listed.entry
        if entry.starter:
            text = f"{entry.slug} is a starter that came with the program and is not {done}."
        elif in_recording(entry.path):
            text = f"The profile of a recorded session is evidence and is not {done}."
        else:
            return False
        self._context.show_message("info", f"{text} A copy of it can be.")
        return True

    def _ask_name(
        self, name: str, folder: Path, title: str, verb: str, named: Callable[[Path], None]
    ) -> None:
        """Ask for the name of a file. Names that another folder before this one has would hide it,
        and are taken, too."""
        taken = self._store.names() | {path.stem for path in folder.glob("*.toml")}

        def answered(given: str | None) -> None:
            if given:
                named(folder / f"{given}.toml")

        screen = ProfileNameScreen(name, short_path(folder), taken=taken, title=title, verb=verb)
        self._context.push_screen(screen, answered)

    def _do(
        self,
        page: PickerScreen,
        call: Callable[[], ProfileEntry],
        sentence: str,
        then: Callable[[ProfileEntry], None] = lambda entry: None,
    ) -> None:
        """Change files, say the sentence and show the profile that was made of it."""

        def done(entry: ProfileEntry) -> str:
            then(entry)
            self._context.show_message("info", sentence)
            return entry.path

        self._work(page, call, done)

    def _work(
        self, page: PickerScreen, call: Callable[[], Result], done: Callable[[Result], str]
    ) -> None:
        """Call something that changes files, then what takes its result and returns the path for
        the cursor, and show the list as it is then, also when nothing could be done."""

        async def work() -> None:
            path = ""
            try:
                path = done(await run_to_end_in_thread(call, within_s=WRITE_TIMEOUT_S))
            except ProfileOperationError as error:
                self._context.show_message("error", str(error))
            rows = await run_to_end_in_thread(self.rows, within_s=WRITE_TIMEOUT_S)
            page.show_rows(rows, path)

        self._context.run_worker(work(), group="profiles", exclusive=False)
