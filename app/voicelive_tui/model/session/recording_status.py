"""Tells how much of a session is on disk."""

from dataclasses import dataclass
from typing import Final, Literal

RecordingMode = Literal["all", "events", "none"]
"""How much of a session is to be recorded: everything, everything but audio, or nothing."""


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """The state of a session's journal.

    wanted: False with `--record none`, and for a session that this program does not record.
    problem: one sentence while the disk accepts nothing and records wait in memory; else empty.
    lost: the number of records that were dropped because memory had no room for them. closed: the
    session is over and its last records were handed to the disk, successfully if there is no
    problem.
    """

    wanted: bool = False
    problem: str = ""
    lost: int = 0
    closed: bool = False

    @property
    def stopped(self) -> bool:
        """Whether records wait in memory because they cannot be written."""
        return self.wanted and bool(self.problem)

    @property
    def only_in_memory(self) -> bool:
        """Whether a part of the session is only in memory, at least as its transcript."""
        return self.wanted and (bool(self.problem) or self.lost > 0)

    @property
    def incomplete(self) -> bool:
        """Whether the session has to be recorded and is not yet on disk as a whole."""
        return self.wanted and (not self.closed or self.only_in_memory)


NOT_WANTED: Final = RecordingStatus()
