"""What is to be sent of a session's settings, and what is kept back (protocol.md sections 6, 7 and
8)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from voicelive_tui.model.profile.connection_fields import needs_new_connection
from voicelive_tui.model.profile.differences import differing_keys
from voicelive_tui.model.profile.setting_values import REMOVED, with_setting

SESSION: Final = "session."
"""The table of a profile that holds the session object."""
ABSENT: Final = object()
"""In place of a value that a session object does not have; null is a value."""


class SettingsPlan:
    """What follows from the settings that are wanted, those that were sent, and those that the
    service refused. Worked out when it is first asked for."""

    def __init__(
        self,
        wanted: Mapping[str, Any],
        sent: Mapping[str, Any],
        refused: Mapping[str, Any],
        *,
        settled: bool,
        answered: bool,
    ) -> None:
        self._wanted, self._sent, self._refused = wanted, sent, refused
        self._settled, self._answered = settled, answered

    @cached_property
    def _differing(self) -> tuple[str, ...]:
        return differing_keys(self._sent, self._wanted)

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The keys whose new values need another connection. Until the service has accepted an
        update, nothing is final."""
        if not self._settled:
            return ()
        return tuple(
            key
            for key in self._differing
            if needs_new_connection(SESSION + key, answered=self._answered)
            or (key in self._sent and key not in self._wanted)  # nothing unsets a key
        )

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """The keys that still have the value that the service refused."""
        return tuple(
            key for key, value in self._refused.items() if value_at(self._wanted, key) == value
        )

    @cached_property
    def _kept_back(self) -> frozenset[str]:
        return frozenset((*self.held, *self.refused))

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The keys whose new values are to be sent."""
        return tuple(key for key in self._differing if key not in self._kept_back)

    @cached_property
    def update(self) -> Mapping[str, Any]:
        """The session object to send: each top-level key that changed with its whole value, because
        the service takes a table as a whole. Empty when there is nothing to send."""
        if not self.waiting:
            return {}
        usable: Mapping[str, Any] = self._wanted
        for key in self._kept_back:
            before = value_at(self._sent, key)
            usable = with_setting(usable, key, REMOVED if before is ABSENT else before)
        return {
            key: value
            for key, value in usable.items()
            if key not in self._kept_back and value != self._sent.get(key, ABSENT)
        }


def value_at(settings: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted key, which may be null; `ABSENT` for none."""
    if key in settings:
        return settings[key]
    value: Any = settings
    for part in key.split("."):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value
