"""What leaves the console, as text: a transcript, an event list, one event or one turn."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.record import Record
from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.model.turns import Turn
from voicelive_tui.tui.widgets.event_row import GLYPHS
from voicelive_tui.tui.widgets.transcript_lines import body_spans
from voicelive_tui.tui.words import minutes


def event_text(record: Record) -> str:
    """The event as pretty JSON; a frame that is none as it came."""
    return record.raw or json.dumps(record.event, indent=2, ensure_ascii=False, default=str)


def line_text(line: TranscriptLine) -> str:
    """A transcript line as the screen shows it, in one line."""
    return f"{minutes(line.t_s, 1)}  {line.who:<5}  " + " ".join("".join(text for text, _ in body_spans(line)).split())


def transcript_text(lines: Iterable[TranscriptLine]) -> str:
    """All lines."""
    return "".join(transcript_lines(lines))


def transcript_lines(lines: Iterable[TranscriptLine]) -> Iterator[str]:
    """Each line, with its end."""
    return (line_text(line) + "\n" for line in lines)


def turn_text(turn: Turn, lines: Sequence[TranscriptLine], index: EventIndex, until_s: float | None) -> str:
    """A turn: its figures, what was said, and every event from its start to the next turn's, one per line."""
    heard = f", heard after {turn.heard_ms:.0f} ms" if turn.heard_ms is not None else ""
    head = f"Turn {turn.number} at {minutes(turn.started_s)}{heard}{', interrupted' if turn.interrupted else ''}\n\n"
    first, end = _records_between(index, turn.started_s, until_s)
    said = [line for line in lines if first <= line.first_n < end]
    return head + "".join(transcript_lines(said)) + "\n" + "".join(event_lines(index, range(first, end)))


def _records_between(index: EventIndex, start_s: float, until_s: float | None) -> tuple[int, int]:
    """Record numbers from `start_s` up to `until_s`; times never fall within a journal."""

    def first_at(t_s: float) -> int:
        low, high = 0, index.count
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if index.t_s(middle) < t_s else (low, middle)
        return low

    return first_at(start_s), index.count if until_s is None else first_at(until_s)


def event_lines(index: EventIndex, numbers: Sequence[int]) -> Iterator[str]:
    """The records of these numbers, which rise: one line each with time, direction and the event itself, one for all the records
    that are missing in a row.
    """
    at = 0
    while at < len(numbers):
        stop = bisect_left(numbers, max(numbers[at] + 1, index.missing_end(numbers[at])), at)
        yield _event_line(index, numbers[at], stop - at)
        at = stop


def _event_line(index: EventIndex, n: int, records: int) -> str:
    record = index.record(n)
    event = {**record.event, "records": records} if records > 1 else record.event
    said = json.dumps(event or record.raw, ensure_ascii=False, default=str)
    return f"{minutes(record.t_s)} {GLYPHS[record.dir]} {said}\n"
