"""A loss of the connection and what became of it, in one line."""

from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_str
from voicelive_tui.model.events.gists.earlier import NO_EARLIER_EVENTS
from voicelive_tui.model.events.gists.local_gists import describe_carried_over
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.transcript.line import LineState, Rule, TranscriptLine

STEADY_S = 10.0
"""Seconds for which a connection has held when the next loss is another matter."""
RENEWED = "A new connection took the place of the one before"


class ConnectionNote:
    """The line between two connections, or at the end of the last one. Losses of one kind that
    follow each other quickly are one line, so that a service that accepts and hangs up fills no
    screen."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None:
        self.item_id = item_id
        self.last_n = last_n
        self._t_s = t_s
        self._first_n = first_n
        self._causes: list[str] = []
        """Why there is no connection, as sentences; empty for a change that was asked for."""
        self._code: int | None = None
        self._losses = 0
        self._away_s: float | None = None
        """The time from the first loss to the newest connection; None while there is none."""
        self._connected_s = t_s
        self._carried = ""

    def goes_on(self, record: Record) -> bool:
        """Whether what happens to the connection now belongs to this line: there is none yet, or it
        has not held for `STEADY_S` and is lost again in the same way."""
        if self._away_s is None:
            return True
        same = [get_str(record.event, "sentence")] == self._causes
        return same and record.t_s - self._connected_s < STEADY_S

    def lost(self, record: Record) -> None:
        """Take the end of a connection, or of the tries to get another one."""
        sentence = get_str(record.event, "sentence") or "The connection ended."
        if self._losses and self._away_s is None:
            self._causes.append(sentence)
        else:
            self._causes, self._code = [sentence], get_int(record.event, "code")
            self._losses += 1
        self._away_s, self._carried = None, ""

    def connected(self, record: Record) -> None:
        """Take the beginning of the next connection."""
        if self._away_s is None:
            self._connected_s = record.t_s
            self._away_s = max(0.0, record.t_s - self._t_s)

    def carried_over(self, record: Record) -> None:
        """Take what the next connection was given."""
        event = record.event
        anything = get_count(event, "carried") or get_object(event, "not_carried")
        self._carried = describe_carried_over(event, NO_EARLIER_EVENTS) if anything else ""

    def line(self) -> TranscriptLine | None:
        """Return the line: failed while there is no connection."""
        state: LineState = "failed" if self._away_s is None else "final"
        return TranscriptLine(
            self.item_id,
            "note",
            self._t_s,
            self._text(),
            state,
            self._first_n,
            self.last_n,
            divides=True,
            rule=self._rule(),
        )

    def _rule(self) -> Rule:
        if self._away_s is None:
            code = "" if self._code is None else f", code {self._code}"
            return Rule("connection lost", self._t_s, code, (self._text(),))
        back = f"back after {_duration(self._away_s)}" if self._causes else ""
        carried, _, left = self._carried.partition("; ")
        facts = "; ".join(fact for fact in (back, carried) if fact)
        causes = self._cause() if self._causes else ""
        details = tuple(detail for detail in (causes, left) if detail)
        return Rule("session is new", self._connected_s, f": {facts}" if facts else "", details)

    def _cause(self) -> str:
        times = f" ({self._losses} times)" if self._losses > 1 else ""
        first, *more = self._causes or [RENEWED]
        return " ".join([f"{first.rstrip('.')}{times}.", *more])

    def _text(self) -> str:
        cause = self._cause()
        if self._away_s is None:
            return cause
        back = f"{cause.rstrip('.')}, back after {_duration(self._away_s)}"
        text = back if self._causes else RENEWED
        return f"{text}; {self._carried}" if self._carried else text

    def past(self) -> PastItem | None:
        """Return None: a note is for the person at the console."""
        return None


def _duration(seconds: float) -> str:
    """`1.5 s`, `2 min 5 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
