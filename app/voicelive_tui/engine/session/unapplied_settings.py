"""The changes of a profile that the session's open connection does not have, and how to take them
back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicelive_tui.model.profile.check import NONE
from voicelive_tui.model.profile.differences import differing_keys
from voicelive_tui.model.profile.setting_values import setting_at
from voicelive_tui.protocol.settings_updates import SettingsUpdates

_SERVICE: Final = "service"


@dataclass(frozen=True, slots=True)
class UnappliedSettings:
    """Dotted keys of the profile. waiting: to be sent. restart: for a new connection. refused: by
    the service."""

    waiting: tuple[str, ...] = ()
    restart: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.waiting, *self.restart, *self.refused)


def unapplied_settings(
    updates: SettingsUpdates, opened_with: Mapping[str, Any], document: Mapping[str, Any]
) -> UnappliedSettings:
    """Return what the connection does not have of the profile's document. opened_with: the document
    with which its socket was opened."""
    service = differing_keys(_service_table(opened_with), _service_table(document))
    return UnappliedSettings(updates.waiting, (*service, *updates.held), updates.refused)


def value_in_use(updates: SettingsUpdates, opened_with: Mapping[str, Any], key: str) -> Any:
    """Return the value that a profile with the connection's settings would have at a dotted key;
    `REMOVED` for none."""
    if key.partition(".")[0] == _SERVICE:
        return setting_at(opened_with, key)
    value = updates.value_of(key)
    return NONE if value is None else value


def _service_table(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {_SERVICE: document.get(_SERVICE, {})}
