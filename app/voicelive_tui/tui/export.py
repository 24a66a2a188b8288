"""Formats what is copied or exported: a transcript, an event list, one event or one turn.

Invariant: secrets are hidden in each finished text, because a secret that the service sent in
pieces is complete only there.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from voicelive_common.redaction.redact import hide_held_secrets, redact, redact_value

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.formatting import minutes
from voicelive_tui.tui.transcript_text import plain_text
from voicelive_tui.tui.widgets.event_row import GLYPHS


def event_text(record: Record) -> str:
    """The event as indented JSON; a frame that is not JSON as it arrived."""
    return hide_held_secrets(record.raw) or json.dumps(
        redact_value(record.event), indent=2, ensure_ascii=False, default=str
    )


def line_text(line: TranscriptLine) -> str:
    """A transcript line, on one line; words that were not heard are in brackets."""
    text = " ".join(plain_text(_without_secrets(line)).split())
    return f"{minutes(line.t_s, 1)}  {line.who:<5}  {text}"


def _without_secrets(line: TranscriptLine) -> TranscriptLine:
    """The line with its secrets hidden, or the same line if it has none. Secrets are hidden before
    the point of an interruption is marked, which could split one."""
    text = redact(line.text)
    if text == line.text:
        return line
    spoken = None if line.spoken_chars is None else len(redact(line.text[: line.spoken_chars]))
    return replace(line, text=text, spoken_chars=spoken)


def transcript_text(lines: Iterable[TranscriptLine]) -> str:
    """All lines as one text."""
    return "".join(transcript_lines(lines))


def transcript_lines(lines: Iterable[TranscriptLine]) -> Iterator[str]:
    """The text of each line, with its line end."""
    return (line_text(line) + "\n" for line in lines)


def event_lines(index: EventIndex, numbers: Sequence[int]) -> Iterator[str]:
    """One line for each of these records, with time, direction and event; one line for each run of
    missing records. `numbers` ascend."""
    start = 0
    while start < len(numbers):
        stop = bisect_left(
            numbers, max(numbers[start] + 1, index.missing_end(numbers[start])), start
        )
        yield _event_line(index, numbers[start], stop - start)
        start = stop


def _event_line(index: EventIndex, n: int, records: int) -> str:
    record = index.record(n)
    event = {**record.event, "records": records} if records > 1 else record.event
    text = json.dumps(
        redact_value(event) or hide_held_secrets(record.raw), ensure_ascii=False, default=str
    )
    return f"{minutes(record.t_s)} {GLYPHS[record.dir]} {text}\n"
