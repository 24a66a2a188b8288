"""What is done before the service ends a session that has reached its time limit (protocol.md
sections 3 and 14). All times are in seconds, on the caller's clock."""

from typing import Protocol

from voicelive_tui.model.notice import Notice
from voicelive_tui.protocol.commands import Renew

WARN_BEFORE_S = (300, 60)
RENEW_BEFORE_S = 60.0
SHORTEST_S = 10.0
_LOOK_AGAIN_S = 0.25


class Expiry(Protocol):
    """What a conversation does before its session expires."""

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do; None if nothing is ahead."""
        ...

    def expires(self, ends_s: float | None, now: float) -> None:
        """Note when the session will end; None while the service has not said it. The service
        repeats it with every answer to an update."""
        ...

    def tick(self, now: float, *, turn_open: bool) -> tuple[Notice | Renew, ...]:
        """Return what is due."""
        ...


class ExpiryRenewal:
    """Asks for a new connection in the first pause between turns of the last minute, or of the last
    quarter of a session that is shorter than four minutes.

    A session that is to end within `SHORTEST_S` is left to the service. A clock of this machine
    that is wrong makes every session look like that, and none must be replaced at once.
    """

    def __init__(self) -> None:
        self._ends_s: float | None = None
        self.due_s: float | None = None

    def expires(self, ends_s: float | None, now: float) -> None:
        if ends_s is None or ends_s == self._ends_s:
            return
        self._ends_s = ends_s
        due_s = max(ends_s - min(RENEW_BEFORE_S, (ends_s - now) / 4), now + SHORTEST_S)
        self.due_s = due_s if due_s < ends_s else None

    def tick(self, now: float, *, turn_open: bool) -> tuple[Renew, ...]:
        if self.due_s is None or now < self.due_s:
            return ()
        if turn_open:
            self.due_s = now + _LOOK_AGAIN_S
            return ()
        self.due_s = None
        return (Renew(),)


class ExpiryWarnings:
    """Warns the user, for a session that ends then."""

    def __init__(self) -> None:
        self._ends_s: float | None = None
        self._ahead: list[tuple[float, Notice]] = []

    @property
    def due_s(self) -> float | None:
        return self._ahead[0][0] if self._ahead else None

    def expires(self, ends_s: float | None, now: float) -> None:
        if ends_s is None or ends_s == self._ends_s:
            return
        self._ends_s = ends_s
        self._ahead = [
            (ends_s - before_s, _warning(before_s))
            for before_s in WARN_BEFORE_S
            if ends_s - before_s > now
        ]

    def tick(self, now: float, *, turn_open: bool = False) -> tuple[Notice, ...]:
        """The warning that is due. After a long pause it is the last one: those before it are not
        true any more."""
        due = [notice for due_s, notice in self._ahead if due_s <= now]
        del self._ahead[: len(due)]
        return tuple(due[-1:])


def _warning(before_s: int) -> Notice:
    minutes = before_s // 60
    return Notice(
        "warning",
        f"The service ends this session in {minutes} minute{'s' if minutes > 1 else ''}; start "
        "a new one to go on longer.",
    )
