"""Counts how much audio the service sent of one content part. The audio process counts it only
here."""

from dataclasses import dataclass

from voicelive_tui.model.formats import AudioFormat


@dataclass(slots=True)
class ReceivedAudio:
    """Counts the bytes of a part in the service's format.

    The thread that takes requests adds; the speaker's worker may read at the same time.
    """

    format: AudioFormat
    size_bytes: int = 0

    @property
    def ms(self) -> int:
        """The whole milliseconds received."""
        return int(self.format.duration_ms(self.size_bytes))
