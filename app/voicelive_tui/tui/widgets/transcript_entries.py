"""Finds entries of a transcript by what they say. Positions are counted from 0."""

from collections.abc import Sequence

from voicelive_tui.model.transcript.line import TranscriptLine


def entry_of_record(entries: Sequence[TranscriptLine], n: int) -> int | None:
    """The entry of record `n`, of several the one with the fewest records; None if it belongs to
    none."""
    found = [
        (line.last_n - line.first_n, at)
        for at, line in enumerate(entries)
        if line.first_n <= n <= line.last_n
    ]
    return min(found)[1] if found else None


def slowest_entry(entries: Sequence[TranscriptLine]) -> int | None:
    """The answer that was heard latest after the end of the user's part, of several the first one;
    None when no answer was heard. A greeting does not count."""
    heard = [
        (line.heard_after_ms, -at)
        for at, line in enumerate(entries)
        if line.heard_after_ms is not None and line.mark != "greeting"
    ]
    return -max(heard)[1] if heard else None
