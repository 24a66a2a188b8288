"""Which requests of a session the service has left without a reply."""

import math
from typing import Final

from voicelive_tui.journal.event_pairs import REPLY_AFTER_S, is_request, is_unanswered
from voicelive_tui.journal.index import EventIndex

_AGAIN_AFTER_S: Final = 1.0
"""Seconds after which a late reply is looked for again."""


class MissingReplies:
    """Tells of single requests whether they have no reply. The time is that of the newest record,
    in seconds since the session's start. It belongs to one thread."""

    def __init__(self, index: EventIndex) -> None:
        self._index = index
        self._answered: set[int] = set()
        self._check_s = math.inf

    @property
    def due(self) -> bool:
        """Whether something that `lacks_reply` has said since `begin` may have changed."""
        count = self._index.count
        return self._check_s < math.inf and self._index.t_s(count - 1) >= self._check_s

    def begin(self) -> None:
        """Forget which requests were asked about, because all of interest are asked about anew."""
        self._check_s = math.inf

    def lacks_reply(self, n: int) -> bool:
        """Return whether record n is a request that had no reply for `REPLY_AFTER_S`."""
        index = self._index
        if n in self._answered or not is_request(index, n):
            return False
        now_s = index.t_s(index.count - 1)
        if now_s - index.t_s(n) < REPLY_AFTER_S:
            self._check_s = min(self._check_s, index.t_s(n) + REPLY_AFTER_S)
            return False
        if not is_unanswered(index, n):
            self._answered.add(n)
            return False
        self._check_s = min(self._check_s, now_s + _AGAIN_AFTER_S)
        return True
