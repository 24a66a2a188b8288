"""The state of all responses: which run, which were interrupted, and the one that waits for its
turn.

Invariant: at most one `response.create` is unanswered, and none is sent while a response runs
(protocol.md sections 14 and 15.6).
"""

from collections.abc import Mapping
from typing import Any

ALREADY_ACTIVE = "conversation_already_has_active_response"


class Responses:
    """Ids of responses, and whether another one is wanted."""

    def __init__(self) -> None:
        self._running: dict[str, None] = {}
        self._heard: dict[str, None] = {}
        """Those of `_running` that were not interrupted."""
        self._uncancelled: dict[str, None] = {}
        """Those of `_running` that were not cancelled."""
        self._silenced: set[str] = set()
        self._cancelled: set[str] = set()
        self._asked: str | None = None
        self._last_create: str | None = None
        self._stopped = False
        """The user stopped the answer that was last asked for before it began."""
        self._cancel_next = False
        self.wanted = False
        """An answer was asked for while another ran; it is to be asked for when that one is
        done."""

    @property
    def busy(self) -> bool:
        """A response runs or was asked for."""
        return bool(self._running) or self._asked is not None

    @property
    def answering(self) -> bool:
        """A response runs that was not interrupted."""
        return self._asked is not None or bool(self._heard)

    def runs(self, response_id: str) -> bool:
        """This response has begun and is not done."""
        return response_id in self._running

    def asked(self, event_id: str) -> None:
        """`response.create` was sent."""
        self._asked = self._last_create = event_id
        self.wanted = self._stopped = False

    def created(self, response_id: str) -> bool:
        """`response.created`; True if it is to be cancelled at once, because the user stopped it
        before it began."""
        self._running[response_id] = None
        if response_id not in self._silenced:
            self._heard[response_id] = None
        if response_id not in self._cancelled:
            self._uncancelled[response_id] = None
        self._asked = None
        if not self._cancel_next:
            return False
        self._cancel_next = False
        return True

    def done(self, response_id: str) -> bool:
        """`response.done`; whether its id is known. One without ends what runs: better to ask too
        early than to wait for ever."""
        known = response_id in self._running
        for ids in (self._running, self._heard, self._uncancelled):
            if known:
                ids.pop(response_id, None)
            else:
                ids.clear()
        self._asked = None
        self._cancel_next = False
        return known

    def refused(self, event_id: object, code: object) -> bool:
        """Whether the error says no more than that our `response.create` found another response
        running, and must wait for it.

        The `response.created` of that other one may come before the error, and looks as if it
        answered us.
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

    def silence(self) -> None:
        """What runs was interrupted: its late audio is to be dropped."""
        self._silenced.update(self._heard)
        self._heard.clear()

    def silence_one(self, response_id: str) -> None:
        """This response was cut off, though it may be done already."""
        if response_id:
            self._silenced.add(response_id)
            self._heard.pop(response_id, None)

    def is_silenced(self, response_id: str) -> bool:
        """Audio of this response is to be dropped."""
        return response_id in self._silenced

    def cancel(self) -> tuple[str, ...]:
        """The running responses to cancel now; one that was only asked for is to be cancelled when
        it begins."""
        if self._asked is not None:
            self._cancel_next = self._stopped = True
        ids = tuple(self._uncancelled)
        self._cancelled.update(ids)
        self._uncancelled.clear()
        return ids


def response_id_of(event: Mapping[str, Any]) -> str:
    """The response an event belongs to; empty if it does not say."""
    response = event.get("response")
    found = response.get("id") if isinstance(response, Mapping) else event.get("response_id")
    return found if isinstance(found, str) else ""
