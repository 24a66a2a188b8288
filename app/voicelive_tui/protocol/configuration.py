"""The session's settings: what we asked for, what the service refused, and what is in force.

Invariant: `_base` holds only settings that were sent and not refused, so that the next update can
name the changed keys alone. An unchanged voice or echo setting sent again would be refused once the
assistant has spoken (protocol.md sections 6, 7 and 14).
"""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.formats import WireFormat
from voicelive_tui.protocol.supported_formats import playable, sendable


class Configuration:
    """`wanted` is the profile's session object; `effective` the service's answer to it, None before
    the first."""

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        self.wanted = wanted
        self.effective: Mapping[str, Any] | None = None
        self.settled = False
        """The service has answered the first update, with yes or with no."""
        self._base: dict[str, Any] = {}
        self._pending: dict[str, Mapping[str, Any]] = {}

    def changes(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of `wanted` that differ from what was last sent."""
        sent = dict(self._base)
        for update in self._pending.values():
            sent.update(update)
        return {
            key: value for key, value in wanted.items() if key not in sent or sent[key] != value
        }

    def sent(self, event_id: str, update: Mapping[str, Any]) -> None:
        """An update is on its way."""
        self._pending[event_id] = update

    def created(self, session: object) -> None:
        """`session.created`: the defaults, in force until an update is accepted."""
        if isinstance(session, Mapping):
            self.effective = session

    def updated(self, session: object) -> None:
        """`session.updated`: updates are answered in order, so it is the answer to the oldest."""
        if isinstance(session, Mapping):
            self.effective = {**(self.effective or {}), **session}
        if self._pending:
            self._base.update(self._pending.pop(next(iter(self._pending))))
        self.settled = True

    def refused(self, event_id: object) -> bool:
        """Whether the error that names `event_id` refuses an update. Without an id it does while
        the first is unanswered."""
        if not event_id and not self.settled and self._pending:
            event_id = next(iter(self._pending))
        if not isinstance(event_id, str) or event_id not in self._pending:
            return False
        del self._pending[event_id]
        self.settled = True
        return True

    @property
    def manual(self) -> bool:
        """Turns are opened and committed by hand."""
        detection = self._in_force("turn_detection", default={})
        return detection is None or (
            isinstance(detection, Mapping) and detection.get("type") == "none"
        )

    @property
    def service_interrupts(self) -> bool:
        """The service cancels the answer itself when it hears the user; the default when it does
        not say (protocol.md 6.1)."""
        return self._detection("interrupt_response") is not False

    @property
    def service_answers(self) -> bool:
        """The service starts an answer itself at the end of a turn."""
        return self._detection("create_response") is not False

    @property
    def service_truncates(self) -> bool:
        """The service trims an interrupted answer itself."""
        return self._detection("auto_truncate") is True and self.service_interrupts

    @property
    def input_format(self) -> WireFormat | None:
        """Of the microphone's bytes."""
        return sendable(self._merged())

    @property
    def output_format(self) -> WireFormat | None:
        """Of the assistant's bytes."""
        return playable(self._merged())

    def _detection(self, key: str) -> object:
        detection = self._in_force("turn_detection", default={})
        return detection.get(key) if isinstance(detection, Mapping) else None

    def _in_force(self, key: str, *, default: object) -> object:
        merged = self._merged()
        return merged.get(key, default)

    def _merged(self) -> Mapping[str, Any]:
        # What the service reports wins. A key it does not report is as we sent it, unless it
        # refused that.
        if self.effective is None or not self.settled:
            return {**(self.effective or {}), **self.wanted}
        return {**self._base, **self.effective}
