"""One line of the transcript as wrapped spans: who, when, and what was said, heard, left unsaid or done."""

from voicelive_common.printable import printable

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.formatting import minutes
from voicelive_tui.tui.widgets.spans import Span, Spans, wrap

_WHO_CELLS = 6
_TIME_CELLS = 8
_WIDE = 56


def transcript_spans(line: TranscriptLine, width: int) -> list[list[Span]]:
    """The lines of one entry in `width` cells, the first with speaker and time, the others indented under the text."""
    time = minutes(line.t_s, 1).rjust(_TIME_CELLS - 1)
    head: list[Span] = [(" ", ""), (line.who.ljust(_WHO_CELLS), line.who), (time + "  ", "dim")]
    indent = 1 + _WHO_CELLS + len(time) + 2
    if width < _WIDE:
        indent = 1 + _WHO_CELLS
    body = body_spans(line)
    if width < _WIDE:
        body = [(time.strip() + "  ", "dim"), *body]
        head = head[:2]
    lines = wrap(body, max(8, width - indent - 1))
    return [[*head, *lines[0]], *([(" " * indent, ""), *rest] for rest in lines[1:])]


def estimated_height(line: TranscriptLine, width: int) -> int:
    """About how many lines `transcript_spans` makes of it."""
    indent = 1 + _WHO_CELLS + (_TIME_CELLS + 2 if width >= _WIDE else 0)
    return max(1, -(-len(line.text) // max(8, width - indent - 1)))


def body_spans(line: TranscriptLine) -> Spans:
    """What stands after speaker and time."""
    text = printable(line.text, newlines=True)
    match line.state:
        case "partial":
            return [(text or "…", "partial")] if line.who != "you" or text else [("(listening)", "partial")]
        case "failed" if line.who == "note":
            return [(text, "bad")]
        case "failed":
            return [(f"{text} / failed" if text else "/ failed", "bad")]
        case "interrupted":
            return _interrupted(line)
        case _:
            return [(text or "(no words)", "" if text and line.who != "note" else "note")]


def _interrupted(line: TranscriptLine) -> Spans:
    """Spoken words, the moment of the interruption, and what was never heard."""
    # The place is one in the text itself, which is shorter than what is shown of it.
    place = word_end(line.text, line.spoken_chars or 0)
    spoken, unsaid = (printable(part.strip(), newlines=True) for part in (line.text[:place], line.text[place:]))
    when = f" at {line.heard_ms / 1000:.1f} s" if line.heard_ms is not None else ""
    spans: list[Span] = [(f"{spoken} " if spoken else "", ""), (f"/ interrupted{when}", "warn")]
    if unsaid:
        spans.append((f" / {unsaid}", "unspoken"))
    return spans


def word_end(text: str, position: int) -> int:
    """The end of the last whole word before `position`: an estimate must not look like a letter's precision."""
    if position >= len(text):
        return len(text)
    while position > 0 and not text[position].isspace():
        position -= 1
    return position
