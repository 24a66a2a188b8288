"""A transcript line as plain text, for the clipboard and for files. Without the screen's colours,
brackets tell apart what was heard and what was not."""

from voicelive_common.printable import printable

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.widgets.transcript_lines import cause_text, heard_and_not


def plain_text(line: TranscriptLine) -> str:
    """The whole text: `It is sunny [not heard: with a light breeze] [heard 2.1 of 3.4 s: ...]`."""
    text = printable(line.text, newlines=True)
    if line.is_cut:
        heard, not_heard = (printable(part, newlines=True) for part in heard_and_not(line))
        parts = [heard, f"[not heard: {not_heard}]" if not_heard else "", f"[{cause_text(line)}]"]
        return " ".join(part for part in parts if part)
    if line.mark == "unheard":
        return f"[not heard: {text}]"
    if line.mark == "late":
        return f"{text} ..."
    if line.mark == "false_start":
        return f"{text} [false start]"
    match line.state:
        case "failed":
            return f"✗ {text}" if text else "✗ failed"
        case "waiting":
            return f"{text} [waits]"
        case "partial" if not text:
            return "[speech] ..." if line.who == "you" else "..."
        case _:
            return text or "(no words)"
