"""Sound and records for tests of the timeline."""

import math
from array import array
from typing import Any

from voicelive_tui.model.events.record import Direction, Record
from voicelive_tui.model.timeline.fold import TimelineFold

_MARKS: dict[str, Direction] = {"<": "received", ">": "sent", "=": "local"}


def tone(dbfs: float, length_ms: int, *, rate_hz: int = 24_000) -> bytes:
    """A tone of 500 Hz with this RMS as pcm16."""
    peak = 32767 * math.sqrt(2) * 10 ** (dbfs / 20)
    count = rate_hz * length_ms // 1000
    return array(
        "h", (round(peak * math.sin(2 * math.pi * 500 * n / rate_hz)) for n in range(count))
    ).tobytes()


class TimelineJournal:
    """Records that a timeline takes at once: `<` received, `>` sent, `=` a local fact."""

    def __init__(self) -> None:
        self.timeline = TimelineFold()
        self._n = 0

    def __call__(
        self, mark: str, t_s: float, kind: str, audio: bytes | None = None, **fields: Any
    ) -> None:
        """Apply a record. audio: its sound, which is also referred to in the event."""
        if audio is not None:
            field = "audio" if mark == ">" else "delta"
            fields[field] = {"$wav": "a.wav", "offset": 0, "bytes": len(audio)}
        record = Record(self._n, t_s, _MARKS[mark], {"type": kind, **fields})
        self._n += 1
        self.timeline.apply(record, audio)

    def speaks(self, begin_s: float, length_s: float, dbfs: float) -> None:
        """Send blocks of 20 ms of the microphone, each when it was heard."""
        for n in range(round(length_s * 50)):
            self(">", begin_s + (n + 1) * 0.02, "input_audio_buffer.append", tone(dbfs, 20))

    def answers(self, t_s: float, item: str, length_s: float, dbfs: float = -20.0) -> None:
        """Receive the sound of an answer, all at once."""
        self(
            "<",
            t_s,
            "response.audio.delta",
            tone(dbfs, round(length_s * 1000)),
            item_id=item,
            content_index=0,
        )
