"""Lays out one transcript entry: its text in rows, with what stands at the right of the first one,
and the margin with number, speaker and time at the left.

Number and time depend on the entries before, so that they are not part of the rows, which are kept
as long as the entry is the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voicelive_common.printable import printable

from voicelive_tui.model.events.cut_cause import CutByService, cut_cure, cut_sentence
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.formatting import amount, plural, time_text, whole_ms
from voicelive_tui.tui.keymap import DEFAULT_KEYS, with_keys
from voicelive_tui.tui.limits import NO_LIMITS, Limits
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS, abridged
from voicelive_tui.tui.widgets.line_breaks import HEARD_UP_TO, wrapped
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit
from voicelive_tui.tui.widgets.tool_text import call_text

_WHO_CELLS = 5
_LEAST_ROOM = 8
_DASHES = "─── "
GAP = "gap"
"""The look of the cells between the text and the right column."""
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_COMMAND = "you pressed {talk.interrupt}"
_SPEECH = re.compile(r"\[(?:no )?speech")


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns in cells. number: a turn's number, with the cell of the cursor.
    time: 0 where no time is shown."""

    width: int
    number: int = 2
    time: int = 0

    @property
    def indent(self) -> int:
        """The cells before the text."""
        return self.number + 1 + _WHO_CELLS + 1 + (self.time + 2 if self.time else 0)

    @property
    def room(self) -> int:
        """The cells of text and right column."""
        return max(_LEAST_ROOM, self.width - self.indent)


def milliseconds(ms: float) -> str:
    """`1 920 ms`, cut, not rounded."""
    return f"{amount(whole_ms(ms))} ms"


def margin(
    line: TranscriptLine, columns: Columns, number: int, t_s: float, *, first: bool, cursor: bool
) -> list[Span]:
    """What stands left of a row. number: the turns up to this entry. t_s: the time to show. first:
    whether it is the entry's first row. cursor: whether the cursor is on the entry."""
    mark: Span = ("▸", "mark") if cursor and first else (" ", "")
    if line.divides:
        return [mark, (" " * columns.number, "")]
    if not first:
        return [(" " * columns.indent, "")]
    shown = str(number) if line.is_turn else "-" if line.mark == "false_start" else ""
    shown = shown.rjust(columns.number - 1)
    who = "mcp" if line.call is not None and line.call.kind.startswith("mcp") else line.who
    look = "tool" if line.who == "mark" else line.who
    spans = [mark, (f"{shown} ", "dim"), (f"{who:<{_WHO_CELLS}} ", look)]
    if columns.time:
        waits = "+" if _is_not_heard_yet(line) else " "
        spans.append((f"{time_text(t_s).rjust(columns.time)}{waits} ", "dim"))
    return spans


def _is_not_heard_yet(line: TranscriptLine) -> bool:
    return (
        line.who == "agent"
        and line.state == "partial"
        and bool(line.received_ms)
        and line.heard_at_s is None
        and line.mark != "unheard"
    )


def text_rows(
    line: TranscriptLine,
    columns: Columns,
    keymap: Mapping[str, str] = DEFAULT_KEYS,
    limits: Limits = NO_LIMITS,
) -> list[list[Span]]:
    """The rows of one entry without the margin, at least one. The middle of a very long text is
    replaced by a note of its length. keymap: the user's keys, for the texts that name them."""
    if line.divides:
        return _rule_rows(line, columns)
    room, right = columns.room, right_column(line, limits)
    first = room - cells(right) - 1 if right else room
    if first < _LEAST_ROOM:
        right, first = [], room
    rows = wrapped(body_spans(line, keymap), first, room)
    if right:
        rows[0] += [(" " * (room - cells(rows[0]) - cells(right)), GAP), *right]
    if line.call is not None and line.call.output:
        look = "bad" if line.state == "failed" else "dim"
        rows.append([(fit(printable(line.call.output), room), look)])
    if cause := cause_text(line, keymap):
        first_row, *more = wrapped([(f"✗ {cause}", "bad")], room, room - 2)
        rows += [first_row, *([("  ", ""), *row] for row in more)]
    return rows


def _rule_rows(line: TranscriptLine, columns: Columns) -> list[list[Span]]:
    """A rule over the width with what has changed in it, and dim rows with the rest."""
    room, indent = columns.width - columns.number - 1, len(_DASHES)
    rule = line.rule
    at = f" {time_text(rule.at_s)}" if rule and rule.at_s is not None else ""
    text = f"{rule.head}{at}{rule.tail}" if rule else line.text
    look = "bad" if line.state == "failed" else "dim"
    first, *more = wrapped([(printable(text), look)], room - indent, room - indent)
    rows: list[list[Span]] = [
        [(_DASHES, "rule"), *first],
        *([(" " * indent, ""), *r] for r in more),
    ]
    free = room - cells(rows[-1]) - 1
    if free > 0:
        rows[-1].append((" " + "─" * free, "rule"))
    for detail in rule.details if rule else ():
        wrapped_detail = wrapped([(printable(detail), "dim")], room - indent, room - indent)
        rows += ([(" " * indent, ""), *row] for row in wrapped_detail)
    return rows


