"""The session's settings in force, and what follows from them (protocol.md section 6)."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.protocol.settings_updates import SettingsUpdates
from voicelive_tui.protocol.supported_formats import playable, sendable, takes_two_channels

SETTLE_S = 5.0
"""Seconds after which a service that never answers `session.update` gets the microphone anyway."""


class Configuration:
    """The settings of a session. effective: the service's answer to the profile's session object,
    None before the first answer."""

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        """wanted: the profile's session object."""
        self.updates = SettingsUpdates(wanted)
        """What is sent, what waits and what was refused."""
        self.effective: Mapping[str, Any] | None = None
        self.settled = False
        """Whether the service has answered the first update, and what it refused of it is settled
        too."""
        self.accepted = False
        """Whether the service has accepted an update."""
        self.revision = 0
        """Counts the changes of what is in force, or of `ready`."""
        self._patience_s: float | None = None
        """When the microphone is sent although the service has not answered."""
        self._patience_over = False
        self._note_change()

    def want(self, wanted: Mapping[str, Any]) -> None:
        """Take another session object as the one to reach."""
        self.updates.want(wanted)
        self._note_change()

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do, or an update may be sent, on the caller's clock."""
        dues = [due for due in (self._patience_s, self.updates.due_s) if due is not None]
        return min(dues) if dues else None

    @property
    def ready(self) -> bool:
        """Whether microphone audio has the format that the service expects, as far as the console
        can know: the service has answered, or has had `SETTLE_S` to do so."""
        return self.settled or self._patience_over

    def opened(self, now: float) -> Mapping[str, Any]:
        """Note that the socket is open: from now on the service has `SETTLE_S` to answer the first
        update, which this returns."""
        self._patience_s = now + SETTLE_S
        return self.updates.wanted

    def tick(self, now: float) -> None:
        """Stop waiting for an answer when the time for it is over."""
        self.updates.tick(now)
        if self._patience_s is not None and now >= self._patience_s:
            self._patience_s = None
            self._patience_over = True
            self._note_change()

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
        if self.updates.accept():
            self.accepted = True
        self._settle()

    def refused(self, event_id: object, param: str) -> tuple[str, ...] | None:
        """Return the dotted keys of the profile that the error which names `event_id` refuses; None
        if it refuses no update. An error without an id does while the first update is unanswered.

        param: the field that the error names; empty for none.
        """
        if not event_id and not self.settled:
            event_id = self.updates.first_unanswered()
        refused = self.updates.refuse(event_id, param)
        if refused is not None and self.updates.complete:
            self._settle()
        return refused

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
    def names_unknown_input(self) -> bool:
        """Whether this version cannot send the session's input audio because of its format. That
        it sends no second channel is a finding (`model/session/unsent_echo_reference.py`)."""
        return self._input_format is None and not takes_two_channels(self._merged)

    @property
    def output_format(self) -> AudioFormat | None:
        """The format of the assistant's audio; None if this version cannot play it."""
        return self._output_format

    def _settle(self) -> None:
        self.settled = True
        self._patience_s = None
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
            return {**(self.effective or {}), **self.updates.wanted}
        return {**self.updates.accepted, **self.effective}
