"""How much of a session is on the disk."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """The state of a session's journal.

    wanted: False with `--record none`, and where there is no journal of ours. problem: one sentence
    while the disk takes nothing, so that records wait in memory; empty while they are written.
    lost: records that were forgotten before there was room for them. closed: the session is over
    and its last records were handed to the disk, successfully if there is no problem.
    """

    wanted: bool = False
    problem: str = ""
    lost: int = 0
    closed: bool = False

    @property
    def stopped(self) -> bool:
        """Nothing is written although it should be."""
        return self.wanted and bool(self.problem)

    @property
    def only_in_memory(self) -> bool:
        """A part of the session is in memory only, at least as its transcript."""
        return self.wanted and (bool(self.problem) or self.lost > 0)

    @property
    def incomplete(self) -> bool:
        """The session is over and should be on the disk as a whole, and is not."""
        return self.wanted and (not self.closed or self.only_in_memory)


NOT_WANTED: Final = RecordingStatus()
