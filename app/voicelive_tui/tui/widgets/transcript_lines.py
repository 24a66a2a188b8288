"""Lays out one transcript entry as wrapped spans: speaker, time, and the text with its state."""

from voicelive_common.printable import printable

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.formatting import amount, minutes, plural
from voicelive_tui.tui.keymap import DEFAULT_KEYS, key_of
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS, abridged
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, wrap

EXPORT_KEY = key_of("events.export", DEFAULT_KEYS)
_WHO_CELLS = 6
_TIME_CELLS = 8
_WIDE = 56
_RULE = " ───── "
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())


def transcript_spans(
    line: TranscriptLine, width: int, export_key: str = EXPORT_KEY
) -> list[list[Span]]:
    """The lines of one entry in `width` cells. The first has speaker and time; the others are
    indented to the text.

    The middle of a very long text is replaced by a note of its length. export_key: the key that
    exports all of it, as shown.
    """
    if line.divides:
        return _rule(line, width, export_key)
    time = minutes(line.t_s, 1).rjust(_TIME_CELLS - 1)
    head: list[Span] = [(" ", ""), (line.who.ljust(_WHO_CELLS), line.who), (time + "  ", "dim")]
    indent = 1 + _WHO_CELLS + len(time) + 2
    if width < _WIDE:
        indent = 1 + _WHO_CELLS
    body = body_spans(line, whole=False, export_key=export_key)
    if width < _WIDE:
        body = [(time.strip() + "  ", "dim"), *body]
        head = head[:2]
    lines = wrap(body, max(8, width - indent - 1))
    return [[*head, *lines[0]], *([(" " * indent, ""), *rest] for rest in lines[1:])]


def _rule(line: TranscriptLine, width: int, export_key: str) -> list[list[Span]]:
    """A line between two connections as a rule over the whole width, with its text in it."""
    body = body_spans(line, whole=False, export_key=export_key)
    time = minutes(line.t_s, 1)
    head: Spans = [(_RULE, "dim"), (time.rjust(_TIME_CELLS - 1) + "  ", "dim")]
    indent = cells(head)
    if width < _WIDE:
        head, indent = [(_RULE, "dim")], len(_RULE)
        body = [(time + "  ", "dim"), *body]
    first, *rest = wrap(body, max(8, width - indent - 1))
    rows = [[*head, *first], *([(" " * indent, ""), *row] for row in rest)]
    free = width - cells(rows[-1]) - 2
    if free > 0:
        rows[-1].append((" " + "─" * free, "dim"))
    return rows


def estimated_height(line: TranscriptLine, width: int) -> int:
    """An estimate of the number of lines that `transcript_spans` returns."""
    indent = 1 + _WHO_CELLS + (_TIME_CELLS + 2 if width >= _WIDE else 0)
    breaks = min(line.text.count("\n"), MOST_BREAKS)
    return breaks + max(1, -(-min(len(line.text), LONGEST_TEXT) // max(8, width - indent - 1)))


def body_spans(line: TranscriptLine, *, whole: bool = True, export_key: str = EXPORT_KEY) -> Spans:
    """The text after speaker and time. whole: include all of a text that is too long for the
    screen; otherwise a note says that export_key exports all of it."""
    written_by = "" if whole else export_key
    match line.state:
        case "partial":
            return _text(line.text, "partial", written_by) or [
                ("(listening)" if line.who == "you" else "…", "partial")
            ]
        case "failed" if line.who == "note":
            return _text(line.text, "bad", written_by)
        case "failed":
            return _with_suffix(_text(line.text, "bad", written_by), " / failed") or [
                ("/ failed", "bad")
            ]
        case "waiting":
            return [*_text(line.text, "partial", written_by), ("  waits", "note")]
        case "interrupted":
            return _interrupted(line, written_by)
        case _:
            return _text(line.text, "note" if line.who == "note" else "", written_by) or [
                ("(no words)", "note")
            ]


def _text(text: str, look: str, written_by: str) -> list[Span]:
    """A text as printable spans, none for an empty one. written_by: the key that exports all of a
    very long text, whose middle is left out here; empty to keep the middle."""
    head, middle, tail = abridged(text) if written_by else (text, "", "")
    if not middle:
        return [(printable(head, newlines=True), look)] if head else []
    left_out = (
        f"{amount(len(middle))} characters in {plural(middle.count(chr(10)) + 1, 'line')} "
        "are left out here"
    )
    note = (f"\n… {left_out}; {written_by} writes all of it …\n", "note")
    return [(printable(head, newlines=True), look), note, (printable(tail, newlines=True), look)]


def _with_suffix(spans: list[Span], suffix: str) -> list[Span]:
    """The spans with the suffix appended to the last one; no spans stay no spans."""
    return [*spans[:-1], *((text + suffix, look) for text, look in spans[-1:])]


def _interrupted(line: TranscriptLine, written_by: str) -> Spans:
    """The spoken words, the time of the interruption, and the words that were not heard."""
    # The position is one in the original text, which is shorter than its printable form.
    cut = word_end(line.text, line.spoken_chars or 0)
    spoken = _with_suffix(_text(line.text[:cut].strip(), "", written_by), " ")
    unsaid = _text(line.text[cut:].strip(), "unspoken", written_by)
    when = f" at {line.heard_ms / 1000:.1f} s" if line.heard_ms is not None else ""
    spans: list[Span] = [*spoken, (f"/ interrupted{when}", "warn")]
    if unsaid:
        (first, look), *rest = unsaid
        spans += [(f" / {first}", look), *rest]
    return spans


def word_end(text: str, position: int) -> int:
    """The end of the last whole word before `position`, which is only an estimate and must not look
    exact to the letter."""
    if position >= len(text):
        return len(text)
    return max(0, *(text.rfind(space, 0, position + 1) for space in _SPACES))
