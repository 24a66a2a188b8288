"""Prints the transcript on a stream that cannot be overwritten: each line once, when it is
final."""

from collections.abc import Iterator, Sequence

from voicelive_common.printable import printable

from voicelive_tui.model.collections.shared_sequence import changes
from voicelive_tui.model.events.cut_cause import cut_sentence
from voicelive_tui.model.transcript.line import TranscriptLine

NAME_WIDTH = 6


def format_line(line: TranscriptLine) -> str:
    """The transcript line as it is printed: always one line, without control codes.

    `  12.3  agent   It is sunny / and 21 degrees.  [heard 1.2 of 3.4 s: you interrupted it]`
    """
    text = (
        line.text
        if line.spoken_chars is None or line.state != "interrupted"
        else f"{line.text[: line.spoken_chars]} / {line.text[line.spoken_chars :].lstrip()}"
    )
    return f"{line.t_s:7.1f}  {line.who:<{NAME_WIDTH}} {printable(text).strip()}{_ending(line)}"


def _ending(line: TranscriptLine) -> str:
    match line.state:
        case "interrupted" if line.cause is not None:
            return f"  [{cut_sentence(line.cause, line.heard_ms, line.received_ms)}]"
        case "interrupted" | "failed":
            return f"  [{line.state}]"
        case "partial":
            return "  [unfinished]"
        case _:
            return ""


class TranscriptPrinter:
    """Decides which lines are ready to be printed, and remembers which were.

    An assistant's line waits while it is played, because it may still be interrupted. That also
    gives the service time to transcribe the question, so that the lines appear in the order of
    speaking.
    """

    def __init__(self) -> None:
        self._printed: dict[tuple[str, str], str] = {}
        self._seen: Sequence[TranscriptLine] = ()
        self._held: TranscriptLine | None = None
        """The last line of `_seen` if it waited only because it was being played."""

    def ready(
        self, lines: Sequence[TranscriptLine], *, assistant_speaking: bool, ended: bool = False
    ) -> Iterator[str]:
        """The lines to print now, formatted; with `ended` all that are left, finished or not.
        Examines only what changed."""
        changed = dict(enumerate(lines)) if ended else dict(changes(lines, self._seen))
        if self._held is not None and (position := _last_position(lines, self._held)) is not None:
            changed[position] = self._held
        self._seen, self._held = lines, None
        for position, line in sorted(changed.items()):
            key = (line.item_id, line.who)
            being_played = assistant_speaking and line.who == "agent" and position == len(lines) - 1
            if key in self._printed:
                yield from self._late_line(line)
            elif line.text if ended else line.state != "partial" and not being_played:
                self._printed[key] = line.state
                yield format_line(line)
            elif being_played:
                self._held = line

    def _late_line(self, line: TranscriptLine) -> Iterator[str]:
        key = (line.item_id, line.who)
        if line.state == self._printed[key]:
            return
        if line.divides:
            self._printed[key] = line.state
            yield format_line(line)
        elif line.state in ("interrupted", "failed"):
            self._printed[key] = line.state
            yield f"{line.t_s:7.1f}  {line.who:<{NAME_WIDTH}}{_ending(line)}"


def _last_position(lines: Sequence[TranscriptLine], wanted: TranscriptLine) -> int | None:
    """The position of this line object, searched from the end, where it stood a moment ago."""
    return next(
        (len(lines) - 1 - offset for offset, line in enumerate(reversed(lines)) if line is wanted),
        None,
    )
