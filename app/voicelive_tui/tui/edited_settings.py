"""What a user has changed in the settings of one tab.

Invariant: the engine holds the tab's profile. Changes that were posted and are not in the engine's
profile yet are kept here, so that the next key builds on them.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from voicelive_tui.model.profile.settings import setting_at, with_setting
from voicelive_tui.tui.setting_facts import alike

Changes = tuple[tuple[str, Any], ...]
"""Dotted keys of the profile and their new values."""


class EditedSettings:
    """The changes that are on their way to the engine, and how to take back each of those
    before."""

    def __init__(self) -> None:
        self._sent: dict[str, Any] = {}
        self._undo: list[Changes] = []
        self._refused = 0
        self._merged: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})

    def document(self, engine_document: Mapping[str, Any], refused: int) -> Mapping[str, Any]:
        """The document with all changes; the same object as long as nothing changes.

        engine_document: that of the engine's profile. refused: how many changes the engine has
        refused; when it refuses another one, what is on its way is given up.
        """
        if refused != self._refused:
            self._refused = refused
            self.forget_sent()
        self._sent = {
            key: value for key, value in self._sent.items() if not _has(engine_document, key, value)
        }
        if not self._sent:
            return engine_document
        if self._merged[0] is not engine_document:
            self._merged = (engine_document, _with_changes(engine_document, self._sent))
        return self._merged[1]

    def change(self, document: Mapping[str, Any], changes: Changes) -> None:
        """Keep changes of this document that are posted now."""
        self._undo.append(tuple(_back(document, key) for key, _ in changes))
        self._post(changes)

    def undo(self, document: Mapping[str, Any]) -> Changes:
        """The changes of this document that take the last ones back; empty if there are none. Those
        that were refused, or taken back in another way, are left out."""
        while self._undo:
            changes = tuple(reversed(self._undo.pop()))
            if not all(_has(document, key, value) for key, value in changes):
                self._post(changes)
                return changes
        return ()

    def forget_sent(self) -> None:
        """Show what the engine has, because it gave a change up."""
        self._sent.clear()
        self._merged = ({}, {})

    def _post(self, changes: Changes) -> None:
        self._sent.update(changes)
        self._merged = ({}, {})


def _with_changes(document: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with the changes, as far as it has their places: the engine refuses the others,
    such as one in an array that the file has no longer."""
    for key, value in changes.items():
        with suppress(IndexError):
            document = with_setting(document, key, value)
    return document


def _has(document: Mapping[str, Any], key: str, value: Any) -> bool:
    return alike(setting_at(document, key), value)


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
