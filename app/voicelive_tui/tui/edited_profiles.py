"""The profiles of the tabs as they were changed in memory, beside what their files had."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from voicelive_tui.engine.config.profile_writer import EditedProfile
from voicelive_tui.engine.intents import ReplaceProfile
from voicelive_tui.model.profile.document_changes import changed_document
from voicelive_tui.model.profile.profile import Profile, parse_profile
from voicelive_tui.model.session.snapshot import SessionState

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine


class EditedProfiles:
    """Reads and replaces the profiles of tabs. Only for the app's thread."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._in_file: dict[str, Mapping[str, Any]] = {}

    def of(self, key: str) -> EditedProfile | None:
        """The profile of a tab; None for a recording, and for a profile without a file."""
        session = self._engine.snapshot().sessions.get(key)
        profile = self._engine.profile(key)
        if session is None or profile is None or not profile.path:
            return None
        if session.state is SessionState.RECORDED:
            return None
        base = self._in_file.setdefault(profile.path, profile.document)
        return EditedProfile(Path(profile.path), base, profile.document)

    def tabs_of(self, path: Path) -> list[str]:
        """The keys of the tabs with this file."""
        keys = self._engine.snapshot().sessions
        return [key for key in keys if (of := self.of(key)) is not None and of.path == path]

    def replace(self, key: str, profile: Profile, changes: Mapping[str, Any]) -> None:
        """Give a tab what its file has now. changes: what differs from it in memory, by dotted
        key."""
        self._in_file[profile.path] = profile.document
        if changes:
            text = tomli_w.dumps(changed_document(profile.document, changes))
            edited, _ = parse_profile(text, slug=profile.slug, path=profile.path)
            profile = edited or profile
        self._engine.post(ReplaceProfile(key, profile))
