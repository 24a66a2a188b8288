"""The facts of a tab's settings, from its profile, its file and its session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from voicelive_tui.model.profile.settings import (
    REMOVED,
    Setting,
    known_values_of,
    setting_at,
    settings_of,
)
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts, Status
from voicelive_tui.tui.setting_input import shown_choices

_SESSION = "session."
_NO_AUDIO = AudioStatus()


@dataclass(frozen=True, slots=True)
class TabSettings:
    """A tab as its settings see it. document: its profile as it is edited. saved: the document of
    its file. path: the file; empty without one. api_version: the one in use."""

    document: Mapping[str, Any] = field(default_factory=dict)
    saved: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    api_version: str = ""
    session: SessionSnapshot | None = None
    audio: AudioStatus = _NO_AUDIO

    def same_as(self, other: "TabSettings") -> bool:
        """Whether the other one would be shown alike. Documents and what the service says are
        compared by identity, because they are replaced as a whole."""
        return (
            self.document is other.document
            and self.saved is other.saved
            and self.api_version == other.api_version
            and self.audio is other.audio
            and _shown_of(self.session) == _shown_of(other.session)
        )


def _shown_of(session: SessionSnapshot | None) -> tuple[object, ...]:
    if session is None:
        return ()
    view = session.view
    waiting = (session.waiting_settings, session.restart_settings, session.refused_settings)
    return (session.key, session.state, id(view.effective), view.model, *waiting)


def facts_of(tab: TabSettings) -> SettingsFacts:
    """The facts of all settings of a tab."""
    sections = tuple(
        (section, tuple(_facts(tab, setting) for setting in settings))
        for section, settings in settings_of(tab.document, tab.api_version)
    )
    return SettingsFacts(sections, tab.api_version, PurePath(tab.path).name)


def _facts(tab: TabSettings, setting: Setting) -> SettingFacts:
    known = known_values_of(setting, tab.document, tab.api_version)
    return SettingFacts(
        replace(setting, value=_or_removed(setting.value)),
        shown_choices(setting.field, known),
        _or_removed(setting_at(tab.saved, setting.key)),
        in_force(tab, setting.key),
        _status(tab, setting.key),
    )


def _or_removed(value: Any) -> Any:
    """A value of a document, where None stands for none."""
    return REMOVED if value is None else value


def _status(tab: TabSettings, key: str) -> Status:
    session = tab.session
    if session is None:
        return ""
    if _touches(session.waiting_settings, key):
        return "waits"
    if _touches(session.restart_settings, key):
        return "restart"
    return "refused" if _touches(session.refused_settings, key) else ""


def _touches(keys: tuple[str, ...], key: str) -> bool:
    """Whether the setting or a table around it is among these keys."""
    return any(key == each or key.startswith(f"{each}.") for each in keys)


def in_force(tab: TabSettings, key: str) -> Any:
    """The value that the service or this machine uses; REMOVED if that is not known."""
    session = tab.session
    if session is None or session.state not in RUNNING:
        return REMOVED
    match key:
        case "service.model":
            return session.view.model or REMOVED
        case "service.api_version":
            return tab.api_version
        case "audio.input":
            return tab.audio.input_name or REMOVED
        case "audio.output":
            return tab.audio.output_name or REMOVED
    if not key.startswith(_SESSION):
        return REMOVED
    return _effective(session.view.effective, key.removeprefix(_SESSION))


def _effective(effective: Mapping[str, object], path: str) -> Any:
    """A value of the session object that the service confirmed. The kind of a table that is off is
    off; a voice that is only a name is its own name."""
    value: Any = effective
    *tables, name = path.split(".")
    for table in tables:
        value = value.get(table, REMOVED) if isinstance(value, Mapping) else REMOVED
        if value is None:
            return None if name in ("type", "model") else REMOVED
        if isinstance(value, str):
            return value if name == "name" else REMOVED
    return value.get(name, REMOVED) if isinstance(value, Mapping) else REMOVED
