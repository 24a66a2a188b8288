"""What leaves the console, as text: a transcript, an event list, one event or one turn.

Invariant: secrets are hidden in each text as it is put together, for what a service said in pieces is whole only here.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.record import Record
from voicelive_tui.model.redact import hide_known, redact, redact_value
from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.model.turns import Turn
from voicelive_tui.tui.widgets.event_row import GLYPHS
from voicelive_tui.tui.widgets.transcript_lines import body_spans
from voicelive_tui.tui.words import minutes


def event_text(record: Record) -> str:
    """The event as pretty JSON; a frame that is none as it came."""
    return hide_known(record.raw) or json.dumps(redact_value(record.event), indent=2, ensure_ascii=False, default=str)


def line_text(line: TranscriptLine) -> str:
    """A transcript line as the screen shows it, in one line."""
    spans = body_spans(_without_secrets(line))
    return f"{minutes(line.t_s, 1)}  {line.who:<5}  " + " ".join("".join(text for text, _ in spans).split())


def _without_secrets(line: TranscriptLine) -> TranscriptLine:
    """The same line when it says none. Hidden before the moment of an interruption is written into the middle of a secret."""
    text = redact(line.text)
    if text == line.text:
        return line
    spoken = None if line.spoken_chars is None else len(redact(line.text[: line.spoken_chars]))
    return replace(line, text=text, spoken_chars=spoken)


def transcript_text(lines: Iterable[TranscriptLine]) -> str:
    """All lines."""
    return "".join(line_text(line) + "\n" for line in lines)


def turn_text(turn: Turn, lines: Sequence[TranscriptLine], index: EventIndex, until_s: float | None) -> str:
    """A turn: its figures, what was said, and every event from its start to the next turn's, one per line."""
    heard = f", heard after {turn.heard_ms:.0f} ms" if turn.heard_ms is not None else ""
    head = f"Turn {turn.number} at {minutes(turn.started_s)}{heard}{', interrupted' if turn.interrupted else ''}\n\n"
    first, end = _records_between(index, turn.started_s, until_s)
    said = [line for line in lines if first <= line.first_n < end]
    return head + transcript_text(said) + "\n" + events_text(index, range(first, end))


def _records_between(index: EventIndex, start_s: float, until_s: float | None) -> tuple[int, int]:
    """Record numbers from `start_s` up to `until_s`; times never fall within a journal."""

    def first_at(t_s: float) -> int:
        low, high = 0, index.count
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if index.t_s(middle) < t_s else (low, middle)
        return low

    return first_at(start_s), index.count if until_s is None else first_at(until_s)


def events_text(index: EventIndex, numbers: Iterable[int]) -> str:
    """One event per line: time, direction and the event itself."""
    return "".join(_event_line(index, n) for n in numbers)


def _event_line(index: EventIndex, n: int) -> str:
    record = index.record(n)
    said = json.dumps(redact_value(record.event) or hide_known(record.raw), ensure_ascii=False, default=str)
    return f"{minutes(record.t_s)} {GLYPHS[record.dir]} {said}\n"
