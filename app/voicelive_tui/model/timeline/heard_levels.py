"""The level of the agent as it was heard: what was received, placed by when it left the speaker."""

from typing import Final

from voicelive_tui.model.formats import BLOCK_S, AudioFormat
from voicelive_tui.model.timeline.level_track import LevelTrack
from voicelive_tui.model.timeline.loudness import BlockLevels
from voicelive_tui.model.timeline.moments import HeardStretch

_MOST_PARTS: Final = 64
"""The parts that are kept until they are heard; of older ones nothing will be."""
PartKey = tuple[str, int]
"""An item's id and the content index of one of its parts."""


class _Part:
    """The levels of a content part, and where they stand on the track.

    begin_s: when the next block that was not moved by a gap would have begun: the time of the
    part's first sample, plus all gaps. None before it plays. position: in the list of stretches.
    """

    __slots__ = ("begin_s", "blocks", "levels", "position")

    def __init__(self, audio_format: AudioFormat) -> None:
        self.blocks = BlockLevels(audio_format)
        self.levels = bytearray()
        self.begin_s: float | None = None
        self.position = -1

    def end_s(self) -> float:
        """The end of what was received."""
        return (self.begin_s or 0.0) + len(self.levels) * BLOCK_S


class HeardLevels:
    """Writes the track ahead of what is heard, and corrects it when a gap or a cut is reported.

    heard: the stretches in order; the list only grows, and its values are replaced.
    """

    def __init__(self, track: LevelTrack) -> None:
        self._track = track
        self._parts: dict[PartKey, _Part] = {}
        self.format = AudioFormat()
        self.heard: list[HeardStretch] = []

    def received(self, key: PartKey, audio: bytes) -> None:
        """Take audio of this part."""
        part = self._part(key)
        levels = part.blocks.feed(audio)
        if part.begin_s is not None:
            self._track.write(part.end_s(), levels)
        part.levels += levels

    def started(self, key: PartKey, at_s: float) -> None:
        """Note that the first sample of this part was heard."""
        part = self._part(key)
        part.begin_s, part.position = at_s, len(self.heard)
        self.heard.append(HeardStretch(at_s))
        self._track.write(at_s, part.levels)

    def gap(self, item_id: str, at_s: float, gap_s: float) -> None:
        """Note that the speaker had nothing to play from `at_s` on, in the middle of a part: what
        comes after it is heard later."""
        for (of_item, _), part in self._parts.items():
            if of_item == item_id and part.begin_s is not None and at_s >= part.begin_s:
                heard = round((at_s - part.begin_s) / BLOCK_S)
                self._track.erase(at_s, part.end_s())
                part.begin_s += gap_s
                self._track.write(part.begin_s + heard * BLOCK_S, part.levels[heard:])

    def stopped(self, key: PartKey, played_s: float, *, cut: bool) -> None:
        """Note that this part is not heard any more, after so much of it."""
        part = self._parts.pop(key, None)
        if part is None or part.begin_s is None:
            return
        end_s = part.begin_s + played_s
        self._track.erase(end_s, part.end_s())
        begin_s = self.heard[part.position].begin_s
        self.heard[part.position] = HeardStretch(begin_s, max(begin_s, end_s), cut)

    def _part(self, key: PartKey) -> _Part:
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = _Part(self.format)
            if len(self._parts) > _MOST_PARTS:
                oldest = next(iter(self._parts))
                del self._parts[oldest]
        return part
