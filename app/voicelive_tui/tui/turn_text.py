"""A turn as a text of bounded size, for the clipboard."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

from voicelive_common.printable import printable

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.export import event_lines, transcript_lines
from voicelive_tui.tui.formatting import amount, minutes

MOST_BYTES: Final = 30_000
"""The size of a copied turn at most: more than a terminal or a chat takes helps nobody."""
_SPEECH_BYTES: Final = 8_000
_LINE_CHARACTERS: Final = (4_000, 1_000, 400, 160)
"""The lengths to which event lines are cut, in this order, until they fit."""


def turn_text(
    turn: Turn,
    lines: Sequence[TranscriptLine],
    index: EventIndex,
    until_s: float | None,
    numbers: Sequence[int],
) -> str:
    """A turn in at most `MOST_BYTES` of UTF-8: its figures, its transcript, and its events, one per
    line.

    until_s: the next turn's start. numbers: the records that the filter lets through, ascending.
    """
    first, end = _records_between(index, turn.started_s, until_s)
    said = (line for line in lines if first <= line.first_n < end)
    head = _head(turn) + "\n" + "".join(_fit(list(transcript_lines(said)), _SPEECH_BYTES)) + "\n"
    events = list(event_lines(index, [n for n in numbers if first <= n < end]))
    return head + "".join(_fit(events, MOST_BYTES - _size(head)))


def _head(turn: Turn) -> str:
    heard = f", heard after {turn.heard_ms:.0f} ms" if turn.heard_ms is not None else ""
    if turn.voice_ended_s is not None and turn.service_heard_ms is not None:
        heard += f" ({turn.service_heard_ms:.0f} ms after the service's end of speech)"
    heard += _link(turn)
    cut = ", interrupted" if turn.interrupted else ""
    if turn.silenced_after is not None:
        cut += f", {turn.silenced_after.words}"
    return f"Turn {turn.number} at {minutes(turn.started_s)}{heard}{cut}\n"


def _link(turn: Turn) -> str:
    """The link's share of the latency, and how exactly the clock of the user's machine is known."""
    if turn.link_ms is None or turn.link is None:
        return ""
    machine, error_ms = printable(turn.link.machine), turn.link.clock_error_ms
    clock = "" if error_ms is None else f"; clock of {machine} ± {ceil(error_ms)} ms"
    return f", of it the link {turn.link_ms:.0f} ms est{clock}"


def _records_between(index: EventIndex, start_s: float, until_s: float | None) -> tuple[int, int]:
    """The first record number at or after `start_s`, and the first at or after `until_s`; seconds
    never decrease within a journal."""

    def first_at(t_s: float) -> int:
        low, high = 0, index.count
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if index.t_s(middle) < t_s else (low, middle)
        return low

    return first_at(start_s), index.count if until_s is None else first_at(until_s)


def _fit(lines: Sequence[str], room: int) -> list[str]:
    """The lines in at most `room` bytes: long ones are cut; if that is not enough, lines in the
    middle are left out, and one line says how many."""
    cut = list(lines)
    for most in _LINE_CHARACTERS:
        if _size(*cut) <= room:
            return cut
        cut = [line if len(line) <= most else f"{line[: most - 1].rstrip()}…\n" for line in lines]
    return cut if _size(*cut) <= room else _without_middle(cut, room)


def _without_middle(lines: Sequence[str], room: int) -> list[str]:
    room -= _size(_left_out(len(lines)))
    start = _count_that_fits(lines, room // 2)
    end = _count_that_fits(reversed(lines), room // 2)
    note = _left_out(len(lines) - start - end)
    return [*lines[:start], note, *lines[len(lines) - end :]]


def _left_out(count: int) -> str:
    return f"({amount(count)} lines left out here; the zip that the console writes has them all)\n"


def _count_that_fits(lines: Iterable[str], room: int) -> int:
    count = 0
    for line in lines:
        room -= _size(line)
        if room < 0:
            break
        count += 1
    return count


def _size(*texts: str) -> int:
    return sum(len(text.encode("utf-8", "backslashreplace")) for text in texts)
