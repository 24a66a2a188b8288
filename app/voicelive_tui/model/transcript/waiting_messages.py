"""Typed messages that wait to be sent, and how they stand at the end of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_tui.model.collections.shared_sequence import with_end
from voicelive_tui.model.transcript.line import TranscriptLine


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A typed message that waits until the assistant has finished its answer, or until there is a
    connection. typed_s: when it was entered, on the engine's clock (`time.perf_counter`)."""

    text: str
    typed_s: float


def with_waiting(
    transcript: Sequence[TranscriptLine], waiting: Sequence[WaitingMessage], started_s: float
) -> Sequence[TranscriptLine]:
    """The transcript with a line behind it for each waiting message; the transcript itself if none
    waits. started_s: the session's start, on the engine's clock. The new lines belong to no
    record."""
    if not waiting:
        return transcript
    after = transcript[-1].last_n + 1 if len(transcript) else 0
    lines = tuple(
        TranscriptLine(
            item_id=f"waiting {message.typed_s}",
            who="you",
            t_s=max(0.0, message.typed_s - started_s),
            text=message.text,
            state="waiting",
            first_n=after,
            last_n=after - 1,
        )
        for message in waiting
    )
    return with_end(transcript, lines)
