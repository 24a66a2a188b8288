"""One line of the transcript as wrapped spans: who, when, and what was said, heard, left unsaid or
done."""

from voicelive_common.printable import printable

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.commands import DEFAULT_KEYS, key_of
from voicelive_tui.tui.formatting import amount, minutes, plural
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS, abridged
from voicelive_tui.tui.widgets.spans import Span, Spans, wrap

EXPORT_KEY = key_of("events.export", DEFAULT_KEYS)
_WHO_CELLS = 6
_TIME_CELLS = 8
_WIDE = 56
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())


def transcript_spans(
    line: TranscriptLine, width: int, export_key: str = EXPORT_KEY
) -> list[list[Span]]:
    """The lines of one entry in `width` cells, the first with speaker and time, the others indented
    under the text.

    Of a very long text the middle is left out, with a note of how much that is. export_key: what
    writes all of it, as shown.
    """
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


def estimated_height(line: TranscriptLine, width: int) -> int:
    """About how many lines `transcript_spans` makes of it."""
    indent = 1 + _WHO_CELLS + (_TIME_CELLS + 2 if width >= _WIDE else 0)
    breaks = min(line.text.count("\n"), MOST_BREAKS)
    return breaks + max(1, -(-min(len(line.text), LONGEST_TEXT) // max(8, width - indent - 1)))


def body_spans(line: TranscriptLine, *, whole: bool = True, export_key: str = EXPORT_KEY) -> Spans:
    """What stands after speaker and time. whole: also of a text that is too long for the screen;
    else export_key writes all of it."""
    written_by = "" if whole else export_key
    match line.state:
        case "partial":
            return _text(line.text, "partial", written_by) or [
                ("(listening)" if line.who == "you" else "…", "partial")
            ]
        case "failed" if line.who == "note":
            return _text(line.text, "bad", written_by)
        case "failed":
            return _followed(_text(line.text, "bad", written_by), " / failed") or [
                ("/ failed", "bad")
            ]
        case "interrupted":
            return _interrupted(line, written_by)
        case _:
            return _text(line.text, "note" if line.who == "note" else "", written_by) or [
                ("(no words)", "note")
            ]


def _text(text: str, look: str, written_by: str) -> list[Span]:
    """A text made safe to show, nothing for an empty one. written_by: the key that writes all of a
    very long one, whose middle is left out here; empty when it must be whole."""
    head, middle, tail = abridged(text) if written_by else (text, "", "")
    if not middle:
        return [(printable(head, newlines=True), look)] if head else []
    left_out = (
        f"{amount(len(middle))} characters in {plural(middle.count(chr(10)) + 1, 'line')} "
        "are left out here"
    )
    note = (f"\n… {left_out}; {written_by} writes all of it …\n", "note")
    return [(printable(head, newlines=True), look), note, (printable(tail, newlines=True), look)]


def _followed(spans: list[Span], more: str) -> list[Span]:
    """The spans with more text at the end of the last one; nothing stays nothing."""
    return [*spans[:-1], *((text + more, look) for text, look in spans[-1:])]


def _interrupted(line: TranscriptLine, written_by: str) -> Spans:
    """Spoken words, the moment of the interruption, and what was never heard."""
    # The place is one in the text itself, which is shorter than what is shown of it.
    place = word_end(line.text, line.spoken_chars or 0)
    spoken = _followed(_text(line.text[:place].strip(), "", written_by), " ")
    unsaid = _text(line.text[place:].strip(), "unspoken", written_by)
    when = f" at {line.heard_ms / 1000:.1f} s" if line.heard_ms is not None else ""
    spans: list[Span] = [*spoken, (f"/ interrupted{when}", "warn")]
    if unsaid:
        (first, look), *rest = unsaid
        spans += [(f" / {first}", look), *rest]
    return spans


def word_end(text: str, position: int) -> int:
    """The end of the last whole word before `position`: an estimate must not look like a letter's
    precision."""
    if position >= len(text):
        return len(text)
    return max(0, *(text.rfind(space, 0, position + 1) for space in _SPACES))
