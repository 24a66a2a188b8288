"""The end of a recorded session's file of events, read without what comes before it."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from voicelive_common.text_file import open_ordinary

from voicelive_tui.journal.folder import EVENTS
from voicelive_tui.journal.lines import LineError, parse_line
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.model.transcript.line import TranscriptLine

_SAID_BYTES: Final = 1024 * 1024
"""The most bytes that `said_last` reads: about two minutes of a session, silence included."""
_MICROPHONE: Final = b'"type":"input_audio_buffer.append"'


def tail_lines(folder: Path, most_bytes: int) -> list[bytes]:
    """Return the complete lines in the last bytes of the file; the first one may lack its
    beginning. Raises OSError; ValueError, with the reason, for an empty file."""
    with open(open_ordinary(folder / EVENTS, follow_links=False), "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - most_bytes))
        *lines, _unfinished = file.read(most_bytes).split(b"\n")
    if not size:
        raise ValueError("it is empty")
    return lines


def said_last(folder: Path, most: int) -> tuple[TranscriptLine, ...]:
    """Return the last lines of user and agent, the oldest first. most: how many at most; there are
    fewer if the end of the file has fewer, and none if it cannot be read. Blocks on the disk."""
    fold = SessionFold()
    with suppress(OSError, ValueError):
        for line in tail_lines(folder, _SAID_BYTES):
            if _MICROPHONE in line:  # most lines, and nothing is said in them
                continue
            with suppress(LineError):
                fold.apply(parse_line(line)[0])
    said = [
        line
        for line in fold.view().transcript
        if line.who in ("you", "agent") and line.mark != "false_start"
    ]
    return tuple(said[-most:])
