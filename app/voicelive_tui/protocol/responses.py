"""The state of all responses: which are running, which were interrupted, and whether another one is
wanted.

Invariant: at most one `response.create` is unanswered, and none is sent while a response runs
(protocol.md sections 14 and 15.6).
"""

from collections.abc import Mapping
from typing import Any

ALREADY_ACTIVE = "conversation_already_has_active_response"


class Responses:
    """The ids of responses by state, and whether another response is wanted."""

    def __init__(self) -> None:
        self._running: dict[str, None] = {}
        self._uninterrupted: dict[str, None] = {}
        """The ids in `_running` of responses that were not interrupted."""
        self._uncancelled: dict[str, None] = {}
        """The ids in `_running` of responses that were not cancelled."""
        self._dropped: set[str] = set()
        self._cancelled: set[str] = set()
        self._asked: str | None = None
        self._last_create: str | None = None
        self._stopped = False
        """Whether the user stopped the last requested answer before it began."""
        self._cancel_next = False
        self.wanted = False
        """Whether an answer was wanted while another response ran, to be requested when that one is
        done."""

    @property
    def busy(self) -> bool:
        """Whether a response is running or was requested."""
        return bool(self._running) or self._asked is not None

    @property
    def unanswered_request(self) -> str | None:
        """The event id of the `response.create` that the service has not answered; None if there is
        none."""
        return self._asked

    @property
    def answering(self) -> bool:
        """Whether a response was requested, or one is running that was not interrupted."""
        return self._asked is not None or bool(self._uninterrupted)

    def runs(self, response_id: str) -> bool:
        """Whether this response has begun and is not done."""
        return response_id in self._running

    def asked(self, event_id: str) -> None:
        """Note that `response.create` was sent in this event."""
        self._asked = self._last_create = event_id
        self.wanted = self._stopped = False

    def give_up_request(self) -> None:
        """Stop to wait for the response that was requested. If it begins after all, it is one like
        any other."""
        self._asked = None
        self._cancel_next = False

    def created(self, response_id: str) -> bool:
        """Handle `response.created`. Returns True if the response must be cancelled at once,
        because the user stopped it before it began."""
        self._running[response_id] = None
        if response_id not in self._dropped:
            self._uninterrupted[response_id] = None
        if response_id not in self._cancelled:
            self._uncancelled[response_id] = None
        self._asked = None
        if not self._cancel_next:
            return False
        self._cancel_next = False
        return True

    def done(self, response_id: str) -> bool:
        """Handle `response.done`. Returns whether its id is known. An unknown id ends all running
        responses: it is better to request the next one too early than to wait for ever."""
        known = response_id in self._running
        for ids in (self._running, self._uninterrupted, self._uncancelled):
            if known:
                ids.pop(response_id, None)
            else:
                ids.clear()
        self._asked = None
        self._cancel_next = False
        return known

    def refused(self, event_id: object, code: object) -> bool:
        """Whether the error only means that our `response.create` came while another response was
        running and must wait for it.

        The `response.created` of the other response may come before the error, and looks like the
        answer to ours.
        """
        ours = event_id == self._last_create if event_id else self._asked is not None
        if not ours or self._last_create is None:
            return False
        self._asked = self._last_create = None
        if code != ALREADY_ACTIVE:
            self._cancel_next = False
            return False
        self.wanted = self.wanted or not self._stopped
        return True

    def drop_audio(self) -> None:
        """Note that all running responses were interrupted, so that their late audio is dropped."""
        self._dropped.update(self._uninterrupted)
        self._uninterrupted.clear()

    def drop_audio_of(self, response_id: str) -> None:
        """Note that this response was cut off, even if it is done already."""
        if response_id:
            self._dropped.add(response_id)
            self._uninterrupted.pop(response_id, None)

    def drops_audio_of(self, response_id: str) -> bool:
        """Whether audio of this response must be dropped."""
        return response_id in self._dropped

    def cancel(self) -> tuple[str, ...]:
        """Return the running responses to cancel now. A response that was requested and has not
        begun is cancelled when it begins."""
        if self._asked is not None:
            self._cancel_next = self._stopped = True
        ids = tuple(self._uncancelled)
        self._cancelled.update(ids)
        self._uncancelled.clear()
        return ids


def response_id_of(event: Mapping[str, Any]) -> str:
    """The id of the response that an event belongs to; empty if the event names none."""
    response = event.get("response")
    found = response.get("id") if isinstance(response, Mapping) else event.get("response_id")
    return found if isinstance(found, str) else ""
