"""The facts of a tab's settings, from its profile, its file and its session."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from voicelive_common.printable import printable

from voicelive_tui.model.events.session_settings import equal_values
from voicelive_tui.model.profile.check import check_document
from voicelive_tui.model.profile.fields.availability import discriminator_of, pattern_of, switch_of
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.service_defaults import ServiceDefaults
from voicelive_tui.model.profile.settings import (
    REMOVED,
    Setting,
    known_values_of,
    setting_at,
    settings_of,
)
from voicelive_tui.model.session.outcome import Outcome
from voicelive_tui.model.session.setting_effect import SettingEffect, SettingEffects
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionView
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts, Status
from voicelive_tui.tui.setting_input import shown_choices
from voicelive_tui.tui.setting_words import OFF, may_be_off

_SESSION = "session."
_NO_AUDIO = AudioStatus()


@dataclass(frozen=True, slots=True)
class TabSettings:
    """A tab as its settings see it. document: its profile as it is edited. saved: the document of
    its file. path: the file; empty without one. api_version: the one in use. default_model: the
    model that the environment gives to a profile without one; empty for this program's own."""

    document: Mapping[str, Any] = field(default_factory=dict)
    saved: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    api_version: str = ""
    session: SessionSnapshot | None = None
    audio: AudioStatus = _NO_AUDIO
    default_model: str = ""

    def same_as(self, other: "TabSettings") -> bool:
        """Whether the other one would be shown alike. Documents and what the service says are
        compared by identity, because they are replaced as a whole."""
        return (
            self.document is other.document
            and self.saved is other.saved
            and (self.path, self.api_version) == (other.path, other.api_version)
            and self.default_model == other.default_model
            and self.audio is other.audio
            and _shown_of(self.session) == _shown_of(other.session)
        )


def _shown_of(session: SessionSnapshot | None) -> tuple[object, ...]:
    if session is None:
        return ()
    view = session.view
    counted: object = ()
    if view.settings.changed_in:
        newest = view.turns[-1].configuration if view.turns else None
        counted = (view.transcript_totals.turns, view.transcript_totals.false_starts, newest)
    waiting = (session.waiting_settings, session.restart_settings, session.refused_settings)
    return (session.key, session.state, id(view.settings), view.model, counted, *waiting)


def facts_of(tab: TabSettings) -> SettingsFacts:
    """The facts of all settings of a tab."""
    effects = SettingEffects(tab.session.view if tab.session is not None else SessionView())
    defaults = ServiceDefaults(tab.default_model, tab.api_version)
    problems = check_document(tab.document, "", "", defaults)
    sections = tuple(
        (
            section,
            tuple(
                replace(_facts(tab, setting, effects), problem=_problem_of(setting.key, problems))
                for setting in settings
            ),
        )
        for section, settings in settings_of(tab.document, tab.api_version)
    )
    return SettingsFacts(sections, tab.api_version, printable(PurePath(tab.path).name))


def _problem_of(key: str, problems: Sequence[Problem]) -> Problem | None:
    """What `check` finds in a setting, or in a part of it. What it finds in a table as a whole
    belongs to the setting that states the table's variant."""
    table, _, name = key.rpartition(".")
    whole = table if name == discriminator_of(pattern_of(table)) else key
    return next(
        (each for each in problems if each.key in (key, whole) or each.key.startswith(f"{key}.")),
        None,
    )


def _facts(tab: TabSettings, setting: Setting, effects: SettingEffects) -> SettingFacts:
    known = known_values_of(setting, tab.document, tab.api_version)
    outcome = _outcome(tab, setting)
    used = in_force(tab, setting.key)
    if used is None and not may_be_off(setting.key):
        used = REMOVED
    return SettingFacts(
        setting,
        shown_choices(setting.field, known),
        value_in(tab.saved, setting.key),
        used,
        _status(tab, setting.key, outcome),
        outcome.took_ms if outcome is not None else None,
        outcome.asked_s if outcome is not None else None,
        _reason(outcome.reason, setting.key) if outcome is not None else "",
        _reason(outcome.warning, setting.key) if outcome is not None else "",
        _effect(tab, setting, used, effects),
    )


def value_in(document: Mapping[str, Any], key: str) -> Any:
    """The value of a setting in a document as the page shows it: the kind of a table that is off is
    off, and a voice may be only a name. REMOVED for none."""
    value = setting_at(document, key)
    above = setting_at(document, key.rpartition(".")[0])
    if value is REMOVED and isinstance(above, str):
        if above == OFF and switch_of(key):
            return OFF
        return {"session.voice.name": above, "session.voice.type": "openai"}.get(key, REMOVED)
    return value


def _outcome(tab: TabSettings, setting: Setting) -> Outcome | None:
    """What the service made of the value; None if it was asked for another one."""
    if tab.session is None:
        return None
    outcomes = tab.session.view.settings.outcomes
    asked = None if setting.value == OFF and may_be_off(setting.key) else setting.value
    outcome = outcomes.get(setting.key)
    if outcome is None and asked is None:
        outcome = outcomes.get(switch_of(setting.key))
    return outcome if outcome is not None and equal_values(outcome.asked, asked) else None


def _reason(text: str, key: str) -> str:
    """What the service said of a setting, without the name of the setting."""
    for name in (key, key.removeprefix("session.")):
        if text.endswith(f" [{name}]"):
            return text.removesuffix(f" [{name}]")
    return text


def _effect(
    tab: TabSettings, setting: Setting, used: Any, effects: SettingEffects
) -> SettingEffect | None:
    """What was counted since the value that is asked for is in force."""
    session = tab.session
    if session is None or session.state not in RUNNING:
        return None
    asked = setting.value if setting.value is not REMOVED else used
    in_use = equal_values(asked, used) or (asked == OFF and used is None)
    return effects.of(setting.key) if in_use else None


def _status(tab: TabSettings, key: str, outcome: Outcome | None) -> Status:
    session = tab.session
    if session is None or session.state not in RUNNING:
        return ""
    if _touches(session.waiting_settings, key):
        return "waits"
    if _touches(session.restart_settings, key):
        return "restart"
    if _touches(session.refused_settings, key):
        return "refused"
    kind = outcome.kind if outcome is not None else ""
    if kind == "waiting":
        return "sent"
    if kind in ("ignored", "changed"):
        return "ignored" if kind == "ignored" else "changed"
    return "applied" if kind == "applied" and key in _newest_changes(session) else ""


def _newest_changes(session: SessionSnapshot) -> Collection[str]:
    """The settings that the newest update changed; none for the first one of a connection."""
    newest = session.view.configurations[-1:]
    return {each.key for one in newest if not one.first for each in one.changes}


def concerns(changed: str, key: str) -> bool:
    """Whether a changed key is that of this setting or of a table around it."""
    return key == changed or key.startswith(f"{changed}.")


def _touches(changed: tuple[str, ...], key: str) -> bool:
    return any(concerns(each, key) for each in changed)


def in_force(tab: TabSettings, key: str) -> Any:
    """The value that the service or this machine uses; REMOVED if that is not known."""
    session = tab.session
    if session is None or session.state not in RUNNING:
        return REMOVED
    match key:
        case "service.model":
            return session.view.model or REMOVED
        case "service.api_version":
            return REMOVED if key in session.restart_settings else tab.api_version
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
