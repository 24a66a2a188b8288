"""Keeps the profiles that were changed in the console together with their files: saving, a copy,
taking changes back, the difference, and files that others change.

Invariant: the disk is used in threads, one call after the other, and what a call found is applied
only if the profile in memory is still the one that it was called with.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from voicelive_common.redaction.redact_toml import redact_toml

from voicelive_tui.concurrency.worker_thread import run_in_thread, run_to_end_in_thread
from voicelive_tui.engine.config.profile_file import FileWatch
from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    in_recording,
    is_starter,
    own_folder,
    read_profile,
)
from voicelive_tui.engine.config.profile_writer import (
    Choice,
    EditedProfile,
    SaveConflict,
    SavedProfile,
    UnsavedProfile,
    changed_text,
    merge_file,
    save_profile,
    save_profile_as,
)
from voicelive_tui.engine.refusals import PROFILE_IS_EVIDENCE
from voicelive_tui.model.profile.document_changes import document_changes, same_value
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.paths import short_path
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.edited_profiles import EditedProfiles
from voicelive_tui.tui.formatting import plural

Result = TypeVar("Result")
WRITE_TIMEOUT_S = 2.0
"""Seconds that a user who leaves during the writing waits for the disk."""


class ProfileSaving:
    """Saves what was changed in a tab, and takes over what was changed in its file. Every result is
    a sentence in the message bar."""

    def __init__(self, context: ConsoleContext, profiles: EditedProfiles) -> None:
        self._context = context
        self._profiles = profiles
        self._watch = FileWatch()
        self._disk = asyncio.Lock()
        self._asking = False

    def save(self, key: str) -> None:
        """Save the changes of a tab into its file. A starter is saved as a file of the user's
        own."""
        edited = self._edited(key)
        if edited is None:
            return
        if is_starter(edited.path):
            self.save_as(key)
        elif same_value(edited.base, edited.document):
            self._context.show_message("info", f"{edited.path.name} has no unsaved changes.")
        else:
            self._save(key, edited, None)

    def _save(self, key: str, edited: EditedProfile, choice: Choice | None) -> None:
        def saved(result: SavedProfile | SaveConflict) -> None:
            if isinstance(result, SaveConflict):
                self._ask(edited, result, lambda choice: self._save(key, edited, choice))
                return
            self._give_tabs(key, result.entry, {}, edited)
            count = plural(len(document_changes(edited.base, edited.document)), "setting")
            also = f" {plural(result.from_file, 'setting')} came from it." * bool(result.from_file)
            name = short_path(edited.path)
            self._say_taken(key, result.entry, f"Saved {count} in {name}.{also}")

        self._work(partial(save_profile, edited, choice), saved)

    def save_as(self, key: str) -> None:
        """Ask for a name and save the tab's profile in a new file, which the tab has from then
        on."""
        from voicelive_tui.tui.screens.profile_name import ProfileNameScreen

        edited = self._edited(key)
        if edited is None:
            return
        starter = is_starter(edited.path)
        belongs_to_others = starter or in_recording(edited.path)
        folders = self._context.engine.settings.profile_dirs
        folder = own_folder(folders) if belongs_to_others and folders else edited.path.parent

        def named(name: str | None) -> None:
            if name:
                self._save_as(key, edited, folder / f"{name}.toml")

        about = "A starter stays as it is: this makes your own copy of it." if starter else ""
        screen = ProfileNameScreen(
            edited.path.stem, short_path(folder), taken=_names_in(folder), about=about
        )
        self._context.push_screen(screen, named)

    def _save_as(self, key: str, edited: EditedProfile, target: Path) -> None:
        def saved(entry: ProfileEntry) -> None:
            self._give_tabs(key, entry, {}, edited)
            self._say_taken(key, entry, f"Saved as {short_path(target)}.")

        self._work(partial(save_profile_as, edited, target), saved)

    def revert(self, key: str) -> None:
        """Ask, and then take back every change that is not saved."""
        from voicelive_tui.tui.screens.profile_changes import RevertScreen

        edited = self._edited(key)
        if edited is None:
            return
        changes = document_changes(edited.base, edited.document)
        if not changes:
            self._context.show_message("info", f"{edited.path.name} has no unsaved changes.")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._work(partial(read_profile, edited.path), reread)

        def reread(entry: ProfileEntry) -> None:
            if self._give_tabs(key, entry, {}, edited):
                text = f"{plural(len(changes), 'change')} taken back."
                before = edited.document
                self._say_when(key, lambda now: not same_value(now.document, before), text)

        self._context.push_screen(RevertScreen(edited.path.name, tuple(changes)), answered)

    def show_difference(self, key: str) -> None:
        """Show what saving would change in the file."""
        from voicelive_tui.tui.screens.profile_changes import DifferenceScreen

        edited = self._edited(key)
        if edited is None:
            return

        def compared(texts: tuple[str, str]) -> None:
            before, after = (redact_toml(text) for text in texts)
            self._context.push_screen(DifferenceScreen(edited.path.name, before, after))

        self._work(partial(changed_text, edited), compared)

    def look(self, key: str) -> None:
        """Look whether the file of a tab was changed by somebody else, and take over what was."""
        edited = self._profiles.of(key)
        if edited is None or self._asking or self._disk.locked():
            return

        def looked(changed: bool) -> None:
            if changed:
                self._work(partial(self._read, edited.path), partial(self.take_file, key))

        self._work(partial(self._watch.changed, edited.path), looked)

    def take_file(self, key: str, entry: ProfileEntry) -> None:
        """Take over what a file has now, also another file in place of the tab's own, and keep the
        changes of the tab that are not saved. Asks where both changed the same."""
        edited = self._profiles.of(key)
        if edited is None:
            return
        if self._profiles.faulty(key):
            self._repair(key, entry)
        elif entry.profile is None:
            self._give_tabs(key, entry, {}, edited)
        elif entry.path != str(edited.path) or not same_value(edited.base, entry.profile.document):
            self._merge(key, edited, entry, entry.profile.document, None)

    def tabs_of(self, path: Path) -> list[str]:
        """The keys of the tabs with this file."""
        return self._profiles.tabs_of(path)

    def follow_file(self, key: str, entry: ProfileEntry) -> None:
        """Give a tab the same file under its new name, and keep the tab's changes."""
        edited = self._profiles.of(key)
        if edited is None:
            return
        self._context.note_problems(entry.path, entry.problems)
        in_file = entry.shown.document
        if self._profiles.faulty(key) or same_value(edited.base, in_file):
            changes = document_changes(edited.base, edited.document)
            self._profiles.replace(key, entry.shown, changes)
        else:
            self.take_file(key, entry)

    def faulty(self, key: str) -> bool:
        """Whether the profile of a tab cannot be used, as the engine has it now."""
        return self._profiles.faulty(key)

    def read_again(self, key: str) -> None:
        """Read the file of a tab whose profile cannot be used."""
        edited = self._profiles.of(key)
        if edited is not None:
            self._work(partial(self._read, edited.path), partial(self._repair, key))

    def _read(self, path: Path) -> ProfileEntry:
        return read_profile(path, self._context.engine.settings.service_defaults)

    def _repair(self, key: str, entry: ProfileEntry) -> None:
        """Give a tab whose profile cannot be used, and others with the file, what the file has
        now."""
        self._context.note_problems(entry.path, entry.problems)
        tabs = {key, *self._profiles.tabs_of(Path(entry.path))}
        faulty = [each for each in tabs if self._profiles.faulty(each)]
        for each in faulty:
            self._profiles.replace(each, entry.shown, {})
        fault = entry.shown.fault
        if fault is None:
            # Said only when it is so, because the key that it names acts on what the engine has.
            # Waits until the console ends, or another repair of the file takes its place.
            work = self._say_when_usable(entry.slug, faulty)
            self._context.run_worker(work, group=f"repair of {entry.path}", exclusive=True)
        else:
            where = f"line {fault.problem.line}: " if fault.problem.line else ""
            text = f"{entry.slug} still cannot be used: {where}{fault.problem.message}."
            self._context.show_message("error", text, "{profile.edit} opens the file there.")

    async def _say_when_usable(self, slug: str, keys: Sequence[str]) -> None:
        while not await run_in_thread(partial(self._profiles.wait_usable, keys)):
            pass
        self._context.show_message(
            "info", f"{slug} can be used now.", "{session.toggle} starts it."
        )

    def _merge(
        self,
        key: str,
        edited: EditedProfile,
        entry: ProfileEntry,
        in_file: Mapping[str, Any],
        choice: Choice | None,
    ) -> None:
        merged = merge_file(edited, in_file, choice)
        if isinstance(merged, SaveConflict):
            self._ask(edited, merged, partial(self._merge, key, edited, entry, in_file))
            return
        kept = document_changes(in_file, merged)
        if self._give_tabs(key, entry, kept, edited):
            count = len(document_changes(edited.base, in_file))
            stay = f" The unsaved ones of this tab stay ({len(kept)})." if kept else ""
            text = f"{edited.path.name} was changed on the disk: {plural(count, 'setting')} came "
            self._say_taken(key, entry, f"{text}from it.{stay}")

    # Common parts

    def _edited(self, key: str) -> EditedProfile | None:
        """The tab's profile; tells the user why there is none to save."""
        edited = self._profiles.of(key)
        session = self._context.engine.snapshot().sessions.get(key)
        if self._profiles.faulty(key):
            text = "This profile has an error, so there is nothing to save."
            self._context.show_message("info", text, "{profile.edit} opens the file.")
            return None
        if session is not None and session.state is SessionState.RECORDED:
            self._context.show_message("info", PROFILE_IS_EVIDENCE.text)
        elif edited is None:
            self._context.show_message("info", "This tab has no profile file that can be saved.")
        return edited

    def _ask(
        self, edited: EditedProfile, conflict: SaveConflict, chosen: Callable[[Choice], None]
    ) -> None:
        """Ask what holds. While a question is open, another one would be about the same."""
        from voicelive_tui.tui.screens.profile_changes import ConflictScreen

        if self._asking:
            return
        self._asking = True
        screen = ConflictScreen(edited.path.name, conflict.keys)

        def answered(yes: bool | None) -> None:
            self._asking = False
            if yes:
                chosen(screen.choice)

        self._context.push_screen(screen, answered)

    def _give_tabs(
        self, key: str, entry: ProfileEntry, changes: Mapping[str, Any], edited: EditedProfile
    ) -> bool:
        """Give the tab, and others with the file that have no changes of their own, what the file
        has now. Returns whether it can be used."""
        self._context.note_problems(entry.path, entry.problems)
        if entry.profile is None:
            problem = next(each for each in entry.problems if each.unusable)
            self._context.show_message(
                "warning",
                f"{problem} The tab keeps the profile it had.",
                "{profile.edit} opens the file.",
            )
            return False
        now = self._profiles.of(key)
        if now is not None and not same_value(now.document, edited.document):
            changes = {**changes, **document_changes(edited.document, now.document)}
        self._profiles.replace(key, entry.profile, changes)
        for other in self._profiles.tabs_of(Path(entry.path)):
            profile = self._profiles.of(other)
            if other != key and profile and same_value(profile.base, profile.document):
                self._profiles.replace(other, entry.profile, {})
        return True

    def _say_taken(self, key: str, entry: ProfileEntry, text: str) -> None:
        """Say this once the tab has what the file has now, or soon if the engine is late or the
        file cannot be used."""

        def taken(now: EditedProfile) -> bool:
            has_file = str(now.path) == entry.path and same_value(now.base, entry.shown.document)
            return has_file or entry.profile is None

        self._say_when(key, taken, text)

    def _say_when(self, key: str, taken: Callable[[EditedProfile], bool], text: str) -> None:
        async def say() -> None:
            # The next key acts on what the engine has, and may be pressed as soon as this is read.
            await run_in_thread(partial(self._profiles.wait_taken, key, taken))
            self._context.show_message("info", text)

        self._context.run_worker(say(), group="profile messages", exclusive=False)

    def _work(self, call: Callable[[], Result], done: Callable[[Result], None]) -> None:
        """Call something that blocks, one call at a time, and then what takes its result."""

        async def work() -> None:
            try:
                async with self._disk:
                    result = await run_to_end_in_thread(call, within_s=WRITE_TIMEOUT_S)
            except UnsavedProfile as error:
                self._context.show_message("error", str(error), error.cure)
            else:
                done(result)

        self._context.run_worker(work(), group="profile saving", exclusive=False)


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.stem for path in folder.iterdir() if path.suffix == ".toml")
    except OSError:
        return frozenset()
