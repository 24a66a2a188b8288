"""The profiles of the tabs as they were changed in memory, beside what their files had."""

import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicelive_tui.engine.config.profile_writer import EditedProfile
from voicelive_tui.engine.intents import ReplaceProfile
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionState

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine


TAKEN_WITHIN_S = 2.0
"""The longest time in seconds that one call waits for the engine to take a profile."""


class EditedProfiles:
    """Reads and replaces the profiles of tabs. Only for the app's thread, except what waits."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def of(self, key: str) -> EditedProfile | None:
        """The profile of a tab; None for a recording, and for a profile without a file."""
        session = self._engine.snapshot().sessions.get(key)
        profile = self._engine.profile(key)
        if session is None or profile is None or not profile.path:
            return None
        if session.state is SessionState.RECORDED:
            return None
        return EditedProfile(Path(profile.path), session.file_document, profile.document)

    def faulty(self, key: str) -> bool:
        """Whether the profile of a tab cannot be used, so that there is nothing to change."""
        session = self._engine.snapshot().sessions.get(key)
        return session is not None and session.fault is not None

    def wait_usable(self, keys: Collection[str]) -> bool:
        """Wait, in any thread, until the engine has taken profiles for these tabs that can be used,
        or for `TAKEN_WITHIN_S`. Returns whether it has."""
        return self._wait(lambda: not any(map(self.faulty, keys)))

    def wait_taken(self, key: str, taken: Callable[[EditedProfile], bool]) -> bool:
        """Wait, in any thread, until this holds for the tab's profile, or for `TAKEN_WITHIN_S`.
        Returns whether it does, or the tab is closed."""

        def closed_or_taken() -> bool:
            now = self.of(key)
            return now is None or taken(now)

        return self._wait(closed_or_taken)

    def _wait(self, condition: Callable[[], bool]) -> bool:
        until_s = time.monotonic() + TAKEN_WITHIN_S
        while True:
            revision = self._engine.snapshot().revision
            if condition():
                return True
            if (left_s := until_s - time.monotonic()) <= 0:
                return False
            self._engine.wait_change(revision, left_s)

    def tabs_of(self, path: Path) -> list[str]:
        """The keys of the tabs with this file."""
        keys = self._engine.snapshot().sessions
        return [key for key in keys if (of := self.of(key)) is not None and of.path == path]

    def replace(self, key: str, profile: Profile, changes: Mapping[str, Any]) -> None:
        """Give a tab what its file has now. changes: what differs from it in memory, by dotted
        key."""
        self._engine.post(ReplaceProfile(key, profile, tuple(changes.items())))