def estimated_height(line: TranscriptLine, columns: Columns) -> int:
    """An estimate of the number of rows that `text_rows` returns."""
    breaks = min(line.text.count("\n"), MOST_BREAKS)
    extra = (line.call is not None and bool(line.call.output)) + line.is_cut
    return breaks + extra + max(1, -(-min(len(line.text), LONGEST_TEXT) // columns.room))


def right_column(line: TranscriptLine, limits: Limits = NO_LIMITS) -> list[Span]:
    """What stands at the right of an entry's first row: a latency, a result, or how it came. The
    slowest answer has `▸`, one over the limit `!`."""
    if line.state == "waiting":
        return [("waits", "dim")]
    if line.call is not None:
        return _call_result(line)
    if line.mark == "empty":
        return [("✗ EMPTY", "bad")]
    if line.mark in ("typed", "greeting", "unheard"):
        return [(line.mark, "dim")]
    if line.heard_after_ms is None:
        return []
    marks = "▸" * line.slowest + "!" * (line.heard_after_ms > limits.heard_ms)
    shown = milliseconds(line.heard_after_ms)
    return [(f"{marks} {shown}", "warn")] if marks else [(shown, "")]


def _call_result(line: TranscriptLine) -> list[Span]:
    took = line.call.took_ms if line.call is not None else None
    if line.state == "failed":
        return [("✗ failed", "bad")]
    if line.state != "final":
        return [("waits", "dim")]
    return [("✓", "") if took is None else (f"✓ {milliseconds(took)}", "")]


def cause_text(line: TranscriptLine, keymap: Mapping[str, str] = DEFAULT_KEYS) -> str:
    """Why an answer was not heard to its end and how much of it was; empty for any other line."""
    if line.spoken_chars is None:
        return ""
    cause = line.cause or CutByService()
    command = with_keys(_COMMAND, keymap)
    sentence = cut_sentence(cause, line.heard_ms, line.received_ms, command=command)
    cure = with_keys(cut_cure(cause), keymap)
    return f"{sentence}: {cure}" if cure else sentence


def body_spans(line: TranscriptLine, keymap: Mapping[str, str] = DEFAULT_KEYS) -> Spans:
    """The text of an entry, without result, cause and right column."""
    if line.call is not None:
        look = "bad" if line.state == "failed" else "partial" if line.state == "partial" else ""
        return [(printable(call_text(line.call)), look)]
    if line.mark == "late":
        return [(f"{printable(line.text)} ...", "partial")]
    if line.mark == "false_start":
        return [(printable(_SPEECH.sub("[false start", line.text, count=1)), "note")]
    if line.mark == "empty":
        return [(line.text, "note")]
    if line.spoken_chars is not None:
        return _heard_and_not(line, keymap)
    match line.state:
        case "partial":
            return _text(line.text, "partial", keymap) or [
                ("[speech] ..." if line.who == "you" else "…", "partial")
            ]
        case "waiting":
            return _text(line.text, "partial", keymap)
        case "failed":
            return [("✗ ", "bad"), *_text(line.text or "failed", "bad", keymap)]
        case _:
            look = "note" if line.who == "note" else ""
            text = _text(line.text, look, keymap) or [("(no words)", "note")]
            return [("░ ", "dim"), *text] if line.mark == "unheard" else text


def _heard_and_not(line: TranscriptLine, keymap: Mapping[str, str]) -> Spans:
    heard, not_heard = heard_and_not(line)
    return [
        *_text(heard, "", keymap),
        (HEARD_UP_TO, "warn"),
        *_text(not_heard, "unspoken", keymap),
    ]


def heard_and_not(line: TranscriptLine) -> tuple[str, str]:
    """The words of an answer that were heard, and those that were not."""
    # The position is one in the original text, which is shorter than its printable form.
    cut = word_end(line.text, line.spoken_chars or 0)
    return line.text[:cut].strip(), line.text[cut:].strip()


def _text(text: str, look: str, keymap: Mapping[str, str]) -> list[Span]:
    """A text as printable spans, none for an empty one, without the middle of a very long one."""
    head, middle, tail = abridged(text)
    if not middle:
        return [(printable(head, newlines=True), look)] if head else []
    left_out = (
        f"{amount(len(middle))} characters in {plural(middle.count(chr(10)) + 1, 'line')} "
        "are left out here"
    )
    written = with_keys("{events.export} writes all of it", keymap)
    note = (f"\n… {left_out}; {written} …\n", "note")
    return [(printable(head, newlines=True), look), note, (printable(tail, newlines=True), look)]


def word_end(text: str, position: int) -> int:
    """The end of the last whole word before `position`, which is only an estimate and must not look
    exact to the letter."""
    if position >= len(text):
        return len(text)
    return max(0, *(text.rfind(space, 0, position + 1) for space in _SPACES))
