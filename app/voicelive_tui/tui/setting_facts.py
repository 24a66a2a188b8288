"""What is known of each setting: asked, in the file, in force, and what the service made of it."""

from dataclasses import dataclass
from typing import Any, Literal

from voicelive_tui.model.profile.fields.sections import Section
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.settings import REMOVED, KnownValue, Setting
from voicelive_tui.model.session.setting_effect import SettingEffect

Status = Literal["", "waits", "sent", "restart", "applied", "changed", "ignored", "refused"]
"""waits: not sent yet. sent: not answered yet. restart: takes effect with the next connection. The
others are what the service made of the newest change."""


def alike(one: Any, other: Any) -> bool:
    """Whether two values mean the same to the service: 1 and 1.0 do, 1 and true do not."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """One setting. setting: its value is REMOVED if the profile has none. choices: the known values
    as they are typed. in_file: its value in the profile's file. in_force: what the service uses;
    REMOVED if that is not known. reply_ms: from the update to its reply. at_s: when it was asked
    for, in seconds of the session. reason: why it was refused or not taken over, one sentence.
    warning: what a warning of the service said about it. effect: what was counted since the value
    is in force; None for one that was never changed. problem: what `check` finds in the value."""

    setting: Setting
    choices: tuple[KnownValue, ...] = ()
    in_file: Any = REMOVED
    in_force: Any = REMOVED
    status: Status = ""
    reply_ms: float | None = None
    at_s: float | None = None
    reason: str = ""
    warning: str = ""
    effect: SettingEffect | None = None
    problem: Problem | None = None

    @property
    def key(self) -> str:
        """The dotted key in the profile."""
        return self.setting.key

    @property
    def differs(self) -> bool:
        """Whether the value is another one than in the file."""
        return not alike(self.setting.value, self.in_file)


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """All settings in their sections. api_version: the one in use. file: the name of the profile's
    file as it is shown; empty if there is none."""

    sections: tuple[tuple[Section, tuple[SettingFacts, ...]], ...] = ()
    api_version: str = ""
    file: str = ""

    @property
    def settings(self) -> tuple[SettingFacts, ...]:
        """All settings in the order of the page."""
        return tuple(facts for _, settings in self.sections for facts in settings)

    @property
    def differing(self) -> int:
        """The number of settings that differ from the file."""
        return sum(facts.differs for facts in self.settings)
