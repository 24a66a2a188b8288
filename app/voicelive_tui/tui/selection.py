"""The user's selection in the current tab as a value, for copying and exporting."""

from dataclasses import dataclass

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.model.transcript.line import TranscriptLine


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection in one session. line: the transcript line under the cursor if the transcript
    has the focus. record: the event in the details. event_n: the record number of the event under
    the cursor. expr: the event list's filter."""

    session: SessionSnapshot
    index: EventIndex
    expr: str
    line: TranscriptLine | None
    record: Record | None
    event_n: int | None
