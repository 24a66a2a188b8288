"""What a user has changed in the settings of one tab.

Invariant: the engine holds the tab's profile. Changes that were posted and are not in the engine's
profile yet are kept here, so that the next key builds on them.
"""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.profile.settings import setting_at, with_setting

Changes = tuple[tuple[str, Any], ...]
"""Dotted keys of the profile and their new values."""


class EditedSettings:
    """The changes that are on their way to the engine, and how to take back each of those
    before."""

    def __init__(self) -> None:
        self._sent: dict[str, Any] = {}
        self._undo: list[Changes] = []
        self._merged: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})

    def document(self, engines: Mapping[str, Any]) -> Mapping[str, Any]:
        """The document with all changes; the same object as long as nothing changes. engines: the
        document of the engine's profile."""
        self._sent = {
            key: value for key, value in self._sent.items() if not _has(engines, key, value)
        }
        if not self._sent:
            return engines
        if self._merged[0] is not engines:
            merged = engines
            for key, value in self._sent.items():
                merged = with_setting(merged, key, value)
            self._merged = (engines, merged)
        return self._merged[1]

    def change(self, document: Mapping[str, Any], changes: Changes) -> None:
        """Keep changes of this document that are posted now."""
        self._undo.append(tuple(_back(document, key) for key, _ in changes))
        self._post(changes)

    def undo(self) -> Changes:
        """The changes that take the last ones back; empty if there are none."""
        changes = tuple(reversed(self._undo.pop())) if self._undo else ()
        self._post(changes)
        return changes

    def forget_sent(self) -> None:
        """Show what the engine has, because it did not take a change or gave one up."""
        self._sent.clear()
        self._merged = ({}, {})

    def _post(self, changes: Changes) -> None:
        self._sent.update(changes)
        self._merged = ({}, {})


def _has(document: Mapping[str, Any], key: str, value: Any) -> bool:
    found = setting_at(document, key)
    return type(found) is type(value) and bool(found == value)


def _back(document: Mapping[str, Any], key: str) -> tuple[str, Any]:
    """The change that brings the setting's present state back. A table that is not there yet goes
    as a whole."""
    parts = key.split(".")
    for count in range(1, len(parts) + 1):
        above = ".".join(parts[:count])
        value = setting_at(document, above)
        if not isinstance(value, Mapping | list):
            return above, value
    return key, setting_at(document, key)
