"""Warnings before the service ends a session that has reached its time limit (protocol.md sections
3 and 14)."""

from voicelive_tui.model.notice import Notice

WARN_BEFORE_S = (300, 60)


class ExpiryWarnings:
    """The warnings that are still ahead. All times are in seconds, on the caller's clock."""

    def __init__(self) -> None:
        self._ends_s: float | None = None
        self._ahead: list[tuple[float, Notice]] = []

    @property
    def due_s(self) -> float | None:
        """When the next warning is due; None if none is ahead."""
        return self._ahead[0][0] if self._ahead else None

    def expires(self, ends_s: float | None, now: float) -> None:
        """Note when the session will end; None while the service has not said it. The service
        repeats it with every answer to an update."""
        if ends_s is None or ends_s == self._ends_s:
            return
        self._ends_s = ends_s
        self._ahead = [
            (ends_s - before_s, _warning(before_s))
            for before_s in WARN_BEFORE_S
            if ends_s - before_s > now
        ]

    def tick(self, now: float) -> tuple[Notice, ...]:
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
