"""The session's settings: those that were requested, those that the service refused, and those in
force.

Invariant: `_base` holds only settings that were sent and not refused, so that the next update can
name the changed keys alone. An unchanged voice or echo setting sent again would be refused once the
assistant has spoken (protocol.md sections 6, 7 and 14).
"""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.protocol.supported_formats import playable, sendable

SETTLE_S = 5.0
"""Seconds after which a service that never answers `session.update` gets the microphone anyway."""


class Configuration:
    """The settings of a session. effective: the service's answer to the profile's session object,
    None before the first answer."""

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        """wanted: the profile's session object."""
        self.effective: Mapping[str, Any] | None = None
        self.settled = False
        """Whether the service has accepted or refused the first update."""
        self.accepted = False
        """Whether the service has accepted an update."""
        self.revision = 0
        """Counts the changes of what is in force, or of `ready`."""
        self.due_s: float | None = None
        """When `tick` has something to do, on the caller's clock."""
        self._patience_over = False
        self._base: dict[str, Any] = {}
        self._pending: dict[str, Mapping[str, Any]] = {}
        self._wanted = wanted
        self._note_change()

    @property
    def wanted(self) -> Mapping[str, Any]:
        """The profile's session object."""
        return self._wanted

    @wanted.setter
    def wanted(self, wanted: Mapping[str, Any]) -> None:
        self._wanted = wanted
        self._note_change()

    @property
    def ready(self) -> bool:
        """Whether microphone audio has the format that the service expects, as far as the console
        can know: the service has answered, or has had `SETTLE_S` to do so."""
        return self.settled or self._patience_over

    def opened(self, now: float) -> None:
        """Note that the socket is open: from now on the service has `SETTLE_S` to answer the first
        update."""
        self.due_s = now + SETTLE_S

    def tick(self, now: float) -> None:
        """Stop waiting for the answer when the time for it is over."""
        if self.due_s is not None and now >= self.due_s:
            self.due_s = None
            self._patience_over = True
            self._note_change()

    def changes(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of `wanted` that differ from what was last sent."""
        sent = dict(self._base)
        for update in self._pending.values():
            sent.update(update)
        return {
            key: value for key, value in wanted.items() if key not in sent or sent[key] != value
        }

    def sent(self, event_id: str, update: Mapping[str, Any]) -> None:
        """Note that an update was sent, under the id of its event."""
        self._pending[event_id] = update

    def created(self, session: object) -> None:
        """Take the settings of `session.created`: the defaults, in force until an update is
        accepted."""
        if isinstance(session, Mapping):
            self.effective = session
            self._note_change()

    def updated(self, session: object) -> None:
        """Take the settings of `session.updated`. Updates are answered in order, so it answers the
        oldest."""
        if isinstance(session, Mapping):
            self.effective = {**(self.effective or {}), **session}
        if self._pending:
            self._base.update(self._pending.pop(next(iter(self._pending))))
            self.accepted = True
        self._settle()

    def refused(self, event_id: object) -> bool:
        """Whether the error that names `event_id` refuses an update. An error without an id does
        while the first update is unanswered."""
        if not event_id and not self.settled and self._pending:
            event_id = next(iter(self._pending))
        if not isinstance(event_id, str) or event_id not in self._pending:
            return False
        del self._pending[event_id]
        self._settle()
        return True

    @property
    def manual(self) -> bool:
        """Whether the user opens and commits turns by hand."""
        detection = self._in_force("turn_detection", default={})
        return detection is None or (
            isinstance(detection, Mapping) and detection.get("type") == "none"
        )

    @property
    def service_interrupts(self) -> bool:
        """Whether the service itself cancels the answer when it hears the user, which is the
        default (protocol.md 6.1)."""
        return self._detection("interrupt_response") is not False

    @property
    def service_answers(self) -> bool:
        """Whether the service itself starts an answer at the end of a turn."""
        return self._detection("create_response") is not False

    @property
    def service_truncates(self) -> bool:
        """Whether the service itself truncates an interrupted answer."""
        return self._detection("auto_truncate") is True and self.service_interrupts

    @property
    def input_format(self) -> AudioFormat | None:
        """The format of the microphone's audio; None if this version cannot send it."""
        return self._input_format

    @property
    def output_format(self) -> AudioFormat | None:
        """The format of the assistant's audio; None if this version cannot play it."""
        return self._output_format

    def _settle(self) -> None:
        self.settled = True
        self.due_s = None
        self._note_change()

    def _note_change(self) -> None:
        """Work out the settings in force: once for each change, because every event asks for
        them."""
        self.revision += 1
        self._merged = self._merge()
        self._input_format, self._output_format = sendable(self._merged), playable(self._merged)

    def _detection(self, key: str) -> object:
        detection = self._in_force("turn_detection", default={})
        return detection.get(key) if isinstance(detection, Mapping) else None

    def _in_force(self, key: str, *, default: object) -> object:
        return self._merged.get(key, default)

    def _merge(self) -> Mapping[str, Any]:
        # A value that the service reports is in force. A key that it does not report has the value
        # that was sent, unless the service refused that update.
        if self.effective is None or not self.settled:
            return {**(self.effective or {}), **self.wanted}
        return {**self._base, **self.effective}
