"""A setting that was accepted and does not act, as far as it can be seen in what was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.outcome import SettingsInForce


@dataclass(frozen=True, slots=True)
class SettingFinding:
    """Why a setting that was accepted does not act.

    key: the setting's key in a profile, such as `session.voice.name`; each cause has its own.
    sentence: what was seen. cure: what helps, a constant sentence without the names of commands.
    since_s: when it was certain, in seconds since the session's start.
    """

    key: str
    sentence: str
    cure: str
    since_s: float


class Cause(Protocol):
    """Looks for one reason in the records of one connection. It says nothing as long as something
    else may explain what it saw."""

    @property
    def watches(self) -> tuple[str, ...]:
        """The names of the session object whose change makes what was seen so far worthless."""

    @property
    def kinds(self) -> frozenset[str]:
        """The records that it needs to see."""

    @property
    def due_s(self) -> float:
        """From when on the next record, of any kind, decides; infinity for none."""

    def reset(self) -> None:
        """Forget what was seen: one of the watched settings was changed."""

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record of these kinds, or any one from `due_s` on. Return what it proves."""


def is_accepted(settings: SettingsInForce, name: str) -> bool:
    """Whether the service has answered the update that asks for this part of the session object,
    and did not refuse any of it."""
    key = f"session.{name}"
    kinds = [
        outcome.kind
        for each, outcome in settings.outcomes.items()
        if each == key or each.startswith(f"{key}.")
    ]
    return bool(kinds) and not {"waiting", "refused"} & set(kinds)


def asked_object(settings: SettingsInForce, name: str) -> Mapping[str, object]:
    """The object that was asked for under this name; empty for none, and for one that was not
    accepted."""
    value = settings.asked.get(name)
    return value if isinstance(value, Mapping) and is_accepted(settings, name) else {}
